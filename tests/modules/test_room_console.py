"""`/ruang/kelas/<pk>/…`: the console, its second screen, its state, and what a tap does."""

import json
import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from modules.agenda import agenda
from modules.models import ClassRun, ModulePage, Participant, Submission, SurveyAnswer
from modules.services import answering, runs
from safeguards.models import AuditEntry
from tests.factories.modules import (
    ITEM,
    RIGHT,
    make_module,
    make_participant,
    make_run,
)
from tests.factories.people import make_member
from tests.factories.places import make_district

pytestmark = pytest.mark.django_db
HOST = {"host": "lebak.localhost"}


@pytest.fixture
def lebak(db):
    return make_district("lebak")


@pytest.fixture
def teacher(lebak):
    return make_member("guru", lebak)


@pytest.fixture
def client(teacher):
    return signed_in(teacher)


@pytest.fixture
def run(lebak, teacher):
    return make_run(lebak, facilitator=teacher, now=timezone.now())


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def address(run, more=""):
    return f"/ruang/kelas/{run.pk}/{more}"


def look(client, run, more=""):
    return client.get(address(run, more), headers=HOST)


def tap(client, run, do, **fields):
    return client.post(address(run, "langkah/"), {"do": do, **fields}, headers=HOST)


def state_of(client, run):
    return look(client, run, "keadaan.json").json()


def fill(run, number):
    """So many people who have joined, without their tokens."""
    now = timezone.now()
    Participant.objects.bulk_create(
        Participant(run=run, key=uuid4(), nickname=f"Awan {n}", joined_at=now)
        for n in range(number)
    )


def answer(run, person, kind):
    return answering.submit(
        run=run,
        participant=person,
        key=uuid4(),
        item=ITEM[kind],
        given=RIGHT[kind],
        now=timezone.now(),
    )


def step_with(run, client, title):
    """Go to the step of this title."""
    page = look(client, run).content.decode()
    number = re.search(rf'<option value="(\d+)"[^>]*>\d+\.\s+{title}', page)[1]
    runs.go_to(run=run, step=int(number), now=timezone.now())
    return int(number)


@pytest.mark.parametrize("more", ["", "keadaan.json", "layar/", "qr.svg"])
def test_only_the_facilitator_finds_a_session(lebak, run, client, more):
    theirs = make_run(lebak, now=timezone.now())
    abroad = make_run(make_district("klaten"), now=timezone.now())
    missing = client.get(f"/ruang/kelas/99999999/{more}", headers=HOST)
    assert look(client, run, more).status_code == 200
    for other in (theirs, abroad):
        found = look(client, other, more)
        assert (found.status_code, found.content) == (404, missing.content)


@pytest.mark.parametrize("more", ["", "keadaan.json", "layar/", "qr.svg"])
def test_other_roles_are_refused_before_a_row_is_looked_for(lebak, run, more):
    client = signed_in(make_member("monev", lebak))
    found, missing = look(client, run, more), client.get(f"/ruang/kelas/9/{more}", headers=HOST)
    assert (found.status_code, missing.status_code) == (403, 403)
    assert found.content == missing.content
    assert Client().get(address(run, more), headers=HOST).status_code == 302


def test_others_cannot_act_on_a_session(lebak, run):
    other = signed_in(make_member("guru", lebak))
    for do in ("next", "close", "remove", "extend"):
        assert tap(other, run, do, seen="0", yes="1", participant="1").status_code == 404
    run.refresh_from_db()
    assert (run.step, run.state) == (0, "buka")


def test_the_state_is_private_and_names_nobody(run, client):
    person = make_participant(run, now=timezone.now())
    response = look(client, run, "keadaan.json")
    assert response["Cache-Control"] == "private, no-store"
    assert person.nickname not in response.content.decode()
    state = response.json()
    assert state["participants"] == 1
    assert (state["step"], state["running"], state["answered"]) == (0, True, {})
    assert set(state) == {
        *("pulse", "running", "step", "participants", "sheets", "answered", "closes_at", "now")
    }


