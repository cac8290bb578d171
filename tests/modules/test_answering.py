"""Answers to questions: told once, judged once, and only by who is in the run."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from modules.models import Participant, Submission
from modules.services import answering, runs
from modules.services.answering import submit, verdict_on
from safeguards.models import Fact
from tests.factories.modules import (
    ITEM,
    NOW,
    RIGHT,
    SURVEY_ITEM,
    WRONG,
    block_id,
    make_module,
    make_participant,
    make_run,
)
from tests.factories.people import make_member
from tests.factories.places import make_district

pytestmark = pytest.mark.django_db
KINDS = sorted(RIGHT)


@pytest.fixture
def run(db):
    return make_run()


@pytest.fixture
def pupil(run):
    return make_participant(run)


def answer(run, pupil, kind="single", *, given=None, key=None, now=NOW, item=None, **more):
    return submit(
        run=run,
        participant=pupil,
        key=key or uuid4(),
        item=item or ITEM[kind],
        given=RIGHT.get(kind) if given is None else given,
        now=now,
        **more,
    )


@pytest.mark.parametrize("kind", KINDS)
def test_submit_once_per_key(run, pupil, kind):
    key = uuid4()
    first, again = (answer(run, pupil, kind, key=key) for _n in range(2))
    assert (first.http, again.http) == (201, 200)
    assert first.response == again.response
    right = None if kind == "likert" else True
    points = 0.0 if kind == "likert" else 1.0
    assert first.response == {
        "item": str(ITEM[kind]),
        "attempt": 1,
        "right": right,
        "points": points,
    }
    row = Submission.objects.get()
    assert (row.answer, row.is_right, row.at) == (RIGHT[kind], right, NOW)
    assert verdict_on(run, row).right is right


@pytest.mark.parametrize("kind", KINDS)
def test_submit_keeps_the_first_of_two_under_one_key(run, pupil, kind):
    key = uuid4()
    answer(run, pupil, kind, key=key)
    other = answer(run, pupil, kind, key=key, given=WRONG[kind])
    assert (other.status, other.http) == ("conflict", 422)
    assert Submission.objects.get().answer == RIGHT[kind]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("given", [{}, [], "x", {"choice": 99}, {"text": "x" * 1_000_000}])
def test_submit_refuses_an_answer_that_does_not_fit(run, pupil, kind, given):
    refused = answer(run, pupil, kind, given=given)
    assert (refused.status, refused.http) == ("rejected", 422)
    assert refused.reason
    assert not Submission.objects.exists()
    assert answer(run, pupil, kind).http == 201


@pytest.mark.parametrize("kind", ["single", "multiple", "match", "scenario"])
def test_what_is_scored_counts_once(run, pupil, kind):
    assert answer(run, pupil, kind, given=WRONG[kind]).http == 201
    refused = answer(run, pupil, kind)
    assert (refused.status, refused.http) == ("rejected", 409)
    row = Submission.objects.get()
    assert (row.answer, row.attempt) == (WRONG[kind], 1)


@pytest.mark.parametrize("kind", ["true_false", "order", "likert"])
def test_a_self_check_may_be_tried_again(run, pupil, kind):
    tries = [answer(run, pupil, kind, given=WRONG[kind]) for _n in range(answering.MOST_ATTEMPTS)]
    assert [one.response["attempt"] for one in tries] == list(range(1, 21))
    assert answer(run, pupil, kind).http == 409
    assert Submission.objects.count() == 20


@pytest.mark.parametrize("kind", KINDS)
def test_every_question_may_be_skipped(run, pupil, kind):
    outcome = answer(run, pupil, kind, given={"skipped": True})
    assert (outcome.http, outcome.response["right"], outcome.response["points"]) == (201, None, 0)
    assert Submission.objects.get().answer == {"skipped": True}


def test_what_is_written_for_oneself_is_kept_nowhere(run, pupil):
    secret = "Rahasiaku yang tidak dibaca siapa pun"
    outcomes = [
        answer(run, pupil, "short_text", given={"text": secret}),
        answer(run, pupil, "short_text", given={"skipped": True, "text": secret}),
        answer(run, pupil, "true_false", given={"choice": 0, "text": secret}),
    ]
    assert [outcome.http for outcome in outcomes] == [422, 422, 201]
    stored = str([*Submission.objects.values(), *Fact.objects.values()])
    assert secret not in stored


def test_an_unknown_question_is_refused(pupil):
    run = pupil.run
    for item in (uuid4(), SURVEY_ITEM["tahu"], block_id("lanjutan 1")):
        refused = answer(run, pupil, item=item, given={"choice": 0})
        assert (refused.status, refused.http) == ("rejected", 422)
    assert not Submission.objects.exists()


def test_a_question_of_a_lesson_that_the_run_does_not_teach_is_refused():
    run = make_run(module=make_module(lessons=2), lessons=[1])
    pupil = make_participant(run)
    assert answer(run, pupil, "single").http == 422
    assert answer(run, pupil, item=block_id("lanjutan 1"), given={"choice": 0}).http == 201


@pytest.mark.parametrize("by_hand", [True, False])
def test_an_answer_that_comes_too_late(run, pupil, by_hand):
    key, late = uuid4(), NOW + timedelta(hours=3)
    answer(run, pupil, key=key)
    if by_hand:
        run, late = runs.close_run(run=run, now=NOW), NOW
    refused = answer(run, pupil, "multiple", now=late)
    assert (refused.status, refused.http) == ("rejected", 410)
    # What arrived in time is told so, however often it is asked.
    assert answer(run, pupil, key=key, now=late).http == 200
    assert answer(run, pupil, key=key, given=WRONG["single"], now=late).http == 422
    assert Submission.objects.count() == 1


def test_who_is_not_in_the_run_answers_nothing(run, pupil):
    other = make_run(run.district)
    theirs = make_run(make_district("klaten"))
    for one in (other, theirs):
        refused = answer(one, pupil)
        assert (refused.status, refused.http) == ("rejected", 403)
    actor = make_member("guru", run.district)
    runs.remove_participant(run=run, participant=pupil.pk, actor=actor, now=NOW)
    pupil.refresh_from_db()
    assert answer(run, pupil).http == 403
    assert not Submission.objects.exists()


@pytest.mark.parametrize("days", [-3, 3])
def test_a_clock_three_days_off_refuses_nothing(run, pupil, days):
    assert answer(run, pupil, client_time=NOW + timedelta(days=days)).http == 201
    fact = Fact.objects.get(kind=answering.KIND)
    assert (fact.skewed, fact.skew_seconds, fact.server_time) == (True, -days * 86_400, NOW)
    assert Submission.objects.get().at == NOW


def test_a_submission_costs_the_same_at_3_and_at_500(run):
    asked = []
    for there in (3, 497):
        Participant.objects.bulk_create(
            Participant(run=run, key=uuid4(), nickname=f"Orang {there} {n}", joined_at=NOW)
            for n in range(there)
        )
        others = list(run.participants.all())
        Submission.objects.bulk_create(
            Submission(
                run=run, participant=one, key=uuid4(), item=ITEM["single"],
                attempt=2 + there, answer={"choice": 0}, at=NOW,
            )
            for one in others
        )  # fmt: skip
        pupil = make_participant(run)
        with CaptureQueriesContext(connection) as seen:
            answer(run, pupil, "multiple")
        asked.append(len(seen))
    # One more on PostgreSQL, which is told how long to wait for a lock.
    assert asked in ([6, 6], [7, 7])
