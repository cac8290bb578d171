import re

import pytest
from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.core import mail
from django.test import Client

from tests.factories.places import PASSWORD, make_district, make_user, national
from website.accounts import throttle
from website.accounts.models import NO_EMAIL_DOMAIN

pytestmark = pytest.mark.django_db
HOST = "lebak.localhost"


@pytest.fixture
def lebak():
    national()
    return make_district("lebak")


@pytest.fixture
def editor(lebak):
    return make_user("editor", lebak, email="editor@contoh.id")


def browser(host=HOST, **options):
    return Client(SERVER_NAME=host, **options)


def sign_in(client, login, password=PASSWORD, **more):
    return client.post("/masuk/", {"login": login, "password": password, **more})


def text_of(response):
    return re.sub(r'value="[^"]*"', "", response.content.decode())


def test_a_member_signs_in_and_lands_in_the_workspace(editor):
    client = browser()
    page = client.get("/masuk/")
    assert (page.status_code, page["Cache-Control"]) == (200, "private, no-store")
    answer = sign_in(client, "Editor@Contoh.id")
    assert (answer.status_code, answer["Location"]) == (302, "/ruang/")
    workspace = client.get("/ruang/")
    assert (workspace.status_code, workspace["Cache-Control"]) == (200, "private, no-store")
    assert "Editor" in workspace.content.decode()


def test_a_name_of_ours_signs_in_as_well(lebak):
    make_user("kader", lebak, email=f"siti-4821@{NO_EMAIL_DOMAIN}")
    assert sign_in(browser(), " Siti-4821 ")["Location"] == "/ruang/"


def test_the_session_number_rotates_and_signing_out_ends_it(editor):
    client = browser()
    client.get("/masuk/")
    sign_in(client, editor.email)
    first = client.session.session_key
    assert client.get("/masuk/selesai/").status_code == 200
    assert client.get("/ruang/").status_code == 200
    client.post("/masuk/selesai/")
    assert not Session.objects.filter(session_key=first).exists()
    client.cookies["sessionid"] = first
    assert client.get("/ruang/").status_code == 302
    sign_in(client, editor.email)
    assert client.session.session_key != first


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://jahat.example/",
        "//jahat.example/",
        "http://klaten.localhost/ruang/",
        "https:jahat.example",
        "/\\jahat.example",
        "javascript:alert(1)",
    ],
)
def test_next_stays_on_the_host(editor, elsewhere):
    make_district("klaten")
    assert sign_in(browser(), editor.email, next=elsewhere)["Location"] == "/ruang/"
    client = browser()
    client.force_login(editor)
    assert client.get("/masuk/", {"next": elsewhere})["Location"] == "/ruang/"
    assert client.post("/masuk/selesai/", {"next": elsewhere})["Location"] == "/"


def test_next_leads_on_within_the_host(editor):
    assert sign_in(browser(), editor.email, next="/ruang/tim/")["Location"] == "/ruang/tim/"


def test_the_door_answers_alike_for_every_wrong_pair(editor):
    sleeping = make_user("editor", editor.memberships.get().district, email="tidur@contoh.id")
    get_user_model().objects.filter(pk=sleeping.pk).update(is_active=False)
    tried = [
        (editor.email, "salah-sama-sekali"),
        ("tidak-ada@contoh.id", PASSWORD),
        (sleeping.email, PASSWORD),
    ]
    answers = [sign_in(browser(), *pair) for pair in tried]
    assert [answer.status_code for answer in answers] == [422] * 3
    assert len({text_of(answer) for answer in answers}) == 1
    assert 'value="tidak-ada@contoh.id"' in answers[1].content.decode()


def test_guessing_is_stopped_for_strangers_and_not_for_the_owner(editor):
    owner, stranger = browser(), browser()
    sign_in(owner, editor.email)
    owner.post("/masuk/selesai/")
    for _guess in range(throttle.PER_ACCOUNT):
        assert sign_in(stranger, editor.email, "tebakan-salah").status_code == 422
    stopped = sign_in(stranger, editor.email)
    assert stopped.status_code == 429
    assert 0 < int(stopped["Retry-After"]) <= throttle.WINDOW.total_seconds()
    assert sign_in(owner, editor.email)["Location"] == "/ruang/"


def test_a_colleague_at_the_same_address_is_not_stopped(editor, lebak):
    colleague = make_user("editor", lebak)
    client = browser(REMOTE_ADDR="10.0.0.7")
    for _guess in range(throttle.PER_ACCOUNT + 1):
        sign_in(client, editor.email, "tebakan-salah")
    assert sign_in(browser(REMOTE_ADDR="10.0.0.7"), colleague.email)["Location"] == "/ruang/"


