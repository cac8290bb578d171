"""Events as iCalendar (RFC 5545, 7986): pure functions from events and dates to components.

A series is one VEVENT with its rule, RDATE and EXDATE, and one more for every date that differs
(RECURRENCE-ID). A guarded event tells its kind, kecamatan and days alone, each day by itself, so
that no rule and no hour gives a meeting away. Nothing of a person is ever told.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Timezone, vRecur
from icalendar import Event as VEvent

from events.models import Event, EventState, Occurrence
from events.recurrence import expand

PRODID = "-//Lindungi//Kalender//ID"
# Line ends of every kind, and characters that no text has; RFC 5545 section 3.1 knows CR LF only.
_BREAKS = re.compile("\r\n|[\r\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True)
class Told:
    """The words of one event, made elsewhere: a calendar of others never needs a query of ours."""

    summary: str
    location: str
    url: str
    categories: tuple[str, ...] = ()
    description: str = ""
    organiser: str = ""


def plain(text: str) -> str:
    """Text that makes no new property in any reader."""
    return _CONTROLS.sub("", _BREAKS.sub("\n", text))


def components(event: Event, rows: Sequence[Occurrence], told: Told) -> list[VEvent]:
    """The series and its changed dates; `rows` are all of its dates, in order."""
    if event.guarded:
        return [_whole_day(event, row, told) for row in rows]
    zone = ZoneInfo(event.timezone)
    master = _described(VEvent(), event, told)
    master.add("uid", event.uid)
    master.add("dtstart", event.starts_at.astimezone(zone))
    master.add("dtend", event.starts_at.astimezone(zone) + timedelta(minutes=event.minutes))
    if event.rrule:
        master.add("rrule", vRecur.from_ical(event.rrule))
    kept = {row.recurrence_id for row in rows}
    extra = [row.recurrence_id for row in rows if row.is_extra]
    gone = [
        start
        for start in expand(event.rrule, start=event.starts_at, tz=event.timezone)
        if start not in kept
    ]
    if extra:
        master.add("rdate", [moment.astimezone(zone) for moment in extra])
    if gone:
        master.add("exdate", [moment.astimezone(zone) for moment in gone])
    found = [master]
    for row in rows:
        if row.is_changed:
            override = _date(event, row, told, zone)
            override.add("uid", event.uid)
            override.add("recurrence-id", row.recurrence_id.astimezone(zone))
            found.append(override)
    return found


def flat_components(event: Event, rows: Iterable[Occurrence], told: Told) -> list[VEvent]:
    """One VEVENT a date, each with a UID of its own, for readers that expand no rule."""
    if event.guarded:
        return [_whole_day(event, row, told) for row in rows]
    zone = ZoneInfo(event.timezone)
    found = []
    for row in rows:
        one = _date(event, row, told, zone)
        one.add("uid", _own_uid(event, row))
        found.append(one)
    return found


def head(*, name: str, description: str, color: str, url: str, zones: Iterable[str]) -> Calendar:
    """A calendar without events; VTIMEZONEs are sorted, so that the same feed is the same bytes."""
    calendar = Calendar()
    calendar.add("prodid", PRODID)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    for label in ("name", "x-wr-calname"):
        calendar.add(label, plain(name))
    for label in ("description", "x-wr-caldesc"):
        calendar.add(label, plain(description))
    calendar.add("color", color)
    calendar.add("x-apple-calendar-color", color)
    calendar.add("url", url)
    calendar.add("refresh-interval", timedelta(hours=6), parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", timedelta(hours=6))
    for zone in sorted(set(zones)):
        calendar.add_component(Timezone.from_tzid(zone))
    return calendar


def _described(
    component: VEvent, event: Event, told: Told, row: Occurrence | None = None
) -> VEvent:
    changed = row is not None and row.is_changed
    component.add("dtstamp", event.modified_at.astimezone(UTC).replace(microsecond=0))
    component.add("created", event.created_at.astimezone(UTC).replace(microsecond=0))
    component.add("last-modified", event.modified_at.astimezone(UTC).replace(microsecond=0))
    component.add("sequence", event.sequence)
    component.add("summary", plain(row.title if changed and row.title else told.summary))
    text = "\n\n".join(filter(None, [row.note if changed else "", told.description]))
    if text:
        component.add("description", plain(text))
    place = row.venue if changed and row.venue else told.location
    if place:
        component.add("location", plain(place))
    if told.categories:
        component.add("categories", [plain(category) for category in told.categories])
    if event.latitude is not None and event.longitude is not None and not event.guarded:
        component.add("geo", (float(event.latitude), float(event.longitude)))
    component.add("url", told.url)
    off = event.state == EventState.CANCELLED or (row is not None and row.is_cancelled)
    component.add("status", "CANCELLED" if off else "CONFIRMED")
    component.add("transp", "TRANSPARENT" if off else "OPAQUE")
    return component


def _date(event: Event, row: Occurrence, told: Told, zone: ZoneInfo) -> VEvent:
    component = _described(VEvent(), event, told, row)
    component.add("dtstart", row.start.astimezone(zone))
    component.add("dtend", row.end.astimezone(zone))
    return component


def _whole_day(event: Event, row: Occurrence, told: Told) -> VEvent:
    component = VEvent()
    stamp: datetime = event.modified_at.astimezone(UTC).replace(microsecond=0)
    for name in ("dtstamp", "last-modified"):
        component.add(name, stamp)
    component.add("sequence", event.sequence)
    component.add("uid", _own_uid(event, row))
    component.add("summary", plain(told.summary))
    component.add("dtstart", row.day)
    component.add("dtend", row.last_day + timedelta(days=1))
    if told.location:
        component.add("location", plain(told.location))
    if told.categories:
        component.add("categories", [plain(category) for category in told.categories])
    component.add("url", told.url)
    off = event.state == EventState.CANCELLED or row.is_cancelled
    component.add("status", "CANCELLED" if off else "CONFIRMED")
    component.add("transp", "TRANSPARENT")
    return component


def _own_uid(event: Event, row: Occurrence) -> str:
    return f"{row.key}@{event.uid.partition('@')[2]}"
