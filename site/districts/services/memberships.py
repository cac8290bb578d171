"""Who may do what in which office: roles are granted and ended here, and nowhere else."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from districts.models import District, Membership, Organisation, Region, Role
from districts.services.permissions import sync_groups
from districts.services.stand_ins import end_all
from safeguards import audit

# Who may grant and end which roles in their own office. Nobody reaches their own level or a
# higher one; administrators come from the national superuser.
MAY_GRANT: dict[str, frozenset[str]] = {
    Role.ADMIN: frozenset(Role) - {Role.ADMIN},
    Role.KOORDINATOR: frozenset({Role.GURU, Role.KADER}),
}
# These reach no further than their organisation and its units.
BOUND_TO_ORGANISATION = frozenset({Role.KOORDINATOR})
NEEDS_ORGANISATION = frozenset({Role.MITRA, Role.KOORDINATOR})
MAY_HAVE_REGION = frozenset({Role.GURU, Role.KADER, Role.MITRA, Role.KOORDINATOR})
SECOND_PERSON_ROLES = (Role.MODERATOR, Role.ADMIN)


class NotAllowed(PermissionDenied):
    """The actor may not grant or end this role here; views answer 403."""


class InvalidGrant(ValueError):
    """The role can't be held like this; `field` says where, `message` why."""

    def __init__(self, field: str, message: Any):
        super().__init__(str(message))
        self.field = field
        self.message = message


def active_memberships(user: Any, district: District) -> QuerySet:
    """The roles a user holds in a district now."""
    if not user.is_authenticated or not user.is_active:
        return Membership.objects.none()
    return Membership.objects.for_district(district).filter(user=user, ended_at__isnull=True)


def grantable_roles(actor: Any, district: District) -> list[str]:
    """The roles the actor may grant in this district, from least to most."""
    if actor.is_active and actor.is_superuser:
        return list(Role)
    held = active_memberships(actor, district).values_list("role", flat=True)
    allowed = frozenset().union(*(MAY_GRANT.get(role, ()) for role in held))
    return [role for role in Role if role in allowed]


def reaches_everybody(actor: Any, district: District) -> bool:
    """Say whether the actor invites for the whole district, not for an organisation alone."""
    if actor.is_active and actor.is_superuser:
        return True
    unbound = MAY_GRANT.keys() - BOUND_TO_ORGANISATION
    return active_memberships(actor, district).filter(role__in=unbound).exists()


def reachable_organisations(actor: Any, district: District) -> QuerySet:
    """The organisations whose people the actor may invite, and see."""
    everything = Organisation.objects.for_district(district)
    if reaches_everybody(actor, district):
        return everything
    wanted = Q(pk__in=[])
    for membership in active_memberships(actor, district).select_related("organisation"):
        if membership.role in BOUND_TO_ORGANISATION:
            wanted |= units_of(membership.organisation)
    return everything.filter(wanted)


def units_of(organisation: Organisation | None) -> Q:
    """An organisation and those below it; a PKK kecamatan has all PKK groups of its kecamatan."""
    if organisation is None:
        return Q(pk__in=[])
    units = Q(pk=organisation.pk)
    for steps in ("parent", "parent__parent", "parent__parent__parent"):
        units |= Q(**{steps: organisation.pk})
    kinds, levels = Organisation.Kind, Organisation.PkkLevel
    if (
        organisation.kind == kinds.PKK
        and organisation.pkk_level == levels.KECAMATAN
        and organisation.region_id
    ):
        # A Dasawisma may be placed by the village group above it alone.
        for place in ("region__code__startswith", "parent__region__code__startswith"):
            units |= Q(kind=kinds.PKK, **{place: f"{organisation.region_id}."})
    return units


def visible_members(actor: Any, district: District) -> QuerySet:
    """The active memberships the actor may look at: all, or those of their organisations."""
    members = Membership.objects.for_district(district).filter(
        ended_at__isnull=True, user__is_active=True
    )
    return _within_reach(members, actor, district)


def visible_invitations(invitations: QuerySet, actor: Any, district: District) -> QuerySet:
    """Those of the invitations that lead into what the actor may look at."""
    return _within_reach(invitations, actor, district)