def test_opening_the_door_is_not_counted(lebak):
    client = browser()
    assert {client.get("/masuk/").status_code for _visit in range(40)} == {200}


@pytest.mark.parametrize("value", ["", "x", "x:y:z", "a" * 5000])
def test_a_forged_device_cookie_counts_as_none(editor, value):
    client = browser()
    client.cookies[throttle.COOKIE] = value
    assert sign_in(client, editor.email)["Location"] == "/ruang/"


def test_a_stranger_to_this_office_is_told_kindly(editor):
    make_district("klaten")
    client = browser("klaten.localhost")
    sign_in(client, editor.email)
    answers = [client.get(path) for path in ("/ruang/", "/ruang/tim/", "/ruang/tim/1/akhiri/")]
    assert [answer.status_code for answer in answers] == [403] * 3
    assert answers[0]["Cache-Control"] == "private, no-store"
    assert "http://lebak.localhost/ruang/" in answers[0].content.decode()


def test_a_superuser_is_at_home_everywhere(lebak):
    client = browser()
    client.force_login(make_user("superuser"))
    assert client.get("/ruang/").status_code == 200


def test_the_admins_door_is_the_sites(editor, lebak):
    anonymous = browser().get("/admin/")
    assert anonymous.status_code == 302
    assert "/masuk/?next=/admin/" in anonymous["Location"] or "login" in anonymous["Location"]
    teacher = browser()
    teacher.force_login(make_user("guru", lebak))
    # Wagtail would send who may not enter back to the door, and the door back to Wagtail.
    assert teacher.get("/masuk/", {"next": "/admin/"})["Location"] == "/ruang/"
    assert sign_in(browser(), editor.email, next="/admin/")["Location"] == "/admin/"


def test_nobody_signs_up_by_himself(lebak):
    for path in ("/masuk/daftar/", "/accounts/signup/", "/signup/"):
        assert browser().get(path).status_code == 404


def test_a_new_password_comes_by_mail_and_ends_other_sessions(editor):
    other = browser()
    other.force_login(editor)
    client = browser()
    answer = client.post("/masuk/lupa/", {"email": editor.email})
    assert (answer.status_code, answer["Location"]) == (302, "/masuk/lupa/terkirim/")
    assert client.get("/masuk/lupa/terkirim/")["Cache-Control"] == "private, no-store"
    link = re.search(r"http://lebak\.localhost(/masuk/lupa/\S+)", mail.outbox[0].body)[1]
    form = client.get(link, follow=True)
    assert form.status_code == 200
    address = form.redirect_chain[-1][0]
    weak = client.post(address, {"password1": "12345", "password2": "12345"})
    assert weak.status_code == 422
    new = "tikar-anyam-pandan"
    done = client.post(address, {"password1": new, "password2": new})
    assert done["Location"] == "/masuk/lupa/selesai/"
    assert other.get("/ruang/").status_code == 302
    assert sign_in(browser(), editor.email, new)["Location"] == "/ruang/"


def test_asking_for_a_password_says_the_same_to_all(editor, lebak):
    make_user("kader", lebak, email=f"siti-4821@{NO_EMAIL_DOMAIN}")
    asked = [editor.email, "tidak-ada@contoh.id", f"siti-4821@{NO_EMAIL_DOMAIN}"]
    answers = [browser().post("/masuk/lupa/", {"email": email}) for email in asked]
    assert {(answer.status_code, answer["Location"]) for answer in answers} == {
        (302, "/masuk/lupa/terkirim/")
    }
    assert [message.to for message in mail.outbox] == [[editor.email]]


def test_forms_need_their_token_and_their_method(editor):
    strict = browser(enforce_csrf_checks=True)
    assert sign_in(strict, editor.email).status_code == 403
    strict.force_login(editor)
    assert strict.post("/masuk/selesai/").status_code == 403
    assert strict.get("/ruang/").status_code == 200
    for path in ("/masuk/", "/ruang/"):
        assert browser().put(path).status_code == 405
        assert browser().delete(path).status_code == 405
    signed_in = browser()
    signed_in.force_login(editor)
    assert signed_in.post("/ruang/").status_code == 405


def test_a_huge_login_is_refused(lebak):
    assert sign_in(browser(), "a" * 300).status_code == 422
    assert sign_in(browser(), "a@b.id", "x" * 5000).status_code == 422
