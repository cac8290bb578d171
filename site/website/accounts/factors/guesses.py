"""Trying a PIN: counted before it is looked at, on one device, never on the account."""

from datetime import datetime
from math import ceil

from django.contrib.auth.hashers import check_password, make_password
from django.utils import timezone

from districts.models import District
from website.accounts.factors.devices import note, on_device
from website.accounts.factors.pins import wait_after
from website.accounts.factors.rules import may_hold_pin
from website.accounts.models import SignInDevice


class WrongPin(Exception):
    """PIN and device do not belong together; the same for a device that is not known."""


class PinLocked(Exception):
    """Too many wrong PINs on this device; `retry_after` in seconds."""

    def __init__(self, retry_after: int):
        super().__init__(retry_after)
        self.retry_after = retry_after


def try_pin(
    *,
    token: str,
    district: District,
    pin: str,
    person: int | None = None,
    now: datetime | None = None,
) -> SignInDevice:
    """Return the device whose PIN this is. Raises WrongPin or PinLocked.

    The try is counted before the PIN is looked at, in one conditional statement, so that however
    many arrive at once no more are answered than are free. `person` is the number of the row
    where several people share the device.
    """
    now = now or timezone.now()
    devices = list(on_device(token, district))
    if person is not None:
        devices = [device for device in devices if device.pk == person]
    if len(devices) != 1 or not may_hold_pin(devices[0].user):
        make_password(pin)
        raise WrongPin
    device = _counted(devices[0], now)
    if not check_password(pin, device.pin):
        if device.locked_until and device.locked_until > now:
            note("device.locked", None, device, district, now, tries=device.wrong_tries)
        raise WrongPin
    SignInDevice.objects.filter(pk=device.pk).update(
        wrong_tries=0, locked_until=None, used_on=timezone.localdate(now)
    )
    return device


def _counted(device: SignInDevice, now: datetime) -> SignInDevice:
    for _again in range(3):
        if device.locked_until and device.locked_until > now:
            raise PinLocked(max(1, ceil((device.locked_until - now).total_seconds())))
        tries = device.wrong_tries + 1
        wait = wait_after(tries)
        until = now + wait if wait else None
        counted = SignInDevice.objects.filter(
            pk=device.pk, wrong_tries=device.wrong_tries, revoked_at__isnull=True
        ).update(wrong_tries=min(tries, 30_000), locked_until=until)
        device.refresh_from_db(fields=["wrong_tries", "locked_until", "revoked_at", "pin"])
        if counted:
            return device
        if device.revoked_at:
            raise WrongPin
    raise PinLocked(1)
