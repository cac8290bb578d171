"""Recurrence rules of RFC 5545, section 3.3.10: read, refused, expanded.

A rule is text without its name, such as `FREQ=MONTHLY;BYDAY=2TH;COUNT=12`. It follows the wall
clock of a zone; what comes out are moments in UTC. Only rules of days and longer that end are
taken, so that no rule costs more than the thousand dates it may have.
"""

import re
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from events.rule_days import WEEKDAYS, Rule, days_of

MOST_DATES = 1_000
# Beyond this nobody plans, and a rule that matches no day would be looked for in vain.
HORIZON = timedelta(days=366 * 10)
FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
ORDER = (
    "FREQ",
    "INTERVAL",
    "BYMONTH",
    "BYMONTHDAY",
    "BYDAY",
    "BYSETPOS",
    "WKST",
    "COUNT",
    "UNTIL",
)
_PARTS = {
    "INTERVAL": r"[1-9]\d{0,2}",
    "BYMONTH": r"(1[0-2]|[1-9])(,(1[0-2]|[1-9]))*",
    "BYMONTHDAY": r"-?(3[01]|[12]\d|[1-9])(,-?(3[01]|[12]\d|[1-9])){0,30}",
    "BYDAY": r"(-?[1-5])?(MO|TU|WE|TH|FR|SA|SU)(,(-?[1-5])?(MO|TU|WE|TH|FR|SA|SU)){0,34}",
    "BYSETPOS": r"-?([1-9]|[1-3]\d)(,-?([1-9]|[1-3]\d)){0,9}",
    "WKST": r"(MO|TU|WE|TH|FR|SA|SU)",
    "COUNT": r"[1-9]\d{0,3}",
    "UNTIL": r"\d{8}(T\d{6}Z?)?",
}
_READ_ALIKE: dict[str, tuple[set[str], ...]] = {
    "DAILY": (set(), {"BYDAY"}),
    "WEEKLY": (set(), {"BYDAY"}),
    "MONTHLY": (set(), {"BYMONTHDAY"}, {"BYDAY"}, {"BYDAY", "BYSETPOS"}),
    "YEARLY": (set(), {"BYMONTH"}, {"BYMONTH", "BYMONTHDAY"}, {"BYMONTH", "BYDAY"}),
}


class BadRule(ValueError):
    """The rule can't be taken; `message` says why, to whoever typed it."""

    def __init__(self, message):
        super().__init__(str(message))
        self.message = message


def normalised(rule: str, *, tz: str) -> str:
    """The rule in one spelling, UNTIL in UTC; raises BadRule for what is not taken."""
    parts = _parts(rule)
    if until := parts.get("UNTIL"):
        parts["UNTIL"] = f"{_until(until, ZoneInfo(tz)):%Y%m%dT%H%M%SZ}"
    return ";".join(f"{name}={parts[name]}" for name in ORDER if name in parts)


def expand(rule: str, *, start: datetime, tz: str) -> list[datetime]:
    """Every start in UTC, at most 1,000; `[start]` for "". Raises BadRule.

    A rule must match its own first start, as RFC 5545 asks: readers disagree where it does not.
    """
    start = start.astimezone(UTC)
    if not rule:
        return [start]
    parts, zone = _parts(rule), ZoneInfo(tz)
    count, until = int(parts.get("COUNT", MOST_DATES + 1)), parts.get("UNTIL")
    try:
        wall = start.astimezone(zone).replace(tzinfo=None)
        horizon = wall + HORIZON
        last = _until(until, zone).astimezone(zone).replace(tzinfo=None) if until else horizon
    except OverflowError as error:
        raise BadRule(_("That is too far away. Choose an earlier date.")) from error
    if last < wall:
        raise BadRule(_("The last day is before the first one."))
    # What begins later on the last day than it says is over.
    end = min(last, horizon)
    end_day = end.date() if end.time() >= wall.time() else end.date() - timedelta(days=1)
    days = days_of(Rule.of(parts), wall.date(), end_day)
    found = [datetime.combine(day, wall.time()) for day in islice(days, min(count, MOST_DATES + 1))]
    if not found or found[0] != wall:
        raise BadRule(_("The first date does not fit the way it repeats."))
    if len(found) > MOST_DATES:
        raise BadRule(_("That is more than 1,000 dates. Choose an earlier end."))
    if last > horizon or ("COUNT" in parts and len(found) < count):
        raise BadRule(_("That reaches further than ten years. Choose an earlier end."))
    return [moment.replace(tzinfo=zone).astimezone(UTC) for moment in found]


def day_after(rule: str, *, start: datetime, tz: str, after: date) -> date | None:
    """The first day later than `after` on which the rule goes on, however many dates it asks for.

    None where there is none within ten years.
    """
    first = start.astimezone(ZoneInfo(tz)).date()
    last = max(first, after) + HORIZON
    return next((day for day in days_of(Rule.of(_parts(rule)), first, last) if day > after), None)


def is_read_alike(rule: str, day: date) -> bool:
    """Whether every calendar finds the same dates in the rule of a series that begins on this day.

    Measured with ical.js 2, sabre/vobject 2 and libical 3: the last drops nothing, the first reads
    BYSETPOS of month days as if it were not there, the second limits neither days nor months.
    """
    parts = _parts(rule)
    by = {name for name in parts if name.startswith("BY")}
    leap = parts["FREQ"] == "YEARLY" and not by and (day.month, day.day) == (2, 29)
    return not leap and by in _READ_ALIKE[parts["FREQ"]]


