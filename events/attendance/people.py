"""The people of an office: who they are, how often adults came, and by whom sessions were held."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Count, Max, Q, QuerySet

from events.attendance.persons import folded
from events.models import CAME, Attendance, Occurrence, OrganisationAttendance, Participant

YEAR = timedelta(days=365)


def people_of(district: Any, *, name: str = "") -> QuerySet:
    """Everybody known, the most faithful first, with `times` and `last_day` of their visits."""
    came = Q(attendance__status__in=CAME)
    rows = Participant.objects.known().for_district(district)
    if wanted := folded(name):
        rows = rows.filter(folded__contains=wanted)
    return (
        rows.annotate(
            times=Count("attendance", filter=came),
            last_day=Max("attendance__occurrence__day", filter=came),
        )
        .select_related("organisation", "region")
        .order_by("-times", "folded", "pk")
    )


def visits_of(participant: Participant) -> QuerySet:
    return (
        Attendance.objects.for_district(participant.district_id)
        .standing()
        .filter(participant=participant)
        .select_related("occurrence__event__district__site")
        .order_by("-occurrence__start", "-pk")
    )


def organisations_of(district: Any, now: datetime) -> QuerySet:
    """{label, times, came_times} of the last year: invited or written down, and come."""
    return (
        OrganisationAttendance.objects.for_district(district)
        .filter(occurrence__start__gt=now - YEAR, came__isnull=False)
        .order_by()
        .values("label")
        .annotate(times=Count("pk"), came_times=Count("pk", filter=Q(came=True)))
        .order_by("-came_times", "label")
    )


def facilitators_of(district: Any, now: datetime) -> QuerySet:
    """{event__proposed_by, dates, visits} of the last year, of dates that are over."""
    return (
        Occurrence.objects.for_district(district)
        .filter(
            start__gt=now - YEAR,
            end__lte=now,
            is_cancelled=False,
            event__proposed_by__isnull=False,
        )
        .order_by()
        .values("event__proposed_by")
        .annotate(
            dates=Count("pk", distinct=True),
            visits=Count("attendance", filter=Q(attendance__status__in=CAME), distinct=True),
        )
        .order_by("-dates", "event__proposed_by")
    )


def with_names(rows: Iterable[dict[str, Any]]) -> list[tuple[str, dict[str, Any]]]:
    """Rows of `facilitators_of`, each after the name of who planned; one query."""
    rows = list(rows)
    users = get_user_model()._default_manager.in_bulk([row["event__proposed_by"] for row in rows])
    return [(str(users[row["event__proposed_by"]]), row) for row in rows]
