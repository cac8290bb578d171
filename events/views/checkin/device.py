"""What a phone carries that checked in: one signed cookie, for half a day, that names nobody.

Another, where wrong codes were typed, so that a school behind one address is not one guesser.
"""

import secrets
from datetime import timedelta
from uuid import UUID

from django.core import signing
from django.http import HttpRequest, HttpResponse

COOKIE, GUESSER = "hadir", "hadir-tebak"
STAYS, GUESSER_STAYS = timedelta(hours=12), timedelta(days=1)


def person(request: HttpRequest) -> UUID | None:
    """Who checked in from here last."""
    try:
        return UUID(_read(request, COOKIE, STAYS))
    except ValueError:
        return None


def remember(request: HttpRequest, response: HttpResponse, key: str) -> None:
    _set(request, response, COOKIE, key, STAYS)


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
        name, value, max_age=stays, httponly=True, samesite="Lax", secure=request.is_secure()
    )


def _read(request: HttpRequest, name: str, stays: timedelta) -> str:
    try:
        return request.get_signed_cookie(name, "", max_age=stays)
    except signing.BadSignature:
        return ""
