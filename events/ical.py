"""Events as iCalendar (RFC 5545, 7986): pure functions from events and dates to components.

A series is one VEVENT with its rule and EXDATE, and one more for every date that differs
(RECURRENCE-ID) or was added by itself. A guarded event tells its kind, kecamatan and days alone,
each day by itself, so that no rule and no hour gives a meeting away. Nothing of a person is told.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.crypto import salted_hmac
from icalendar import Calendar, Timezone, vDuration, vRecur
from icalendar import Event as VEvent
from PIL import ImageColor

from events.models import Event, EventState, Occurrence
from events.recurrence import counted, expand, is_read_alike

PRODID = "-//Lindungi//Kalender//ID"
# Line ends of every kind, and characters that no text has; RFC 5545 section 3.1 knows CR LF only.
_BREAKS = re.compile("\r\n|[\r\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff\ufeff\ufffe\uffff]")


@dataclass(frozen=True)
class Told:
    """The words of one event, made elsewhere: a calendar of others never needs a query of ours."""

    summary: str
    location: str
    url: str
    categories: tuple[str, ...] = ()
    description: str = ""


def plain(text: str) -> str:
    """Text that makes no new property in any reader."""
    return _CONTROLS.sub("", _BREAKS.sub("\n", text))


def components(
    event: Event, rows: Sequence[Occurrence], told: Told, *, full: bool = False
) -> list[VEvent]:
    """The series and its changed dates; `rows` are all of its dates, in order.

    Some readers know no RDATE, keep a first date that EXDATE takes away, or expand a rare rule in
    their own way. So a series begins at its first standing date, dates that were added by
    themselves are events of their own, and so is every date of a rule that is not read alike.
    `full` tells members all of a guarded event.
    """
    if event.guarded and not full:
        return [_whole_day(event, row, told) for row in rows]
    zone = ZoneInfo(event.timezone)
    ruled = [row for row in rows if not row.is_extra]
    added = [row for row in rows if row.is_extra]
    if len(ruled) == 1:
        return [_date(event, ruled[0], told, zone, uid=event.uid), *_alone(event, added, told)]
    if not ruled or not is_read_alike(event.rrule, event.starts_at.astimezone(zone).date()):
        return _alone(event, rows, told)
    master, found = _master(event, {row.recurrence_id for row in ruled}, told, zone), []
    for row in ruled:
        if row.is_changed:
            override = _date(event, row, told, zone, uid=event.uid)
            override.add("recurrence-id", row.recurrence_id.astimezone(zone))
            found.append(override)
    return [master, *found, *_alone(event, added, told)]


def flat_components(
    event: Event,
    rows: Iterable[Occurrence],
    told: Told,
    *,
    full: bool = False,
    keeps_uid: bool = False,
) -> list[VEvent]:
    """One VEVENT a date, each with a UID of its own, for readers that expand no rule.

    `keeps_uid` is for whoever may have the date from before it was guarded, or has it when it is
    open again: one entry of their calendar goes on. What everybody reads has another one.
    """
    if event.guarded and not full:
        return [_whole_day(event, row, told, keeps_uid=keeps_uid) for row in rows]
    return _alone(event, rows, told)


def _alone(event: Event, rows: Iterable[Occurrence], told: Told) -> list[VEvent]:
    zone = ZoneInfo(event.timezone)
    return [_date(event, row, told, zone, uid=_own_uid(event, row)) for row in rows]


def _master(event: Event, kept: set[datetime], told: Told, zone: ZoneInfo) -> VEvent:
    """The series from its first standing date to its last, without those that were left out."""
    starts = expand(event.rrule, start=event.starts_at, tz=event.timezone)
    standing = [number for number, start in enumerate(starts) if start in kept]
    first, last = standing[0], standing[-1]
    rule = event.rrule
    if (first, last) != (0, len(starts) - 1):
        rule = counted(rule, last - first + 1)
    begin = starts[first].astimezone(zone)
    master = _described(VEvent(), event, told)
    master.add("uid", event.uid)
    master.add("dtstart", begin)
    master.add("dtend", begin + timedelta(minutes=event.minutes))
    master.add("rrule", vRecur.from_ical(rule))
    gone = [start for start in starts[first:last] if start not in kept]
    if gone:
        master.add("exdate", [moment.astimezone(zone) for moment in gone])
    return master


def head(
    *, name: str, description: str, color: str, url: str, zones: Iterable[str], source: str = ""
) -> Calendar:
    """A calendar without events; VTIMEZONEs are sorted, so that the same feed is the same bytes.

    `color` is `#rrggbb` or a CSS name, `source` the address of the feed itself.
    """
    calendar = Calendar()
    calendar.add("prodid", PRODID)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    for label in ("name", "x-wr-calname"):
        calendar.add(label, plain(name))
    for label in ("description", "x-wr-caldesc"):
        calendar.add(label, plain(description))
    # RFC 7986 knows names of CSS alone.
    calendar.add("color", colour_name(color))
    calendar.add("x-apple-calendar-color", color)
    calendar.add("url", url)
    if source:
        calendar.add("source", source, parameters={"value": "URI"})
    calendar.add("refresh-interval", timedelta(hours=6), parameters={"value": "DURATION"})
    # The library knows the type of no other property's value.
    calendar.add("x-published-ttl", vDuration(timedelta(hours=6)))
    for zone in sorted(set(zones)):
        calendar.add_component(_vtimezone(zone))
    return calendar


@cache
def colour_name(color: str) -> str:
    """The CSS name that is nearest to `#rrggbb`; a name is its own."""
    if not color.startswith("#"):
        return color
    wanted = ImageColor.getrgb(color)
    return min(
        ImageColor.colormap,
        key=lambda name: sum(
            (one - other) ** 2 for one, other in zip(ImageColor.getrgb(name), wanted, strict=True)
        ),
    )


@cache
def _vtimezone(name: str) -> Timezone:
    zone = Timezone.from_tzid(name)
    # Indonesia has no summer time, so that it does not end with the years that were looked at.
    zone.pop("comment", None)
    return zone


def _described(
    component: VEvent, event: Event, told: Told, row: Occurrence | None = None
) -> VEvent:
    changed = row is not None and row.is_changed
    component.add("dtstamp", event.modified_at.astimezone(UTC).replace(microsecond=0))
    component.add("created", event.created_at.astimezone(UTC).replace(microsecond=0))
    component.add("last-modified", event.modified_at.astimezone(UTC).replace(microsecond=0))
    component.add("sequence", event.sequence)
    component.add("summary", plain(row.title if changed and row.title else told.summary))
    off = event.state == EventState.CANCELLED or (row is not None and row.is_cancelled)
    notes = [event.cancel_note if event.state == EventState.CANCELLED else ""]
    notes += [row.note if changed else "", told.description]
    text = "\n\n".join(dict.fromkeys(filter(None, notes)))
    if text:
        component.add("description", plain(text))
    elsewhere = row.venue if changed else ""
    place = elsewhere or told.location
    if place:
        component.add("location", plain(place))
    if told.categories:
        component.add("categories", [plain(category) for category in told.categories])
    if event.latitude is not None and event.longitude is not None and not elsewhere:
        component.add("geo", (float(event.latitude), float(event.longitude)))
    component.add("url", told.url)
    waits = event.state in (EventState.PROPOSED, EventState.CHANGES)
    component.add("status", "CANCELLED" if off else "TENTATIVE" if waits else "CONFIRMED")
    component.add("transp", "TRANSPARENT" if off else "OPAQUE")
    return component


def _date(event: Event, row: Occurrence, told: Told, zone: ZoneInfo, *, uid: str) -> VEvent:
    component = _described(VEvent(), event, told, row)
    component.add("uid", uid)
    component.add("dtstart", row.start.astimezone(zone))
    component.add("dtend", row.end.astimezone(zone))
    return component


def _whole_day(event: Event, row: Occurrence, told: Told, *, keeps_uid: bool = False) -> VEvent:
    component = VEvent()
    stamp: datetime = event.modified_at.astimezone(UTC).replace(microsecond=0)
    for name in ("dtstamp", "last-modified"):
        component.add(name, stamp)
    component.add("sequence", event.sequence)
    known = row.key if keeps_uid else hidden_id(row.key)
    component.add("uid", f"{known}@{event.uid.partition('@')[2]}")
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


def hidden_id(known: object) -> UUID:
    """What stands for an id that told more before it was guarded; nobody finds one by the other."""
    made = salted_hmac("events.ical.hidden_id", str(known), algorithm="sha256").digest()
    return UUID(bytes=made[:16])


def _own_uid(event: Event, row: Occurrence) -> str:
    return f"{row.key}@{event.uid.partition('@')[2]}"
