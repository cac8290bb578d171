"""Headcounts, organisations, and how names and counts fit together."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from districts.models import Organisation
from events.attendance.frequency import adults_of, by_organisation, reach_of
from events.attendance.organisations import organisations_of
from events.attendance.roll import roll_of
from events.attendance.totals import totals_by_date, totals_of
from events.models import Headcount, OrganisationAttendance
from events.services import headcounting, organisations_attending
from events.services.attending import Source
from events.services.headcounting import Cell
from events.services.organisations_attending import Came
from events.services.planning import Company
from safeguards.models import AuditEntry
from tests.factories.attendance import allow_minors, dates_of, make_date, mark, person, source_of
from tests.factories.events import START
from tests.factories.places import make_district

pytestmark = pytest.mark.django_db


@pytest.fixture
def klaten():
    return make_district("klaten")


@pytest.fixture
def meeting(klaten):
    return make_date(klaten)


def count(occurrence, *cells, **fields):
    fields = {"key": uuid4(), "now": START, "source": Source()} | fields
    return headcounting.count(occurrence=occurrence, cells=[Cell(*c) for c in cells], **fields)


def note(occurrence, label, came, **fields):
    made = {name: fields.pop(name) for name in ("organisation", "represented_by", "people")
            if name in fields}  # fmt: skip
    fields = {"key": uuid4(), "now": START, "source": Source()} | fields
    return organisations_attending.note(
        occurrence=occurrence, told_of=Came(label, came, **made), **fields
    )


def test_the_latest_count_of_each_cell_holds(klaten, meeting):
    source = source_of(klaten)
    key = uuid4()
    first = count(meeting, ("L", "6-12", False, 12), ("P", "6-12", True, 2), key=key)
    assert (first.http, first.response) == (201, {"cells": 2, "total": 14, "applied": True})
    assert count(meeting, ("P", "6-12", True, 2), ("L", "6-12", False, 12), key=key).http == 200
    late = count(meeting, ("L", "6-12", False, 15), source=source, now=START + timedelta(minutes=5))
    early = count(meeting, ("L", "6-12", False, 9), client_time=START + timedelta(minutes=1))
    assert (late.response["total"], early.response["total"]) == (17, 17)
    rows = Headcount.objects.order_by("sex").values_list("sex", "number", "recorded_by")
    assert list(rows) == [("L", 15, source.member.pk), ("P", 2, None)]
    [line] = AuditEntry.objects.filter(verb="headcount.changed")
    assert line.details == {"L_6-12_0": [12, 15]}


@pytest.mark.parametrize(
    "cells",
    [
        [],
        [("X", "6-12", False, 1)],
        [("L", "99", False, 1)],
        [("L", "6-12", False, -1)],
        [("L", "6-12", False, 10_000)],
        [("L", "6-12", False, 2.5)],
        [("L", "6-12", False, True)],
        [("L", "6-12", None, 1)],
        [("L", "6-12", False, 1), ("L", "6-12", False, 2)],
    ],
)
def test_what_is_no_count_is_refused(meeting, cells):
    wrong = count(meeting, *cells)
    assert (wrong.status, wrong.http) == ("rejected", 422)
    assert wrong.reason
    assert not Headcount.objects.exists()


def test_names_and_counts_reconcile_or_say_where_not(klaten, meeting):
    for name in ("Siti", "Ani"):
        mark(meeting, person(name))
    mark(meeting, person("Budi", sex="L"), "terlambat")
    mark(meeting, person("Ida", disability=True, disability_agreed=True), "izin")
    count(meeting, ("P", "6-12", False, 10), ("P", "6-12", True, 1), ("L", "25-59", False, 4))
    told = totals_of(meeting)
    assert (told.number, told.named, told.unnamed, told.children) == (17, 3, 14, 11)
    assert (told.of_sex("P"), told.of_age("25-59"), told.disabled) == (13, 6, 1)
    assert (told.reconciles, told.faults) == (True, [])
    assert told.statuses == {"hadir": 2, "terlambat": 1, "izin": 1}
    count(meeting, ("P", "25-59", False, 1), now=START + timedelta(minutes=1))
    told = totals_of(meeting)
    assert told.reconciles is False
    [fault] = told.faults
    assert "25-59" in fault
    assert ("2" in fault, "1" in fault) == (True, True)
    # Who is on the list came.
    assert told.number == 17


def test_who_was_counted_without_an_age_and_named_with_one_is_one_person(meeting):
    for number in range(15):
        mark(meeting, person(f"Ibu {number}", disability=number < 2, disability_agreed=True))
    mark(meeting, person("Budi", sex="L"))
    count(meeting, ("P", "", False, 17), ("P", "", True, 3))
    told = totals_of(meeting)
    assert (told.number, told.named, told.unnamed) == (21, 16, 5)
    assert (told.of_sex("P"), told.of_age("25-59"), told.of_age("")) == (20, 16, 5)
    assert (told.disabled, told.reconciles) == (3, True)
    # Some of the same group were counted with their age: only the others cover the rest.
    count(meeting, ("P", "25-59", False, 10), now=START + timedelta(minutes=1))
    told = totals_of(meeting)
    assert (told.number, told.unnamed, told.reconciles) == (31, 15, True)
    count(meeting, ("P", "", False, 4), ("P", "", True, 0), now=START + timedelta(minutes=2))
    told = totals_of(meeting)
    assert (told.number, told.unnamed, told.reconciles) == (16, 0, False)
    [fault] = told.faults
    assert ("4" in fault, "5" in fault, "25-59" in fault) == (True, True, False)


def test_a_count_told_live_holds_over_a_clock_that_is_ahead(meeting):
    ahead = START + timedelta(hours=20)
    count(meeting, ("P", "6-12", False, 9), ("L", "6-12", False, 4), client_time=ahead)
    live = count(meeting, ("P", "6-12", False, 7), now=START + timedelta(minutes=1))
    assert (live.response["applied"], live.response["total"]) == (True, 11)
    row = Headcount.objects.get(sex="P")
    assert (row.number, row.told_at) == (7, ahead + timedelta(microseconds=1))
    note(meeting, "Polres", True, client_time=ahead)
    assert note(meeting, "Polres", False).response["applied"] is True
    assert OrganisationAttendance.objects.get().came is False
    # What waited in a queue does not get ahead by that.
    queue = Source(is_queued=True)
    late = count(meeting, ("P", "6-12", False, 1), source=queue)
    assert (late.response["applied"], late.response["total"]) == (False, 11)
    assert note(meeting, "Polres", True, source=queue).response["applied"] is False


def test_a_cell_or_entry_that_changed_since_it_was_seen_is_not_overwritten(meeting):
    count(meeting, ("P", "6-12", False, 9))
    late = {"now": START + timedelta(minutes=1)}
    stale = count(meeting, ("P", "6-12", False, 5), seen={}, **late)
    assert (stale.status, stale.http) == ("rejected", 409)
    seen = {("P", "6-12", False): 9}
    assert count(meeting, ("P", "6-12", False, 5), seen=seen, **late).http == 201
    note(meeting, "Polres", None)
    assert note(meeting, "Polres", True, seen={}, **late).http == 201
    stale = note(meeting, "Polres", False, seen={}, **late)
    assert (stale.status, stale.http) == ("rejected", 409)
    assert (Headcount.objects.get().number, OrganisationAttendance.objects.get().came) == (5, True)


def test_a_count_needs_no_name_and_no_names_need_no_count(meeting):
    assert totals_of(meeting).number == 0
    count(meeting, ("L", "", False, 30))
    assert (totals_of(meeting).number, totals_of(meeting).named) == (30, 0)


def test_totals_of_many_dates_cost_two_queries(klaten):
    made = make_date(klaten, rrule="FREQ=DAILY;COUNT=3")
    dates = dates_of(made.event)
    for row in dates:
        mark(row, person(), now=row.start)
        count(row, ("L", "6-12", False, 3), now=row.start)

    def cost(rows):
        totals_by_date([row.pk for row in rows])
        with CaptureQueriesContext(connection) as caught:
            found = totals_by_date([row.pk for row in rows])
        assert {one.number for one in found.values()} == {4}
        return len(caught)

    assert cost(dates[:1]) == cost(dates) <= 3


def test_organisations_that_were_invited_came_or_sent_somebody(klaten, meeting):
    company = Company(invited=[{"label": "Dinas Pendidikan"}, {"label": "Polres"}])
    rakor = make_date(klaten, kind="rakor", company=company)
    note(rakor, "Polres", True, represented_by="Kanit PPA", people=2)
    note(rakor, "Puskesmas", True)
    note(rakor, "Kodim", None)
    lines = organisations_of(rakor)
    assert [(one.label, bool(one.invited), one.came, one.represented_by) for one in lines] == [
        ("Dinas Pendidikan", True, None, ""),
        ("Polres", True, True, "Kanit PPA"),
        ("Puskesmas", False, True, ""),
    ]
    source = source_of(klaten)
    later = note(rakor, "Polres", False, source=source, now=START + timedelta(minutes=1))
    stale = note(rakor, "Polres", True, client_time=START)
    assert (later.response["applied"], stale.response["applied"]) == (True, False)
    row = OrganisationAttendance.objects.get(label="Polres")
    assert (row.came, row.represented_by, row.people, row.invited.label) == (
        *(False, "", None),
        "Polres",
    )
    changed = AuditEntry.objects.filter(verb="organisation_attendance.changed")
    assert changed.count() == 1
    # Who stood in, or how many: that is a change as well.
    note(rakor, "Puskesmas", True, source=source, now=START + timedelta(minutes=2), people=4)
    assert changed.latest("pk").details["people"] == 4
    told = [(row["label"], row["came_times"]) for row in by_organisation(rakor.event)]
    assert told == [("Polres", 0), ("Puskesmas", 1)]


@pytest.mark.parametrize(
    ("label", "fields"),
    [
        ("", {}),
        ("x" * 161, {}),
        ("Polres", {"represented_by": "Bu Ani 3310054508900003"}),
        ("Polres", {"people": 0}),
        ("Polres", {"organisation": 77_777}),
        ("Polres", {"came": "ya"}),
    ],
)
def test_what_does_not_fit_an_organisation_is_refused(meeting, label, fields):
    wrong = note(meeting, label, fields.pop("came", True), **fields)
    assert (wrong.status, wrong.http) == ("rejected", 422)
    assert not OrganisationAttendance.objects.exists()


def test_nobody_is_counted_before_the_day_before(klaten, meeting):
    early = START - timedelta(days=1, minutes=1)
    assert count(meeting, ("L", "6-12", False, 9), now=early).http == 409
    assert note(meeting, "Polres", True, now=early).http == 409
    assert note(meeting, "Polres", False, now=early).http == 201
    assert count(meeting, ("L", "6-12", False, 9), now=START - timedelta(hours=23)).http == 201
    assert Headcount.objects.get().number == 9


def test_an_organisation_of_another_office_is_unknown(meeting):
    theirs = Organisation.objects.create(
        district=make_district("lebak"), name="Dinas", kind="dinas"
    )
    assert note(meeting, "Dinas", True, organisation=theirs.pk).http == 422


def test_an_organisation_of_the_province_that_was_invited_is_known(klaten):
    theirs = Organisation.objects.create(
        district=make_district("lebak"), name="Dinas Provinsi", kind="dinas"
    )
    company = Company(invited=[{"label": "Dinas Provinsi", "organisation": theirs}])
    rakor = make_date(klaten, kind="rakor", company=company)
    assert note(rakor, "Dinas Provinsi", True, organisation=theirs.pk).http == 201
    assert OrganisationAttendance.objects.get().organisation_id == theirs.pk


def test_the_roll_suggests_who_came_last_time(klaten):
    made = make_date(klaten, rrule="FREQ=WEEKLY;COUNT=3")
    first, second, third = dates_of(made.event)
    siti, ani, budi = person("Siti"), person("Ani"), person("Budi", sex="L")
    mark(first, siti, now=first.start)
    mark(second, siti, now=second.start)
    mark(second, ani, "tidak_hadir", now=second.start)
    mark(second, budi, "terlambat", now=second.start)
    mark(third, budi, now=third.start)
    roll = roll_of(third)
    assert roll.before == second
    assert [(line.participant.name, line.status) for line in roll.lines] == [
        ("Budi", "hadir"),
        ("Siti", ""),
    ]
    assert roll_of(first).before is None
    often = adults_of(made.event)
    assert [(row.name, row.times) for row in often] == [("Budi", 2), ("Siti", 2)]
    reach = reach_of(klaten, date(2026, 3, 1), date(2026, 3, 31))
    assert (reach.visits, reach.persons, reach.returned) == (4, 2, 2)


def test_children_are_not_followed_from_session_to_session(klaten, meeting):
    allow_minors(klaten)
    mark(meeting, person("Budi", sex="L", age_group="13-17", consent="Map 3"))
    assert list(adults_of(meeting.event)) == []
    assert reach_of(klaten, date(2026, 3, 1), date(2026, 3, 31)).visits == 0


def test_a_roll_costs_the_same_at_one_and_three(klaten, meeting):
    def cost():
        with CaptureQueriesContext(connection) as caught:
            roll = roll_of(meeting)
            [line.participant.organisation for line in roll.lines]
        return len(caught), len(roll.lines)

    mark(meeting, person("Ani"))
    at_one = cost()
    for name in ("Ida", "Siti"):
        mark(meeting, person(name))
    at_three = cost()
    assert (at_one[1], at_three[1]) == (1, 3)
    assert at_one[0] == at_three[0]