def test_the_state_counts_answers_without_saying_which(run, client):
    people = [make_participant(run, now=timezone.now()) for _n in range(3)]
    step_with(run, client, "Langkah satu")
    pulse = state_of(client, run)["pulse"]
    for person in people[:2]:
        assert answer(run, person, "single").http == 201
    answer(run, people[0], "true_false")
    answer(run, people[0], "true_false")
    state = state_of(client, run)
    assert state["answered"][str(ITEM["single"])] == 2
    assert state["answered"][str(ITEM["true_false"])] == 1
    assert state["answered"][str(ITEM["multiple"])] == 0
    # An answer raises no pulse: 500 of them would wait for one row.
    assert state["pulse"] == pulse
    runs.remove_participant(
        run=run, participant=people[0].pk, actor=run.facilitator, now=timezone.now()
    )
    state = state_of(client, run)
    assert (state["participants"], state["answered"][str(ITEM["single"])]) == (2, 1)


def test_the_state_counts_sheets_of_the_survey(run, client):
    people = [make_participant(run, now=timezone.now()) for _n in range(2)]
    runs.go_to(run=run, step=1, now=timezone.now())
    answering.answer_survey(
        run=run,
        participant=people[0],
        key=uuid4(),
        phase="sebelum",
        given={},
        pair_code="",
        now=timezone.now(),
    )
    assert SurveyAnswer.objects.count() == 1
    assert state_of(client, run)["sheets"] == 1
    assert "<b data-number>1</b>" in look(client, run).content.decode()


def take_part(run, number):
    """So many who have joined, handed in their sheet and answered a question."""
    fill(run, number)
    run.participants.update(before_at=timezone.now())
    Submission.objects.bulk_create(
        Submission(
            run=run,
            participant=person,
            key=uuid4(),
            item=ITEM["single"],
            answer={"choice": 0},
            is_right=True,
            at=timezone.now(),
        )
        for person in run.participants.all()
    )


@pytest.mark.parametrize("step", [0, 1, 2], ids=["waiting", "survey", "questions"])
@pytest.mark.parametrize("more", ["", "keadaan.json", "layar/", "hapus/"])
def test_500_cost_as_many_queries_as_36(run, client, django_assert_num_queries, more, step):
    runs.go_to(run=run, step=step, now=timezone.now())
    take_part(run, 36)
    look(client, run, more)
    with CaptureQueriesContext(connection) as few:
        look(client, run, more)
    Participant.objects.filter(run=run).delete()
    take_part(run, 500)
    with django_assert_num_queries(len(few)):
        response = look(client, run, more)
    assert (response.status_code, "500" in response.content.decode()) == (200, True)


def test_the_state_is_cheap(run, client):
    fill(run, 36)
    step_with(run, client, "Langkah satu")
    look(client, run, "keadaan.json")
    with CaptureQueriesContext(connection) as found:
        look(client, run, "keadaan.json")
    # Session, person, site, membership; the run, the people, the answers.
    assert len(found) <= 8


def test_the_console_shows_where_the_class_is(run, client):
    text = look(client, run).content.decode()
    assert f"{run.code[:3]} {run.code[3:]}" in text
    assert f'src="{address(run, "qr.svg")}"' in text
    assert "lebak.localhost/gabung" in text
    step_with(run, client, "Langkah satu")
    text = look(client, run).content.decode()
    assert re.search(r"<h1>\s*Langkah satu", text)
    assert "Panduan satu." in text
    assert "Halo." in text
    assert 'data-minutes="10"' in text
    assert "Jika anak bercerita" in text
    assert 'id="bercerita"' in text


def test_next_and_back_move_from_what_was_seen(run, client):
    response = tap(client, run, "next", seen="0")
    assert (response.status_code, response["Location"]) == (303, address(run))
    assert tap(client, run, "next", seen="1").status_code == 303
    assert tap(client, run, "back", seen="2").status_code == 303
    run.refresh_from_db()
    assert run.step == 1


def test_a_tap_sent_twice_moves_once_and_says_where_it_is(run, client):
    tap(client, run, "next", seen="0")
    again = tap(client, run, "next", seen="0")
    run.refresh_from_db()
    text = again.content.decode()
    assert (again.status_code, run.step) == (409, 1)
    assert 'id="periksa"' in text
    assert 'name="seen" value="1"' in text


def test_of_two_consoles_the_stale_one_is_told(run, client, teacher):
    other = signed_in(teacher)
    tap(client, run, "go", step="3", seen="0")
    late = tap(other, run, "go", step="1", seen="0")
    run.refresh_from_db()
    assert (late.status_code, run.step) == (409, 3)
    assert 'name="seen" value="3"' in late.content.decode()


