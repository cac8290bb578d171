"""Answers of pupils: once, told without the key, and never lost where they can't be kept."""

import re
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.utils import timezone

from modules.models import Submission
from modules.services import runs
from tests.factories.modules import ITEM, make_module, make_run
from tests.factories.places import make_district, national
from tests.factories.pupils import RIGHT, WRONG, answer, asked, joined_phone, show, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def run():
    return make_run(make_district("lebak"), now=timezone.now())


@pytest.fixture
def phone(run):
    return joined_phone(run)


@pytest.mark.parametrize("kind", RIGHT)
def test_a_right_answer_is_kept_once_and_told(phone, run, kind):
    show(run, kind)
    key = uuid4()
    for _time in range(2):
        response = answer(phone, run, kind, RIGHT[kind], key)
        assert response.status_code == 303
        assert response["Location"] == f"/gabung/{run.code}/#tanya-{ITEM[kind]}"
    row = Submission.objects.get()
    assert (row.item, row.key, row.is_right) == (
        ITEM[kind],
        key,
        None if kind == "likert" else True,
    )
    told = asked(text(phone.get(f"/gabung/{run.code}/")), kind)
    assert 'class="pupil-told"' in told
    assert "<form" not in told


@pytest.mark.parametrize("kind", WRONG)
def test_a_wrong_answer_is_told_without_the_right_one(phone, run, kind):
    show(run, kind)
    assert answer(phone, run, kind, WRONG[kind]).status_code == 303
    row = Submission.objects.get()
    assert row.is_right is False
    told = asked(text(phone.get(f"/gabung/{run.code}/")), kind)
    assert 'class="pupil-told"' in told
    # What is scored counts once; a self-check may be tried again.
    assert ("<form" in told) is (kind in {"true_false", "order"})
    assert f"Penjelasan {kind}" not in told
    assert "Umpan balik: Tepat" not in told


@pytest.mark.parametrize("kind", [*RIGHT])
def test_any_question_may_be_skipped(phone, run, kind):
    show(run, kind)
    assert 'name="lewati"' in asked(text(phone.get(f"/gabung/{run.code}/")), kind)
    assert answer(phone, run, kind, {"lewati": "1"}).status_code == 303
    row = Submission.objects.get()
    assert (row.answer, row.is_right, row.points) == ({"skipped": True}, None, 0)


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("single", {}),
        ("single", {"jawaban": "9"}),
        ("single", {"jawaban": "-1"}),
        ("single", {"jawaban": "satu"}),
        ("multiple", {}),
        ("order", {"tempat-0": "1", "tempat-1": "1", "tempat-2": "2"}),
        ("order", {"tempat-0": "1"}),
        ("match", {"tumpukan-0": "1"}),
        ("scenario", {}),
        ("scenario", {"jalan": ["7", "7"], "pilih": "7"}),
        ("likert", {"jawaban": "6"}),
    ],
)
def test_what_is_no_answer_is_said_beside_the_question(phone, run, kind, fields):
    show(run, kind)
    key = uuid4()
    response = answer(phone, run, kind, fields, key)
    assert response.status_code == 422
    question = asked(text(response), kind)
    assert 'role="alert"' in question
    assert f'value="{key}"' in question
    assert Submission.objects.count() == 0


def test_what_was_chosen_is_still_there(phone, run):
    show(run, "order")
    response = answer(phone, run, "match", {"tumpukan-0": "1"})
    assert '<option value="1" selected>Merundung</option>' in asked(text(response), "match")
    response = answer(phone, run, "order", {"tempat-0": "2", "tempat-1": "2"})
    assert asked(text(response), "order").count("<option selected>2</option>") == 2


def test_a_story_is_told_place_by_place_and_kept_at_its_end(phone, run):
    module = make_module(national(), title="Bercabang")
    lesson = module.get_children().first().specific
    raw = list(lesson.steps.raw_data)
    story = raw[1]["value"]["learner"][2]["value"]
    story["scored"] = False
    story["nodes"][1] |= {
        "good": False,
        "ways": [{"text": "Ajak ke guru", "to": "akhir", "feedback": "Bagus."}],
    }
    story["nodes"].append({"name": "akhir", "text": "Guru membantu.", "good": True, "ways": []})
    lesson.steps = raw
    lesson.save_revision().publish()
    own = make_run(run.district, module=module, now=timezone.now())
    phone.post(f"/gabung/{own.code}/", {"key": str(uuid4())})
    show(own, "scenario")
    key = uuid4()
    first = asked(text(phone.get(f"/gabung/{own.code}/")), "scenario")
    assert ("Teman menangis." in first, "Guru membantu." in first) == (True, False)
    middle = answer(phone, own, "scenario", {"pilih": "0"}, key)
    assert middle.status_code == 200
    shown = asked(text(middle), "scenario")
    assert '<input type="hidden" name="jalan" value="0">' in shown
    assert f'value="{key}"' in shown
    assert ("Ia lega." in shown, "Ia bercerita." in shown) == (True, True)
    assert Submission.objects.count() == 0
    end = answer(phone, own, "scenario", {"jalan": "0", "pilih": "0"}, key)
    assert end.status_code == 303
    row = Submission.objects.get()
    assert (row.answer, row.is_right) == ({"ways": [0, 0]}, True)
    assert "Guru membantu." in asked(text(phone.get(f"/gabung/{own.code}/")), "scenario")


