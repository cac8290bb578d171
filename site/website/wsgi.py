import os
from typing import Any

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "website.settings.production")


def _behind_our_proxies(served: Any) -> Any:
    """Take the visitor's address from X-Forwarded-For where a proxy of ours says so.

    Otherwise all visitors have the proxy's address, and one who guesses passwords or PINs uses up
    the tries of everybody.
    """
    try:
        from granian.utils.proxies import wrap_wsgi_with_proxy_headers
    except ImportError:
        # Another server looks after the header by itself.
        return served
    return wrap_wsgi_with_proxy_headers(served, os.environ.get("TRUSTED_PROXIES", "127.0.0.1"))


application = _behind_our_proxies(get_wsgi_application())
