"""Opening hours: pure functions over what a channel stores.

`hours` is `{"always": true}` or `{"days": {"1": [["08:00", "16:00"]], …}}` with ISO weekdays and
wall-clock times in the zone `tz`. A span that closes at or before its opening ends the next day;
`24:00` is the end of a day. Empty `hours` mean that nobody knows.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.dates import WEEKDAYS
from django.utils.translation import get_language, gettext

ZONE_NAMES = {"Asia/Jakarta": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}
DAY_MINUTES = 24 * 60
# A week ahead always holds the next opening; one day more closes a span that began on its last day.
DAYS_AHEAD = 8
CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)|24:00")

Spans = dict[int, list[tuple[int, int]]]


def parse(hours: Mapping[str, Any] | None) -> Spans | None:
    """Return ISO weekday → spans in minutes of the day; None when unknown or always open.

    Raises ValueError for anything else than the shape above.
    """
    if not hours or hours.get("always"):
        return None
    days = hours.get("days")
    if not isinstance(days, Mapping):
        raise ValueError("hours without days")
    spans: Spans = {}
    for day, rows in days.items():
        if str(day) not in {"1", "2", "3", "4", "5", "6", "7"} or not isinstance(rows, list):
            raise ValueError("not a weekday")
        for row in rows:
            if not isinstance(row, list | tuple) or len(row) != 2:
                raise ValueError("not a span")
            spans.setdefault(int(day), []).append((_minutes(row[0]), _minutes(row[1])))
    return {day: sorted(rows) for day, rows in sorted(spans.items())} or None


def is_always(hours: Mapping[str, Any] | None) -> bool:
    return bool(hours and hours.get("always"))


def is_open(hours: Mapping[str, Any] | None, tz: str, at: datetime) -> bool | None:
    """Say whether the office is open at the aware moment `at`; None when nobody knows."""
    if is_always(hours):
        return True
    spans = parse(hours)
    if spans is None:
        return None
    return any(start <= at < end for start, end in _moments(spans, tz, at))


def next_change(hours: Mapping[str, Any] | None, tz: str, at: datetime) -> datetime | None:
    """Return the next opening or closing after `at`, in the zone `tz`; None when there is none."""
    if is_always(hours):
        return None
    spans = parse(hours)
    if spans is None:
        return None
    horizon = at + timedelta(days=DAYS_AHEAD - 1)
    for start, end in _moments(spans, tz, at):
        for moment in (start, end):
            if at < moment <= horizon:
                return moment.astimezone(ZoneInfo(tz))
    return None


def hours_text(hours: Mapping[str, Any] | None, tz: str) -> str:
    """Say the hours in the language being read: "Senin–Jumat 08.00–16.00 WITA"."""
    if is_always(hours):
        return gettext("24 hours, every day")
    spans = parse(hours)
    if spans is None:
        return ""
    groups: list[tuple[int, int, list[tuple[int, int]]]] = []
    for day, rows in spans.items():
        if groups and groups[-1][1] == day - 1 and groups[-1][2] == rows:
            groups[-1] = (groups[-1][0], day, rows)
        else:
            groups.append((day, day, rows))
    said = [f"{_days_text(first, last)} {_spans_text(rows)}" for first, last, rows in groups]
    return f"{', '.join(said)} {zone_name(tz)}"


def clock_text(moment: datetime, tz: str) -> str:
    """Say the time of day in the zone: "08.00 WITA"."""
    local = moment.astimezone(ZoneInfo(tz))
    return f"{_clock(local.hour * 60 + local.minute)} {zone_name(tz)}"


def day_text(moment: datetime, tz: str) -> str:
    """Say the weekday in the zone: "Senin"."""
    return str(WEEKDAYS[moment.astimezone(ZoneInfo(tz)).weekday()])


def zone_name(tz: str) -> str:
    """Say the zone as Indonesians do, else its key."""
    return ZONE_NAMES.get(tz, tz)


def local_date(at: datetime, tz: str) -> date:
    return at.astimezone(ZoneInfo(tz)).date()


def day_ends(day: date, tz: str) -> datetime:
    """Return the first moment after the day, in the zone."""
    return datetime.combine(day + timedelta(days=1), datetime.min.time(), ZoneInfo(tz))


def _minutes(clock: Any) -> int:
    if not isinstance(clock, str) or not CLOCK.fullmatch(clock):
        raise ValueError("not a time of day")
    hour, minute = clock.split(":")
    return int(hour) * 60 + int(minute)


def _moments(spans: Spans, tz: str, at: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Yield the spans around `at` as UTC moments; those that touch each other are one."""
    zone = ZoneInfo(tz)
    today = at.astimezone(zone).date()
    current: tuple[datetime, datetime] | None = None
    for offset in range(-1, DAYS_AHEAD + 1):
        day = today + timedelta(days=offset)
        midnight = datetime.combine(day, datetime.min.time())
        for opens, closes in spans.get(day.isoweekday(), []):
            length = closes - opens if closes > opens else closes - opens + DAY_MINUTES
            start, end = (
                (midnight + timedelta(minutes=minutes)).replace(tzinfo=zone).astimezone(UTC)
                for minutes in (opens, opens + length)
            )
            span = (start, end)
            if current is not None and span[0] <= current[1]:
                current = (current[0], max(current[1], span[1]))
                continue
            if current is not None:
                yield current
            current = span
    if current is not None:
        yield current


def _clock(minutes: int) -> str:
    mark = "." if (get_language() or "id").startswith("id") else ":"
    return f"{minutes // 60:02d}{mark}{minutes % 60:02d}"


def _spans_text(rows: list[tuple[int, int]]) -> str:
    said = [f"{_clock(opens)}–{_clock(closes)}" for opens, closes in rows]
    if len(said) == 1:
        return said[0]
    return gettext("%(first)s and %(last)s") % {"first": ", ".join(said[:-1]), "last": said[-1]}


def _days_text(first: int, last: int) -> str:
    if first == 1 and last == 7:
        return gettext("Every day")
    start, end = str(WEEKDAYS[first - 1]), str(WEEKDAYS[last - 1])
    if first == last:
        return start
    return f"{start}–{end}"
