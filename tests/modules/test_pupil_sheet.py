"""The survey before and after on a pupil's phone: once, whole or in part, and nobody's."""

import re
from uuid import UUID, uuid4

import pytest
from django.utils import timezone, translation

from modules.agenda import Kind
from modules.models import Participant, SurveyAnswer
from modules.services import runs
from tests.factories.modules import SURVEY_ITEM, make_run
from tests.factories.places import make_district
from tests.factories.pupils import joined_phone, show, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def run():
    return make_run(make_district("lebak"), now=timezone.now())


@pytest.fixture
def phone(run):
    return joined_phone(run)


def fill(phase, **more):
    return {
        "key": str(uuid4()),
        "fase": phase,
        f"s-{SURVEY_ITEM['tahu']}": "0",
        f"s-{SURVEY_ITEM['sikap']}": "2",
        "gambar-1": "ikan",
        "gambar-2": "daun",
        "gambar-3": "bola",
    } | more


def test_a_sheet_is_kept_once_and_apart_from_who_filled_it(phone, run):
    show(run, Kind.BEFORE)
    sent = fill("sebelum")
    for _time in range(2):
        response = phone.post(f"/gabung/{run.code}/jawab/", sent)
        assert (response.status_code, response["Location"]) == (303, f"/gabung/{run.code}/#kelas")
    row = SurveyAnswer.objects.get()
    assert (row.phase, row.pair_code) == ("sebelum", "ikan-daun-bola")
    assert row.answers == {str(SURVEY_ITEM["tahu"]): 0, str(SURVEY_ITEM["sikap"]): 2}
    participant = Participant.objects.get()
    assert str(participant.key) not in sent["key"]
    page = text(phone.get(f"/gabung/{run.code}/"))
    assert "<form" not in page.split('id="kelas"')[1].split("</main>")[0]


@pytest.mark.parametrize(
    ("more", "kept"),
    [
        ({"gambar-3": ""}, True),
        ({"gambar-3": "ikan"}, True),
        ({"gambar-3": "harimau"}, True),
        ({f"s-{SURVEY_ITEM['sikap']}": "9"}, False),
        ({f"s-{uuid4()}": "1"}, True),
    ],
)
def test_a_sheet_that_does_not_fit_comes_back_as_it_was(phone, run, more, kept):
    show(run, Kind.BEFORE)
    response = phone.post(f"/gabung/{run.code}/jawab/", fill("sebelum", **more))
    assert response.status_code == 422
    assert 'role="alert"' in text(response)
    picked = re.findall(r'value="(\w+)" checked', text(response))
    assert "ikan" in picked
    assert ("2" in picked) is kept
    assert SurveyAnswer.objects.count() == 0


@pytest.mark.parametrize("point", [Kind.BEFORE, Kind.AFTER])
def test_who_picked_one_picture_twice_hears_why_and_may_pick_none(phone, run, point):
    show(run, point)
    sent = fill(str(point), **{"gambar-2": "ikan"})
    with translation.override("en"):
        page = text(phone.post(f"/gabung/{run.code}/jawab/", sent))
        said = re.search(r'role="alert".*?</p>', page, re.S)[0]
    assert ("different" in said, "berbeda" in said).count(True) == 1
    # Each row can be emptied again, without a script.
    none = re.findall(
        r'<label class="pupil-none"><input type="radio" name="([\w-]+)" value="">', page
    )
    assert none == ["gambar-1", "gambar-2", "gambar-3"]
    sent |= dict.fromkeys(none, "")
    assert phone.post(f"/gabung/{run.code}/jawab/", sent).status_code == 303
    sheet = SurveyAnswer.objects.get()
    assert (sheet.pair_code, len(sheet.answers)) == ("", 2)


def test_none_of_the_pictures_stays_chosen_on_a_sheet_that_comes_back(phone, run):
    show(run, Kind.BEFORE)
    assert 'value="" checked' not in text(phone.get(f"/gabung/{run.code}/"))
    response = phone.post(f"/gabung/{run.code}/jawab/", fill("sebelum", **{"gambar-2": ""}))
    assert response.status_code == 422
    assert re.findall(r'name="([\w-]+)" value="" checked', text(response)) == ["gambar-2"]


def test_a_sheet_may_be_skipped_whole(phone, run):
    show(run, Kind.AFTER)
    sent = fill("sesudah", lewati="1")
    assert phone.post(f"/gabung/{run.code}/jawab/", sent).status_code == 303
    row = SurveyAnswer.objects.get()
    assert (row.answers, row.pair_code, row.phase) == ({}, "", "sesudah")


def test_a_second_sheet_is_refused(phone, run):
    show(run, Kind.BEFORE)
    phone.post(f"/gabung/{run.code}/jawab/", fill("sebelum"))
    response = phone.post(f"/gabung/{run.code}/jawab/", fill("sebelum"))
    assert response.status_code == 409
    assert 'role="alert"' in text(response)
    assert SurveyAnswer.objects.count() == 1


def test_a_late_sheet_is_told_and_still_there(phone, run):
    show(run, Kind.AFTER)
    runs.close_run(run=run, now=timezone.now())
    response = phone.post(f"/gabung/{run.code}/jawab/", fill("sesudah"))
    assert response.status_code == 410
    picked = re.findall(r'value="(\w+)" checked', text(response))
    assert {"ikan", "daun", "bola", "0", "2"} <= set(picked)
    assert SurveyAnswer.objects.count() == 0


@pytest.mark.parametrize("phase", ["", "tengah", "kuis"])
def test_a_sheet_of_no_phase_is_refused(phone, run, phase):
    show(run, Kind.BEFORE)
    response = phone.post(f"/gabung/{run.code}/jawab/", fill(phase))
    assert response.status_code == 422
    assert SurveyAnswer.objects.count() == 0


@pytest.mark.parametrize("point", [Kind.BEFORE, Kind.AFTER])
def test_every_survey_question_has_a_way_to_help_beside_it(phone, run, point):
    show(run, point)
    page = text(phone.get(f"/gabung/{run.code}/"))
    sections = {
        name: re.search(rf'<section[^>]*aria-labelledby="soal-{item}".*?</section>', page, re.S)[0]
        for name, item in SURVEY_ITEM.items()
    }
    assert {name: one.count('href="/bantuan/"') for name, one in sections.items()} == {
        "tahu": 1, "sikap": 1, "niat": 1,
    }  # fmt: skip


def test_keys_of_forms_are_different_each_time(phone, run):
    show(run, Kind.BEFORE)
    keys = {
        re.search(r'name="key" value="([^"]+)"', text(phone.get(f"/gabung/{run.code}/")))[1]
        for _n in range(3)
    }
    assert len(keys) == 3
    assert {UUID(key).version for key in keys} == {4}
