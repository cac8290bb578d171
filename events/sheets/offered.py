"""The lists of the workspace that can be taken along: which rows each has, and its table."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from districts.models import District
from districts.services.memberships import active_memberships
from districts.workspace import EVERYBODY
from events.attendance.frequency import adults_of, by_organisation
from events.attendance.people import facilitators_of, organisations_of
from events.models import Event, Occurrence
from events.sessions import dates_for
from events.sheets import figures
from events.sheets.dates import ALL, WantedDates
from events.sheets.registrations import registrations_of, registrations_table
from events.sheets.tables import Table

# In `asked`: which event a series is of, and that names of planners may be read.
EVENT, NAMED = "kegiatan", "nama"


@dataclass(frozen=True)
class Offer:
    """A list of an office for one member, as it is at `now`: the same in a request and in a job.

    `asked` holds plain text alone, so that a job can keep it.
    """

    what: str
    district: District
    member: Any
    now: datetime
    asked: dict[str, str] = field(default_factory=dict)
    occurrence: Occurrence | None = None

    @property
    def rows(self) -> QuerySet:
        return LISTS[self.what].rows(self)

    def table(self, rows: QuerySet) -> Table:
        return LISTS[self.what].table(self, rows)

    @property
    def event(self) -> Event:
        """Of a series; Http404 where it is gone."""
        events = Event.objects.for_district(self.district)
        return get_object_or_404(events, pk=int(self.asked[EVENT]))

    @property
    def about(self) -> Event | Occurrence | None:
        """What an audit line about the list is about."""
        return self.occurrence or (self.event if EVENT in self.asked else None)

    @property
    def name(self) -> str:
        """Of the file, without what it is written as."""
        return f"{self.what}-{self.occurrence.day:%Y-%m-%d}" if self.occurrence else self.what

    @property
    def names_people(self) -> bool:
        """Whether a second factor stands before it."""
        return LISTS[self.what].names_people or NAMED in self.asked


@dataclass(frozen=True)
class List:
    """`verb` is what the audit trail calls it; `judged` is for who decides about people alone."""

    rows: Callable[[Offer], QuerySet]
    table: Callable[[Offer, QuerySet], Table]
    verb: str = "list.exported"
    judged: bool = True
    names_people: bool = True


def _dates(offer: Offer) -> QuerySet:
    memberships = list(active_memberships(offer.member, offer.district))
    is_everybody = offer.member.is_active and offer.member.is_superuser
    roles = EVERYBODY if is_everybody else frozenset(one.role for one in memberships)
    rows = dates_for(offer.member, roles, memberships, offer.district)
    return _wanted(offer).rows(rows, offer.member, offer.now)


def _dates_table(offer: Offer, rows: QuerySet) -> Table:
    def planner_of(member: Any) -> str:
        return str(member) if member and (NAMED in offer.asked or member == offer.member) else ""

    whose = {"planner_of": planner_of} if _wanted(offer).whose == ALL else {}
    return figures.dates_table(rows, **whose)


def _wanted(offer: Offer) -> WantedDates:
    return WantedDates.of(offer.asked, {offer.asked["kec"]}, whose=ALL)


LISTS = {
    "lembaga": List(
        lambda offer: organisations_of(offer.district, offer.now),
        lambda _offer, rows: figures.organisations_table(rows),
    ),
    "fasilitator": List(
        lambda offer: facilitators_of(offer.district, offer.now),
        lambda _offer, rows: figures.facilitators_table(rows),
    ),
    "seri": List(
        lambda offer: adults_of(offer.event), lambda _offer, rows: figures.series_table(rows)
    ),
    "seri-lembaga": List(
        lambda offer: by_organisation(offer.event),
        lambda _offer, rows: figures.organisations_of_series(rows),
    ),
    "kegiatan": List(_dates, _dates_table, judged=False, names_people=False),
    "pendaftar": List(
        lambda offer: registrations_of(offer.occurrence),
        lambda offer, rows: registrations_table(rows, offer.occurrence),
        verb="registrations.exported",
        judged=False,
    ),
}
