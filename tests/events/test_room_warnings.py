"""What a planner is told of a date: clashes, holidays, Ramadan, the office's own days."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from districts.models import Organisation
from events.models import LocalDay, Occurrence
from events.national_days import holiday_on, in_ramadan
from events.services import deciding
from events.services.planning import Company
from events.sessions import hidden_from
from events.warnings import warnings_of
from tests.factories.events import NOW, make_event, make_terms
from tests.factories.people import make_member
from tests.factories.places import make_district

pytestmark = pytest.mark.django_db
THURSDAY = datetime(2027, 1, 14, 2, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def klaten():
    make_terms()
    return make_district("klaten")


def told(event, hidden=None):
    rows = list(Occurrence.objects.filter(event=event).select_related("event"))
    found = warnings_of(rows, district=event.district, hidden=hidden)
    return [[one.text for one in found.get(row.pk, ())] for row in rows]


def test_the_same_group_place_or_speaker_at_that_time(klaten):
    group = Organisation.objects.create(district=klaten, name="PKK Melati", kind="pkk")
    speaker = Company(speakers=[{"name": "Kepala UPTD PPA"}])
    first = make_event(
        klaten, title="Pertama", organiser=group, starts_at=THURSDAY, company=speaker
    )
    same = make_event(
        klaten,
        title="Kedua",
        organiser=group,
        venue="balai desa",
        starts_at=THURSDAY + HOUR,
        company=Company(speakers=[{"name": "kepala uptd ppa"}]),
    )
    assert [text.rpartition(": ")[2] for text in told(same)[0]] == ["Pertama"] * 3
    assert all("Kedua" in text for text in told(first)[0])
    # It begins when the other ends.
    later = make_event(klaten, organiser=group, starts_at=THURSDAY + timedelta(hours=4))
    assert told(later) == [[]]
    # Another village has a village hall of the same name.
    elsewhere = make_event(klaten, region=klaten.region, starts_at=THURSDAY)
    assert told(elsewhere) == [[]]


def test_what_is_cancelled_is_in_nobodys_way(klaten):
    first = make_event(klaten, starts_at=THURSDAY)
    second = make_event(klaten, starts_at=THURSDAY)
    assert len(told(second)[0]) == 1
    deciding.cancel(event=first, actor=first.proposed_by, version=first.version, note="", now=NOW)
    assert told(second) == [[]]


def test_a_proposal_of_others_is_told_without_its_name(klaten):
    make_event(klaten, title="Rahasia", starts_at=THURSDAY, published=False)
    mine = make_event(klaten, starts_at=THURSDAY)
    kader = make_member("kader", klaten)
    hidden = hidden_from(kader, frozenset({"kader"}))
    assert "Rahasia" not in told(mine, hidden)[0][0]
    assert "Rahasia" in told(mine, hidden_from(kader, frozenset({"moderator"})))[0][0]


def test_another_districts_sessions_are_not_looked_at(klaten):
    make_event(make_district("lebak"), region=None, starts_at=THURSDAY)
    assert told(make_event(klaten, region=None, starts_at=THURSDAY)) == [[]]


def test_holidays_and_days_off_of_the_state():
    assert holiday_on(date(2026, 12, 25)) == "Hari Raya Natal"
    assert holiday_on(date(2026, 12, 24)) == "Cuti Bersama Hari Raya Natal"
    assert holiday_on(date(2026, 12, 23)) == ""


def test_ramadan_is_the_month_before_idul_fitri():
    # Idul Fitri 2026 was on 21 March; in 2033 there are two.
    assert [in_ramadan(day) for day in (date(2026, 2, 18), date(2026, 2, 19))] == [False, True]
    assert [in_ramadan(day) for day in (date(2026, 3, 20), date(2026, 3, 21))] == [True, False]
    assert in_ramadan(date(2032, 12, 20))
    assert in_ramadan(date(2033, 12, 1))


def test_the_office_names_a_day_and_takes_a_holiday_away(klaten):
    christmas = datetime(2026, 12, 25, 2, 0, tzinfo=UTC)
    event = make_event(klaten, starts_at=christmas, minutes=3 * 24 * 60)
    assert len(told(event)[0]) == 1
    LocalDay.objects.create(
        district=klaten, day=date(2026, 12, 25), label="Masuk", is_ordinary=True
    )
    LocalDay.objects.create(district=klaten, day=date(2026, 12, 27), label="Hari jadi")
    LocalDay.objects.create(
        district=make_district("lebak"), day=date(2026, 12, 26), label="Bukan sini"
    )
    assert told(event) == [["Hari jadi"]]


@pytest.mark.parametrize("number", [1, 3, 200])
def test_a_series_costs_the_same_queries(klaten, number):
    group = Organisation.objects.create(district=klaten, name="PKK Melati", kind="pkk")
    speaker = Company(speakers=[{"name": "Bidan"}])
    series = f"FREQ=DAILY;COUNT={number}"
    make_event(klaten, organiser=group, starts_at=THURSDAY, rrule=series, company=speaker)
    event = make_event(klaten, organiser=group, starts_at=THURSDAY, rrule=series, company=speaker)
    rows = list(Occurrence.objects.filter(event=event).select_related("event"))
    hidden = hidden_from(event.proposed_by, frozenset({"kader"}))
    with CaptureQueriesContext(connection) as queries:
        found = warnings_of(rows, district=klaten, hidden=hidden)
    assert (len(found), len(queries)) == (number, 5)
