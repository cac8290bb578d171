"""A feed read line by line, by nothing but RFC 5545 and `dateutil`: no library for calendars.

It stands beside `read_back`, so that what `icalendar` writes is not read by itself alone.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr

from tests.events.read_back import Date

Line = tuple[str, str]
_LINE = re.compile(r"(?P<name>[A-Z0-9-]+)(?:;(?P<params>[^:]*))?:(?P<value>.*)", re.DOTALL)


def dates_of_lines(body: bytes) -> list[Date]:
    """All dates, in order: of each UID the rule, without EXDATE, each override in its place."""
    series: dict[str, list[dict[str, Line]]] = defaultdict(list)
    for event in _events(body.decode()):
        series[event["UID"][1]].append(event)
    return sorted(date for events in series.values() for date in _dates(events))


def _events(text: str) -> Iterator[dict[str, Line]]:
    event: dict[str, Line] | None = None
    # A line goes on where the next one begins with a space (section 3.1).
    for line in text.replace("\r\n ", "").split("\r\n"):
        if line == "BEGIN:VEVENT":
            event = {}
        elif line == "END:VEVENT":
            assert event is not None
            yield event
            event = None
        elif event is not None:
            found = _LINE.fullmatch(line)
            assert found, line
            event[found["name"]] = (found["params"] or "", found["value"])


def _dates(events: list[dict[str, Line]]) -> Iterator[Date]:
    [master] = [event for event in events if "RECURRENCE-ID" not in event]
    places = {
        _moments(event["RECURRENCE-ID"])[0]: event for event in events if "RECURRENCE-ID" in event
    }
    [begins], [ends] = _moments(master["DTSTART"]), _moments(master["DTEND"])
    gone = set(_moments(master["EXDATE"])) if "EXDATE" in master else set()
    for start in _starts(master, begins):
        if start in places:
            one = places.pop(start)
            [own_start], [own_end] = _moments(one["DTSTART"]), _moments(one["DTEND"])
            yield _date(one, own_start, own_end)
        elif start not in gone:
            yield _date(master, start, start + (ends - begins))
    assert places == {}, "an override of a date that there is not"


def _starts(master: dict[str, Line], begins: datetime | date) -> list[datetime | date]:
    if "RRULE" not in master:
        return [begins]
    zone = ZoneInfo(master["DTSTART"][0].removeprefix("TZID="))
    wall = begins.astimezone(zone).replace(tzinfo=None)
    rule = master["RRULE"][1]
    if until := re.search(r"UNTIL=(\w+)Z", rule):
        last = datetime.strptime(until[1], "%Y%m%dT%H%M%S").replace(tzinfo=UTC).astimezone(zone)
        rule = rule.replace(f"{until[1]}Z", f"{last:%Y%m%dT%H%M%S}")
    found = rrulestr(rule, dtstart=wall)
    return [one.replace(tzinfo=zone).astimezone(UTC) for one in found]


def _moments(line: Line) -> list[datetime | date]:
    params, value = line
    return [_moment(params, text) for text in value.split(",")]


def _moment(params: str, text: str) -> datetime | date:
    if params == "VALUE=DATE":
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    zone = UTC if text.endswith("Z") else ZoneInfo(params.removeprefix("TZID="))
    moment = datetime.strptime(text.removesuffix("Z"), "%Y%m%dT%H%M%S").replace(tzinfo=zone)
    return moment.astimezone(UTC)


def _date(event: dict[str, Line], start: datetime | date, end: datetime | date) -> Date:
    plain = {"\\n": "\n", "\\N": "\n"}
    summary = re.sub(
        r"\\[nN,;\\]", lambda found: plain.get(found[0], found[0][1]), event["SUMMARY"][1]
    )
    return Date(start, end, event["STATUS"][1], summary)
