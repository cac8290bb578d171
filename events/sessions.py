"""Which sessions a member sees in the workspace, and what they may do with them.

Members see all sessions of their district that stand, their own and those that their organisation
plans; what others proposed only those who decide see.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from districts.models import District, Membership
from events.attendance.access import groups_of
from events.models import STANDING, Event, EventState, Occurrence
from events.services.planning import APPROVERS, PLANNERS

WAITING = (EventState.PROPOSED, EventState.CHANGES)


def seen_by(user: Any, roles: frozenset[str], memberships: Iterable[Membership]) -> Q:
    """Of Event: what a member with these roles sees."""
    if roles & APPROVERS:
        return Q()
    # Of what is cancelled, people are told if it stood once.
    stood = Q(state__in=STANDING) | Q(state=EventState.CANCELLED, approved_at__isnull=False)
    return stood | Q(proposed_by=user) | Q(organiser__in=groups_of(memberships))


def hidden_from(
    user: Any, roles: frozenset[str], memberships: Iterable[Membership] = ()
) -> Q | None:
    """Of Event: those whose name the member may not know; None for nothing."""
    if roles & APPROVERS:
        return None
    mine = Q(proposed_by=user) | Q(organiser__in=groups_of(memberships))
    return Q(state__in=WAITING) & ~mine


def events_for(
    user: Any, roles: frozenset[str], memberships: Iterable[Membership], district: District
) -> QuerySet:
    return (
        Event.objects.for_district(district)
        .filter(seen_by(user, roles, memberships))
        .select_related("district__site", "organiser", "region__parent", "proposed_by")
    )


def dates_for(
    user: Any, roles: frozenset[str], memberships: Iterable[Membership], district: District
) -> QuerySet:
    """Dates with all that a line of a list says of them."""
    events = Event.objects.for_district(district).filter(seen_by(user, roles, memberships))
    return (
        Occurrence.objects.for_district(district)
        .filter(event__in=events)
        .select_related("event__organiser", "event__region__parent", "event__proposed_by")
    )


def may_plan(roles: frozenset[str]) -> bool:
    return bool(roles & PLANNERS)


def may_change(user: Any, roles: frozenset[str], event: Event) -> bool:
    """Whoever proposed it, and those who decide."""
    if event.state == EventState.CANCELLED:
        return False
    return event.proposed_by_id == user.pk or bool(roles & APPROVERS)


def last_of(user: Any, district: District) -> Event | None:
    """What the member planned last."""
    return (
        Event.objects.for_district(district)
        .filter(proposed_by=user)
        .select_related("organiser")
        .prefetch_related("speakers", "invited", "pages")
        .order_by("-created_at", "-pk")
        .first()
    )


def waiting(district: District) -> QuerySet:
    """What waits for a decision, the oldest first."""
    return (
        Event.objects.for_district(district)
        .filter(state=EventState.PROPOSED)
        .select_related("district__site", "organiser", "region__parent", "proposed_by")
        .order_by("created_at", "pk")
    )


def of_new_members(events: QuerySet) -> set[int]:
    """Those of the events whose proposer never had one approved before."""
    before = Event.objects.filter(
        district=OuterRef("district"),
        proposed_by=OuterRef("proposed_by"),
        approved_at__isnull=False,
    )
    return set(events.exclude(Exists(before)).order_by().values_list("pk", flat=True))


def to_come(event: Event, now: datetime) -> QuerySet:
    return event.occurrences.filter(end__gt=now, is_cancelled=False)


def month_of(text: str) -> tuple[date, date] | None:
    """The first day of "2026-11" and that of the next month; None for what is no month."""
    year, _dash, month = text.partition("-")
    if not (len(text) == 7 and f"{year}{month}".isascii() and f"{year}{month}".isdecimal()):
        return None
    if len(year) != 4 or not 1 <= int(month) <= 12 or not 2000 <= int(year) <= 2100:
        return None
    first = date(int(year), int(month), 1)
    after = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return first, after
