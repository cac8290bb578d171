from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from districts import hours

OFFICE = {"days": {str(day): [["08:00", "16:00"]] for day in range(1, 6)}}
WITA = "Asia/Makassar"


def at(text: str, tz: str = WITA) -> datetime:
    """A moment of the week that begins on Monday, 16 November 2026."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(tz))


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-11-16T07:59:59", False),
        ("2026-11-16T08:00:00", True),
        ("2026-11-16T15:59:59", True),
        ("2026-11-16T16:00:00", False),
        ("2026-11-21T10:00:00", False),
    ],
)
def test_is_open_from_opening_until_just_before_closing(moment, expected):
    assert hours.is_open(OFFICE, WITA, at(moment)) is expected


def test_is_open_is_said_in_the_zone_of_the_office():
    moment = datetime(2026, 11, 16, 0, 30, tzinfo=UTC)

    assert hours.is_open(OFFICE, "Asia/Jakarta", moment) is False
    assert hours.is_open(OFFICE, "Asia/Makassar", moment) is True
    assert hours.is_open(OFFICE, "Asia/Jayapura", moment) is True


def test_is_open_is_unknown_without_hours():
    assert hours.is_open({}, WITA, at("2026-11-16T10:00")) is None
    assert hours.next_change({}, WITA, at("2026-11-16T10:00")) is None
    assert hours.hours_text({}, WITA) == ""


def test_is_open_always_never_changes():
    assert hours.is_open({"always": True}, WITA, at("2026-11-21T03:00")) is True
    assert hours.next_change({"always": True}, WITA, at("2026-11-21T03:00")) is None


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-11-16T07:00", "2026-11-16T08:00"),
        ("2026-11-16T08:00", "2026-11-16T16:00"),
        ("2026-11-16T16:00", "2026-11-17T08:00"),
        ("2026-11-20T16:00", "2026-11-23T08:00"),
    ],
)
def test_next_change_is_the_next_opening_or_closing(moment, expected):
    assert hours.next_change(OFFICE, WITA, at(moment)) == at(expected)


def test_night_shift_ends_the_next_morning():
    night = {"days": {"5": [["20:00", "04:00"]]}}

    assert hours.is_open(night, WITA, at("2026-11-21T03:59")) is True
    assert hours.is_open(night, WITA, at("2026-11-21T04:00")) is False
    assert hours.next_change(night, WITA, at("2026-11-20T23:00")) == at("2026-11-21T04:00")


def test_days_that_touch_at_midnight_are_one_opening():
    weekend = {"days": {"6": [["08:00", "24:00"]], "7": [["00:00", "12:00"]]}}

    assert hours.next_change(weekend, WITA, at("2026-11-21T09:00")) == at("2026-11-22T12:00")


def test_one_office_day_a_week_is_found_from_just_after_it():
    once = {"days": {"1": [["08:00", "09:00"]]}}

    assert hours.next_change(once, WITA, at("2026-11-16T09:00")) == at("2026-11-23T08:00")


def test_round_the_clock_written_as_days_never_changes():
    full = {"days": {str(day): [["00:00", "24:00"]] for day in range(1, 8)}}

    assert hours.is_open(full, WITA, at("2026-11-18T00:00")) is True
    assert hours.next_change(full, WITA, at("2026-11-18T00:00")) is None


@pytest.mark.parametrize(
    ("stored", "indonesian", "english"),
    [
        (OFFICE, "Senin–Jumat 08.00–16.00 WITA", "Monday–Friday 08:00–16:00 WITA"),
        (
            {"days": {"5": [["08:00", "14:30"]], "1": [["08:00", "15:30"]]}},
            "Senin 08.00–15.30, Jumat 08.00–14.30 WITA",
            "Monday 08:00–15:30, Friday 08:00–14:30 WITA",
        ),
    ],
)
def test_hours_text_is_said_in_the_language_being_read(stored, indonesian, english):
    with translation.override("id"):
        assert hours.hours_text(stored, WITA) == indonesian
    with translation.override("en"):
        assert hours.hours_text(stored, WITA) == english


def test_hours_text_names_a_break_and_every_day():
    rows = [["08:00", "12:00"], ["13:00", "16:00"]]
    daily = {"days": {str(day): rows for day in range(1, 8)}}

    with translation.override("en"):
        expected = "Every day 08:00–12:00 and 13:00–16:00 WIB"
        assert hours.hours_text(daily, "Asia/Jakarta") == expected


@pytest.mark.parametrize(
    "stored",
    [
        {"days": {"8": [["08:00", "16:00"]]}},
        {"days": {"1": [["8:00", "16:00"]]}},
        {"days": {"1": [["08:00"]]}},
        {"days": {"1": [["24:01", "16:00"]]}},
        {"days": ["08:00"]},
        {"jam": "08:00"},
    ],
)
def test_parse_refuses_other_shapes(stored):
    with pytest.raises(ValueError, match=r"not a|without days"):
        hours.parse(stored)


minutes = st.integers(0, 1439).map(lambda m: f"{m // 60:02d}:{m % 60:02d}")
weeks = st.dictionaries(
    st.integers(1, 7).map(str), st.lists(st.tuples(minutes, minutes).map(list), max_size=3)
)


@given(
    days=weeks,
    moment=st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)),
)
def test_nothing_changes_before_the_next_change_and_something_does_at_it(days, moment):
    stored = {"days": days}
    turns = hours.next_change(stored, WITA, moment)
    now_open = hours.is_open(stored, WITA, moment)

    if turns is None:
        assert now_open in {None, True, False}
        return
    assert turns > moment
    assert hours.is_open(stored, WITA, turns - timedelta(seconds=1)) in {now_open, None} or (
        turns - timedelta(seconds=1) < moment
    )
    assert hours.is_open(stored, WITA, turns) is (not now_open)
