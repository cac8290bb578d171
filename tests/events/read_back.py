"""Feeds of tests, expanded by code that is not ours."""

import gzip
from datetime import UTC, date, datetime
from typing import NamedTuple

import recurring_ical_events
from icalendar import Calendar
from icalendar import Event as VEvent

from events import ical
from events.models import Event, EventState, FeedEntry


class Date(NamedTuple):
    """One date as a calendar shows it: moments in UTC, or whole days."""

    start: datetime | date
    end: datetime | date
    status: str
    summary: str


def body_of(response) -> bytes:
    """The bytes of an answer, streamed or not, compressed or not."""
    content = b"".join(response) if response.streaming else response.content
    return gzip.decompress(content) if response.get("Content-Encoding") == "gzip" else content


def calendar_of(event: Event, *, flat: bool = False) -> str:
    entry = FeedEntry.objects.get(event=event)
    text = entry.flat if flat else entry.body
    zones = [event.timezone] if entry.timezone else []
    head = ical.head(name="x", description="", color="teal", url="", zones=zones)
    return head.to_ical().decode().replace("END:VCALENDAR", f"{text}END:VCALENDAR")


def dates_of(text: str | bytes) -> list[Date]:
    """All dates of a calendar, in order."""
    found = recurring_ical_events.of(Calendar.from_ical(text)).between(
        date(2020, 1, 1), date(2040, 1, 1)
    )
    return sorted(_date(one) for one in found)


def our_dates(event: Event) -> list[Date]:
    """The same of our rows; in a feed every kind of line end is one."""
    off = event.state == EventState.CANCELLED
    return sorted(
        Date(
            row.start,
            row.end,
            "CANCELLED" if off or row.is_cancelled else "CONFIRMED",
            ical.plain(row.title or event.title),
        )
        for row in event.occurrences.all()
    )


def _date(one: VEvent) -> Date:
    start, end = (one[name].dt for name in ("DTSTART", "DTEND"))
    if isinstance(start, datetime):
        start, end = start.astimezone(UTC), end.astimezone(UTC)
    return Date(start, end, str(one["STATUS"]), str(one["SUMMARY"]))
