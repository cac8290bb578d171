"""Who came how often: to a series, to an office's sessions; adults only."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Max, Q, QuerySet

from events.models import CAME, Attendance, Event, Occurrence, OrganisationAttendance, Participant


@dataclass(frozen=True)
class Reach:
    """`visits` counts a person once for each date, `persons` once; both of named adults."""

    visits: int
    persons: int

    @property
    def returned(self) -> int:
        """Visits of people who had been there before."""
        return self.visits - self.persons


def adults_of(event: Event) -> QuerySet:
    """People of the whole series with `times` and `last_day`, the most faithful first."""
    came = Q(
        attendance__status__in=CAME,
        attendance__occurrence__event__chain=event.chain,
        attendance__occurrence__event__district=event.district_id,
    )
    return (
        Participant.objects.known()
        .for_district(event.district_id)
        .filter(came, is_minor=False)
        .annotate(times=Count("attendance"), last_day=Max("attendance__occurrence__day"))
        .select_related("organisation")
        .order_by("-times", "folded", "pk")
    )


def dates_of_series(event: Event) -> QuerySet:
    """The dates of the whole series, those of events it was before too."""
    return Occurrence.objects.for_district(event.district_id).filter(event__chain=event.chain)


def reach_of(district: Any, first: date, last: date) -> Reach:
    """Visits and persons of an office between two days, both included; one query."""
    found = (
        Attendance.objects.for_district(district)
        .came()
        .filter(occurrence__day__range=(first, last), participant__is_minor=False)
        .aggregate(visits=Count("pk"), persons=Count("participant", distinct=True))
    )
    return Reach(found["visits"], found["persons"])


def by_organisation(event: Event) -> QuerySet:
    """(label, invited, came) of the whole series: how often each organisation came."""
    return (
        OrganisationAttendance.objects.for_district(event.district_id)
        .filter(occurrence__event__chain=event.chain, came__isnull=False)
        .order_by()
        .values("label")
        .annotate(times=Count("pk"), came_times=Count("pk", filter=Q(came=True)))
        .order_by("label")
    )
