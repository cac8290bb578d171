"""One-time links that set the PIN of a device, fit to be passed on by WhatsApp."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from districts.models import District
from districts.services.memberships import NotAllowed, active_memberships, check_may_grant
from events.services import devices as senders
from safeguards.tokens import digest, new_token
from website.accounts.factors.devices import LONGEST_TOKEN, note, place, revoke
from website.accounts.factors.pins import check_pin
from website.accounts.factors.resetting import drop_authenticators
from website.accounts.factors.rules import may_hold_pin
from website.accounts.models import DeviceLink, SignInDevice, User
from website.accounts.telling import tell

VALID_FOR = timedelta(days=3)


class LinkGone(Exception):
    """The link was never made, was used, replaced or has ended; which is nobody's business."""


def check_may_help(actor: Any, user: User, district: District) -> None:
    """Raise NotAllowed unless the actor may give each of the user's roles in this office.

    A link opens all that its owner may do: who may give one role of several gets none.
    """
    roles = list(active_memberships(user, district).select_related("organisation"))
    if not roles or actor.pk == user.pk:
        raise NotAllowed
    for held in roles:
        check_may_grant(actor, district, held.role, held.organisation)


@transaction.atomic
def make_link(
    *, actor: Any, user: User, district: District, now: datetime | None = None
) -> tuple[DeviceLink, str]:
    """Return a new link for a device of `user` and its token, known this once.

    Links made before stop working. The actor is the user, for one more device, or who may give
    the user's roles. Raises NotAllowed.
    """
    now = now or timezone.now()
    if actor.pk != user.pk:
        check_may_help(actor, user, district)
    if not may_hold_pin(user) or not active_memberships(user, district).exists():
        raise NotAllowed
    DeviceLink.objects.for_district(district).filter(
        user=user, used_at__isnull=True, revoked_at__isnull=True
    ).update(revoked_at=now)
    token = new_token()
    link = DeviceLink.objects.create(
        district=district,
        user=user,
        token_digest=digest(token),
        made_by=actor,
        expires_at=now + VALID_FOR,
    )
    note("device_link.made", actor, link, district, now, user=user.pk)
    return link, token


@transaction.atomic
def reset(
    *, actor: Any, user: User, district: District, now: datetime | None = None
) -> tuple[DeviceLink, str]:
    """For a phone that is lost or a PIN forgotten: end all devices, give a new link.

    Passkeys go as well, which may lie on the lost phone, and so does what sends entries from it.
    Raises NotAllowed.
    """
    now = now or timezone.now()
    check_may_help(actor, user, district)
    made = make_link(actor=actor, user=user, district=district, now=now)
    for device in SignInDevice.objects.for_district(district).filter(
        user=user, revoked_at__isnull=True
    ):
        revoke(actor=actor, device=device, now=now)
    senders.revoke_all(member=user, actor=actor, now=now, district=district)
    drop_authenticators(user)
    user.end_sessions()
    note("sign_in.reset", actor, user, district, now)
    tell(user, "reset")
    return made


def find_link(*, token: str, district: District, now: datetime | None = None) -> DeviceLink:
    """Return the open link of a token in this office. Raises LinkGone for every reason alike."""
    if not token or len(token) > LONGEST_TOKEN:
        raise LinkGone
    link = (
        DeviceLink.objects.for_district(district)
        .filter(_open(now or timezone.now()), token_digest=digest(token), user__is_active=True)
        .select_related("user", "made_by", "district")
        .first()
    )
    if link is None or not may_hold_pin(link.user) or not _maker_may(link):
        raise LinkGone
    return link


def _open(now: datetime) -> Q:
    return Q(used_at__isnull=True, revoked_at__isnull=True, expires_at__gt=now)


def _maker_may(link: DeviceLink) -> bool:
    """A link outlives no office: who made it could still make it."""
    if link.made_by is None:
        return False
    try:
        if link.made_by_id != link.user_id:
            check_may_help(link.made_by, link.user, link.district)
    except NotAllowed:
        return False
    return active_memberships(link.user, link.district).exists()


def use_link(
    *,
    token: str,
    district: District,
    pin: str,
    device_token: str = "",
    label: str = "",
    now: datetime | None = None,
) -> tuple[SignInDevice, str]:
    """Set the PIN of the device that opened the link, once; return it and its token.

    Raises LinkGone, or ValidationError for a PIN that won't do or a device that is full; the link
    then still works.
    """
    now = now or timezone.now()
    check_pin(pin)
    # Hashing takes its time on purpose: not while the database waits.
    hashed = make_password(pin)
    with transaction.atomic():
        link = find_link(token=token, district=district, now=now)
        won = DeviceLink.objects.filter(_open(now), pk=link.pk).update(used_at=now)
        if not won:
            raise LinkGone
        return place(link.user, district, hashed, device_token, label, now)
