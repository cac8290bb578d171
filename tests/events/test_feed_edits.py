"""A series changes while some of it is over; its form shows the first date and the whole COUNT."""

from datetime import timedelta

import pytest

from events.models import CalendarDay
from events.recurrence import BadRule
from events.services import moving, planning
from events.services.bookkeeping import NotPossible
from tests.events.read_back import calendar_of, dates_of, our_dates
from tests.factories.events import NOW, START, event_values, make_event, make_terms
from tests.factories.people import make_member
from tests.factories.places import make_district

WEEKLY = "FREQ=WEEKLY;BYDAY=TH;COUNT=5"
HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(days=7)
# Two of the five dates are over.
LATER = START + WEEK + 5 * HOUR


@pytest.fixture
def klaten(db):
    make_terms()
    return make_district("klaten")


@pytest.fixture
def change(klaten):
    """`change(event, since=, now=, **values)`: what the office changes in the form."""
    office = make_member("admin", klaten)

    def change(event, *, since=None, now=LATER, **values):
        event.refresh_from_db()
        values = event_values(klaten, rrule=event.rrule, starts_at=event.starts_at) | values
        return planning.edit(
            event=event, actor=office, version=event.version, values=values, since=since, now=now
        )

    change.by = office
    return change


def starts(event) -> list[str]:
    found = dates_of(calendar_of(event))
    assert found == our_dates(event)
    return [f"{date.start + 7 * HOUR:%m-%d %H}" for date in found]


def test_another_hour_holds_for_what_is_to_come(klaten, change):
    event = make_event(klaten, rrule=WEEKLY)
    after = change(event, starts_at=START + HOUR)
    assert starts(event) == ["03-12 09", "03-19 09"]
    assert starts(after) == ["03-26 10", "04-02 10", "04-09 10"]


def test_so_does_another_length_although_the_form_sends_the_first_start(klaten, change):
    event = make_event(klaten, rrule=WEEKLY)
    after = change(event, minutes=120)
    assert starts(after) == ["03-26 09", "04-02 09", "04-09 09"]
    assert {row.end - row.start for row in after.occurrences.all()} == {2 * HOUR}


def test_a_start_near_the_chosen_date_is_that_dates_own(klaten, change):
    event = make_event(klaten, rrule=WEEKLY)
    since = event.occurrences.order_by("start")[3]
    after = change(
        event,
        since=since,
        starts_at=since.start - DAY,
        rrule="FREQ=WEEKLY;BYDAY=WE;COUNT=5",
    )
    assert starts(event) == ["03-12 09", "03-19 09", "03-26 09"]
    assert starts(after) == ["04-01 09", "04-08 09"]


def test_a_larger_count_is_that_of_the_whole_series(klaten, change):
    event = make_event(klaten, rrule=WEEKLY)
    after = change(event, rrule="FREQ=WEEKLY;BYDAY=TH;COUNT=6")
    assert len(starts(event)) + len(starts(after)) == 6


def test_a_count_that_is_over_already_is_refused(klaten, change):
    event = make_event(klaten, rrule=WEEKLY)
    with pytest.raises(BadRule, match="lewat"):
        change(event, rrule="FREQ=WEEKLY;BYDAY=TH;COUNT=2")
    assert len(starts(event)) == 5


def test_another_way_to_repeat_goes_on_from_the_first_date(klaten, change):
    event = make_event(klaten, rrule=WEEKLY)
    after = change(event, rrule="FREQ=MONTHLY;BYDAY=2TH;COUNT=5")
    assert starts(event) == ["03-12 09", "03-19 09"]
    assert starts(after)[0] == "04-09 09"


def test_what_is_over_entirely_keeps_its_dates(klaten, change):
    event = make_event(klaten, rrule=WEEKLY)
    with pytest.raises(NotPossible):
        change(event, minutes=120, now=START + 9 * WEEK)
    assert change(event, title="Judul lain", now=START + 9 * WEEK).pk == event.pk


def test_a_date_that_was_added_by_itself_begins_no_series(klaten, change):
    event = make_event(klaten, rrule=WEEKLY, extra=[START + DAY])
    with pytest.raises(NotPossible):
        change(event, since=event.occurrences.get(is_extra=True), minutes=60, now=NOW)


def test_a_date_that_was_left_out_stays_out(klaten, change):
    event = make_event(klaten, rrule=WEEKLY)
    row = event.occurrences.order_by("start")[1]
    moving.remove_date(occurrence=row, actor=change.by, version=event.version, now=NOW)
    assert change(event, starts_at=START + HOUR, now=NOW).pk == event.pk
    assert starts(event) == ["03-12 10", "03-26 10", "04-02 10", "04-09 10"]


def test_the_first_dates_left_out_the_series_is_not_split_into_nothing(klaten, change):
    event = make_event(klaten, rrule=WEEKLY)
    row = event.occurrences.order_by("start").first()
    moving.remove_date(occurrence=row, actor=change.by, version=event.version, now=NOW)
    since = event.occurrences.order_by("start").first()
    after = change(event, since=since, minutes=60, now=NOW)
    assert after.pk == event.pk
    assert starts(event) == ["03-19 09", "03-26 09", "04-02 09", "04-09 09"]


def test_the_days_that_are_left_are_counted_again(klaten, change):
    event = make_event(klaten, rrule="FREQ=WEEKLY;BYDAY=TH;COUNT=2")
    change(event, starts_at=START + DAY, rrule="FREQ=WEEKLY;BYDAY=FR;COUNT=2", now=NOW)
    counted = CalendarDay.objects.exclude(number=0).values_list("day", flat=True)
    assert [f"{day:%m-%d}" for day in counted.order_by("day")] == ["03-13", "03-20"]
    moving.move_date(
        occurrence=event.occurrences.first(),
        actor=change.by,
        version=event.version + 1,
        start=START + 3 * DAY,
        minutes=90,
        now=NOW,
    )
    counted = CalendarDay.objects.exclude(number=0).values_list("day", flat=True)
    assert [f"{day:%m-%d}" for day in counted.order_by("day")] == ["03-15", "03-20"]


def test_a_series_keeps_its_wall_time_in_another_zone(klaten, change):
    event = make_event(klaten, rrule=WEEKLY)
    after = change(event, timezone="Asia/Makassar", starts_at=START - HOUR)
    # 09.00 WITA is 08.00 WIB.
    assert starts(after) == ["03-26 08", "04-02 08", "04-09 08"]
