"""A session that is opened again: nobody's answer is the difference between two looks."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from modules.late import counted_sheets
from modules.models import Submission, SurveyAnswer
from modules.models.answers import Phase
from modules.results import results_of
from modules.services import runs
from tests.factories.modules import ITEM, SURVEY_ITEM, make_group, make_participant, make_run
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


def answers(run, kind, choice):
    now = timezone.now()
    Submission.objects.create(
        run=run,
        participant=make_participant(run, now=now),
        key=uuid4(),
        item=ITEM[kind],
        answer={"choice": choice},
        is_right=choice == 0,
        points=float(choice == 0),
        at=now,
    )


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


def test_late_ones_are_added_five_at_a_time(run, teacher):
    run = reopened(run)
    before = bars(run)
    for number in range(1, 12):
        answers(run, "single", 0)
        counted = number // 5 * 5
        assert bars(run) == ([str(8 + counted), "6", "0"] if counted else before)
        assert results_of(run).late_ones_wait == (number % 5 > 0)
    run = runs.close_run(run=run, now=timezone.now())
    page = text(teacher.get(f"/ruang/kelas/{run.pk}/hasil/"))
    assert "Kurang dari lima" in page


def test_so_are_late_sheets(run):
    def hand_in(number):
        for _n in range(number):
            SurveyAnswer.objects.create(
                run=run, series=run.series, key=uuid4(), phase=Phase.BEFORE,
                answers={str(SURVEY_ITEM["tahu"]): 0}, day=timezone.localdate(),
            )  # fmt: skip

    hand_in(12)
    run = reopened(run)
    for number, told in ((1, 12), (3, 12), (1, 17), (4, 17), (1, 22)):
        hand_in(number)
        sheets, wait = counted_sheets(run, list(run.survey_answers.all()))
        assert (len(sheets), wait) == (told, run.survey_answers.count() > told)


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
