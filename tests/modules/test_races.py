"""Many at the same instant: one row for one key, one place for one, one answer that counts."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connection

from modules.editions import edition_of
from modules.models import ClassRun, Edition, Participant, Submission, SurveyAnswer, Tally
from modules.services import runs
from modules.services.answering import answer_survey, submit
from modules.services.joining import join
from modules.services.runs import NotNow, go_to, open_run
from modules.services.tallying import tally
from safeguards.models import Fact
from tests.factories.modules import ITEM, NOW, RIGHT, WRONG, make_module, make_participant, make_run

ROUNDS = 3


def at_once(*acts) -> list:
    """Run the acts at the same moment, each on its own connection; return what each returned."""
    barrier = Barrier(len(acts))

    def run(act):
        try:
            barrier.wait(timeout=30)
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def statuses(outcomes) -> list[int]:
    return sorted(outcome.http for outcome in outcomes)


def one_key_joins_once() -> None:
    run = make_run()
    for number in range(ROUNDS):
        key = uuid4()
        outcomes = at_once(*[lambda key=key: join(run=run, key=key, now=NOW)] * 6)
        assert statuses(outcomes) == [200] * 5 + [201]
        assert [outcome.response for outcome in outcomes] == [outcomes[0].response] * 6
        assert run.participants.count() == number + 1


def the_last_place_goes_to_one() -> None:
    run = make_run()
    Participant.objects.bulk_create(
        Participant(run=run, key=uuid4(), nickname=f"Orang {n}", joined_at=NOW)
        for n in range(runs.MOST_PARTICIPANTS - 1)
    )
    outcomes = at_once(*[lambda: join(run=run, key=uuid4(), now=NOW)] * 6)
    assert statuses(outcomes) == [201] + [409] * 5
    assert run.participants.count() == 600
    assert len(set(run.participants.values_list("nickname", flat=True))) == 600


def words_are_drawn_once(monkeypatch) -> None:
    monkeypatch.setattr("modules.nicknames.THINGS", ("Awan", "Rusa"))
    monkeypatch.setattr("modules.nicknames.WAYS", ("Ceria", "Tekun", "Tulus", "Ulet"))
    run = make_run()
    outcomes = at_once(*[lambda: join(run=run, key=uuid4(), now=NOW)] * 8)
    assert statuses(outcomes) == [201] * 8
    assert len({outcome.response["nickname"] for outcome in outcomes}) == 8


def send(run, pupil, given, *, key=None, kind="single"):
    return lambda: submit(
        run=run, participant=pupil, key=key or uuid4(), item=ITEM[kind], given=given, now=NOW
    )


def one_key_answers_once() -> None:
    run = make_run()
    pupil = make_participant(run)
    for kind in ("single", "order"):
        outcomes = at_once(*[send(run, pupil, RIGHT[kind], key=uuid4(), kind=kind)] * 6)
        assert statuses(outcomes) == [200] * 5 + [201]
        assert len({str(outcome.response) for outcome in outcomes}) == 1
    assert Submission.objects.count() == 2


def one_answer_counts() -> None:
    run = make_run()
    for _n in range(ROUNDS):
        pupil = make_participant(run)
        outcomes = at_once(*[send(run, pupil, given["single"]) for given in (RIGHT, WRONG)] * 3)
        assert statuses(outcomes) == [201] + [409] * 5
        assert pupil.submissions.count() == 1


def tries_are_numbered_one_by_one() -> None:
    run = make_run()
    pupil = make_participant(run)
    outcomes = at_once(*[send(run, pupil, RIGHT["likert"], kind="likert")] * 8)
    assert statuses(outcomes) == [201] * 8
    assert sorted(pupil.submissions.values_list("attempt", flat=True)) == list(range(1, 9))


def one_sheet_is_handed_in() -> None:
    run = make_run()
    pupil, key = make_participant(run), uuid4()

    def hand_in(key):
        return lambda: answer_survey(
            run=run, participant=pupil, key=key, phase="sebelum", given={}, pair_code="", now=NOW
        )

    outcomes = at_once(*[hand_in(key)] * 4)
    assert statuses(outcomes) == [200] * 3 + [201]
    assert statuses(at_once(*[hand_in(uuid4()) for _n in range(4)])) == [409] * 4
    assert SurveyAnswer.objects.count() == 1


def one_count_is_kept() -> None:
    run, key = make_run(mode="satu"), uuid4()
    outcomes = at_once(
        *[
            lambda: tally(
                run=run, key=key, phase="kuis", item=ITEM["single"], source="tangan",
                counts={"0": 3}, sequence=1, now=NOW,
            )
        ]
        * 6
    )  # fmt: skip
    assert statuses(outcomes) == [200] * 5 + [201]
    assert Tally.objects.count() == 1


def one_tap_opens_the_door() -> None:
    run = make_run(opened=False)
    seen = [ClassRun.objects.select_related("edition__page").get(pk=run.pk) for _n in range(5)]
    opened = at_once(*[lambda one=one: open_run(run=one, now=NOW) for one in seen])
    assert len({one.code for one in opened}) == 1
    run.refresh_from_db()
    assert (run.code, run.pulse) == (opened[0].code, 1)


def one_tap_goes_on() -> None:
    run = make_run()
    seen = [ClassRun.objects.get(pk=run.pk) for _n in range(5)]

    def tap(one):
        try:
            return go_to(run=one, step=1, now=NOW, seen=0).step
        except NotNow:
            return "moved already"

    assert sorted(map(str, at_once(*[lambda one=one: tap(one) for one in seen]))) == [
        "1",
        *["moved already"] * 4,
    ]
    run.refresh_from_db()
    assert (run.step, run.pulse) == (1, 2)


def one_edition_is_frozen() -> None:
    make_participant(make_run())
    module = make_module()
    assert len(set(at_once(*[lambda: edition_of(module).pk] * 5))) == 1
    assert Edition.objects.filter(page=module).count() == 1


RACES = [
    one_key_joins_once,
    the_last_place_goes_to_one,
    one_key_answers_once,
    one_answer_counts,
    tries_are_numbered_one_by_one,
    one_sheet_is_handed_in,
    one_count_is_kept,
    one_tap_opens_the_door,
    one_tap_goes_on,
    one_edition_is_frozen,
]


@pytest.fixture(autouse=True)
def _patience(settings):
    # Nobody of a test is told to come back: all outcomes are final.
    settings.SAFEGUARDS_FACT_WAIT_SECONDS = 30


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.parametrize("race", RACES)
def test_race(race):
    race()
    assert Fact.objects.exists()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.parametrize("race", RACES)
def test_race_on_postgresql(race):
    race()
    assert Fact.objects.exists()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_words_are_drawn_once_on_postgresql(monkeypatch):
    words_are_drawn_once(monkeypatch)
