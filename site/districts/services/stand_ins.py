"""A dated stand-in (pengganti): who may be the second person for help channels for some weeks.

The way on for an office in which one person keeps the channels alone.
"""

from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from districts.hours import local_date
from districts.models import District, Membership, Role, StandIn
from districts.scoping import offices_above
from districts.services.second_person import KEEPERS
from safeguards import audit

LONGEST = 90
LATEST_START = 90


class NotAllowed(PermissionDenied):
    """The actor appoints nobody here, or only would themselves; views answer 403."""


def may_appoint(actor: Any, district: District) -> bool:
    """Say whether the actor is an administrator of the office, its province or the nation."""
    if not actor.is_authenticated or not actor.is_active:
        return False
    if actor.is_superuser:
        return True
    held = Membership.objects.filter(user=actor, ended_at__isnull=True, role=Role.ADMIN)
    return held.filter(Q(district=district) | offices_above(district)).exists()


def candidates(district: District, actor: Any) -> QuerySet:
    """The memberships of those who could be appointed: in the office, and no second person yet."""
    members = Membership.objects.for_district(district).filter(
        ended_at__isnull=True, user__is_active=True
    )
    keepers = members.filter(role__in=KEEPERS)
    return members.exclude(user__in=keepers.values("user")).exclude(user=actor)


def stand_ins_of(district: District, now: datetime | None = None) -> QuerySet:
    """Those of today and of later, the next to begin first."""
    today = local_date(now or timezone.now(), district.timezone)
    return (
        StandIn.objects.for_district(district)
        .filter(ends_on__gte=today)
        .select_related("user", "district")
        .order_by("starts_on", "pk")
    )


@transaction.atomic
def appoint(
    *,
    district: District,
    actor: Any,
    user: Any,
    starts_on: date,
    ends_on: date,
    now: datetime | None = None,
) -> StandIn:
    """Appoint somebody of the office, from one day to another one, both included.

    A form that is sent twice finds the row of the first time. Raises NotAllowed, or
    ValidationError with messages by field.
    """
    now = now or timezone.now()
    if actor.pk == user.pk or not may_appoint(actor, district):
        raise NotAllowed
    # Of two that are appointed at once the second one sees the first.
    District.objects.select_for_update(no_key=True, of=("self",)).get(pk=district.pk)
    if not candidates(district, actor).filter(user=user).exists():
        raise ValidationError(_("Choose somebody who belongs to the office and keeps no numbers."))
    known = stand_ins_of(district, now).filter(user=user)
    same = known.filter(starts_on=starts_on, ends_on=ends_on).first()
    if same is not None:
        return same
    _check_days(starts_on, ends_on, local_date(now, district.timezone))
    if known.filter(starts_on__lte=ends_on, ends_on__gte=starts_on).exists():
        raise ValidationError(_("This person is a stand-in on some of these days already."))
    stand_in = StandIn.objects.create(
        district=district, user=user, appointed_by=actor, starts_on=starts_on, ends_on=ends_on
    )
    _record("stand_in.appointed", actor, stand_in, now)
    return stand_in


@transaction.atomic
def end(*, stand_in: StandIn, actor: Any, now: datetime | None = None) -> None:
    """End it at once. What the stand-in agreed to stays. Raises NotAllowed."""
    if not may_appoint(actor, stand_in.district):
        raise NotAllowed
    _end(stand_in, actor, now or timezone.now())


def end_all(*, user: Any, district: District, actor: Any, now: datetime) -> None:
    """End what a person stands in for, once they hold no role in the office any more."""
    for stand_in in stand_ins_of(district, now).filter(user=user):
        _end(stand_in, actor, now)


def _end(stand_in: StandIn, actor: Any, now: datetime) -> None:
    """Yesterday is the last day; of one without a whole day behind it the trail alone tells."""
    yesterday = local_date(now, stand_in.district.timezone) - timedelta(days=1)
    _record("stand_in.ended", actor, stand_in, now)
    if stand_in.starts_on > yesterday:
        stand_in.delete()
    else:
        StandIn.objects.filter(pk=stand_in.pk, ends_on__gt=yesterday).update(ends_on=yesterday)


def _check_days(starts_on: date, ends_on: date, today: date) -> None:
    faults = {}
    if starts_on < today:
        faults["starts_on"] = _("This day is over. Begin today or later.")
    elif starts_on > today + timedelta(days=LATEST_START):
        faults["starts_on"] = _("Begin within 90 days.")
    if ends_on < starts_on:
        faults["ends_on"] = _("The last day comes before the first.")
    elif (ends_on - starts_on).days >= LONGEST:
        faults["ends_on"] = _("A stand-in is for 90 days at most. Appoint again after that.")
    if faults:
        raise ValidationError(faults)


def _record(verb: str, actor: Any, stand_in: StandIn, now: datetime) -> None:
    audit.record(
        verb=verb,
        actor_id=getattr(actor, "pk", None),
        obj=stand_in,
        site=stand_in.district.site_id,
        now=now,
        user=stand_in.user_id,
        starts_on=stand_in.starts_on,
        ends_on=stand_in.ends_on,
    )
