"""The cookie by which a device is known that has a PIN: 192 random bits, for one host."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from website.accounts.factors.devices import set_pin
from website.accounts.factors.labels import label_of
from website.accounts.models import SignInDevice, User
from website.accounts.models.devices import FORGOTTEN_AFTER
from website.accounts.session import bind_to_device

COOKIE = "lindungi_pin"


def device_token(request: HttpRequest) -> str:
    return request.COOKIES.get(COOKIE, "")


def device_label(request: HttpRequest) -> str:
    return label_of(request.headers.get("User-Agent", ""))


def keep_device(response: HttpResponse, token: str) -> None:
    response.set_cookie(
        COOKIE,
        token,
        max_age=FORGOTTEN_AFTER,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )


def set_pin_here(request: HttpRequest, response: Any, user: User, pin: str) -> SignInDevice:
    """Give the signed-in user a PIN on the device in hand, and count the session as by PIN.

    Raises what `set_pin` raises.
    """
    device, token = set_pin(
        user=user,
        district=request.district,
        pin=pin,
        device_token=device_token(request),
        label=device_label(request),
    )
    count_as_by_pin(request, response, device, token)
    return device


def count_as_by_pin(request: HttpRequest, response: Any, device: SignInDevice, token: str) -> None:
    """Let the session of who just chose the PIN of this device be one by PIN."""
    bind_to_device(request, device.user, device)
    keep_device(response, token)
