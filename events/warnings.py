"""What a planner should know of a date, and what never stops them.

The same group, place or speaker elsewhere at that time; a public holiday; Ramadan; a day that the
office named. All dates of a series, or of a list, are judged with the same few queries.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from districts.models import District
from events.models import LONGEST_DAYS, Event, EventState, LocalDay, Occurrence, Speaker
from events.national_days import holiday_on, in_ramadan
from events.services.bookkeeping import days_between

CONFLICT, HOLIDAY, SEASON, LOCAL = "bentrok", "libur", "musim", "setempat"


@dataclass(frozen=True)
class Caution:
    """One sentence about one date; `other` is the date it clashes with, if it does."""

    kind: str
    text: str
    other: Occurrence | None = None


def warnings_of(
    dates: Sequence[Occurrence], *, district: District, hidden: Q | None = None
) -> dict[int, list[Caution]]:
    """{pk of a date: its warnings}; dates come with their event, organiser and region.

    `hidden` picks the events whose name the reader may not know: they are told without one.
    """
    found: dict[int, list[Caution]] = defaultdict(list)
    coming = [row for row in dates if not row.is_cancelled]
    _add_clashes(found, coming, district, hidden)
    local = _local_days(coming, district)
    for row in coming:
        for day in days_between(row.day, row.last_day):
            found[row.pk] += day_warnings(day, local)
    return {pk: list(dict.fromkeys(warnings)) for pk, warnings in found.items() if warnings}


def day_warnings(day: date, local: dict[date, LocalDay]) -> Iterator[Caution]:
    """What kind of day it is; the office's own word goes before the nation's."""
    own = local.get(day)
    ordinary = own is not None and own.is_ordinary
    if own is not None and not ordinary:
        yield Caution(LOCAL, own.label)
    if not ordinary and (name := holiday_on(day)):
        yield Caution(HOLIDAY, _("Public holiday: %(name)s") % {"name": name})
    if in_ramadan(day):
        yield Caution(SEASON, _("In Ramadan (estimate)"))


def local_days(district: District, first: date, last: date) -> dict[date, LocalDay]:
    """The office's own days from `first` to `last`."""
    rows = LocalDay.objects.for_district(district).filter(day__range=(first, last))
    return {row.day: row for row in rows}


def _local_days(dates: Sequence[Occurrence], district: District) -> dict[date, LocalDay]:
    if not dates:
        return {}
    return local_days(district, min(row.day for row in dates), max(row.last_day for row in dates))


@dataclass(frozen=True)
class _Taken:
    """What a date takes up: a group, a place, the people who speak."""

    group: int | None
    place: tuple[str, str | None] | None
    speakers: frozenset[str]

    def shared_with(self, other: "_Taken") -> Iterator[str]:
        if self.group is not None and self.group == other.group:
            yield "group"
        if self.place is not None and self.place == other.place:
            yield "place"
        if self.speakers & other.speakers:
            yield "speaker"


def _add_clashes(
    found: dict[int, list[Caution]],
    dates: Sequence[Occurrence],
    district: District,
    hidden: Q | None,
) -> None:
    if not dates:
        return
    speakers = _speakers(row.event_id for row in dates)
    names = frozenset().union(*speakers.values()) if speakers else frozenset()
    others = list(_candidates(dates, names, district))
    theirs = _speakers(row.event_id for row in others)
    secret = _hidden(others, hidden)
    starts = [row.start for row in others]
    for row in dates:
        mine = _taken(row, speakers)
        # Sorted by start: what still runs began at most a longest meeting ago.
        at = bisect_left(starts, row.start - timedelta(days=LONGEST_DAYS))
        while at < len(others) and starts[at] < row.end:
            other = others[at]
            at += 1
            if other.pk == row.pk or other.end <= row.start:
                continue
            if other.event_id == row.event_id and other.recurrence_id == row.recurrence_id:
                continue
            for what in mine.shared_with(_taken(other, theirs)):
                found[row.pk].append(_clash(what, other, secret))


def _candidates(dates: Sequence[Occurrence], names: frozenset[str], district: District) -> QuerySet:
    """Dates that could clash: in the same span, with the same group, place or speaker."""
    groups = {row.event.organiser_id for row in dates} - {None}
    places = {place[0] for row in dates if (place := _place(row)) is not None}
    alike = Q(event__organiser_id__in=groups)
    if places:
        alike |= Q(own_place__in=places) | Q(event_place__in=places)
    if names:
        talks = Speaker.objects.for_district(district).annotate(lower=Lower("name"))
        alike |= Q(event_id__in=talks.filter(lower__in=names).values("event_id"))
    first = min(row.day for row in dates) - timedelta(days=LONGEST_DAYS)
    last = max(row.last_day for row in dates)
    return (
        Occurrence.objects.for_district(district)
        .annotate(own_place=Lower("venue"), event_place=Lower("event__venue"))
        .filter(alike, day__range=(first, last), is_cancelled=False)
        .exclude(event__state=EventState.CANCELLED)
        .select_related("event")
        .order_by("start", "pk")
    )


def _hidden(others: list[Occurrence], hidden: Q | None) -> set[int]:
    if hidden is None or not others:
        return set()
    events = {row.event_id for row in others}
    return set(Event.objects.filter(hidden, pk__in=events).values_list("pk", flat=True))


def _speakers(events: Iterable[int]) -> dict[int, frozenset[str]]:
    found: dict[int, set[str]] = defaultdict(set)
    rows = Speaker.objects.filter(event_id__in=set(events)).annotate(lower=Lower("name"))
    for event, name in rows.values_list("event_id", "lower"):
        found[event].add(name)
    return {event: frozenset(names) for event, names in found.items()}


def _place(row: Occurrence) -> tuple[str, str | None] | None:
    venue = (row.venue or row.event.venue).strip().lower()
    # Every village has a village hall.
    return (venue, row.event.region_id) if venue else None


def _taken(row: Occurrence, speakers: dict[int, frozenset[str]]) -> _Taken:
    return _Taken(
        group=row.event.organiser_id,
        place=_place(row),
        speakers=speakers.get(row.event_id, frozenset()),
    )


def _clash(what: str, other: Occurrence, secret: set[int]) -> Caution:
    title: Any = other.title or other.event.title
    if other.event_id in secret:
        title = _("a proposal that waits")
    text = {
        "group": _("The same group has at that time: %(title)s"),
        "place": _("The same place is taken at that time: %(title)s"),
        "speaker": _("A speaker is elsewhere at that time: %(title)s"),
    }[what]
    return Caution(CONFLICT, text % {"title": title}, None if other.event_id in secret else other)