def test_a_changed_answer_under_the_same_key_leaves_the_first(phone, run):
    show(run, "true_false")
    key = uuid4()
    answer(phone, run, "true_false", WRONG["true_false"], key)
    response = answer(phone, run, "true_false", RIGHT["true_false"], key)
    assert response.status_code == 422
    shown = asked(text(response), "true_false")
    assert 'role="alert"' in shown
    # The next try has a key of its own, and nothing chosen.
    assert (f'value="{key}"' in shown, " checked" in shown) == (False, False)
    assert Submission.objects.get().answer == {"choice": 0}


def test_a_second_answer_to_what_is_scored_is_refused(phone, run):
    show(run, "single")
    answer(phone, run, "single", WRONG["single"])
    response = answer(phone, run, "single", RIGHT["single"])
    assert response.status_code == 409
    assert 'role="alert"' in asked(text(response), "single")
    assert Submission.objects.get().answer == {"choice": 1}


def test_a_late_answer_is_told_and_still_there(phone, run):
    show(run, "single")
    kept = uuid4()
    answer(phone, run, "true_false", RIGHT["true_false"], kept)
    runs.close_run(run=run, now=timezone.now())
    response = answer(phone, run, "single", RIGHT["single"])
    assert response.status_code == 410
    question = asked(text(response), "single")
    assert ('value="0" checked' in question, "<button" in question) == (True, False)
    # What had arrived before the end is said to have arrived.
    assert answer(phone, run, "true_false", RIGHT["true_false"], kept).status_code == 303
    assert Submission.objects.count() == 1


def test_answers_of_a_clock_three_days_off_are_kept(phone, run):
    show(run, "single")
    for days in (3, -3):
        told = (timezone.now() + timedelta(days=days)).isoformat()
        kind = "single" if days > 0 else "multiple"
        assert answer(phone, run, kind, RIGHT[kind], waktu=told).status_code == 303
    assert answer(phone, run, "true_false", RIGHT["true_false"], waktu="kapan").status_code == 303
    assert Submission.objects.count() == 3


@pytest.mark.parametrize("item", ["", "bukan", str(UUID(int=7)), str(ITEM["short_text"])])
def test_unknown_questions_are_refused(phone, run, item):
    show(run, "single")
    response = answer(phone, run, item, {"jawaban": "0"})
    assert response.status_code == 422
    assert 'role="alert"' in text(response)
    assert Submission.objects.count() == 0


def test_an_answer_without_a_key_is_asked_for_again(phone, run):
    show(run, "single")
    data = {"item": str(ITEM["single"]), "jawaban": "1"}
    response = phone.post(f"/gabung/{run.code}/jawab/", data)
    assert response.status_code == 422
    assert 'value="1" checked' in asked(text(response), "single")


def test_a_megabyte_is_refused_with_the_answer_still_there(phone, run):
    show(run, "single")
    response = answer(phone, run, "single", {"jawaban": "1"}, catatan="a" * 1_000_000)
    assert response.status_code == 413
    assert 'value="1" checked' in asked(text(response), "single")
    assert "aaaa" not in text(response)
    assert Submission.objects.count() == 0


def test_an_answer_of_who_is_not_in_leads_to_the_way_in(run):
    stranger = Client(SERVER_NAME="lebak.localhost")
    response = answer(stranger, run, "single", RIGHT["single"])
    assert response.status_code == 403
    assert 'name="key"' in text(response)
    assert Submission.objects.count() == 0


def test_an_answer_for_another_session_is_none(phone, run):
    other = make_run(run.district, now=timezone.now())
    assert answer(phone, other, "single", RIGHT["single"]).status_code == 403
    assert Submission.objects.count() == 0


def test_the_order_is_by_lot_and_the_same_on_reload(run):
    show(run, "single")
    orders = set()
    for _n in range(12):
        client = joined_phone(run)
        seen = [
            tuple(
                re.findall(
                    r'name="jawaban" value="(\d)"',
                    asked(text(client.get(f"/gabung/{run.code}/")), "single"),
                )
            )
            for _time in range(2)
        ]
        assert seen[0] == seen[1]
        orders.add(seen[0])
    assert len(orders) > 1


def test_a_private_note_has_no_name(phone, run):
    show(run, "short_text")
    note = asked(text(phone.get(f"/gabung/{run.code}/")), "short_text")
    assert re.search(r"<textarea[^>]*>", note)
    assert (" name=" in note, "<form" in note) == (False, False)
    assert note.count('href="/bantuan/"') == 1
    assert "Tulisan ini tidak dibaca siapa pun" in note


@pytest.mark.parametrize("kind", ITEM)
def test_every_question_has_a_way_to_help_beside_it(phone, run, kind):
    show(run, kind)
    assert asked(text(phone.get(f"/gabung/{run.code}/")), kind).count('href="/bantuan/"') == 1


def test_a_late_one_sees_the_present_step_and_what_is_scored_before(phone, run):
    show(run, "likert")
    page = text(phone.get(f"/gabung/{run.code}/"))
    shown = {kind for kind in ITEM if asked(page, kind)}
    assert shown == {"likert", "short_text", "single", "multiple", "match", "scenario"}
    answer(phone, run, "single", RIGHT["single"])
    assert asked(text(phone.get(f"/gabung/{run.code}/")), "single") == ""
