"""From a code to a seat: right, wrong, locked, ended and guessed codes; cookies that fit or not."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from modules.codes import new_code
from modules.models import ClassRun, Participant
from modules.services import joining, runs
from tests.factories.modules import make_participant, make_run
from tests.factories.places import make_district

pytestmark = pytest.mark.django_db
TOKEN = re.compile(rb'(name="csrfmiddlewaretoken" value=")[^"]+')


@pytest.fixture
def run():
    return make_run(make_district("lebak"), now=timezone.now())


@pytest.fixture
def phone():
    return Client(SERVER_NAME="lebak.localhost")


def another():
    return Client(SERVER_NAME="lebak.localhost")


def join(client, run, key=None):
    return client.post(f"/gabung/{run.code}/", {"key": str(key or uuid4())})


def text(response):
    return response.content.decode()


def field(response, name):
    return re.search(rf'name="{name}" value="([^"]*)"', text(response))[1]


def guess(client, code="AAAAAA"):
    return client.post("/gabung/", {"kode": code})


def test_a_typed_code_leads_to_the_way_in(phone, run):
    typed = f" {run.code[:3].lower()}-{run.code[3:].lower()} "
    response = phone.post("/gabung/", {"kode": typed})
    assert (response.status_code, response["Location"]) == (303, f"/gabung/{run.code}/")


def test_the_way_in_says_which_session_and_asks_no_name(phone, run):
    ClassRun.objects.update(group_label="8B Melati")
    response = phone.get(f"/gabung/{run.code}/")
    assert response.status_code == 200
    assert "<title>Kelas</title>" in text(response) or "<title>Class</title>" in text(response)
    assert run.edition.title in text(response)
    assert "8B Melati" not in text(response)
    assert 'type="text"' not in text(response)
    assert response["Cache-Control"] == "private, no-store"
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert Participant.objects.count() == 0


def test_one_tap_gives_a_nickname_and_a_cookie_that_scripts_cannot_read(phone, run):
    response = join(phone, run)
    assert (response.status_code, response["Location"]) == (303, f"/gabung/{run.code}/")
    cookie = response.cookies["kelas"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")
    assert (cookie["max-age"], cookie["secure"]) == (36 * 3600, "")
    participant = Participant.objects.get()
    assert participant.nickname in text(phone.get(f"/gabung/{run.code}/"))


def test_who_looks_in_is_known_however_often_the_class_goes_on(phone, run, monkeypatch):
    """A lesson of three mornings: each time the cookie begins anew, until the session has ended."""
    join(phone, run)
    for day in range(3):
        morning = timezone.now() + timedelta(hours=20)
        monkeypatch.setattr(timezone, "now", lambda morning=morning: morning)
        monkeypatch.setattr("time.time", lambda morning=morning: morning.timestamp())
        run = runs.reopen_run(run=run, now=morning)
        response = phone.get(f"/gabung/{run.code}/")
        assert (day, 'id="kelas"' in text(response)) == (day, True)
        assert response.cookies["kelas"]["max-age"] == 36 * 3600
        run = runs.close_run(run=run, now=morning + timedelta(minutes=1))
    monkeypatch.setattr(timezone, "now", lambda: morning + timedelta(hours=1))
    response = phone.get(f"/gabung/{run.code}/")
    assert (response.status_code, "kelas" in response.cookies) == (200, False)
    assert Participant.objects.count() == 1


def test_the_cookie_is_secure_where_the_request_is(phone, run):
    response = phone.post(f"/gabung/{run.code}/", {"key": str(uuid4())}, secure=True)
    assert response.cookies["kelas"]["secure"] is True


def test_a_reload_keeps_the_nickname_and_a_second_tap_makes_nobody_else(phone, run):
    key = uuid4()
    join(phone, run, key)
    name = Participant.objects.get().nickname
    join(another(), run, key)
    assert name in text(phone.get(f"/gabung/{run.code}/"))
    assert [one.nickname for one in Participant.objects.all()] == [name]


def test_who_is_in_goes_on_with_a_second_key(phone, run):
    join(phone, run)
    assert join(phone, run).status_code == 303
    assert Participant.objects.count() == 1


@pytest.mark.parametrize("key", ["", "bukan-kunci", "1" * 400])
def test_a_broken_form_is_asked_for_once_more(phone, run, key):
    response = phone.post(f"/gabung/{run.code}/", {"key": key})
    assert response.status_code == 422
    assert 'role="alert"' in text(response)
    assert Participant.objects.count() == 0


def test_a_key_of_another_run_opens_nothing(phone, run):
    key = uuid4()
    other = make_run(run.district, now=timezone.now())
    make_participant(other, key=key, now=timezone.now())
    response = join(phone, run, key)
    assert response.status_code == 422
    assert "kelas" not in response.cookies
    assert run.participants.count() == 0


def test_a_wrong_code_is_told_kindly_and_stays(phone, run):
    response = guess(phone, "aaaaaa")
    assert response.status_code == 404
    assert 'value="aaaaaa"' in text(response)
    assert 'role="alert"' in text(response)
    assert response.cookies["kelas-tebak"]["httponly"] is True


@pytest.mark.parametrize("typed", ["", "   "])
def test_an_empty_field_is_no_guess(phone, run, typed):
    response = guess(phone, typed)
    assert response.status_code == 422
    assert "kelas-tebak" not in response.cookies


@pytest.mark.parametrize("typed", ["3310" + "0" * 12, "<script>alert(1)</script>", "é" * 19])
def test_what_can_be_no_code_is_unknown_and_cut(phone, run, typed):
    response = guess(phone, typed)
    assert response.status_code == 404
    assert typed not in text(response)
    assert "<script>alert" not in text(response)


def test_an_office_s_code_is_unknown_at_another_one(phone, run):
    make_district("klaten")
    elsewhere = Client(SERVER_NAME="klaten.localhost")
    theirs, nobodys = (elsewhere.get(f"/gabung/{code}/") for code in (run.code, new_code()))
    assert (theirs.status_code, nobodys.status_code) == (404, 404)
    assert theirs.content == nobodys.content
    typed = [guess(elsewhere, code) for code in (run.code, new_code())]
    told = [
        TOKEN.sub(rb"\1", answer.content).replace(code.encode(), b"")
        for answer, code in zip(typed, (run.code, typed[1].wsgi_request.POST["kode"]), strict=True)
    ]
    assert told[0] == told[1]
    for path in ("jawab/", "keadaan.json"):
        method = elsewhere.post if path == "jawab/" else elsewhere.get
        answers = [method(f"/gabung/{code}/{path}") for code in (run.code, new_code())]
        assert [answer.status_code for answer in answers] == [404, 404]
        assert answers[0].content == answers[1].content


def test_guessing_ends_with_a_pause_for_this_phone_alone(phone, run):
    statuses = [guess(phone).status_code for _n in range(joining.WRONG_BY_DEVICE + 2)]
    assert statuses[-1] == 429
    assert set(statuses[:-1]) == {404}
    response = guess(phone, "aaaaa3")
    assert int(response["Retry-After"]) > 0
    assert 'value="aaaaa3"' in text(response)
    assert phone.get("/gabung/AAAAAA/").status_code == 429
    # The school's address is the same; the next pupil gets in.
    assert another().post("/gabung/", {"kode": run.code}).status_code == 303


def test_joining_is_never_limited_by_the_address(run):
    for _n in range(40):
        assert join(another(), run).status_code == 303
    assert Participant.objects.count() == 40


@pytest.mark.parametrize(
    ("values", "status"),
    [
        ({"locked": True}, 423),
        ({"state": "tutup"}, 410),
        ({"closes_at": timezone.now() - timedelta(hours=3)}, 410),
        ({"state": "rencana"}, 409),
    ],
)
def test_a_shut_door_says_why(phone, run, values, status):
    ClassRun.objects.update(**values)
    answers = [
        guess(phone, run.code),
        phone.get(f"/gabung/{run.code}/"),
        join(phone, run),
        phone.post(f"/gabung/{run.code}/jawab/"),
    ]
    assert [answer.status_code for answer in answers] == [status] * 4
    assert Participant.objects.count() == 0
    again = f'href="/gabung/{run.code}/"' in text(answers[0])
    assert again is (status != 410)


def test_a_locked_door_keeps_nobody_in_the_room_out(phone, run):
    join(phone, run)
    runs.lock_run(run=run, locked=True, now=timezone.now())
    assert phone.get(f"/gabung/{run.code}/").status_code == 200
    assert guess(phone, run.code).status_code == 303


def test_who_was_sent_out_is_told_and_may_come_back_only_through_the_door(phone, run):
    key = uuid4()
    join(phone, run, key)
    name = Participant.objects.get().nickname
    Participant.objects.update(removed_at=timezone.now())
    for response in (
        phone.get(f"/gabung/{run.code}/"),
        join(phone, run),
        phone.post(f"/gabung/{run.code}/jawab/", {"key": str(uuid4()), "item": str(uuid4())}),
    ):
        assert response.status_code == 403
        assert name not in text(response)
    assert Participant.objects.count() == 1


def test_a_cookie_of_another_session_or_of_nobody_is_none(phone, run):
    other = make_run(run.district, now=timezone.now())
    join(phone, other)
    name = Participant.objects.get().nickname
    response = phone.get(f"/gabung/{run.code}/")
    assert response.status_code == 200
    assert name not in text(response)
    assert 'name="key"' in text(response)
    phone.cookies["kelas"] = phone.cookies["kelas"].value.replace(other.code, run.code)
    forged = phone.get(f"/gabung/{run.code}/")
    assert 'name="key"' in text(forged)
    assert phone.get(f"/gabung/{run.code}/keadaan.json").status_code == 404


def test_leaving_takes_the_cookie_off_the_phone(phone, run):
    join(phone, run)
    assert phone.get(f"/gabung/{run.code}/keluar/").status_code == 405
    response = phone.post(f"/gabung/{run.code}/keluar/")
    assert (response.status_code, response["Location"]) == (303, "/gabung/")
    assert response.cookies["kelas"].value == ""
    assert 'name="key"' in text(phone.get(f"/gabung/{run.code}/"))


def test_the_state_is_a_few_bytes_for_who_joined(phone, run, django_assert_num_queries):
    assert phone.get(f"/gabung/{run.code}/keadaan.json").status_code == 404
    join(phone, run)
    phone.get("/gabung/")
    with django_assert_num_queries(1):
        response = phone.get(f"/gabung/{run.code}/keadaan.json")
    run.refresh_from_db()
    told = {"pulse": run.pulse, "step": 0, "state": "buka", "locked": False}
    assert response.json() == told
    assert response["Cache-Control"] == "private, no-store"
    moved = runs.go_to(run=run, step=2, now=timezone.now())
    runs.lock_run(run=moved, locked=True, now=timezone.now())
    told = {"pulse": moved.pulse, "step": 2, "state": "buka", "locked": True}
    assert phone.get(f"/gabung/{run.code}/keadaan.json").json() == told
    ClassRun.objects.update(closes_at=timezone.now() - timedelta(minutes=1))
    assert phone.get(f"/gabung/{run.code}/keadaan.json").json()["state"] == "tutup"


def test_other_methods_are_refused(phone, run):
    join(phone, run)
    for path in ("", f"{run.code}/", f"{run.code}/jawab/", f"{run.code}/keadaan.json"):
        assert phone.put(f"/gabung/{path}").status_code == 405
    assert phone.get(f"/gabung/{run.code}/jawab/").status_code == 405
    assert phone.post(f"/gabung/{run.code}/keadaan.json").status_code == 405


def test_forms_are_guarded_against_other_sites(run):
    strict = Client(SERVER_NAME="lebak.localhost", enforce_csrf_checks=True)
    page = strict.get(f"/gabung/{run.code}/")
    assert join(strict, run).status_code == 403
    sent = {"key": field(page, "key"), "csrfmiddlewaretoken": field(page, "csrfmiddlewaretoken")}
    assert strict.post(f"/gabung/{run.code}/", sent).status_code == 303


def test_a_megabyte_is_refused(phone, run):
    huge = "A" * 1_000_000
    assert guess(phone, huge).status_code == 413
    response = phone.post(f"/gabung/{run.code}/", {"key": huge})
    assert response.status_code == 413
    assert "A" * 100 not in text(response)


@pytest.mark.parametrize("mode", ["satu", "kertas"])
def test_where_no_phones_belong_a_code_opens_nothing(run, mode):
    """The same answer as for a code of nobody, and it counts as a guess."""
    other = make_run(run.district, module=run.edition.page, mode=mode, now=timezone.now())
    free = next(code for code in iter(new_code, "") if not ClassRun.objects.filter(code=code))
    told = []
    for code in (other.code, free):
        page, typed = another().get(f"/gabung/{code}/"), guess(another(), code)
        sent = another().post(f"/gabung/{code}/", {"key": str(uuid4())})
        told.append([(one.status_code, TOKEN.sub(b"", one.content)) for one in (page, typed, sent)])

    assert [status for status, _body in told[0]] == [404] * 3
    assert [body.replace(other.code.encode(), b"") for _status, body in told[0]] == [
        body.replace(free.encode(), b"") for _status, body in told[1]
    ]
    assert joining.join(run=other, key=uuid4(), now=timezone.now()).http == 404
    assert not Participant.objects.filter(run=other).exists()