def _within_reach(rows: QuerySet, actor: Any, district: District) -> QuerySet:
    if reaches_everybody(actor, district):
        return rows
    return rows.filter(
        role__in=grantable_roles(actor, district),
        organisation__in=reachable_organisations(actor, district),
    )


def check_may_grant(
    actor: Any, district: District, role: str, organisation: Organisation | None = None
) -> None:
    """Raise NotAllowed unless the actor may grant and end this role here.

    `actor` None is the installation itself: founding, demo, commands.
    """
    if actor is None or (actor.is_active and actor.is_superuser):
        return
    for membership in active_memberships(actor, district).select_related("organisation"):
        if role not in MAY_GRANT.get(membership.role, ()):
            continue
        if membership.role not in BOUND_TO_ORGANISATION:
            return
        if (
            organisation is not None
            and Organisation.objects.for_district(district)
            .filter(units_of(membership.organisation), pk=organisation.pk)
            .exists()
        ):
            return
    raise NotAllowed


def check_placement(
    district: District, role: str, organisation: Organisation | None, region: Region | None
) -> None:
    """Raise InvalidGrant when a role can't be held for this organisation or region."""
    if organisation is not None and organisation.district_id != district.pk:
        raise InvalidGrant("organisation", _("This organisation belongs to another office."))
    if organisation is None and role in NEEDS_ORGANISATION:
        raise InvalidGrant("organisation", _("Choose the organisation this person speaks for."))
    if region is None:
        return
    if role not in MAY_HAVE_REGION:
        raise InvalidGrant("region", _("This role is held for the whole district."))
    if not district.region_id or not region.code.startswith(f"{district.region_id}."):
        raise InvalidGrant("region", _("This kecamatan or village lies in another district."))


@transaction.atomic
def grant(
    *,
    actor: Any,
    user: Any,
    district: District,
    role: str,
    organisation: Organisation | None = None,
    region: Region | None = None,
) -> Membership:
    """Give a user a role; who holds it already keeps the row they have.

    Raises NotAllowed or InvalidGrant.
    """
    role = Role(role)
    check_may_grant(actor, district, role, organisation)
    check_placement(district, role, organisation, region)
    membership, created = Membership.objects.get_or_create(
        user=user,
        district=district,
        role=role,
        organisation=organisation,
        region=region,
        ended_at=None,
    )
    if created:
        audit.record(
            verb="membership.granted",
            actor_id=getattr(actor, "pk", None),
            obj=membership,
            site=district.site_id,
            role=role.value,
            user=user.pk,
        )
        sync_groups(user)
    return membership


@transaction.atomic
def end(*, actor: Any, membership: Membership, now: datetime | None = None) -> bool:
    """End a role and every session of its holder; False when it had ended before.

    With the last role in an office ends what its holder stands in for there.

    Raises NotAllowed.
    """
    check_may_grant(actor, membership.district, membership.role, membership.organisation)
    now = now or timezone.now()
    ended = Membership.objects.filter(pk=membership.pk, ended_at__isnull=True).update(ended_at=now)
    if not ended:
        return False
    membership.ended_at = now
    audit.record(
        verb="membership.ended",
        actor_id=getattr(actor, "pk", None),
        obj=membership,
        site=membership.district.site_id,
        now=now,
        role=str(membership.role),
        user=membership.user_id,
    )
    sync_groups(membership.user)
    if not active_memberships(membership.user, membership.district).exists():
        end_all(user=membership.user, district=membership.district, actor=actor, now=now)
    # A user model without this keeps its sessions; ours forgets them all.
    end_sessions = getattr(membership.user, "end_sessions", None)
    if end_sessions:
        end_sessions()
    return True


def second_persons(
    district: District,
    excluding: Any | Iterable[Any] = (),
    roles: Iterable[str] = SECOND_PERSON_ROLES,
) -> QuerySet:
    """The active users of a district who may be the second person, without those named.

    `excluding` is a user, a user's number, or several of either.
    """
    if excluding is None:
        excluding = ()
    if not isinstance(excluding, list | tuple | set | frozenset | QuerySet):
        excluding = (excluding,)
    holders = Membership.objects.for_district(district).filter(
        role__in=list(roles), ended_at__isnull=True
    )
    return (
        get_user_model()
        ._default_manager.filter(is_active=True, pk__in=holders.values("user_id"))
        .exclude(pk__in=[getattr(person, "pk", person) for person in excluding])
    )
