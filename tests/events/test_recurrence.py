"""Rules that are taken, and rules that would explode, never end or match no day."""

from datetime import UTC, date, datetime, time, timedelta
from time import perf_counter

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st

from events.recurrence import (
    BadRule,
    count_of,
    ended_on,
    expand,
    is_read_alike,
    normalised,
    written,
)
from events.rule_days import Rule, days_of

TZ = "Asia/Jakarta"
# A Thursday, 06:00 in Klaten: the day before in UTC.
START = datetime(2026, 3, 11, 23, 0, tzinfo=UTC)
BOMBS = {
    "minutes": "FREQ=MINUTELY;COUNT=10",
    "seconds": "FREQ=SECONDLY;UNTIL=20270101",
    "hours": "FREQ=HOURLY;COUNT=3",
    "no end": "FREQ=DAILY",
    "too many": "FREQ=DAILY;COUNT=9999",
    "a few too many": "FREQ=DAILY;UNTIL=20351231",
    "30 February": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;COUNT=10",
    "30 February, day by day": "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;COUNT=10",
    "31 of a short month": "FREQ=MONTHLY;BYMONTH=4;BYMONTHDAY=31;COUNT=5",
    "sixth weekday": "FREQ=MONTHLY;BYDAY=TH;BYSETPOS=39;COUNT=5",
    "once in 999 years": "FREQ=YEARLY;INTERVAL=999;COUNT=1000",
    "end before start": "FREQ=DAILY;UNTIL=20260310",
    "first date does not match": "FREQ=WEEKLY;BYDAY=MO;COUNT=4",
    "interval 0": "FREQ=DAILY;INTERVAL=0;COUNT=4",
    "interval -1": "FREQ=DAILY;INTERVAL=-1;COUNT=4",
    "300 kB": "FREQ=DAILY;COUNT=4;BYMONTHDAY=" + ",".join(["12"] * 100_000),
    "year 99999": "FREQ=DAILY;UNTIL=999990101",
    "end of time": "FREQ=DAILY;UNTIL=99991231T235959Z",
    "both ends": "FREQ=DAILY;COUNT=4;UNTIL=20260401",
    "named twice": "FREQ=DAILY;COUNT=4;COUNT=5",
    "weekly on month days": "FREQ=WEEKLY;BYMONTHDAY=12;COUNT=4",
    "a place of nothing": "FREQ=MONTHLY;BYSETPOS=1;COUNT=4",
    "a numbered weekday on a month day": "FREQ=MONTHLY;BYMONTHDAY=12;BYDAY=2TH;COUNT=4",
    "weeks of the year": "FREQ=YEARLY;BYWEEKNO=11;COUNT=4",
    "another alphabet's digits": "FREQ=DAILY;COUNT=٣",
    "a line break": "FREQ=DAILY;COUNT=4\r\nSUMMARY:x",
    "no rule": "hello",
    "no name": "=4",
}


def days(rule: str, *, start: datetime = START) -> list[str]:
    return [f"{moment + timedelta(hours=7):%m-%d}" for moment in expand(rule, start=start, tz=TZ)]


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_at_once_with_a_sentence(name):
    began = perf_counter()
    with pytest.raises(BadRule) as refused:
        expand(normalised(BOMBS[name], tz=TZ), start=START, tz=TZ)
    assert perf_counter() - began < 1
    sentence = str(refused.value.message)
    assert sentence.endswith(".")
    assert len(sentence) > 20


@pytest.mark.parametrize("year", [9990, 9999])
def test_a_start_at_the_end_of_time_is_refused(year):
    start = datetime(year, 12, 31, 23, 59, tzinfo=UTC)
    with pytest.raises(BadRule) as refused:
        expand("FREQ=DAILY;COUNT=3", start=start, tz=TZ)
    assert refused.value.args[0].startswith("Itu terlalu jauh.")


def test_the_wall_clock_counts_not_utc():
    assert days("FREQ=WEEKLY;BYDAY=TH;COUNT=3") == ["03-12", "03-19", "03-26"]
    assert expand("FREQ=MONTHLY;BYMONTHDAY=12;COUNT=2", start=START, tz=TZ)[1] == datetime(
        2026, 4, 11, 23, tzinfo=UTC
    )


def test_the_last_day_is_whole_and_in_the_zone():
    rule = normalised("freq=daily;until=20260314", tz=TZ)
    assert rule == "FREQ=DAILY;UNTIL=20260314T165959Z"
    assert days(rule) == ["03-12", "03-13", "03-14"]
    assert normalised(rule, tz=TZ) == rule


def test_a_day_named_twice_is_one_day():
    assert normalised("FREQ=WEEKLY;BYDAY=TH,TH;COUNT=2", tz=TZ) == "FREQ=WEEKLY;BYDAY=TH;COUNT=2"


def test_a_rule_ends_with_a_day_that_a_form_can_show():
    rule = ended_on("FREQ=WEEKLY;BYDAY=TH;COUNT=9", date(2026, 3, 19), tz=TZ)
    assert rule == "FREQ=WEEKLY;BYDAY=TH;UNTIL=20260319T165959Z"
    assert days(rule) == ["03-12", "03-19"]
    assert (count_of(rule), count_of("FREQ=DAILY;COUNT=7"), count_of("")) == (None, 7, None)


