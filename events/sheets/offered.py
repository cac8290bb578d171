"""The lists of the workspace that can be taken along: which rows each has, and its table."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from districts.models import District, Membership
from districts.services.memberships import active_memberships
from districts.workspace import EVERYBODY
from events.attendance.frequency import adults_of, by_organisation
from events.attendance.organisations import organisations_of as organisations_at
from events.attendance.people import facilitators_of, organisations_of, people_of
from events.models import Event, Occurrence
from events.report_reading import past_dates, reads_all
from events.sessions import dates_for
from events.sheets import figures, of_date
from events.sheets.dates import ALL, WantedDates
from events.sheets.people import people_table
from events.sheets.registrations import registrations_of, registrations_table
from events.sheets.reports import WantedReports, reports_table
from events.sheets.tables import Table

# In `asked`: which event a series is of, that names of planners may be read, and which name of
# somebody who came is looked for.
EVENT, NAMED, SOUGHT = "kegiatan", "nama", "cari"
# A query that is read piece by piece, or few rows that are put together at once.
Rows = QuerySet | list


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
    def rows(self) -> Rows:
        return LISTS[self.what].rows(self)

    def table(self, rows: Rows) -> Table:
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
    """`screen` names the address where it is shown, `verb` is what the audit trail calls it, `told`
    what it says of a file. `judged` is for who decides about people alone; `opens` asks of a
    request whether its member may have the file, where neither of both says so."""

    rows: Callable[[Offer], Rows]
    table: Callable[[Offer, Rows], Table]
    screen: str
    verb: str = "list.exported"
    told: tuple[str, ...] = ("rows", "form", "list")
    judged: bool = True
    names_people: bool = True
    opens: Callable[[Any], bool] | None = None


def register_list(what: str, offered: List) -> None:
    """Offer a list of the project's own; a second one of the same name replaces the first."""
    LISTS[what] = offered


def number_of(rows: Rows) -> int:
    return len(rows) if isinstance(rows, list) else rows.count()


def _reader(offer: Offer) -> tuple[frozenset[str], list[Membership]]:
    """The roles of the member here, and the memberships that give them."""
    memberships = list(active_memberships(offer.member, offer.district))
    is_everybody = offer.member.is_active and offer.member.is_superuser
    roles = EVERYBODY if is_everybody else frozenset(one.role for one in memberships)
    return roles, memberships


def _planner_of(offer: Offer) -> Callable[[Any], str]:
    def planner_of(member: Any) -> str:
        return str(member) if member and (NAMED in offer.asked or member == offer.member) else ""

    return planner_of


def _dates(offer: Offer) -> QuerySet:
    roles, memberships = _reader(offer)
    rows = dates_for(offer.member, roles, memberships, offer.district)
    return _wanted(offer).rows(rows, offer.member, offer.now)


def _dates_table(offer: Offer, rows: QuerySet) -> Table:
    is_everybodys = _wanted(offer).whose == ALL
    return figures.dates_table(rows, planner_of=_planner_of(offer) if is_everybodys else None)


def _reports(offer: Offer) -> QuerySet:
    roles, memberships = _reader(offer)
    rows = past_dates(offer.member, roles, memberships, offer.district, offer.now)
    return WantedReports.of(offer.asked, {offer.asked["kec"]}).rows(rows)


def _reports_table(offer: Offer, rows: QuerySet) -> Table:
    roles, _memberships = _reader(offer)
    planner_of = _planner_of(offer) if reads_all(roles) else None
    return reports_table(rows, offer.district.timezone, planner_of=planner_of)


def _wanted(offer: Offer) -> WantedDates:
    return WantedDates.of(offer.asked, {offer.asked["kec"]}, whose=ALL)


LISTS = {
    "lembaga": List(
        lambda offer: organisations_of(offer.district, offer.now),
        lambda _offer, rows: figures.organisations_table(rows),
        screen="event_people_organisations",
    ),
    "fasilitator": List(
        lambda offer: facilitators_of(offer.district, offer.now),
        lambda _offer, rows: figures.facilitators_table(rows),
        screen="event_people_facilitators",
    ),
    "orang": List(
        lambda offer: people_of(offer.district, name=offer.asked.get(SOUGHT, "")),
        lambda _offer, rows: people_table(rows),
        screen="event_people",
    ),
    "seri": List(
        lambda offer: adults_of(offer.event),
        lambda _offer, rows: figures.series_table(rows),
        screen="event_people_series",
    ),
    "seri-lembaga": List(
        lambda offer: by_organisation(offer.event),
        lambda _offer, rows: figures.organisations_of_series(rows),
        screen="event_people_series",
    ),
    "kegiatan": List(_dates, _dates_table, screen="event_list", judged=False, names_people=False),
    "laporan": List(
        _reports, _reports_table, screen="report_list", judged=False, names_people=False
    ),
    "pendaftar": List(
        lambda offer: registrations_of(offer.occurrence),
        lambda offer, rows: registrations_table(rows, offer.occurrence),
        screen="event_registrations",
        verb="registrations.exported",
        judged=False,
    ),
    "lembaga-hadir": List(
        lambda offer: organisations_at(offer.occurrence),
        lambda _offer, lines: of_date.organisations_table(lines),
        screen="event_organisations",
        judged=False,
    ),
    "hitung-hadir": List(
        lambda offer: of_date.headcount_of(offer.occurrence),
        lambda _offer, lines: of_date.headcount_table(lines),
        screen="event_headcount",
        judged=False,
    ),
}