@pytest.mark.parametrize(
    ("do", "fields"),
    [
        ("terbang", {}),
        ("", {}),
        ("next", {}),
        ("next", {"seen": "x"}),
        ("next", {"seen": "-1"}),
        ("next", {"seen": "9" * 400}),
        ("go", {"seen": "0"}),
        ("go", {"seen": "0", "step": "٣"}),
        ("remove", {"participant": ""}),
        ("remove", {"participant": "1e3", "yes": "1"}),
    ],
)
def test_a_tap_nobody_sends_changes_nothing(run, client, do, fields):
    response = tap(client, run, do, **fields)
    before = (run.step, run.pulse, run.state)
    run.refresh_from_db()
    assert response.status_code == 400
    assert (run.step, run.pulse, run.state) == before
    assert 'id="periksa"' in response.content.decode()


@pytest.mark.parametrize(
    ("do", "fields"), [("back", {"seen": "0"}), ("go", {"step": "99", "seen": "0"})]
)
def test_there_is_nothing_before_the_first_and_after_the_last(run, client, do, fields):
    response = tap(client, run, do, **fields)
    run.refresh_from_db()
    assert (response.status_code, run.step) == (409, 0)


def test_a_get_of_the_taps_is_refused(run, client):
    assert look(client, run, "langkah/").status_code == 405


def test_no_two_parts_of_the_console_have_the_same_id(run, client):
    told = {}
    for point in agenda(run):
        runs.go_to(run=run, step=point.number, now=timezone.now())
        ids = re.findall(r' id="([^"]+)"', look(client, run).content.decode())
        told[point.kind] = sorted({one for one in ids if ids.count(one) > 1})
    assert "farewell" in told
    assert {kind: ids for kind, ids in told.items() if ids} == {}


def test_the_door_is_locked_and_opened(run, client):
    assert tap(client, run, "lock").status_code == 303
    run.refresh_from_db()
    assert run.locked is True
    assert 'value="unlock"' in look(client, run).content.decode()
    tap(client, run, "unlock")
    run.refresh_from_db()
    assert run.locked is False


def test_more_time_is_told_only_where_it_was_added(run, client):
    full = run.opened_at + runs.OPEN_AT_MOST
    half, less = timedelta(minutes=30), timedelta(minutes=10)
    for before, after, status in (
        (run.closes_at, run.closes_at + half, 303),
        (full - less, full, 303),
        (full, full, 409),
    ):
        ClassRun.objects.filter(pk=run.pk).update(closes_at=before)
        response = tap(client, run, "extend")
        run.refresh_from_db()
        assert (run.closes_at, response.status_code) == (after, status)
        page = (response if status == 409 else look(client, run)).content.decode()
        told = ("Waktu ditambah setengah jam." in page, 'role="alert"' in page)
        assert told == (after - before == half, status == 409)


def test_sending_out_asks_first(run, client):
    person = make_participant(run, now=timezone.now())
    asked = tap(client, run, "remove", participant=person.pk)
    person.refresh_from_db()
    assert (asked.status_code, person.removed_at) == (200, None)
    assert person.nickname in asked.content.decode()
    done = tap(client, run, "remove", participant=person.pk, yes="1")
    person.refresh_from_db()
    assert done.status_code == 303
    assert person.removed_at is not None
    assert 'name="participant"' not in look(client, run).content.decode()
    assert AuditEntry.objects.filter(verb="run.participant_removed").count() == 1


def test_nobody_of_another_session_is_sent_out(lebak, run, client):
    stranger = make_participant(make_run(lebak, now=timezone.now()), now=timezone.now())
    response = tap(client, run, "remove", participant=stranger.pk, yes="1")
    stranger.refresh_from_db()
    assert (response.status_code, stranger.removed_at) == (404, None)


def test_ending_asks_first_and_is_taken_back_within_a_day(run, client):
    assert tap(client, run, "close").status_code == 200
    run.refresh_from_db()
    assert run.state == "buka"
    assert tap(client, run, "close", yes="1").status_code == 303
    run.refresh_from_db()
    assert run.state == "tutup"
    assert 'value="reopen"' in look(client, run).content.decode()
    assert look(client, run, "qr.svg").status_code == 404
    assert state_of(client, run)["running"] is False
    assert tap(client, run, "next", seen="0").status_code == 409
    assert tap(client, run, "reopen").status_code == 303
    run.refresh_from_db()
    assert run.state == "buka"


