"""Forms of invitations that are sent twice, and names that two people have."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from districts.models import Invitation, Membership
from districts.services.invitations import ANSWERED_JUST_NOW, accept, invite
from safeguards.models import RateWindow
from tests.factories.pins import OTHER_PIN, PIN, phone, signed_in
from tests.factories.places import PASSWORD, make_district, make_user, national
from website.accounts.device_cookie import COOKIE
from website.accounts.models import SignInDevice
from website.accounts.views.invitation import TRIES

pytestmark = pytest.mark.django_db
ASK = "/ruang/tim/undang/"
MANY = "/ruang/tim/undang-banyak/"
SECRET = "tikar-anyam-pandan"


@pytest.fixture
def lebak():
    national()
    return make_district("lebak")


@pytest.fixture
def address(admin, lebak):
    """The link of Tini, a cadre without e-mail."""
    _made, token = invite(actor=admin, district=lebak, role="kader", name="Tini")
    return f"/undangan/{token}/"


def key_in(response):
    return re.search(r'name="key" value="([^"]+)"', response.text)[1]


def joins(client, address, key, **typed):
    return client.post(address, {"name": "Tini", "key": key, "pin": PIN} | typed)


def opened(address):
    client = phone()
    return client, key_in(client.get(address))


@pytest.mark.parametrize("chosen", [{"pin": PIN}, {"pin": "", "password": SECRET}])
def test_a_second_tap_on_join_is_answered_like_the_first(address, chosen):
    client, key = opened(address)
    # The browser drops the first answer, and its cookies with it.
    first = joins(phone(), address, key, **chosen)
    again = joins(client, address, key, **chosen)
    assert [(one.status_code, one["Location"]) for one in (first, again)] == [(302, "/ruang/")] * 2
    user = Membership.objects.get(role="kader").user
    assert user.sign_in_name in client.get("/ruang/").text
    assert get_user_model().objects.filter(name="Tini").count() == 1
    assert SignInDevice.objects.count() == (1 if chosen["pin"] else 0)
    if chosen["pin"]:
        # Whichever answer arrives last, the device is the same.
        assert first.cookies[COOKIE].value == again.cookies[COOKIE].value
        client.post("/masuk/selesai/")
        assert client.post("/masuk/pin/", {"pin": PIN})["Location"] == "/ruang/"


def test_the_key_of_another_browser_opens_nothing(address):
    client, key = opened(address)
    other, theirs = opened(address)
    _elsewhere, of_another_link = opened(address)
    joins(client, address, key)
    forged = ["", "x", key[:-1], key.partition(":")[0], of_another_link, theirs]
    answers = [joins(other, address, wrong) for wrong in forged]
    assert [answer.status_code for answer in answers] == [404] * len(forged)
    assert len({answer.content for answer in answers}) == 1
    assert other.get(address).status_code == 404
    assert other.get("/ruang/").status_code == 302


@pytest.mark.parametrize("other", [{"pin": OTHER_PIN}, {"pin": "", "password": SECRET}])
def test_the_key_without_what_was_chosen_opens_nothing(address, other):
    client, key = opened(address)
    joins(phone(), address, key)
    assert joins(client, address, key, **other).status_code == 404
    assert client.get("/ruang/").status_code == 302


def test_guesses_by_a_key_are_counted_with_those_of_the_link(address):
    client, key = opened(address)
    joins(phone(), address, key)
    answers = [joins(client, address, key, pin=OTHER_PIN).status_code for _try in range(TRIES)]
    assert answers == [404] * (TRIES - 1) + [429]
    RateWindow.objects.all().delete()
    assert joins(client, address, key)["Location"] == "/ruang/"


def test_the_key_is_forgotten_after_a_while(address):
    client, key = opened(address)
    joins(phone(), address, key)
    just = timezone.now() - ANSWERED_JUST_NOW
    Invitation.objects.update(accepted_at=just + timedelta(minutes=1))
    assert joins(phone(), address, key)["Location"] == "/ruang/"
    Invitation.objects.update(accepted_at=just)
    assert joins(client, address, key).status_code == 404
    assert client.get("/ruang/").status_code == 302


def test_who_is_signed_in_and_taps_twice_lands_in_the_workspace(address, lebak):
    teacher, other = make_user("guru", lebak), make_user("guru", lebak)
    client = signed_in(teacher)
    for _tap in range(2):
        assert client.post(address)["Location"] == "/ruang/"
    assert teacher.memberships.filter(role="kader").count() == 1
    assert signed_in(other).post(address).status_code == 404


def typed(**more):
    return {"name": "Siti", "role": "kader"} | more


def link_in(response):
    return re.search(r'id="id_link"[^>]*value="http://lebak\.localhost([^"]+)"', response.text)[1]


def test_the_invitation_form_sent_twice_shows_one_link_that_works(office):
    key = key_in(office.get(ASK))
    first, again = (office.post(ASK, typed(key=key)) for _tap in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert link_in(first) == link_in(again)
    assert phone().get(link_in(first)).status_code == 200
    assert Invitation.objects.count() == 1


def test_a_name_that_waits_is_asked_about_and_what_was_typed_stays(office):
    first = link_in(office.post(ASK, typed(key=key_in(office.get(ASK)))))
    key = key_in(office.get(ASK))
    asked = office.post(ASK, typed(name="siti", region="36.02.01", key=key))
    waiting = Invitation.objects.get()
    assert asked.status_code == 409
    for kept in ('name="name" value="siti"', 'name="region" value="36.02.01"', key):
        assert kept in asked.text
    assert f'name="same" value="{waiting.pk}"' in asked.text
    assert 'name="same" value="another"' in asked.text

    sent = typed(name="siti", region="36.02.01", key=key)
    links = {link_in(office.post(ASK, sent | {"same": "another"})) for _tap in range(2)}
    assert len(links) == 1
    assert Invitation.objects.count() == 2
    assert {phone().get(link).status_code for link in {first, *links}} == {200}

    renewed = {link_in(office.post(ASK, sent | {"same": waiting.pk})) for _tap in range(2)}
    assert len(renewed) == 1
    assert [phone().get(link).status_code for link in (first, *renewed)] == [404, 200]
    assert Invitation.objects.count() == 2


@pytest.mark.parametrize("answer", ["999999", "-1", "x", "9" * 30, "9" * 5_000])
def test_an_answer_about_nobody_makes_nothing(office, answer):
    office.post(ASK, typed())
    made = office.post(ASK, typed(same=answer))
    assert made.status_code in {409, 422}
    assert 'value="Siti"' in made.text
    assert Invitation.objects.count() == 1


def test_a_form_whose_invitation_was_taken_back_is_told_and_can_be_sent_anew(office):
    key = key_in(office.get(ASK))
    office.post(ASK, typed(key=key))
    office.post(f"/ruang/tim/undangan/{Invitation.objects.get().pk}/batal/")
    told = office.post(ASK, typed(key=key))
    assert (told.status_code, key_in(told) != key) == (422, True)
    assert 'value="Siti"' in told.text
    assert office.post(ASK, typed(key=key_in(told))).status_code == 201


def test_a_sheet_asks_by_row_about_names_that_wait(office):
    first = link_in(office.post(ASK, typed()))
    waiting = Invitation.objects.get()
    sheet = SimpleUploadedFile("undangan.csv", b"nama,peran\nSiti,kader\nBudi,kader\n")
    preview = office.post(MANY, {"file": sheet})
    assert preview.status_code == 200
    assert re.findall(r'name="same-2" value="(\w*)"', preview.text) == [
        "",
        "another",
        str(waiting.pk),
    ]
    assert 'name="same-3"' not in preview.text
    sealed = re.search(r'action="[^"]*/buat/".*?name="sealed" value="([^"]+)"', preview.text, re.S)
    sent = {"sealed": sealed[1], "same-2": ""}
    for _tap in range(2):
        made = office.post(f"{MANY}buat/", sent)
        assert made.status_code == 201
        assert [one["name"] for one in Invitation.objects.order_by("pk").values("name")] == [
            "Siti",
            "Budi",
        ]
        assert "Siti" in made.text
    assert phone().get(first).status_code == 200
    office.post(f"{MANY}buat/", sent | {"same-2": "another"})
    assert Invitation.objects.filter(name="Siti").count() == 2
    assert phone().get(first).status_code == 200
    office.post(f"{MANY}buat/", sent | {"same-2": waiting.pk})
    assert Invitation.objects.filter(name="Siti").count() == 2
    assert phone().get(first).status_code == 404


def test_a_sheet_of_nobody_but_names_that_wait_can_still_be_answered(office):
    office.post(ASK, typed())
    sheet = SimpleUploadedFile("undangan.csv", b"nama,peran\nSiti,kader\n")
    preview = office.post(MANY, {"file": sheet})
    assert (preview.status_code, f"{MANY}buat/" in preview.text) == (200, True)


@pytest.mark.parametrize("said", ["", "the same"])
def test_who_joined_between_the_two_steps_of_a_sheet_gets_no_other_link(office, lebak, said):
    link = link_in(office.post(ASK, typed()))
    waiting = Invitation.objects.get()
    sheet = SimpleUploadedFile("undangan.csv", b"nama,peran\nSiti,kader\n")
    preview = office.post(MANY, {"file": sheet})
    sealed = re.search(r'action="[^"]*/buat/".*?name="sealed" value="([^"]+)"', preview.text, re.S)
    siti = make_user("kader", make_district("klaten"), name="Siti")
    accept(token=link.rstrip("/").split("/")[-1], person=siti, district=lebak)
    word = said and str(waiting.pk)
    made = office.post(f"{MANY}buat/", {"sealed": sealed[1], "same-2": word})

    assert (made.status_code, "Siti" in made.text) == (201, True)
    assert Invitation.objects.count() == 1


def test_no_password_comes_back_in_a_form(address):
    client, key = opened(address)
    answer = joins(client, address, key, name="", pin="", password=PASSWORD)
    assert answer.status_code == 422
    assert key_in(answer) == key
    assert PASSWORD not in answer.text
