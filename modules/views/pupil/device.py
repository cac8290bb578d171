"""What a pupil's phone carries: one signed cookie, and another where wrong codes were typed.

Neither names anybody. The first is "<code>.<token>" and goes in one tap, or when the session that
it last looked into can be opened again no more.
"""

import secrets
from datetime import timedelta
from uuid import UUID

from django.core import signing
from django.http import HttpRequest, HttpResponse

from modules.services.joining import token_of
from modules.services.runs import OPEN_AT_MOST, REOPEN_WITHIN

COOKIE, GUESSER = "kelas", "kelas-tebak"
# Who joined is the same one in a session that is opened again.
STAYS, GUESSER_STAYS = OPEN_AT_MOST + REOPEN_WITHIN, timedelta(days=1)


def remember(request: HttpRequest, response: HttpResponse, *, code: str, key: UUID) -> None:
    _set(request, response, COOKIE, f"{code}.{token_of(key)}", STAYS)


def forget(response: HttpResponse) -> None:
    response.delete_cookie(COOKIE, samesite="Lax")


def token_for(request: HttpRequest, code: str) -> str:
    """The token that this phone carries for the run of this code, or ""."""
    own, _dot, token = _read(request, COOKIE, STAYS).partition(".")
    return token if own == code else ""


def guesser(request: HttpRequest) -> str:
    """By what this phone's wrong codes are counted, or "" before the first."""
    return _read(request, GUESSER, GUESSER_STAYS)


def mark_guesser(request: HttpRequest, response: HttpResponse) -> None:
    if not guesser(request):
        _set(request, response, GUESSER, secrets.token_urlsafe(12), GUESSER_STAYS)


def _set(
    request: HttpRequest, response: HttpResponse, name: str, value: str, stays: timedelta
) -> None:
    response.set_signed_cookie(
        name,
        value,
        max_age=stays,
        httponly=True,
        samesite="Lax",
        secure=request.is_secure(),
    )


def _read(request: HttpRequest, name: str, stays: timedelta) -> str:
    try:
        return request.get_signed_cookie(name, "", max_age=stays)
    except signing.BadSignature:
        return ""
