"""PINs on devices: which there are, setting one, ending one."""

from datetime import datetime
from typing import Any

from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from districts.models import District
from districts.services.memberships import NotAllowed, active_memberships
from safeguards import audit
from safeguards.tokens import digest, new_token
from website.accounts.factors.pins import check_pin
from website.accounts.factors.rules import may_hold_pin
from website.accounts.models import SignInDevice, User
from website.accounts.telling import tell

LONGEST_TOKEN = 100
# A school's tablet has a few owners; a computer with dozens is nobody's device.
PEOPLE_PER_DEVICE = 8
FULL = _(
    "This device has PINs for %(people)d people already. Use a phone of your own, or let one of "
    "them take theirs away under “My devices” first."
)


def on_device(token: str, district: District) -> QuerySet:
    """The working PINs of the device with this token in this office."""
    if not token or len(token) > LONGEST_TOKEN:
        return SignInDevice.objects.none()
    return (
        SignInDevice.objects.for_district(district)
        .working()
        .filter(token_digest=digest(token), user__is_active=True)
        .select_related("user", "district")
    )


def note(verb: str, actor: Any, obj: Any, district: District, now: Any = None, **told) -> None:
    """Leave an audit entry of what happened to a device or a link of an office."""
    audit.record(
        verb=verb,
        actor_id=getattr(actor, "pk", None),
        obj=obj,
        site=district.site_id,
        now=now,
        **told,
    )


def set_pin(
    *,
    user: User,
    district: District,
    pin: str,
    device_token: str = "",
    label: str = "",
    now: datetime | None = None,
) -> tuple[SignInDevice, str]:
    """Set the user's own PIN on the device in hand; return it and its token.

    Raises NotAllowed, or ValidationError for a PIN that won't do or a device that is full.
    """
    if not may_hold_pin(user) or not active_memberships(user, district).exists():
        raise NotAllowed
    check_pin(pin)
    hashed = make_password(pin)
    with transaction.atomic():
        return place(user, district, hashed, device_token, label, now or timezone.now())


def place(
    user: User,
    district: District,
    hashed: str,
    device_token: str,
    label: str,
    now: datetime,
    fresh: str = "",
) -> tuple[SignInDevice, str]:
    """Keep a hashed PIN on the device with this token, or with a new one; in a transaction.

    `fresh` is the new one where a form says which. Raises ValidationError on a device that is full
    of others.
    """
    rows = on_device(device_token, district)
    known = rows.count()
    # A new token would shut out all who share the cookie.
    if known >= PEOPLE_PER_DEVICE and not rows.filter(user=user).exists():
        raise ValidationError(FULL, code="full", params={"people": PEOPLE_PER_DEVICE})
    # A cookie we did not give is replaced.
    token = device_token if known else fresh or new_token()
    SignInDevice.objects.filter(
        user=user, token_digest=digest(token), revoked_at__isnull=True
    ).update(revoked_at=now, pin="")
    device = SignInDevice.objects.create(
        district=district,
        user=user,
        token_digest=digest(token),
        pin=hashed,
        label=label[:40],
        used_on=timezone.localdate(now),
    )
    note("device.added", user, device, district, now)
    tell(user, "added")
    return device, token


@transaction.atomic
def revoke(*, actor: Any, device: SignInDevice, now: datetime | None = None) -> bool:
    """End a device: its PIN opens nothing, its sessions are over. False when it was before."""
    now = now or timezone.now()
    ended = SignInDevice.objects.filter(pk=device.pk, revoked_at__isnull=True).update(
        revoked_at=now, pin=""
    )
    if ended:
        note("device.removed", actor, device, device.district, now, user=device.user_id)
    return bool(ended)
