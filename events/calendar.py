"""What stands in a public calendar: days with their numbers, and dates a page at a time.

A month is its rows of `CalendarDay` and one page of `Occurrence`, both by an index, so that it
costs the same whether the calendar holds a thousand events or a hundred thousand.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import F, QuerySet
from django.http import Http404

from districts.models import District
from events.filters import Filters
from events.models import LONGEST_DAYS, CalendarDay, Event, EventState, Occurrence
from events.services.bookkeeping import days_between
from safeguards.compiled import CompiledQuery

PER_PAGE = 30
# One row more says whether another page follows.
ONE_MORE = PER_PAGE + 1
# Nobody turns so many leaves; each further one would cost the database more than the last.
MOST_PAGES = 300
# How far ahead a list of what comes next looks.
AHEAD = timedelta(days=366)
MOST_FOUND = 200
LONG_OVER = timedelta(days=90)
WESTERNMOST = ZoneInfo("Asia/Jakarta")
COLUMNS = (
    *("day", "last_day", "start", "end", "recurrence_id", "is_cancelled", "changed_at"),
    *("title", "venue", "note", "district_id", "event__slug", "event__state", "event__kind"),
    *("event__title", "event__guarded", "event__venue", "event__timezone", "event__cancel_note"),
    *("event__region_id", "event__region__name", "event__region__parent__name"),
)


@dataclass(frozen=True)
class Leaf:
    """One page of a list: rows of COLUMNS, its number from 1, whether another follows."""

    rows: list[tuple]
    number: int
    has_next: bool


class Calendar:
    """The public dates of an office; of the national one, those that are told nationally."""

    def __init__(self, district: District, filters: Filters):
        self.district, self.filters = district, filters

    def dates(self) -> QuerySet:
        nation = self.district.is_national
        shown = _national_dates() if nation else _own_dates(self.district.pk)
        return self.filters.apply(shown) if self.filters else shown

    def counted(self, first: date, last: date) -> dict[date, int]:
        """How many sessions each day has; days without one are left out."""
        if not self.filters:
            return dict(_days_query().rows(office=self.district.pk, first=first, last=last))
        found: Counter[date] = Counter()
        back = first - timedelta(days=LONGEST_DAYS)
        spans = self.dates().filter(day__range=(back, last), last_day__gte=first)
        for begin, end in spans.values_list("day", "last_day"):
            found.update(day for day in days_between(begin, end) if first <= day <= last)
        return dict(found)

    def touching(
        self, first: date, last: date, *, number: int = 1, ended_after: datetime | None = None
    ) -> Leaf:
        """A page of the dates that fall in these days, in order of time; raises Http404.

        Those that go on from before come first: they are the longest there.
        """
        if number == 1 and not self.filters:
            rows = self._first_leaf(first, last, ended_after)
            return Leaf(rows[:PER_PAGE], number, len(rows) > PER_PAGE)
        dates = self.dates()
        if ended_after is not None:
            dates = dates.filter(end__gt=ended_after)
        running = _running(dates, first, _latest_end(first))
        offset = (number - 1) * PER_PAGE
        rows = list(running[offset : offset + ONE_MORE])
        wanted = ONE_MORE - len(rows)
        if wanted:
            before = running.count() if offset and not rows else offset + len(rows)
            skip = max(0, offset - before)
            rows += _starting(dates, first, last)[skip : skip + wanted]
        if number > 1 and not rows:
            raise Http404
        return Leaf(rows[:PER_PAGE], number, len(rows) > PER_PAGE)

    def _first_leaf(self, first: date, last: date, ended_after: datetime | None) -> list[tuple]:
        """The same for what most readers ask, by statements that are built once."""
        values: dict[str, Any] = {"first": first}
        if not self.district.is_national:
            values["office"] = self.district.pk
        if ended_after is not None:
            values["now"] = ended_after.astimezone(UTC)
        kind = (self.district.is_national, ended_after is not None)
        rows = _running_query(*kind).rows(**values, until=_latest_end(first))
        if len(rows) < ONE_MORE:
            more = _starting_query(*kind).rows(**values, last=last)
            rows = [*rows, *more[: ONE_MORE - len(rows)]]
        return rows

    def upcoming(self, now: datetime, today: date, *, number: int = 1) -> Leaf:
        """A page of what goes on now or comes next; raises Http404.

        Where the office's day has begun already, that of a session further west goes on.
        """
        first = min(today, now.astimezone(WESTERNMOST).date())
        return self.touching(first, today + AHEAD, number=number, ended_after=now)


def _own_dates(office: int) -> QuerySet:
    return Occurrence.objects.shown().filter(district=office)


def _national_dates() -> QuerySet:
    return Occurrence.objects.shown().filter(is_national=True)


def _running(dates: QuerySet, first: date, until: date) -> QuerySet:
    """Those that began before `first`; `until` is the latest day on which such a one can end."""
    found = dates.filter(last_day__range=(first, until), last_day__gt=F("day"), day__lt=first)
    # Not by day: for an order that an index already has, SQLite would walk through all the past.
    return found.order_by("start", "pk").values_list(*COLUMNS)


def _starting(dates: QuerySet, first: date, last: date) -> QuerySet:
    found = dates.filter(day__range=(first, last))
    return found.order_by("day", "start", "pk").values_list(*COLUMNS)


def _latest_end(first: date) -> date:
    return first + timedelta(days=LONGEST_DAYS)


@cache
def _days_query() -> CompiledQuery:
    def build(office: int, first: date, last: date) -> QuerySet:
        days = CalendarDay.objects.filter(district=office, day__range=(first, last))
        return days.values_list("day", "number")

    return CompiledQuery(build, office=int, first=date, last=date)


@cache
def _running_query(nation: bool, from_now: bool) -> CompiledQuery:
    def build(first: date, until: date, **which: Any) -> QuerySet:
        return _running(_dates(**which), first, until)[:ONE_MORE]

    return CompiledQuery(build, **_slots(nation, from_now), first=date, until=date)


@cache
def _starting_query(nation: bool, from_now: bool) -> CompiledQuery:
    def build(first: date, last: date, **which: Any) -> QuerySet:
        return _starting(_dates(**which), first, last)[:ONE_MORE]

    return CompiledQuery(build, **_slots(nation, from_now), first=date, last=date)


def _dates(office: int | None = None, now: datetime | None = None) -> QuerySet:
    dates = _national_dates() if office is None else _own_dates(office)
    return dates if now is None else dates.filter(end__gt=now)


def _slots(nation: bool, from_now: bool) -> dict[str, type]:
    return ({} if nation else {"office": int}) | ({"now": datetime} if from_now else {})


def findable_events(district: District, now: datetime) -> QuerySet:
    """(slug, last change) of what search engines may find: open to all, and not long over."""
    dates = Occurrence.objects.shown().filter(end__gt=now - LONG_OVER, is_cancelled=False)
    events = Event.objects.for_district(district).filter(
        state=EventState.PUBLISHED, guarded=False, pk__in=dates.values("event")
    )
    return events.order_by("starts_at", "pk").values_list("slug", "modified_at")


def next_sessions(district: District, now: datetime, first: date, last: date) -> list[tuple]:
    """The next standing date of each session that is open to all, among 200 dates; as COLUMNS."""
    dates = Calendar(district, Filters(district, {})).dates()
    dates = dates.filter(
        end__gt=now,
        is_cancelled=False,
        event__guarded=False,
        event__state=EventState.PUBLISHED,
    )
    slug = COLUMNS.index("event__slug")
    found: dict[tuple, tuple] = {}
    for row in _starting(dates, first, last)[:MOST_FOUND]:
        found.setdefault((row[slug], row[COLUMNS.index("district_id")]), row)
    return list(found.values())


def page_number(query: Any) -> int:
    """`?page=` of a list; raises Http404 for what is no page anybody could have got to."""
    asked = query.get("page")
    if asked is None:
        return 1
    plain = asked.isascii() and asked.isdecimal() and len(asked) <= 4
    if not plain or not 1 <= int(asked) <= MOST_PAGES:
        raise Http404
    return int(asked)
