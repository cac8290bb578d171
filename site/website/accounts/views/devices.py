"""`/ruang/perangkat/`: how a member signs in, and from where."""

from allauth.mfa.models import Authenticator
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from events.services.devices import of_member
from events.views.room.access import may_plan
from website.accounts.access import READS, member_page, show
from website.accounts.device_cookie import device_token
from website.accounts.factors.codes import recovery_codes_left
from website.accounts.factors.devices import on_device
from website.accounts.factors.mfa_adapter import host_here
from website.accounts.factors.rules import PASSKEY, RECOVERY, TOTP, is_required, may_hold_pin
from website.accounts.models import SignInDevice


@member_page(*READS)
def devices(request: HttpRequest) -> HttpResponse:
    """PINs on devices, app, passkeys, recovery codes and what sends entries; nobody else's."""
    user = request.user
    held = list(Authenticator.objects.filter(user_id=user.pk).order_by("created_at"))
    by_type = {item.type: item for item in held}
    here = host_here()
    pins = list(
        SignInDevice.objects.for_district(request.district).working().filter(user_id=user.pk)
    )
    now = timezone.now()
    this = set(on_device(device_token(request), request.district).values_list("pk", flat=True))
    for device in pins:
        device.is_this = device.pk in this
        device.waits = bool(device.locked_until and device.locked_until > now)
    context = {
        "pins": pins,
        "pin_here": any(device.is_this for device in pins),
        "passkeys": [
            {"item": item, "name": item.data.get("name", ""), "here": _host(item, here) == here}
            | {"host": _host(item, here)}
            for item in held
            if item.type == PASSKEY
        ],
        "app": by_type.get(TOTP),
        "has_codes": RECOVERY in by_type,
        "codes_left": recovery_codes_left(user) if RECOVERY in by_type else 0,
        "may_hold_pin": may_hold_pin(user),
        "senders": of_member(user, request.district),
        "may_send": may_plan(request),
        "unprotected": is_required() and not held and not pins,
    }
    return show(request, "ruang/devices.html", context)


def _host(passkey: Authenticator, here: str) -> str:
    return passkey.data.get("host", here)
