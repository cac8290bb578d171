"""What every template of the house may use. Touches neither the user nor the session."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

from districts.addresses import language_prefix
from districts.directory import channels_of, print_line


def house(request: HttpRequest) -> dict[str, Any]:
    language = get_language() or settings.LANGUAGE_CODE
    return {
        "district": getattr(request, "district", None),
        "LANGUAGE_CODE": language,
        "prefix": language_prefix(language),
        # Called by the template only where it is printed, after the page's own queries.
        "print_channel": lambda: print_line(channels_of(request)),
    }
