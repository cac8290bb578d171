"""Addresses of pages in a language: the default one has no prefix."""

from django.conf import settings


def language_prefix(language_code: str) -> str:
    """`""` for the default language, `"/en"` for others."""
    default = settings.LANGUAGE_CODE.split("-")[0]
    if not getattr(settings, "WAGTAIL_I18N_ENABLED", False) or language_code == default:
        return ""
    return f"/{language_code}"
