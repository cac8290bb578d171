"""What ends: runs whose time is over, the words of their participants, what is deleted."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from modules.models import ClassRun, Participant, Submission, SurveyAnswer, Tally
from modules.services import claiming, runs, tallying
from modules.services.answering import answer_survey, submit
from modules.services.joining import participant_of, token_of
from modules.services.runs import close_run
from modules.services.upkeep import close_overdue, delete_run, forget_participants
from safeguards import registry
from safeguards.models import AuditEntry, Fact
from safeguards.services.persons import erase_person
from safeguards.ticks import registered
from tests.factories.modules import (
    CELLS,
    ITEM,
    NOW,
    RIGHT,
    SURVEY_ITEM,
    make_group,
    make_module,
    make_participant,
    make_run,
)
from tests.factories.people import make_member
from tests.factories.places import make_district

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def test_close_overdue_writes_down_what_is_read_already():
    run, running = make_run(), make_run(make_district("klaten"), now=NOW + HOUR)
    over = NOW + 3 * HOUR
    assert runs.is_over(run, over)
    assert close_overdue(over) == 1
    run.refresh_from_db()
    running.refresh_from_db()
    assert (run.state, run.closed_at) == ("tutup", over)
    assert (running.state, running.closed_at) == ("buka", None)
    assert close_overdue(over) == 0


def test_forget_participants_empties_the_words_after_a_day():
    run, running = make_run(), make_run(make_district("klaten"))
    gone, there = make_participant(run), make_participant(running)
    close_run(run=run, now=NOW)
    assert forget_participants(NOW + 24 * HOUR) == 0
    assert forget_participants(NOW + 24 * HOUR + timedelta(seconds=1)) == 1
    assert forget_participants(NOW + 25 * HOUR) == 0
    row = Participant.objects.get(pk=gone.pk)
    assert (row.nickname, row.token_digest) == ("", "")
    assert participant_of(run=run, token=token_of(gone.key)) is None
    assert Participant.objects.get(pk=there.pk).nickname == there.nickname
    # What the fact of joining said goes with it.
    told = Fact.objects.filter(kind="modules.join").values_list("key", "body", "response")
    kept = {key: (body, response) for key, body, response in told}
    assert kept[gone.key] == (None, None)
    assert kept[there.key][1]["nickname"] == there.nickname
    assert gone.nickname not in str(list(Fact.objects.values()))


def test_the_clock_knows_what_ends():
    assert {"modules.close_overdue", "modules.forget_participants"} <= {
        tick.name for tick in registered()
    }


def test_delete_run_takes_all_that_hangs_on_it_and_leaves_a_trace():
    run, other = make_run(), make_run(make_district("klaten"))
    participant = make_participant(run)
    for one in (run, other):
        who = participant if one is run else make_participant(other)
        submit(
            run=one, participant=who, key=uuid4(), item=ITEM["single"], given=RIGHT["single"],
            now=NOW,
        )  # fmt: skip
        answer_survey(
            run=one, participant=who, key=uuid4(), phase="sebelum", given={}, pair_code="", now=NOW
        )
        tallying.tally(
            run=one, key=uuid4(), phase="kuis", item=ITEM["single"], source="tangan",
            counts={"0": 7}, sequence=1, now=NOW,
        )  # fmt: skip
    actor, pk = run.facilitator, run.pk
    delete_run(run=run, actor=actor)
    assert list(ClassRun.objects.all()) == [other]
    for model in (Participant, Submission, SurveyAnswer, Tally):
        assert list(model.objects.values_list("run", flat=True)) == [other.pk]
    trace = AuditEntry.objects.get(verb="run.deleted")
    assert (trace.actor_id, trace.object_id) == (actor.pk, str(pk))
    kinds = {"modules.run", "modules.join", "modules.submission", "modules.survey", "modules.tally"}
    silent = Fact.objects.filter(body__isnull=True, response__isnull=True)
    for site, facts in ((run.district.site, silent), (other.district.site, Fact.objects)):
        there = Fact.objects.filter(site=site)
        assert {fact.kind for fact in there} == kinds
        assert set(facts.filter(site=site)) == set(there)
    assert not silent.filter(site=other.district.site).exists()


def test_what_is_told_again_of_a_deleted_run_is_a_repeat():
    run = make_run()
    participant, key = make_participant(run), uuid4()
    sheet = {"run": run, "participant": participant, "key": key, "phase": "sebelum", "now": NOW}
    sheet |= {"given": {SURVEY_ITEM["tahu"]: 0}, "pair_code": ""}
    answer_survey(**sheet)
    plan = {
        "district": run.district, "facilitator": run.facilitator, "key": run.key, "now": NOW,
        "module": run.edition.page, "mode": run.mode, "cells": CELLS, "group_label": "8B",
    }  # fmt: skip
    gone = ClassRun.objects.select_related("district__site").get(pk=run.pk)
    delete_run(run=gone, actor=run.facilitator)
    for again in (answer_survey(**sheet), runs.plan_run(**plan)):
        assert (again.status, again.http, again.response) == ("already", 200, {})
    other = runs.plan_run(**plan | {"group_label": "8C"})
    assert (other.status, other.http) == ("conflict", 422)
    assert (ClassRun.objects.count(), SurveyAnswer.objects.count()) == (0, 0)


def test_counts_of_a_device_are_not_taken_over_again_after_their_session_was_deleted():
    module = make_module()
    district = make_district("lebak")
    teacher = make_member("guru", district)
    device = claiming.Kept(uuid4(), module.slug, "8B", NOW, list(CELLS), [])
    told = {"district": district, "facilitator": teacher, "module": module, "kept": device}
    delete_run(run=claiming.claim(**told, now=NOW).run, actor=teacher)
    again = claiming.claim(**told, now=NOW)
    assert (again.run, again.outcome.status, again.outcome.http) == (None, "rejected", 410)
    assert ClassRun.objects.count() == 0


def test_delete_run_asks_as_often_for_many_sheets_as_for_one():
    counted = []
    for number in (1, 9):
        run = make_run()
        for _n in range(number):
            answer_survey(
                run=run, participant=make_participant(run), key=uuid4(), phase="sebelum", given={},
                pair_code="", now=NOW,
            )  # fmt: skip
        with CaptureQueriesContext(connection) as seen:
            delete_run(run=run, actor=run.facilitator)
        counted.append(len(seen))
    assert counted[0] == counted[1]


def test_runs_survive_the_erasure_of_who_held_them():
    run = make_run()
    make_group(run.district, run.facilitator)
    erase_person(run.facilitator, now=NOW)
    run.refresh_from_db()
    assert run.facilitator is None
    assert run.counts.count() == 3


def test_nothing_personal_is_unregistered():
    assert [name for name in registry.unregistered() if name.startswith("modules.")] == []
    assert [fault for fault in registry.faults() if fault.startswith("modules.")] == []
