"""Sheets of a survey that was read before: nobody's is the difference between two looks."""

from datetime import timedelta
from importlib import import_module
from itertools import permutations
from uuid import uuid4

import pytest
from django.apps import apps
from django.utils import timezone

from modules.late_sheets import MOST_LEFT_OUT, _paired, _Read, _There
from modules.models import SurveyAnswer
from modules.models.answers import Phase
from modules.pictures import PICTURES
from modules.results import results_of
from modules.services import runs
from modules.services.answering import answer_survey
from tests.factories.modules import SURVEY_ITEM, make_participant, make_run
from tests.factories.people import make_member
from tests.factories.places import make_district

pytestmark = pytest.mark.django_db
CODES = ["-".join(names) for names in permutations(PICTURES, 3)]
RIGHT, WRONG = 0, 1
SIDES = ("earlier", "later")


@pytest.fixture
def teacher():
    return make_member("guru", make_district("lebak"))


@pytest.fixture
def run(teacher):
    return begin(teacher)


def begin(teacher, **more):
    """A session, or the next part of a course."""
    return make_run(facilitator=teacher, now=timezone.now() - timedelta(hours=1), **more)


def hand_in(run, *values, phase=Phase.BEFORE, codes=(), name="tahu", **others):
    """A sheet of each of these values from a pupil of its own; None skips the question."""
    for number, value in enumerate(values):
        given = {} if value is None else {SURVEY_ITEM[name]: value}
        given |= {SURVEY_ITEM[other]: said for other, said in others.items()}
        outcome = answer_survey(
            run=run,
            participant=make_participant(run, now=timezone.now()),
            key=uuid4(),
            phase=phase,
            given=given,
            pair_code=codes[number] if codes else "",
            now=timezone.now(),
        )
        assert outcome.http == 201


def end(run):
    run.refresh_from_db()
    return runs.close_run(run=run, now=timezone.now())


def again(run):
    run.refresh_from_db()
    return runs.reopen_run(run=run, now=timezone.now())


def told(run, side="earlier", name="tahu"):
    """(how many are right, of how many) on the page of a run, and whether others wait."""
    found = results_of(run, now=timezone.now())
    [one] = [one for one in found.changes if one.item.id == SURVEY_ITEM[name]]
    shown = getattr(one, side)
    numbers = (shown.cell.shown, shown.people.shown) if shown else None
    return numbers, found.late_ones_wait


def may_go_on(run):
    run.asks_after = False
    run.save()
    return run


def test_a_late_sheet_takes_the_place_of_no_other(run):
    """Sheets are numbered by lot: what is late must not be guessed from that."""
    hand_in(run, *[RIGHT] * 12, *[WRONG] * 8)
    end(run)
    before = told(run)
    assert before == (("12", "20"), False)
    for late in range(1, 5):
        hand_in(again(run), RIGHT if late % 2 else WRONG)
        end(run)
        assert told(run) == (before[0], True)
    hand_in(again(run), RIGHT)
    end(run)
    assert told(run) == (("15", "25"), False)


def test_what_was_told_of_late_sheets_stays(run):
    hand_in(run, *[RIGHT] * 10, *[WRONG] * 10)
    end(run)
    for number, shown in ((7, ("17", "27")), (1, ("17", "27")), (4, ("17", "32"))):
        hand_in(again(run), *[RIGHT if number == 7 else WRONG] * number)
        end(run)
        assert told(run)[0] == shown


def test_a_question_that_most_late_ones_skipped_waits_alone(run):
    hand_in(run, *[RIGHT] * 12, *[WRONG] * 8, niat=5)
    end(run)
    hand_in(again(run), RIGHT, *[None] * 4, niat=5)
    end(run)
    assert told(run) == (("12", "20"), True)
    assert told(run, name="niat") == (("25", "25"), True)
    hand_in(again(run), *[WRONG] * 4, niat=5)
    end(run)
    assert told(run) == (("13", "29"), True)


def test_a_session_that_goes_on_the_next_day_tells_its_second_sheet_whole(run):
    hand_in(run, *[RIGHT] * 10, *[WRONG] * 10, codes=CODES)
    end(run)
    assert told(run, "later")[0] is None
    hand_in(again(run), *[RIGHT] * 22, phase=Phase.AFTER)
    end(run)
    assert told(run, "later") == (("22", "22"), False)