def ended_on(rule: str, day: date, *, tz: str) -> str:
    """The rule, with this day as its last one."""
    parts = _parts(rule)
    parts.pop("COUNT", None)
    parts["UNTIL"] = f"{_until(f'{day:%Y%m%d}', ZoneInfo(tz)):%Y%m%dT%H%M%SZ}"
    return ";".join(f"{name}={parts[name]}" for name in ORDER if name in parts)


def count_of(rule: str) -> int | None:
    """How many dates the rule asks for; None where it says until when."""
    count = _parts(rule).get("COUNT") if rule else None
    return int(count) if count else None


def counted(rule: str, number: int) -> str:
    """The rule, for so many dates."""
    parts = _parts(rule)
    parts.pop("UNTIL", None)
    parts["COUNT"] = str(number)
    return ";".join(f"{name}={parts[name]}" for name in ORDER if name in parts)


def written(frequency: str, day: date, *, count: int | None, until: date | None, interval=1) -> str:
    """A rule for a form: `harian`, `mingguan`, `tanggal` (of the month) or `hari` (2nd Thursday).

    On the 29th and later a month's last such day is meant, or months would be left out.
    """
    weekday = WEEKDAYS[day.weekday()]
    parts = {
        "harian": "FREQ=DAILY",
        "mingguan": f"FREQ=WEEKLY;BYDAY={weekday}",
        "tanggal": f"FREQ=MONTHLY;{_month_day(day.day)}",
        "hari": f"FREQ=MONTHLY;BYDAY={(day.day - 1) // 7 + 1}{weekday}",
    }[frequency]
    if frequency == "hari" and day.day > 28:
        parts = f"FREQ=MONTHLY;BYDAY=-1{weekday}"
    if interval > 1:
        parts += f";INTERVAL={interval}"
    if count:
        return f"{parts};COUNT={count}"
    return f"{parts};UNTIL={until:%Y%m%d}" if until else parts


def _month_day(number: int) -> str:
    """This day of each month, or the last one where a month is shorter."""
    if number < 29:
        return f"BYMONTHDAY={number}"
    if number == 31:
        return "BYMONTHDAY=-1"
    return f"BYMONTHDAY={','.join(map(str, range(28, number + 1)))};BYSETPOS=-1"


def _parts(rule: str) -> dict[str, str]:
    if len(rule) > 300:
        raise BadRule(_("This way to repeat is too long."))
    parts: dict[str, str] = {}
    for piece in rule.strip().upper().removeprefix("RRULE:").split(";"):
        name, equals, value = piece.partition("=")
        if not equals or name in parts:
            raise BadRule(_("This way to repeat can't be read."))
        parts[name] = value
    frequency = parts.get("FREQ")
    if frequency in {"HOURLY", "MINUTELY", "SECONDLY"}:
        raise BadRule(_("A session can repeat once a day at most; add more dates one by one."))
    if frequency not in FREQUENCIES:
        raise BadRule(_("This way to repeat can't be read."))
    for name, value in parts.items():
        if name == "FREQ":
            continue
        if name == "INTERVAL" and not re.fullmatch(_PARTS[name], value, re.ASCII):
            raise BadRule(_("Every how many days, weeks or months? Give a number from 1 to 999."))
        if name not in _PARTS or not re.fullmatch(_PARTS[name], value, re.ASCII):
            raise BadRule(_("This way to repeat can't be read."))
        # Named twice, a day is one day; some readers would count it twice.
        parts[name] = ",".join(dict.fromkeys(value.split(",")))
    if "COUNT" in parts and "UNTIL" in parts:
        raise BadRule(_("Say either how often or until when, not both."))
    if "COUNT" not in parts and "UNTIL" not in parts:
        raise BadRule(_("Say how often it repeats, or until when. Nothing repeats for ever."))
    if "COUNT" in parts and int(parts["COUNT"]) > MOST_DATES:
        raise BadRule(_("That is more than 1,000 dates. Choose an earlier end."))
    numbered = any(day[0] in "-12345" for day in parts.get("BYDAY", "").split(",") if day)
    if numbered and frequency not in {"MONTHLY", "YEARLY"}:
        raise BadRule(_("This way to repeat can't be read."))
    by = {name for name in parts if name.startswith("BY")}
    if "BYMONTHDAY" in by and (frequency == "WEEKLY" or numbered) or by == {"BYSETPOS"}:
        # RFC 5545 has no meaning for these, or none that two readers share.
        raise BadRule(_("This way to repeat can't be read."))
    return parts


def _until(text: str, zone: ZoneInfo) -> datetime:
    """UNTIL as a moment: a date is its whole day in the zone."""
    try:
        if len(text) == 8:
            day = datetime.strptime(text, "%Y%m%d").date()  # noqa: DTZ007 – a day has no zone
            return datetime.combine(day, time(23, 59, 59), zone).astimezone(UTC)
        if text.endswith("Z"):
            return datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        moment = datetime.strptime(text, "%Y%m%dT%H%M%S").replace(tzinfo=zone)
        return moment.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise BadRule(_("The last day can't be read.")) from error
