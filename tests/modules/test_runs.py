"""A run from its plan to its end, and what is left of it afterwards."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from modules.agenda import agenda
from modules.codes import read_code
from modules.models import (
    ClassRun,
    Edition,
    LessonPage,
    ModulePage,
)
from modules.services import runs
from modules.services.groups import Cell
from modules.services.joining import join, participant_of, token_of
from modules.services.runs import NotNow, close_run, extend_run, go_to, lock_run, open_run, plan_run
from safeguards.models import Fact
from tests.factories.modules import (
    CELLS,
    NOW,
    make_group,
    make_module,
    make_participant,
    make_run,
)
from tests.factories.people import make_member
from tests.factories.places import make_district

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def plan(db):
    """Plans with the same words each time, unless told otherwise."""
    district = make_district("klaten")
    known = {
        "district": district,
        "facilitator": make_member("guru", district),
        "key": uuid4(),
        "module": make_module(lessons=2),
        "mode": "ponsel",
        "cells": CELLS,
        "group_label": "8B",
        "now": NOW,
    }
    return lambda **changed: plan_run(**known | changed)


def test_plan_run_once_per_key(plan):
    first, again = plan(), plan()
    assert (first.http, again.http) == (201, 200)
    assert first.response == again.response
    run = ClassRun.objects.get()
    assert first.response == {"run": run.pk}
    assert (run.state, run.code, run.pulse, run.lessons) == ("rencana", "", 0, [0, 1])
    assert (run.asks_before, run.asks_after, run.created_at) == (True, True, NOW)
    counted = [Cell(c.sex, c.age_group, c.with_disability, c.number) for c in run.counts.all()]
    assert sorted(map(repr, counted)) == sorted(map(repr, CELLS))


@pytest.mark.parametrize(
    "changed",
    [{"mode": "kertas"}, {"cells": CELLS[:1]}, {"lessons": [0]}, {"group_label": "8C"}],
)
def test_plan_run_keeps_the_first_of_two_under_one_key(plan, changed):
    plan()
    before = ClassRun.objects.values().get()
    other = plan(**changed)
    assert (other.status, other.http) == ("conflict", 422)
    assert ClassRun.objects.values().get() == before


def test_plan_run_repeats_what_it_said_whatever_was_published_since(plan):
    first = plan()
    module = ModulePage.objects.get(alias_of=None)
    module.title = "Judul lain"
    module.save_revision().publish()
    LessonPage.objects.last().unpublish()
    assert plan() == plan()
    assert plan().response == first.response
    assert Edition.objects.count() == 1
    ModulePage.objects.update(withdrawn_at=NOW)
    assert plan().http == 200
    assert plan(key=uuid4()).http == 410


@pytest.mark.parametrize(
    "changed",
    [
        {"cells": []},
        {"cells": [Cell("P", "", False, 10_000)]},
        {"mode": "daring"},
        {"mode": ""},
        {"lessons": []},
        {"lessons": [7, -1]},
        {"group_label": "Siti 3310052511100001"},
    ],
)
def test_plan_run_refuses_what_makes_no_run(plan, changed):
    refused = plan(**changed)
    assert (refused.status, refused.http) == ("rejected", 422)
    assert refused.reason
    assert not ClassRun.objects.exists()
    assert not Fact.objects.exists()


def test_plan_run_takes_no_group_and_no_course_of_another_office(plan):
    lebak = make_district("lebak")
    theirs = make_run(lebak)
    for changed in ({"group": make_group(lebak)}, {"continues": theirs}):
        assert plan(**changed).http == 422
    assert list(ClassRun.objects.all()) == [theirs]


def test_a_course_goes_on_with_its_module_and_its_edition(plan):
    first = ClassRun.objects.get(pk=plan(lessons=[0]).response["run"])
    module = ModulePage.objects.get(alias_of=None)
    module.title = "Judul lain"
    module.save_revision().publish()
    second = ClassRun.objects.get(
        pk=plan(key=uuid4(), lessons=[1], continues=first).response["run"]
    )
    assert (second.series, second.edition) == (first.series, first.edition)
    assert [(run.asks_before, run.asks_after) for run in (first, second)] == [
        (True, False),
        (False, True),
    ]
    other = make_module()
    assert plan(key=uuid4(), module=other, continues=first).http == 422


@pytest.mark.parametrize(
    ("day", "begins", "goes_on"),
    [(date(2026, 8, 2), 410, True), (date(2026, 7, 3), 410, False), (date(2026, 8, 3), 201, True)],
)
def test_a_module_past_its_day_begins_nothing_and_holds_what_was_planned(
    plan, day, begins, goes_on
):
    run = ClassRun.objects.get(pk=plan().response["run"])
    ModulePage.objects.update(review_due=day)
    assert plan(key=uuid4()).http == begins
    run = ClassRun.objects.get(pk=run.pk)
    if goes_on:
        assert open_run(run=run, now=NOW).state == "buka"
        return
    with pytest.raises(NotNow):
        open_run(run=run, now=NOW)
    run.refresh_from_db()
    assert run.state == "rencana"


def test_a_module_that_was_withdrawn_opens_nowhere():
    run = make_run(opened=False)
    ModulePage.objects.update(withdrawn_at=NOW)
    with pytest.raises(NotNow):
        open_run(run=ClassRun.objects.get(pk=run.pk), now=NOW)


def test_a_clock_three_days_off_is_told_and_nothing_is_refused(plan):
    for days in (-3, 3):
        outcome = plan(key=uuid4(), client_time=NOW + timedelta(days=days))
        assert outcome.http == 201
    assert sorted(Fact.objects.values_list("skewed", "skew_seconds")) == [
        (True, -259_200),
        (True, 259_200),
    ]
    assert set(ClassRun.objects.values_list("created_at", flat=True)) == {NOW}


def test_open_run_draws_a_code_and_is_safe_to_repeat():
    run = make_run(opened=False)
    stale = ClassRun.objects.get(pk=run.pk)
    run = open_run(run=run, now=NOW)
    assert (run.state, run.step, run.pulse) == ("buka", 0, 1)
    assert (run.opened_at, run.closes_at) == (NOW, NOW + 3 * HOUR)
    assert read_code(run.code) == run.code
    go_to(run=run, step=2, now=NOW)
    # Somebody tapped twice, and the second tap saw the run as it was before the first.
    again = open_run(run=stale, now=NOW + HOUR)
    stored = ClassRun.objects.get(pk=run.pk)
    assert (again.code, again.state, again.pulse) == (run.code, "buka", 2)
    assert (stored.step, stored.opened_at, stored.code) == (2, NOW, run.code)
    assert open_run(run=stored, now=NOW).pulse == 2


def test_a_code_that_is_taken_is_drawn_again(monkeypatch):
    taken, run = make_run(), make_run(opened=False)
    codes = iter([taken.code, taken.code, "ACDEF3"])
    monkeypatch.setattr(runs, "new_code", lambda: next(codes))
    assert open_run(run=run, now=NOW).code == "ACDEF3"
    taken.refresh_from_db()
    assert taken.code != "ACDEF3"


def test_go_to_moves_one_tap_at_a_time():
    run = make_run()
    last = len(agenda(run)) - 1
    moved = go_to(run=run, step=1, now=NOW, seen=0)
    assert (moved.step, moved.pulse, moved.step_began_at) == (1, 2, NOW)
    with pytest.raises(NotNow):
        go_to(run=run, step=2, now=NOW, seen=0)
    for step in (-1, last + 1, 10_000):
        with pytest.raises(NotNow):
            go_to(run=run, step=step, now=NOW)
    run.refresh_from_db()
    assert (run.step, run.pulse) == (1, 2)
    assert go_to(run=run, step=last, now=NOW).step == last


def test_what_needs_an_open_run_says_so():
    over = NOW + 4 * HOUR
    for run, now in (
        (make_run(opened=False), NOW),
        (close_run(run=make_run(make_district("klaten")), now=NOW), NOW),
        (make_run(make_district("belu")), over),
    ):
        before = ClassRun.objects.filter(pk=run.pk).values().get()
        for act in (
            lambda run=run, now=now: go_to(run=run, step=1, now=now),
            lambda run=run, now=now: lock_run(run=run, locked=True, now=now),
            lambda run=run, now=now: extend_run(run=run, now=now),
        ):
            with pytest.raises(NotNow):
                act()
        assert ClassRun.objects.filter(pk=run.pk).values().get() == before


def test_extend_run_ends_at_twelve_hours():
    run, now = make_run(), NOW
    assert extend_run(run=run, now=now).closes_at == NOW + 3.5 * HOUR
    for _n in range(17):
        run = extend_run(run=run, now=now)
    assert run.closes_at == NOW + 12 * HOUR
    with pytest.raises(NotNow):
        extend_run(run=run, now=now)
    run.refresh_from_db()
    assert run.closes_at == NOW + 12 * HOUR


def test_extend_run_counts_twelve_hours_since_it_was_opened_again():
    run = close_run(run=make_run(), now=NOW + HOUR)
    for late in (NOW + 20 * HOUR, NOW + 44 * HOUR):
        run = runs.reopen_run(run=run, now=late)
        for number in range(2, 25):
            run = extend_run(run=run, now=late)
            assert run.closes_at == late + number * runs.EXTENDED_BY
        with pytest.raises(NotNow):
            extend_run(run=run, now=late)
        run = close_run(run=run, now=late + HOUR)


def test_close_run_keeps_its_first_end():
    run = make_run()
    closed = close_run(run=run, now=NOW + HOUR)
    assert (closed.state, closed.closed_at) == ("tutup", NOW + HOUR)
    assert close_run(run=closed, now=NOW + 2 * HOUR).closed_at == NOW + HOUR


@pytest.mark.parametrize("by_hand", [True, False])
def test_reopen_run_within_a_day_with_the_same_code_and_people(by_hand):
    run = make_run()
    participant = make_participant(run)
    ended = NOW + (HOUR if by_hand else 3 * HOUR)
    if by_hand:
        run = close_run(run=run, now=ended)
    code, late = run.code, ended + 24 * HOUR
    again = runs.reopen_run(run=run, now=late)
    assert (again.state, again.code, again.closed_at) == ("buka", code, None)
    assert again.closes_at == late + runs.EXTENDED_BY
    assert participant_of(run=again, token=token_of(participant.key)) == participant
    assert join(run=again, key=uuid4(), now=late).http == 201
    assert runs.reopen_run(run=again, now=late).pulse == again.pulse


def test_reopen_run_after_a_day_is_too_late():
    run = close_run(run=make_run(), now=NOW)
    with pytest.raises(NotNow):
        runs.reopen_run(run=run, now=NOW + 24 * HOUR + timedelta(seconds=1))
    run.refresh_from_db()
    assert run.state == "tutup"


def test_a_run_that_was_closed_before_it_began_can_be_opened_and_extended():
    run = close_run(run=make_run(opened=False), now=NOW)
    run = runs.reopen_run(run=run, now=NOW + HOUR)
    assert read_code(run.code) == run.code
    assert extend_run(run=run, now=NOW + HOUR).closes_at == NOW + 2 * HOUR
