"""How often a password may be tried.

By account for devices we do not know, by account and device for those that signed in before: a
stranger who guesses shuts himself out and not the owner, and a colleague at the same address (a
school has one) notices nothing. The address itself only stops somebody who tries many accounts.
"""

import secrets
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare, salted_hmac

from safeguards import rates
from safeguards.rates import Budget, Verdict

WINDOW = timedelta(minutes=15)
PER_ACCOUNT = 10
PER_DEVICE = 10
PER_CODE = 6
PER_ADDRESS = 300
COOKIE = "lindungi_device"
SALT = "website.accounts.device"
REMEMBERED_FOR = timedelta(days=180)
# A teachers' room shares its computer.
ACCOUNTS_PER_DEVICE = 20


def _digest(login: str) -> str:
    return salted_hmac(SALT, login.lower(), algorithm="sha256").hexdigest()[:32]


def _device(request: HttpRequest) -> dict[str, Any]:
    try:
        known = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=REMEMBERED_FOR)
    except signing.BadSignature:
        known = {}
    return known if isinstance(known, dict) and known.get("id") else {"id": "", "for": []}


def _window(request: HttpRequest, login: str) -> dict[str, str]:
    device = _device(request)
    if any(constant_time_compare(_digest(login), known) for known in device["for"]):
        return {"scope": "sign-in-device", "key": f"{login.lower()}\0{device['id']}"}
    return {"scope": "sign-in-account", "key": login.lower()}


def may_try(request: HttpRequest, login: str, address: str) -> Verdict:
    """Count one try of a password."""
    window = _window(request, login)
    limit = PER_DEVICE if window["scope"] == "sign-in-device" else PER_ACCOUNT
    verdict = rates.allow(**window, limit=limit, window=WINDOW)
    if not verdict.allowed:
        return verdict
    return rates.allow(scope="sign-in-address", key=address, limit=PER_ADDRESS, window=WINDOW)


def succeeded(request: HttpRequest, login: str) -> None:
    """Forget the tries that led to the right password."""
    rates.forgive(**_window(request, login))


def remember_device(request: HttpRequest, response: HttpResponse, login: str) -> None:
    """Let this browser's tries be counted apart from now on. The cookie names nobody."""
    device = _device(request)
    known = [digest for digest in device["for"] if digest != _digest(login)]
    value = {
        "id": device["id"] or secrets.token_urlsafe(12),
        "for": [_digest(login), *known][:ACCOUNTS_PER_DEVICE],
    }
    response.set_cookie(
        COOKIE,
        signing.dumps(value, salt=SALT),
        max_age=REMEMBERED_FOR,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )


def may_try_code(request: HttpRequest, login: str) -> Verdict:
    """Count one try of a second factor, apart from the passwords and as they are counted."""
    window = _window(request, login)
    return rates.allow(
        scope=f"{window['scope']}-code", key=window["key"], limit=PER_CODE, window=WINDOW
    )


def code_succeeded(request: HttpRequest, login: str) -> None:
    window = _window(request, login)
    rates.forgive(scope=f"{window['scope']}-code", key=window["key"])


def address_may_go_on(address: str) -> Verdict:
    """Whether somebody tries PINs from this address on many devices; right PINs don't count."""
    return rates.spent(Budget("pin-address", address, PER_ADDRESS, WINDOW))


def wrong_pin_from(address: str) -> None:
    rates.allow(scope="pin-address", key=address, limit=PER_ADDRESS, window=WINDOW)