def test_after_a_day_it_stays_closed(run, client):
    long_ago = timezone.now() - timedelta(hours=25)
    ClassRun.objects.filter(pk=run.pk).update(state="tutup", closed_at=long_ago)
    assert 'value="reopen"' not in look(client, run).content.decode()
    assert tap(client, run, "reopen").status_code == 409
    run.refresh_from_db()
    assert run.state == "tutup"


def test_past_its_end_it_is_over_whatever_the_clock_did(run, client):
    ClassRun.objects.filter(pk=run.pk).update(closes_at=timezone.now() - timedelta(minutes=1))
    assert state_of(client, run)["running"] is False
    assert "data-room" not in look(client, run).content.decode()
    assert tap(client, run, "next", seen="0").status_code == 409


def test_a_planned_session_is_opened(lebak, teacher, client):
    run = make_run(lebak, facilitator=teacher, opened=False, now=timezone.now())
    assert 'value="open"' in look(client, run).content.decode()
    assert tap(client, run, "next", seen="0").status_code == 409
    assert tap(client, run, "open").status_code == 303
    run.refresh_from_db()
    assert (run.state, len(run.code)) == ("buka", 6)
    code = run.code
    tap(client, run, "open")
    run.refresh_from_db()
    assert run.code == code


def test_a_module_taken_back_opens_no_session(lebak, teacher, client):
    module = make_module()
    run = make_run(lebak, module=module, facilitator=teacher, opened=False, now=timezone.now())
    ModulePage.objects.filter(pk=module.pk).update(withdrawn_at=timezone.now())
    assert 'value="open"' not in look(client, run).content.decode()
    assert tap(client, run, "open").status_code == 409
    run.refresh_from_db()
    assert run.state == "rencana"


def test_with_one_device_each_question_leads_to_its_count(lebak, teacher, client):
    run = make_run(lebak, facilitator=teacher, mode="satu", now=timezone.now())
    step_with(run, client, "Langkah satu")
    text = look(client, run).content.decode()
    assert "qr.svg" not in text
    for kind in ("single", "true_false", "multiple"):
        assert f"/hitung/kuis/{ITEM[kind]}/" in text


def test_the_screen_shows_nicknames_in_the_waiting_room_only(run, client):
    person = make_participant(run, now=timezone.now())
    waiting = look(client, run, "layar/").content.decode()
    assert person.nickname in waiting
    assert f"{run.code[:3]} {run.code[3:]}" in waiting
    for title in ("Langkah satu", "Langkah dua", "Langkah tiga"):
        step_with(run, client, title)
        assert person.nickname not in look(client, run, "layar/").content.decode()


def test_many_nicknames_are_told_as_a_number(run, client):
    fill(run, 75)
    text = look(client, run, "layar/").content.decode()
    assert text.count("Awan ") == 60
    assert "+15" in text


@pytest.mark.parametrize("mode", ["ponsel", "satu", "kertas"])
def test_the_screen_holds_no_key_and_no_guide(lebak, teacher, client, mode):
    run = make_run(lebak, facilitator=teacher, mode=mode, now=timezone.now())
    for title in ("Langkah satu", "Langkah dua", "Langkah tiga"):
        step_with(run, client, title)
        text = look(client, run, "layar/").content.decode()
        assert title in text
        for secret in ("Penjelasan", "Umpan balik", "Panduan", "Halo.", "Ia lega", "Semua tertawa"):
            assert secret not in text, (title, secret)
    assert "Bacaan murid." not in text


def test_the_screen_shows_words_and_questions_to_learners(run, client):
    step_with(run, client, "Langkah satu")
    text = look(client, run, "layar/").content.decode()
    assert "Bacaan murid." in text
    assert "Soal single?" in text
    assert "Kurang tepat" in text


def test_steps_to_be_ordered_are_never_in_their_order(run, client):
    step_with(run, client, "Langkah dua")
    text = look(client, run, "layar/").content.decode()
    places = [text.index(word) for word in ("Pertama", "Kedua", "Ketiga")]
    assert places != sorted(places)


def test_the_qr_code_is_drawn_for_the_address(run, client):
    response = look(client, run, "qr.svg")
    assert response["Content-Type"] == "image/svg+xml"
    assert response.content.startswith(b"<svg")
    assert response["Cache-Control"] == "private, no-store"


def test_json_is_valid_for_every_point(run, client):
    for number in range(6):
        runs.go_to(run=run, step=number, now=timezone.now())
        assert json.loads(look(client, run, "keadaan.json").content)["step"] == number
        assert look(client, run).status_code == 200
        assert look(client, run, "layar/").status_code == 200