def test_every_part_of_a_course_says_the_same_of_late_sheets(run, teacher):
    first = may_go_on(run)
    hand_in(first, *[RIGHT] * 12, *[WRONG] * 8)
    end(first)
    second = begin(teacher, continues=first)
    hand_in(second, *[RIGHT] * 12, *[WRONG] * 8, phase=Phase.AFTER)
    end(second)
    assert told(first, "later") == (("12", "20"), False)
    hand_in(again(second), RIGHT, phase=Phase.AFTER)
    # What could be read of it can still be.
    assert told(first, "later") == (("12", "20"), False)
    end(second)
    for page in (first, second):
        assert told(page, "later") == (("12", "20"), True)
    hand_in(again(second), *[WRONG] * 4, phase=Phase.AFTER)
    end(second)
    for page in (first, second):
        assert told(page, "later") == (("13", "25"), False)


@pytest.mark.parametrize(("number", "shown"), [(4, ("12", "20")), (5, ("17", "25"))])
def test_a_small_part_of_a_course_waits_where_another_was_read(run, teacher, number, shown):
    first = may_go_on(run)
    hand_in(first, *[RIGHT] * 12, *[WRONG] * 8)
    end(first)
    second = begin(teacher, continues=first)
    hand_in(second, *[RIGHT] * number)
    end(second)
    for page in (first, second):
        assert told(page) == (shown, number < 5)


def test_pairs_do_not_say_who_was_away_at_the_second_part(run, teacher):
    """Totals of before could be read: the one who is no pair must not be the difference."""
    first = may_go_on(run)
    hand_in(first, *[RIGHT] * 10, *[WRONG] * 10, codes=CODES)
    end(first)
    assert told(first)[0] == ("10", "20")
    second = begin(teacher, continues=first)
    hand_in(second, *[RIGHT] * 19, phase=Phase.AFTER, codes=CODES[1:])
    end(second)
    for page in (first, second):
        found = results_of(page, now=timezone.now())
        assert (found.paired, found.late_ones_wait) == (True, False)
        assert [told(page, side)[0][1] for side in SIDES] == ["15", "15"]


@pytest.mark.parametrize("code", [CODES[17], CODES[0]])
def test_a_late_sheet_makes_no_pair_and_breaks_none(run, code):
    hand_in(run, *[RIGHT] * 10, *[WRONG] * 10, codes=CODES)
    hand_in(run, *[RIGHT] * 9, *[WRONG] * 6, phase=Phase.AFTER, codes=CODES)
    end(run)
    before = [told(run, side)[0] for side in SIDES]
    assert before == [("10", "15"), ("9", "15")]
    hand_in(again(run), WRONG, phase=Phase.AFTER, codes=[code])
    end(run)
    assert [told(run, side) for side in SIDES] == [(one, True) for one in before]


def test_late_pairs_are_told_when_they_are_five(run):
    hand_in(run, *[RIGHT] * 10, *[WRONG] * 10, codes=CODES)
    hand_in(run, *[RIGHT] * 15, phase=Phase.AFTER, codes=CODES)
    end(run)
    for codes, shown in ((CODES[15:19], ("15", "15")), (CODES[19:20], ("15", "20"))):
        hand_in(again(run), *[WRONG] * len(codes), phase=Phase.AFTER, codes=codes)
        end(run)
        assert told(run, "later")[0] == shown


def test_a_sheet_that_comes_as_the_session_ends_is_told_so(run):
    """The request had found it open: what was read meanwhile must not change."""
    stale = runs.ClassRun.objects.get(pk=run.pk)
    pupil = make_participant(run, now=timezone.now())
    end(run)
    outcome = answer_survey(
        run=stale, participant=pupil, key=uuid4(), phase=Phase.BEFORE, given={}, pair_code="",
        now=timezone.now(),
    )  # fmt: skip
    assert (outcome.status, outcome.http) == ("rejected", 410)
    pupil.refresh_from_db()
    assert (pupil.before_at, SurveyAnswer.objects.count()) == (None, 0)


def test_what_the_version_before_showed_stays_and_what_it_hid_waits(run):
    """It counted the sheets of the first end, and took the last of the others for late ones."""
    hand_in(run, *[RIGHT] * 12, *[WRONG] * 8)
    end(run)
    hand_in(again(run), RIGHT, WRONG, RIGHT)
    end(run)
    runs.ClassRun.objects.update(earlier_ends=[], sheets_then=20)
    run.survey_answers.update(sitting=0)
    hidden = set(run.survey_answers.order_by("pk").values_list("pk", flat=True)[20:])
    for _time in range(2):
        import_module("modules.migrations.0008_earlier_ends").write_down(apps, None)
        run.refresh_from_db()
        assert run.earlier_ends == [run.first_ended_at.isoformat()]
        late = run.survey_answers.filter(sitting=1)
        assert set(late.values_list("pk", flat=True)) == hidden
    assert (told(run)[0][1], told(run)[1]) == ("20", True)


