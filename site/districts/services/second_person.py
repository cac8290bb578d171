"""Who may be the second person for a help channel, and as what.

Never oneself, whatever other role one holds; this binds superusers as well.
"""

from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet
from django.utils import timezone

from districts.hours import local_date
from districts.models import ChannelChange, District, Membership, Role, StandIn
from districts.scoping import offices_above

KEEPERS = (Role.EDITOR, Role.MODERATOR, Role.ADMIN)
Via = ChannelChange.Via


def standing(actor: Any, district: District, now: datetime | None = None) -> str:
    """Return as what the actor may keep this district's channels: a `Via`, or `""` for not at all.

    A colleague holds an editor's, moderator's or administrator's role here; a stand-in is
    appointed for today in the district's own zone; the province above and the national office
    (with its superusers) may act for every office below.
    """
    if actor is None or not actor.is_authenticated or not actor.is_active:
        return ""
    held = Membership.objects.filter(user=actor, ended_at__isnull=True, role__in=KEEPERS)
    if held.filter(district=district).exists():
        return Via.COLLEAGUE
    today = local_date(now or timezone.now(), district.timezone)
    if (
        StandIn.objects.for_district(district)
        .filter(user=actor, starts_on__lte=today, ends_on__gte=today)
        .exists()
    ):
        return Via.STAND_IN
    if actor.is_superuser or held.filter(offices_above(district)).exists():
        return Via.PROVINCE
    return ""


def districts_kept_by(actor: Any, now: datetime | None = None) -> QuerySet:
    """The districts whose channels the actor may keep."""
    everything = District.objects.all()
    if not actor.is_authenticated or not actor.is_active:
        return everything.none()
    if actor.is_superuser:
        return everything
    now = now or timezone.now()
    held = Membership.objects.filter(user=actor, ended_at__isnull=True, role__in=KEEPERS)
    wanted = Q(pk__in=held.values("district"))
    # A day is the office's own; Indonesia's zones are at most two hours apart.
    for stand_in in StandIn.objects.filter(user=actor).select_related("district"):
        today = local_date(now, stand_in.district.timezone)
        if stand_in.starts_on <= today <= stand_in.ends_on:
            wanted |= Q(pk=stand_in.district_id)
    for membership in held.select_related("district"):
        if membership.district.is_national:
            return everything
        if membership.district.level == District.Level.PROVINSI:
            wanted |= Q(region__code__startswith=f"{membership.district.region_id}.")
    return everything.filter(wanted)


def second_persons(
    district: District, excluding: Any = None, now: datetime | None = None
) -> QuerySet:
    """The people of the office itself, stand-ins included, who could approve without `excluding`.

    The province, the nation and the channel's owner are left out: they are the way round when
    this is empty.
    """
    today = local_date(now or timezone.now(), district.timezone)
    members = Membership.objects.for_district(district).filter(
        ended_at__isnull=True, role__in=KEEPERS
    )
    stand_ins = StandIn.objects.for_district(district).filter(
        starts_on__lte=today, ends_on__gte=today
    )
    people = get_user_model()._default_manager.filter(
        Q(pk__in=members.values("user")) | Q(pk__in=stand_ins.values("user")), is_active=True
    )
    return people.exclude(pk=getattr(excluding, "pk", excluding)) if excluding else people
