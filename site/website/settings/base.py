"""What every installation shares; what differs comes from the environment.

`LINDUNGI_DATA` is the folder for database, media and logs (`./var`), `DATABASE_URL`, `CACHE_URL`,
`EMAIL_URL`, `SECRET_KEY`, `ALLOWED_HOSTS` and the storage variables are read here or in
`production.py`.
"""

import os
from pathlib import Path

import dj_database_url
from django.utils.translation import gettext_lazy as _

from safeguards import csp, tasks
from safeguards.sqlite import use_safe_sqlite
from website.settings.environment import (
    SQLITE,
    cache_from_url,
    email_from_url,
    sqlite_options,
)

use_safe_sqlite()

BASE_DIR = Path(__file__).resolve().parents[3]
DATA_DIR = Path(os.environ.get("LINDUNGI_DATA") or BASE_DIR / "var").resolve()

DEBUG = False
ALLOWED_HOSTS = [h.strip() for h in os.environ.get("ALLOWED_HOSTS", "").split(",") if h.strip()]
# Other names a Site answers to, alias → Site.hostname.
HOST_ALIASES = {"127.0.0.1": "localhost"}

INSTALLED_APPS = [
    "website.accounts",
    "website.media",
    "website.home",
    "website.demo",
    "website.search",
    "website.apps.WebsiteConfig",
    "campaigns",
    "modules",
    "events",
    "districts",
    "safeguards",
    "wagtail.contrib.settings",
    "wagtail.contrib.frontend_cache",
    "wagtail.embeds",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.sites",
    "wagtail.admin",
    "wagtail",
    "modelsearch",
    "modelcluster",
    "taggit",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    # Wagtail enqueues through it on every Django.
    "django_tasks",
    "django_tasks_db",
    *csp.APPS,
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
]

MIDDLEWARE = [
    "website.health.HealthMiddleware",
    # Before the cache: what it keeps goes over HTTPS alone, too.
    "django.middleware.security.SecurityMiddleware",
    "website.pagecache.PageCacheMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    *csp.MIDDLEWARE,
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "website.hosts.HostMiddleware",
    "website.languages.LanguageMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "website.errors.WrongMethodMiddleware",
    "website.errors.NulMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "website.accounts.session.MemberSessionMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "districts.admin_gate.middleware.AdminGateMiddleware",
    "districts.admin_gate.saves.AdminSavesMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "website.urls"
WSGI_APPLICATION = "website.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "site" / "website" / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "website.context.house",
            ],
        },
    },
]

DATABASES = {
    "default": dj_database_url.parse(
        os.environ.get("DATABASE_URL") or f"sqlite:///{DATA_DIR / 'lindungi.sqlite3'}",
        conn_max_age=600,
        conn_health_checks=True,
    )
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"] |= {"ENGINE": SQLITE, "OPTIONS": sqlite_options()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES, cache_databases = cache_from_url(os.environ.get("CACHE_URL", ""), DATA_DIR)
DATABASES |= cache_databases
DATABASE_ROUTERS = ["website.settings.environment.CacheRouter"] if cache_databases else []

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
# Argon2 at Django's defaults takes 100 MB for each sign-in; see website/accounts/hashers.py.
PASSWORD_HASHERS = ["website.accounts.hashers.SmallHostArgon2"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "ruang"
ACCOUNT_ADAPTER = "website.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_PREVENT_ENUMERATION = True
MFA_ADAPTER = "website.accounts.factors.mfa_adapter.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
# Clocks of cheap phones are off by half a minute; a code still works only once.
MFA_TOTP_TOLERANCE = 1
# Names of people are shown, and the admin opens, after a second factor alone.
SECOND_FACTOR_REQUIRED = True

LANGUAGE_CODE = "id"
LANGUAGES = [("id", _("Indonesian")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Jakarta"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
MEDIA_URL = "/media/"
SERVES_MEDIA = False
MEDIA_ROOT = DATA_DIR / "media"
PRIVATE_MEDIA_ROOT = DATA_DIR / "private"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "private": {
        "BACKEND": "safeguards.files.PrivateFileSystemStorage",
    },
    "staticfiles": {"BACKEND": "website.staticfiles.HashedStaticFiles"},
}

globals().update(csp.policy(paths={"/admin/": csp.ADMIN}))
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
# Wagtail lifts it for the preview of a page.
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "website.errors.csrf_failure"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000

WAGTAIL_SITE_NAME = "Lindungi"
WAGTAIL_I18N_ENABLED = True
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
WAGTAILADMIN_PERMITTED_LANGUAGES = LANGUAGES
if front_cache := os.environ.get("FRONT_CACHE_URL", ""):
    WAGTAILFRONTENDCACHE = {
        "front": {
            "BACKEND": "wagtail.contrib.frontend_cache.backends.HTTPBackend",
            "LOCATION": front_cache,
        }
    }
WAGTAILADMIN_BASE_URL = os.environ.get("ADMIN_BASE_URL", "http://localhost:8000")
WAGTAILADMIN_LOGIN_URL = "account_login"
WAGTAILIMAGES_IMAGE_MODEL = "media.CustomImage"
WAGTAILDOCS_DOCUMENT_MODEL = "media.CustomDocument"
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 10 * 1024 * 1024
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 20_000_000
WAGTAILIMAGES_EXTENSIONS = ["jpg", "jpeg", "png", "webp", "avif"]
WAGTAILDOCS_EXTENSIONS = ["pdf", "xlsx", "csv"]
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILDOCS_INLINE_CONTENT_TYPES = []
WAGTAILIMAGES_IMAGE_FORM_BASE = "safeguards.forms.SafeImageForm"
WAGTAILDOCS_DOCUMENT_FORM_BASE = "safeguards.forms.SafeDocumentForm"
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_PRIVATE_PAGE_OPTIONS = {"SHARED_PASSWORD": False}
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAILADMIN_COMMENTS_ENABLED = False
WAGTAILADMIN_NOTIFICATION_INCLUDE_SUPERUSERS = False
DEFAULT_FROM_EMAIL = os.environ.get("DEFAULT_FROM_EMAIL", "lindungi@localhost")
TAGGIT_CASE_INSENSITIVE = True

SAFEGUARDS_PERSONAL_DATA_APPS = [
    "accounts",
    "media",
    "home",
    "demo",
    "campaigns",
    "modules",
    "events",
    "districts",
    "safeguards",
    "search",
]
# Digests of erased persons outlive a change of SECRET_KEY; keep this one outside the backup.
SAFEGUARDS_TOMBSTONE_KEY = os.environ.get("TOMBSTONE_KEY", "")
SAFEGUARDS_EXIT_URL = "https://www.bmkg.go.id/"

TASKS = {"default": {"BACKEND": tasks.DATABASE_BACKEND}}

globals().update(email_from_url(os.environ.get("EMAIL_URL", "")))

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"no_personal_data": {"()": "safeguards.logs.NoPersonalData"}},
    "formatters": {"plain": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "filters": ["no_personal_data"],
            "formatter": "plain",
        }
    },
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        # Wagtail tells page titles at INFO; a title may hold a name before an editor mends it.
        "wagtail": {"level": "WARNING"},
        "django_tasks": {"level": "WARNING"},
        "django.server": {"handlers": ["console"], "level": "INFO", "propagate": False},
    },
}