def test_later_pairs_come_out_where_sheets_without_a_pair_were_read(run, teacher):
    """In two sittings as many as in one."""
    first = may_go_on(run)
    hand_in(first, *[RIGHT] * 30, codes=CODES)
    end(first)
    second = begin(teacher, continues=first)
    for codes, shown in ((CODES[:19], "19"), (CODES[19:28], "25")):
        hand_in(again(second), *[RIGHT] * len(codes), phase=Phase.AFTER, codes=codes)
        end(second)
        for page in (first, second):
            for side in SIDES:
                assert told(page, side) == ((shown, shown), False)


def test_later_pairs_take_the_place_of_none_that_was_told(run, teacher):
    first = may_go_on(run)
    hand_in(first, *[RIGHT] * 30, codes=CODES)
    end(first)
    second = begin(teacher, continues=first)
    hand_in(second, *[RIGHT] * 12, *[WRONG] * 7, phase=Phase.AFTER, codes=CODES)
    end(second)
    assert told(second, "later") == (("12", "19"), False)
    hand_in(again(second), *[RIGHT] * 9, phase=Phase.AFTER, codes=CODES[19:])
    end(second)
    assert told(second, "later") == (("18", "25"), False)


def test_a_question_that_few_answered_stops_no_pairs(run, teacher):
    """Of it nothing more is told: whoever answered it may be the only one without a pair."""
    first = may_go_on(run)
    hand_in(first, *[RIGHT] * 30, codes=CODES)
    hand_in(first, RIGHT, codes=[CODES[40]], niat=5)
    end(first)
    assert told(first, name="niat")[0] is not None
    second = begin(teacher, continues=first)
    hand_in(second, *[RIGHT] * 30, phase=Phase.AFTER, codes=CODES)
    end(second)
    for page in (first, second):
        found = results_of(page, now=timezone.now())
        assert (found.paired, found.late_ones_wait) == (True, True)
        assert SURVEY_ITEM["niat"] not in {one.item.id for one in found.changes}
        assert [told(page, side)[0] for side in SIDES] == [("26", "26")] * 2


def test_a_question_that_few_answered_stays_as_it_was_told(run):
    hand_in(run, *[RIGHT] * 12, codes=CODES)
    hand_in(run, *[RIGHT] * 2, codes=CODES[12:], niat=5)
    hand_in(run, *[RIGHT] * 14, phase=Phase.AFTER, codes=CODES)
    end(run)
    assert [told(run, name=name)[0][1] for name in ("tahu", "niat")] == ["14", "14"]
    hand_in(again(run), *[RIGHT] * 4, codes=CODES[14:])
    hand_in(run, RIGHT, codes=CODES[18:], niat=5)
    hand_in(run, *[RIGHT] * 5, phase=Phase.AFTER, codes=CODES[14:])
    end(run)
    shown = [told(run, side, name)[0][1] for name in ("tahu", "niat") for side in SIDES]
    assert shown == ["19", "19", "14", "14"]
    assert told(run)[1] is True


class Counted(_Read):
    tried = 0

    def allows(self, *told):
        self.tried += 1
        return super().allows(*told)


def test_where_no_pairs_can_be_told_few_sets_of_them_are_tried():
    """Of five who answered a question one has no pair, and four are the last to be left out."""
    item, there, read = SURVEY_ITEM["niat"], _There(), Counted()
    pairs = [(number, 1000 + number) for number in range(300)]
    answered = {0, 1, 2, 3, 2000}
    keys = [2000, *(before for before, _after in pairs)]
    for key in keys:
        said = {str(item): 5} if key in answered else {}
        there.add([SurveyAnswer(pk=key, phase=Phase.BEFORE, answers=said)])
    asked = [(str(Phase.BEFORE), item)]
    read.add(frozenset(keys), asked[0])
    assert there.without_rare(asked) == asked
    assert _paired(pairs, set(), asked, there, read) == []
    assert read.tried == 1 + MOST_LEFT_OUT
