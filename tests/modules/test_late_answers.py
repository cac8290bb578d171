"""A session that is opened again: nobody's answer is the difference between two looks."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from modules.models import Submission
from modules.results import results_of
from modules.services import runs
from modules.services.answering import submit
from tests.factories.modules import ITEM, make_group, make_participant, make_run
from tests.factories.places import make_district
from tests.factories.planning import client_of
from tests.factories.pupils import answer as sent
from tests.factories.pupils import joined_phone, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def lebak():
    return make_district("lebak")


@pytest.fixture
def teacher(lebak):
    return client_of("guru", lebak)


@pytest.fixture
def run(lebak, teacher):
    now = timezone.now()
    run = make_run(lebak, facilitator=teacher.user, now=now - timedelta(hours=1))
    for number in range(14):
        answers(run, "single", 0 if number < 8 else 1)
    return run


def answers(run, kind, choice, *, participant=None, **more):
    now = timezone.now()
    return Submission.objects.create(
        run=run,
        participant=participant or make_participant(run, now=now),
        key=uuid4(),
        item=ITEM[kind],
        answer={"choice": choice} if choice is not None else {"skipped": True},
        is_right=choice == 0,
        points=float(choice == 0),
        at=now,
        **more,
    ).participant


def bars(run) -> list[str]:
    found = results_of(run, now=timezone.now())
    [one] = [one for one in found.questions if one.item.id == ITEM["single"]]
    return [bar.cell.shown for bar in one.bars if bar.text]


def reopened(run):
    run.refresh_from_db()
    run = runs.close_run(run=run, now=timezone.now())
    return runs.reopen_run(run=run, now=timezone.now())


def test_who_is_sent_out_after_the_figures_were_read_keeps_counting(run, teacher):
    runs.close_run(run=run, now=timezone.now())
    before = bars(run)
    one = run.participants.first()
    # An ended session sends nobody out.
    assert not runs.remove_participant(
        run=run, participant=one.pk, actor=teacher.user, now=timezone.now()
    )
    run = reopened(run)
    assert runs.remove_participant(
        run=run, participant=one.pk, actor=teacher.user, now=timezone.now()
    )
    run = runs.close_run(run=run, now=timezone.now())
    assert bars(run) == before
    assert results_of(run).participants.number == 14


def read(run):
    """What the results say once the session has ended again."""
    run.refresh_from_db()
    runs.close_run(run=run, now=timezone.now())
    return results_of(run, now=timezone.now())


def test_late_ones_are_added_when_they_are_five(run, teacher):
    before = bars(run)
    late = 0
    for number, told in ((1, 0), (3, 0), (1, 5), (4, 5), (2, 11)):
        run = reopened(run)
        for _n in range(number):
            answers(run, "single", 0)
        late += number
        found = read(run)
        assert bars(run) == ([str(8 + told), "6", "0"] if told else before)
        assert (found.participants.number, found.late_ones_wait) == (14 + told, told < late)
    run = reopened(run)
    answers(run, "single", 0)
    read(run)
    page = text(teacher.get(f"/ruang/kelas/{run.pk}/hasil/"))
    assert "fewer than five to a question" in page or "kurang dari lima" in page


def test_no_more_answer_than_took_part(lebak, teacher):
    """One was there from the beginning and answers late, with four who came late."""
    run = make_run(lebak, facilitator=teacher.user, now=timezone.now() - timedelta(hours=1))
    people = [make_participant(run, now=timezone.now()) for _n in range(15)]
    for one in people[:14]:
        answers(run, "single", 0, participant=one)
    assert read(run).participants.number == 15
    run = reopened(run)
    answers(run, "single", 1, participant=people[14])
    for _n in range(4):
        answers(run, "single", 1)
    found = read(run)
    assert (found.questions[0].answered.number, found.participants.number) == (19, 19)


def sent_by(stale, pupil, *, now):
    """The request had found the session open."""
    return submit(
        run=stale, participant=pupil, key=uuid4(), item=ITEM["single"], given={"choice": 0}, now=now
    )


def test_an_answer_that_comes_as_the_session_ends_changes_no_figure(run):
    stale, pupil = type(run).objects.get(pk=run.pk), make_participant(run, now=timezone.now())
    began = timezone.now()
    read(run)
    before = bars(run)
    outcome = sent_by(stale, pupil, now=began)
    assert (outcome.status, outcome.http) == ("rejected", 410)
    assert (bars(run), pupil.submissions.count()) == (before, 0)
    # Where it is opened again meanwhile, the answer is a late one.
    run = reopened(run)
    assert sent_by(stale, pupil, now=began).status == "created"
    found = read(run)
    assert (bars(run), found.late_ones_wait) == (before, True)


def test_figures_of_a_session_that_ends_by_itself_wait_for_what_is_on_its_way(run, teacher):
    shown = []
    for since in (timedelta(seconds=5), timedelta(seconds=15)):
        type(run).objects.update(closes_at=timezone.now() - since)
        shown.append('id="soal"' in text(teacher.get(f"/ruang/kelas/{run.pk}/hasil/")))
    assert shown == [False, True]


def test_who_answers_another_question_makes_no_group_with_them(run):
    before = bars(run)
    run = reopened(run)
    answers(run, "single", 0)
    for _n in range(4):
        answers(run, "true_false", 0)
        answers(run, "single", None)
    found = read(run)
    assert bars(run) == before
    assert [one.answered.number for one in found.questions[:2]] == [14, 0]
    assert (found.participants.number, found.late_ones_wait) == (23, True)
    # Those who skipped come with five who answered.
    run = reopened(run)
    for _n in range(4):
        answers(run, "single", 0)
    found = read(run)
    assert (found.questions[0].answered.number, bars(run)[0]) == (14 + 5 + 4, "13")


def test_who_reaches_the_mark_late_is_told_with_four_others(lebak, teacher):
    run = make_run(lebak, facilitator=teacher.user, now=timezone.now() - timedelta(hours=1))
    people = [make_participant(run, now=timezone.now()) for _n in range(30)]
    for number, one in enumerate(people):
        for kind in ("single", "multiple", "match")[: 3 if number < 12 else 2]:
            answers(run, kind, 0, participant=one)
    assert read(run).passed.exact == 40
    for late, percent in ((people[12:13], 40), (people[13:16], 40), (people[16:17], 57)):
        run = reopened(run)
        for one in late:
            answers(run, "match", 0, participant=one)
        assert read(run).passed.exact == percent


def test_a_first_answer_that_waits_is_no_session_without_answers(lebak, teacher):
    run = make_run(lebak, facilitator=teacher.user, now=timezone.now() - timedelta(hours=1))
    assert read(run).is_empty
    run = reopened(run)
    answers(run, "single", 0)
    found = read(run)
    assert (found.is_empty, found.late_ones_wait) == (False, True)
    assert found.questions[0].answered.number == 0


def test_the_number_of_answers_says_of_nobody_that_they_tried_again(run, teacher):
    def number():
        return re.search(r"<li>(\d+) ", text(teacher.get(f"/ruang/kelas/{run.pk}/hapus/")))[1]

    one = answers(run, "true_false", 1)
    assert number() == "15"
    answers(run, "true_false", 0, participant=one, attempt=2)
    assert number() == "15"


def test_who_comes_back_the_next_morning_is_the_same_one(lebak, monkeypatch):
    run = make_run(lebak, now=timezone.now())
    phone = joined_phone(run)
    sent(phone, run, "single", {"jawaban": "0"})
    runs.close_run(run=run, now=timezone.now())
    run.refresh_from_db()
    later = timezone.now() + timedelta(hours=19)
    monkeypatch.setattr(timezone, "now", lambda: later)
    monkeypatch.setattr("time.time", lambda: later.timestamp())
    run = runs.reopen_run(run=run, now=later)
    page = phone.get(f"/gabung/{run.code}/")
    assert (page.status_code, 'id="kelas"' in text(page)) == (200, True)
    assert run.participants.get().nickname in text(page)


def test_another_group_or_a_finished_course_begins_anew(lebak, teacher):
    first = make_run(lebak, facilitator=teacher.user, now=timezone.now(), group_label="8A")
    first.asks_after = False
    first.save()
    more = {"facilitator": teacher.user, "now": timezone.now(), "opened": False}
    # Its next lesson was planned with it; another group is another course.
    assert make_run(lebak, continues=first, **more).series == first.series
    with pytest.raises(KeyError):
        make_run(lebak, continues=first, **more)
    group = make_group(lebak, teacher.user)
    other = make_run(lebak, facilitator=teacher.user, now=timezone.now(), group=group)
    other.asks_after = False
    other.save()
    with pytest.raises(KeyError):
        make_run(lebak, continues=other, **more)
