"""Dates of a list in words: when, what, where, and what changed, as everybody may read it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from itertools import groupby
from types import SimpleNamespace
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from districts.hours import clock_text, zone_name
from districts.models import District
from events.models import EventState
from events.month_grid import day_in_words, day_url
from events.offices import offices
from events.words import public_wording
from safeguards import generation


class Told(NamedTuple):
    """A row of `events.calendar.COLUMNS`."""

    day: date
    last_day: date
    start: datetime
    end: datetime
    recurrence_id: datetime
    is_cancelled: bool
    changed_at: datetime | None
    own_title: str
    own_venue: str
    note: str
    district_id: int
    slug: str
    state: str
    kind: str
    title: str
    guarded: bool
    venue: str
    timezone: str
    cancel_note: str
    region_code: str | None
    region_name: str | None
    parent_name: str | None


@dataclass(frozen=True)
class Row:
    """One date in a list. `said` tells what changed, "" where all is as it was planned.

    `is_foreign` is true of words that the office wrote in its own language.
    """

    url: str
    title: str
    kind: str
    place: str
    when: str
    said: str
    note: str
    office: str
    is_off: bool
    is_foreign: bool


@dataclass(frozen=True)
class Day:
    """The dates that begin on one day, each drawn as an item of a list."""

    day: date
    name: str
    url: str
    rows: list[SafeString]


def drawn_list(
    rows: Iterable[tuple], *, district: District, base: str, prefix: str
) -> SafeString | str:
    """The rows as days with their items; "" for none. `base` is the calendar's path, `prefix` of
    the language."""
    rows = tuple(rows)
    if not rows:
        return ""
    return _drawn_list(rows, district.pk, base, prefix, get_language(), generation.current())


# What a list says follows from its rows, and from terms and offices, which the generation counts.
# The same date stands in the list, in its month and on its day.
@lru_cache(maxsize=1_024)
def _drawn_list(rows: tuple[tuple, ...], *around: Any) -> SafeString:
    base = around[1]
    days = [
        Day(day, day_in_words(day), day_url(base, day), [_drawn(row, *around) for row in group])
        for day, group in groupby(rows, key=lambda row: row[0])
    ]
    return render_to_string("events/partials/days.html", {"days": days})


@lru_cache(maxsize=8_192)
def _drawn(
    row: tuple, district_id: int, base: str, prefix: str, _language: str, _generation: int
) -> SafeString:
    shown = row_of(Told(*row), district_id=district_id, base=base, prefix=prefix)
    return render_to_string("events/partials/row.html", {"row": shown})


def row_of(one: Told, *, district_id: int, base: str, prefix: str) -> Row:
    words = public_wording(_event_of(one))
    office = ""
    if one.district_id != district_id:
        known = offices()[one.district_id]
        office, base = known.name, f"{known.home}{prefix}/kalender/"
    off = one.is_cancelled or one.state == EventState.CANCELLED
    open_to_all = not one.guarded
    note = one.note or (one.cancel_note if off else "")
    changed = one.changed_at is not None and open_to_all
    return Row(
        url=f"{base}{one.slug}/{one.day:%Y-%m-%d}/",
        title=one.own_title if changed and one.own_title else words.title,
        kind=words.kind if open_to_all else "",
        place=one.own_venue if changed and one.own_venue else words.place,
        when=when_in_words(one),
        said=what_changed(one),
        note=note if open_to_all else "",
        office=office,
        is_off=off,
        is_foreign=open_to_all and bool(prefix),
    )


def when_in_words(one: Any) -> str:
    """ "09.00–10.30 WIB", or until when it lasts; of a guarded session no hour is told."""
    longer = one.last_day > one.day
    until = _("until %(day)s") % {"day": day_in_words(one.last_day)} if longer else ""
    if one.guarded:
        return until
    if longer:
        return f"{clock_text(one.start, one.timezone)}, {until}"
    return hours_in_words(one.start, one.end, one.timezone)


def hours_in_words(start: datetime, end: datetime, tz: str) -> str:
    zone = ZoneInfo(tz)
    return f"{start.astimezone(zone):%H.%M}–{end.astimezone(zone):%H.%M} {zone_name(tz)}"


def what_changed(one: Any) -> str:
    """ "Cancelled", "Moved from …", or ""."""
    if one.is_cancelled or one.state == EventState.CANCELLED:
        return _("Cancelled")
    if one.start == one.recurrence_id:
        return ""
    return _("Moved from %(moment)s") % {"moment": planned_moment(one)}


def planned_moment(one: Any) -> str:
    """When it was to be, "Kamis, 12 Maret 2026, 09.00 WIB"; the day alone where it is guarded."""
    day = day_in_words(one.recurrence_id.astimezone(ZoneInfo(one.timezone)).date())
    return day if one.guarded else f"{day}, {clock_text(one.recurrence_id, one.timezone)}"


def _event_of(one: Told) -> Any:
    """As much of the event as `public_wording` reads, without an instance a row."""
    region = None
    if one.region_code:
        parent = SimpleNamespace(name=one.parent_name)
        region = SimpleNamespace(code=one.region_code, name=one.region_name, parent=parent)
    return SimpleNamespace(
        kind=one.kind,
        title=one.title,
        guarded=one.guarded,
        venue=one.venue,
        summary="",
        organiser=None,
        region=region,
    )
