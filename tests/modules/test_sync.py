"""Answers and counts of a class that arrive in a batch of the facilitator's device."""

from uuid import uuid4

import pytest

from modules.models import Submission, Tally
from modules.services.joining import token_of
from safeguards import sync
from safeguards.sync import Teller, Told
from tests.factories.modules import ITEM, NOW, RIGHT, make_participant, make_run
from tests.factories.people import make_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def run():
    return make_run()


@pytest.fixture
def teller(run):
    return Teller(site=run.district.site_id, member=run.facilitator)


def told(kind, body):
    return Told(kind, uuid4(), body, NOW, NOW)


def answer(run, participant, /, **changed):
    body = {"run": run.pk, "token": token_of(participant.key), "item": str(ITEM["single"])}
    return told("kelas-jawab", body | {"answer": RIGHT["single"]} | changed)


def counted(run, /, **changed):
    body = {"run": run.pk, "phase": "kuis", "item": str(ITEM["single"]), "source": "tangan"}
    return told("kelas-hitung", body | {"counts": {"0": 7}, "sequence": 1} | changed)


def statuses(facts, teller):
    return [(one.status, one.http) for one in sync.judge(facts, teller)]


def test_answers_and_counts_are_recorded_once(run, teller):
    pupil = make_participant(run)
    batch = [answer(run, pupil), counted(run)]
    assert statuses(batch, teller) == [("created", 201)] * 2
    assert statuses(batch, teller) == [("already", 200)] * 2
    assert (Submission.objects.get().participant, Tally.objects.get().counts["0"]) == (pupil, 7)


def test_what_does_not_fit_is_refused_one_by_one(run, teller):
    pupil = make_participant(run)
    batch = [
        answer(run, pupil, token="x"),
        answer(run, pupil, item="x"),
        answer(run, pupil, answer={"choice": 99}),
        answer(run, pupil, run=77_777),
        answer(run, pupil, run=True),
        counted(run, counts=[7]),
        counted(run, sequence=2**40),
        counted(run, counts={"0": -1}),
        counted(run),
    ]
    assert statuses(batch, teller) == [
        ("rejected", 404),
        ("rejected", 422),
        ("rejected", 422),
        ("rejected", 404),
        *[("rejected", 422)] * 4,
        ("created", 201),
    ]
    assert not Submission.objects.exists()


def test_anothers_run_is_as_if_there_were_none(run):
    other = Teller(site=run.district.site_id, member=make_member("guru", run.district))
    assert statuses([counted(run)], other) == [("rejected", 404)]
    assert not Tally.objects.exists()
