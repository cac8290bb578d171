"""For a server. Refuses to start without `SECRET_KEY` and `ALLOWED_HOSTS`."""

import os

from django.core.exceptions import ImproperlyConfigured

from safeguards import csp
from website.settings.base import *  # noqa: F403
from website.settings.base import ALLOWED_HOSTS, STORAGES
from website.settings.environment import email_from_url

SECRET_KEY = os.environ.get("SECRET_KEY", "")
if len(SECRET_KEY) < 50:
    raise ImproperlyConfigured("SECRET_KEY: set it to at least 50 random characters.")
if not ALLOWED_HOSTS:
    raise ImproperlyConfigured("ALLOWED_HOSTS: name the hosts of your districts, with commas.")

# Mail waits for a server on this machine unless EMAIL_URL names another one.
globals().update(email_from_url(os.environ.get("EMAIL_URL") or "smtp://localhost:25"))

HOST_ALIASES: dict[str, str] = {}
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
SECURE_SSL_REDIRECT = os.environ.get("SSL_REDIRECT", "1") == "1"
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = int(os.environ.get("HSTS_SECONDS", 365 * 24 * 3600))
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# S3-compatible stores: public for pictures in pages, private for what only members may open. Pages
# show pictures from a host of the office's own in front of the bucket: no stranger's machine may
# learn who reads them.
if os.environ.get("STORAGE_PUBLIC_BUCKET"):
    _pictures = os.environ.get("STORAGE_PUBLIC_HOST", "")
    if not _pictures:
        raise ImproperlyConfigured(
            "STORAGE_PUBLIC_HOST: name the host of yours that hands out the public bucket."
        )
    _strict, _admin = (
        {**policy, "img-src": [*policy["img-src"], f"https://{_pictures}"]}
        for policy in (csp.STRICT, csp.ADMIN)
    )
    globals().update(csp.policy(_strict, paths={"/admin/": _admin}))
    _s3 = {
        "endpoint_url": os.environ.get("STORAGE_ENDPOINT") or None,
        "region_name": os.environ.get("STORAGE_REGION") or None,
    }
    STORAGES = STORAGES | {
        "default": {
            "BACKEND": "storages.backends.s3.S3Storage",
            "OPTIONS": _s3
            | {
                "bucket_name": os.environ["STORAGE_PUBLIC_BUCKET"],
                "custom_domain": _pictures,
                "querystring_auth": False,
            },
        },
        "private": {
            "BACKEND": "storages.backends.s3.S3Storage",
            "OPTIONS": _s3
            | {"bucket_name": os.environ["STORAGE_PRIVATE_BUCKET"], "querystring_auth": True},
        },
    }
