"""Taking factors away: one's own, or a colleague's who can't get in any more."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils import timezone

from districts.models import District, Membership, Role
from districts.services.memberships import NotAllowed, active_memberships
from events.services import devices as senders
from safeguards import audit
from website.accounts.factors.rules import FIELD_ROLES, RECOVERY
from website.accounts.models import DeviceLink, SignInDevice, User
from website.accounts.telling import tell


def drop_authenticators(user: User) -> int:
    """Delete app, passkeys and recovery codes of a user; return how many there were."""
    return Authenticator.objects.filter(user=user).delete()[0]


@transaction.atomic
def remove_own(*, user: User, authenticator: Authenticator, site: Any) -> None:
    """Delete one of the user's own factors; recovery codes go with the last of them."""
    kind = authenticator.type
    authenticator.delete()
    rest = Authenticator.objects.filter(user=user)
    if not rest.exclude(type=RECOVERY).exists():
        rest.delete()
    audit.record(verb="factor.removed", actor_id=user.pk, obj=user, site=site, kind=str(kind))
    tell(user, "removed")


def check_may_reset(actor: User, user: User, district: District) -> None:
    """Raise NotAllowed unless the actor administers the office and the user is a colleague there.

    Nobody resets their own. Who is staff of another office as well, or national, is reset by a
    national administrator alone: this office does not answer for the other's names.
    """
    if actor.pk == user.pk or not actor.is_active:
        raise NotAllowed
    if not active_memberships(user, district).exists() and not user.is_superuser:
        raise NotAllowed
    if actor.is_superuser:
        return
    if (
        user.is_superuser
        or not active_memberships(actor, district).filter(role=Role.ADMIN).exists()
    ):
        raise NotAllowed
    elsewhere = Membership.objects.filter(user=user, ended_at__isnull=True).exclude(
        district=district
    )
    if elsewhere.exclude(role__in=FIELD_ROLES).exists():
        raise NotAllowed


@transaction.atomic
def reset_factors(*, actor: User | None, user: User, district: District | None) -> int:
    """Take away all second factors and PINs of a colleague and end their sessions and links.

    What sends entries for them ends too, at each office. `actor` None is the installation itself,
    by command. Raises NotAllowed.
    """
    if actor is not None:
        check_may_reset(actor, user, district)
    count = drop_authenticators(user)
    now = timezone.now()
    count += SignInDevice.objects.filter(user=user, revoked_at__isnull=True).update(
        revoked_at=now, pin=""
    )
    DeviceLink.objects.filter(user=user, used_at__isnull=True, revoked_at__isnull=True).update(
        revoked_at=now
    )
    senders.revoke_all(member=user, actor=actor, now=now)
    user.end_sessions()
    audit.record(
        verb="factor.reset",
        actor_id=getattr(actor, "pk", None),
        obj=user,
        site=getattr(district, "site_id", None),
        factors=count,
    )
    tell(user, "reset")
    return count
