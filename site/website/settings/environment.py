"""Turns addresses in environment variables into Django settings."""

from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import django

CACHE_ALIAS = "cache"
SQLITE = "safeguards.backends.sqlite3"


def sqlite_options(*, synchronous: str = "FULL") -> dict[str, Any]:
    """Options of the durable SQLite mode: WAL, IMMEDIATE, a busy timeout of 20 s.

    Django's default lost two thirds of a class's simultaneous answers to "database is locked".
    """
    return {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": (
            f"PRAGMA journal_mode=WAL; PRAGMA synchronous={synchronous};"
            " PRAGMA mmap_size=134217728;"
        ),
    }


def cache_from_url(url: str, data_dir: Path) -> tuple[dict, dict]:
    """Return (CACHES, extra DATABASES): Redis by `CACHE_URL`, else an SQLite file of its own."""
    if url.startswith(("redis://", "rediss://")):
        backend = {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": url}
        return {"default": backend}, {}
    if url == "locmem://":
        return {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}, {}
    if url:
        raise ValueError("CACHE_URL: redis://…, rediss://… or locmem://")
    database = {
        "ENGINE": SQLITE,
        "NAME": data_dir / "cache.sqlite3",
        "OPTIONS": sqlite_options(),
    }
    backend = {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache_entries",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
    return {"default": backend}, {CACHE_ALIAS: database}


class CacheRouter:
    """Keeps cache rows in their own file, so that they never wait for a durable write."""

    def db_for_read(self, model, **hints):
        return CACHE_ALIAS if model._meta.app_label == "django_cache" else None

    db_for_write = db_for_read

    def allow_migrate(self, db, app_label, model_name=None, **hints):
        return (app_label == "django_cache") == (db == CACHE_ALIAS)


def email_from_url(url: str) -> dict[str, Any]:
    """Settings for `smtp://user:password@host:587` (STARTTLS), `smtps://…:465`, or the console."""
    if not url or url.startswith("console:"):
        return mailer("django.core.mail.backends.console.EmailBackend")
    parts = urlsplit(url)
    if parts.scheme not in {"smtp", "smtps"}:
        raise ValueError("EMAIL_URL: smtp://…, smtps://… or console:")
    return mailer(
        "django.core.mail.backends.smtp.EmailBackend",
        host=parts.hostname or "localhost",
        port=parts.port or (465 if parts.scheme == "smtps" else 587),
        username=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        use_ssl=parts.scheme == "smtps",
        use_tls=parts.scheme == "smtp" and bool(parts.username),
        timeout=10,
    )


# Options of a mailer → the settings that Django before 6.1 has instead.
MAIL_SETTINGS = {
    "host": "EMAIL_HOST",
    "port": "EMAIL_PORT",
    "username": "EMAIL_HOST_USER",
    "password": "EMAIL_HOST_PASSWORD",
    "use_ssl": "EMAIL_USE_SSL",
    "use_tls": "EMAIL_USE_TLS",
    "timeout": "EMAIL_TIMEOUT",
}


def mailer(backend: str, **options: Any) -> dict[str, Any]:
    """The default mailer, as this Django wants it said."""
    if django.VERSION >= (6, 1):
        return {"MAILERS": {"default": {"BACKEND": backend, "OPTIONS": options}}}
    named = {MAIL_SETTINGS[name]: value for name, value in options.items()}
    return {"EMAIL_BACKEND": backend} | named
