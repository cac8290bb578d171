"""The survey: once before and once after, and kept apart from whoever answered it."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.forms.models import model_to_dict

from modules.models import Participant, SurveyAnswer
from modules.services import answering, runs
from modules.services.answering import answer_survey, in_order, submit, survey_order
from safeguards.models import Fact
from tests.factories.modules import (
    ITEM,
    NOW,
    RIGHT,
    SURVEY_ITEM,
    make_module,
    make_participant,
    make_run,
)
from tests.factories.people import make_member
from tests.factories.places import make_district

pytestmark = pytest.mark.django_db
SHEET = {SURVEY_ITEM["tahu"]: 0, SURVEY_ITEM["sikap"]: 2, SURVEY_ITEM["niat"]: 5}
PAIR = "awan-bola-ikan"


@pytest.fixture
def run(db):
    return make_run()


@pytest.fixture
def pupil(run):
    return make_participant(run)


def hand_in(run, pupil, *, phase="sebelum", given=None, key=None, pair_code=PAIR, now=NOW):
    return answer_survey(
        run=run,
        participant=pupil,
        key=key or uuid4(),
        phase=phase,
        given=SHEET if given is None else given,
        pair_code=pair_code,
        now=now,
    )


def test_answer_survey_once_per_key(run, pupil):
    key = uuid4()
    first, again = hand_in(run, pupil, key=key), hand_in(run, pupil, key=key)
    assert (first.http, again.http) == (201, 200)
    assert first.response == again.response == {"phase": "sebelum"}
    sheet = SurveyAnswer.objects.get()
    assert sheet.answers == {str(item): value for item, value in SHEET.items()}
    assert (sheet.phase, sheet.pair_code, sheet.series) == ("sebelum", PAIR, run.series)
    other = hand_in(run, pupil, key=key, given={SURVEY_ITEM["niat"]: 1})
    assert (other.status, other.http) == ("conflict", 422)
    assert SurveyAnswer.objects.count() == 1


def test_answer_survey_once_before_and_once_after(run, pupil):
    assert [hand_in(run, pupil, phase=phase).http for phase in ("sebelum", "sesudah")] == [201, 201]
    again = [hand_in(run, pupil, phase=phase) for phase in ("sebelum", "sesudah")]
    assert [(one.status, one.http) for one in again] == [("rejected", 409)] * 2
    assert SurveyAnswer.objects.count() == 2


@pytest.mark.parametrize(
    "given",
    [
        {UUID(int=7): 1},
        {ITEM["single"]: 0},
        {SURVEY_ITEM["tahu"]: 2},
        {SURVEY_ITEM["tahu"]: None},
        {SURVEY_ITEM["sikap"]: 0},
        {SURVEY_ITEM["sikap"]: 6},
        {SURVEY_ITEM["sikap"]: "4"},
        {SURVEY_ITEM["sikap"]: {"value": 4}},
    ],
)
def test_answer_survey_refuses_what_does_not_fit(run, pupil, given):
    refused = hand_in(run, pupil, given=given)
    assert (refused.status, refused.http) == ("rejected", 422)
    pupil.refresh_from_db()
    assert pupil.before_at is None
    assert not SurveyAnswer.objects.exists()


@pytest.mark.parametrize("pair_code", ["Siti 2012", "awan-awan-bola", "awan", "awan-bola-ibu"])
def test_answer_survey_takes_no_pair_code_but_pictures(run, pupil, pair_code):
    assert hand_in(run, pupil, pair_code=pair_code).http == 422
    assert hand_in(run, pupil, pair_code="").http == 201


@pytest.mark.parametrize("phase", ["", "tengah", "kuis"])
def test_answer_survey_knows_two_phases(run, pupil, phase):
    assert hand_in(run, pupil, phase=phase).http == 422


def test_answer_survey_is_asked_where_the_course_has_it():
    run = make_run(module=make_module(lessons=2), lessons=[0])
    pupil = make_participant(run)
    assert hand_in(run, pupil, phase="sesudah").http == 422
    assert hand_in(run, pupil, phase="sebelum").http == 201


def test_a_sheet_may_be_empty_and_comes_late_only_as_a_repeat(run, pupil):
    key, late = uuid4(), NOW + timedelta(hours=3)
    assert hand_in(run, pupil, key=key, given={}, pair_code="").http == 201
    assert hand_in(run, pupil, key=key, given={}, pair_code="", now=late).http == 200
    assert hand_in(run, pupil, phase="sesudah", now=late).http == 410


def test_half_of_the_devices_get_the_questions_the_other_way_round(run):
    pupils = [Participant(run=run, key=uuid4()) for _n in range(200)]
    orders = [survey_order(pupil) for pupil in pupils]
    assert 60 < orders.count("A") < 140
    assert orders == [survey_order(pupil) for pupil in pupils]
    assert in_order((1, 2, 3), "B") == [3, 2, 1]
    assert in_order((1, 2, 3), "A") == [1, 2, 3]


def test_who_is_not_in_the_run_hands_in_nothing(run, pupil):
    for other in (make_run(run.district), make_run(make_district("klaten"))):
        assert hand_in(other, pupil).http == 403
    actor = make_member("guru", run.district)
    runs.remove_participant(run=run, participant=pupil.pk, actor=actor, now=NOW)
    pupil.refresh_from_db()
    assert hand_in(run, pupil).http == 403
    assert not SurveyAnswer.objects.exists()


def test_a_sheet_has_no_column_of_a_person_and_no_minute():
    names = {field.name for field in SurveyAnswer._meta.get_fields()}
    assert names == {
        *("id", "run", "series", "key", "phase", "order", "pair_code", "answers", "day", "sitting"),
    }


def test_the_day_a_sheet_came_is_that_of_the_wall_clock(run, pupil):
    hand_in(run, pupil)
    pupil.refresh_from_db()
    sheet, fact = SurveyAnswer.objects.get(), Fact.objects.get(kind=answering.SURVEY_KIND)
    midnight = "2026-08-02T17:00:00+00:00"
    assert str(sheet.day) == "2026-08-03"
    assert (pupil.before_at.isoformat(), fact.server_time.isoformat()) == (midnight, midnight)


def test_what_is_stored_does_not_say_who_answered():
    """Every value of a sheet and its fact, looked for in everything else that is stored."""
    run = make_run()
    pupils = [make_participant(run, now=NOW + timedelta(seconds=n)) for n in range(12)]
    keys = {}
    for number, pupil in enumerate(pupils):
        now = NOW + timedelta(minutes=5, seconds=number)
        submit(
            run=run,
            participant=pupil,
            key=uuid4(),
            item=ITEM["true_false"],
            given=RIGHT["true_false"],
            now=now,
            client_time=now - timedelta(seconds=number),
        )
        keys[pupil.pk] = uuid4()
        hand_in(
            run, pupil, key=keys[pupil.pk], given={SURVEY_ITEM["sikap"]: 1 + number % 5}, now=now
        )
    sheets = list(SurveyAnswer.objects.all())
    facts = list(Fact.objects.filter(kind=answering.SURVEY_KIND))
    assert len(sheets) == len(facts) == 12
    # The key that a device made leads to its fact, and from there to no sheet.
    assert {fact.key for fact in facts} == set(keys.values())
    assert not {sheet.key for sheet in sheets} & set(keys.values())
    told = [model_to_dict(fact, exclude=["id", "key", "body_hash", "body"]) for fact in facts]
    assert [one for one in told if one != told[0]] == []
    for fact in facts:
        assert (fact.client_time, fact.skew_seconds, fact.skewed) == (None, None, False)
        assert set(fact.body) == {"run", "phase", "sheet"}
        assert fact.subjects.count() == 0
    # Rows that lie in no order: sheets by their number tell not who came first.
    numbers = [sheet.pk for sheet in sorted(sheets, key=lambda sheet: keys_order(sheet, keys))]
    assert numbers != sorted(numbers)
    rows = Participant.objects.values("before_at", "after_at").distinct()
    assert list(rows) == [{"before_at": facts[0].server_time, "after_at": None}]


def keys_order(sheet, keys) -> int:
    """The place at which this sheet came; we know the keys, which are stored nowhere with it."""
    made = [answering._sheet_key(key) for key in keys.values()]
    return made.index(sheet.key)