@pytest.mark.parametrize(
    ("day", "rule"),
    [
        (12, "FREQ=MONTHLY;BYMONTHDAY=12"),
        (29, "FREQ=MONTHLY;BYMONTHDAY=28,29;BYSETPOS=-1"),
        (30, "FREQ=MONTHLY;BYMONTHDAY=28,29,30;BYSETPOS=-1"),
        (31, "FREQ=MONTHLY;BYMONTHDAY=-1"),
    ],
)
def test_no_month_is_left_out_where_it_is_shorter(day, rule):
    start = datetime(2026, 1, day, 2, tzinfo=UTC)
    made = written("tanggal", start.date(), count=14, until=None)
    assert made == f"{rule};COUNT=14"
    found = expand(made, start=start, tz=TZ)
    assert [moment.month for moment in found] == [*range(1, 13), 1, 2]
    assert [moment.day for moment in found[:2]] == [day, min(day, 28)]


@pytest.mark.parametrize(
    ("rule", "alike"),
    [
        ("FREQ=WEEKLY;BYDAY=TH;COUNT=4", True),
        ("FREQ=MONTHLY;BYDAY=2TH;COUNT=4", True),
        ("FREQ=MONTHLY;BYMONTHDAY=28,29,30;BYSETPOS=-1;COUNT=4", False),
        ("FREQ=DAILY;BYMONTH=3;COUNT=4", False),
        ("FREQ=YEARLY;BYMONTHDAY=12;COUNT=4", False),
    ],
)
def test_rules_on_which_calendars_differ_are_known(rule, alike):
    assert is_read_alike(rule, date(2026, 3, 12)) is alike


def test_a_birthday_in_a_leap_year_is_read_differently():
    assert not is_read_alike("FREQ=YEARLY;COUNT=2", date(2028, 2, 29))


@settings(deadline=None)
@given(
    st.sampled_from(["harian", "mingguan", "tanggal", "hari"]),
    st.datetimes(datetime(2025, 1, 1), datetime(2030, 1, 1)),
    st.integers(1, 60),
    st.integers(1, 2),
)
def test_what_a_form_writes_is_always_taken(frequency, wall, number, interval):
    start = wall.replace(second=0, microsecond=0, tzinfo=UTC)
    rule = written(frequency, (start + timedelta(hours=7)).date(), count=number, until=None)
    if interval > 1:
        rule = rule.replace(";COUNT", f";INTERVAL={interval};COUNT")
    found = expand(normalised(rule, tz=TZ), start=start, tz=TZ)
    assert (len(found), found[0]) == (number, start)
    assert found == sorted(set(found))


@settings(deadline=None)
@given(st.text(max_size=400) | st.from_regex(r"FREQ=(DAILY|MONTHLY|YEARLY);[A-Z0-9=;,+-]{0,60}"))
def test_anything_else_is_refused_or_ends_in_a_thousand_dates(rule):
    try:
        found = expand(normalised(rule, tz=TZ), start=START, tz=TZ)
    except BadRule:
        return
    assert 1 <= len(found) <= 1_000
    assert found[0] == START


def some(values, *, most: int = 3):
    return st.lists(st.sampled_from(values), min_size=1, max_size=most, unique=True)


@st.composite
def rules(draw) -> str:
    """A rule of any kind that `dateutil` reads as the standard means it."""
    frequency = draw(st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]))
    parts = [f"FREQ={frequency}", f"INTERVAL={draw(st.integers(1, 6))}"]
    names = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
    if draw(st.booleans()):
        parts.append(f"BYMONTH={','.join(map(str, draw(some(range(1, 13)))))}")
    if frequency != "WEEKLY" and draw(st.booleans()):
        days = [*range(1, 32), *range(-31, 0)]
        parts.append(f"BYMONTHDAY={','.join(map(str, draw(some(days))))}")
    if draw(st.booleans()):
        chosen = draw(some(names))
        # It takes numbered and plain weekdays together as both at once.
        by_day = "BYMONTHDAY" in parts[-1]
        if frequency in {"MONTHLY", "YEARLY"} and not by_day and draw(st.booleans()):
            chosen = [f"{draw(st.sampled_from([1, 2, 3, 4, 5, -1, -2]))}{day}" for day in chosen]
        parts.append(f"BYDAY={','.join(chosen)}")
    # Of a first week it takes what is left of it.
    if frequency in {"MONTHLY", "YEARLY"} and len(parts) > 2 and draw(st.booleans()):
        parts.append(f"BYSETPOS={','.join(map(str, draw(some([1, 2, 3, -1, -2]))))}")
    if draw(st.booleans()):
        parts.append(f"WKST={draw(st.sampled_from(names))}")
    return ";".join(parts)


@settings(max_examples=100, deadline=None)
@given(rules(), st.dates(date(2024, 1, 1), date(2029, 12, 31)))
def test_days_of_a_rule_are_those_of_another_implementation(rule, first):
    last = first + timedelta(days=1_000)
    parts = dict(part.split("=") for part in rule.split(";"))
    # The other one would look for a day that never comes until the year 9999.
    later = first + timedelta(days=366 * 12)
    if not any(True for _day in days_of(Rule.of(parts), last, later)):
        return
    theirs = rrulestr(rule, dtstart=datetime.combine(first, time()))
    expected = theirs.between(
        datetime.combine(first, time()), datetime.combine(last, time()), inc=True
    )
    assert list(days_of(Rule.of(parts), first, last)) == [moment.date() for moment in expected]
