"""A form that was sent when its session had ended comes back, with all that was typed in it.

It stands in the answer alone: nothing is stored, and whoever sees the page sends it once more,
after they have signed in in another tab. Secrets are never given back.
"""

import re
from typing import Any

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.utils.translation import gettext as _

SECRET = re.compile(r".*password.*|pin[0-9]?|pin_.*|code|kode|otp", re.IGNORECASE)
CSRF = "csrfmiddlewaretoken"
# What only a program reads is not shown among what somebody wrote.
UNREADABLE = re.compile(r"[0-9a-f-]{32,36}|[0-9]+|on", re.IGNORECASE)


def kept_words(request: HttpRequest) -> list[tuple[str, str]]:
    """(name, value) of all that a form held; nothing where it held a secret."""
    if any(SECRET.fullmatch(name) for name in request.POST if name != CSRF):
        return []
    return [
        (name, value) for name, values in request.POST.lists() if name != CSRF for value in values
    ]


def told_again(request: HttpRequest, words: list[tuple[str, str]], door: str) -> dict[str, Any]:
    """Context of `ruang/come_back.html`; `door` is an address that is passed first, "" for none."""
    # A token that holds now: the cookie may be another one than that of the form.
    get_token(request)
    return {
        "door": door,
        "words": words,
        "written": [value for _name, value in words if value and not UNREADABLE.fullmatch(value)],
        "files": [file.name for files in request.FILES.lists() for file in files[1]],
        "address": request.get_full_path(),
        "title": _("Nothing was sent yet"),
    }
