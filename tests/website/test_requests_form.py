"""`/minta/` as a visitor meets it: the form, and each bad input."""

import re
import time
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from campaigns.forms.session_request import RequestTicket
from campaigns.models import SessionRequest
from campaigns.views.ask_session import AskForSession
from safeguards.models import Fact
from safeguards.services.persons import erase_person
from tests.factories.places import national
from tests.factories.requests import make_terms, token_in, typed

pytestmark = pytest.mark.django_db
HOST = {"host": "lebak.localhost"}
PHONE = "08" + "1" * 9
E164 = "+628" + "1" * 9


@pytest.fixture
def office(lebak):
    make_terms()
    return lebak


@pytest.fixture
def client():
    return Client()


def send(client, office, path="/minta/", **changed):
    return client.post(path, typed(office, **changed), headers=HOST)


def text_of(response) -> str:
    return response.content.decode()


def test_the_form_opens_without_being_kept_by_anybody(
    client, office, django_assert_max_num_queries
):
    client.get("/minta/", headers=HOST)
    with django_assert_max_num_queries(6):
        response = client.get("/minta/", headers=HOST)
    assert response.status_code == 200
    assert response["Cache-Control"] == "private, no-store"
    text = text_of(response)
    assert "csrfmiddlewaretoken" in text
    assert f'value="{office.region_id}.01.2001"' in text
    assert 'inputmode="tel"' in text
    assert "<script" not in text.replace('<script type="module" src=', "")


def test_a_request_is_kept_once_with_number_and_private_page(client, office):
    response = send(client, office, date_1=(timezone.now() + timedelta(days=9)).date().isoformat())
    assert response.status_code == 303
    row = SessionRequest.objects.get()
    assert (row.number, row.contact_phone, row.people) == (
        f"{timezone.now().year}-0001",
        E164,
        40,
    )
    assert len(row.wished_dates) == 1
    token = token_in(response["Location"])
    assert token not in str(SessionRequest.objects.values())
    page = client.get(response["Location"], headers=HOST)
    assert page.status_code == 200
    assert page["Cache-Control"] == "private, no-store"
    assert page["Referrer-Policy"] == "same-origin"
    assert "noindex" in text_of(page)
    assert row.number in text_of(page)
    assert PHONE not in text_of(page)
    assert E164 not in text_of(page)


def test_the_same_form_again_gives_the_same_page_and_one_row(client, office):
    form = typed(office)
    first = client.post("/minta/", form, headers=HOST)
    second = client.post("/minta/", form, headers=HOST)
    assert (first.status_code, second.status_code) == (303, 303)
    assert first["Location"] == second["Location"]
    assert SessionRequest.objects.count() == 1


def test_other_words_in_the_same_form_are_asked_about_and_both_kept(client, office):
    form = typed(office)
    client.post("/minta/", form, headers=HOST)
    changed = client.post("/minta/", form | {"people": "77"}, headers=HOST)
    assert changed.status_code == 409
    text = text_of(changed)
    assert SessionRequest.objects.get().number in text
    assert 'value="77"' in text
    ticket = re.search(r'name="ticket" value="([^"]+)"', text)[1]
    assert ticket != form["ticket"]
    # Open for three seconds, the second one may come.
    later = RequestTicket.read(ticket, office=office.pk)
    form["ticket"] = str(later.opened_again(timezone.now() - timedelta(minutes=1)))
    assert client.post("/minta/", form | {"people": "77"}, headers=HOST).status_code == 303
    assert sorted(SessionRequest.objects.values_list("people", flat=True)) == [40, 77]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"asker": ""}, "asker"),
        ({"asker_kind": "hantu"}, "asker_kind"),
        ({"asker": "NIK " + "33" + "1005" + "410190" + "0001"}, "asker"),
        ({"place": "33" + "1005" + "410190" + "0001"}, "place"),
        ({"note": "NISN 00" + "12345678"}, "note"),
        ({"contact_phone": "33" + "1005" + "410190" + "0001"}, "contact_phone"),
        ({"contact_email": "33" + "1005" + "410190" + "0001@contoh.id"}, "contact_email"),
        ({"contact_phone": ""}, "contact_phone"),
        ({"contact_phone": "12"}, "contact_phone"),
        ({"contact_phone": "+1 212 " + "5" * 7}, "contact_phone"),
        ({"contact_kind": "email"}, "contact_email"),
        ({"contact_email": "bukan alamat"}, "contact_email"),
        ({"region": "31.71.01"}, "region"),
        ({"people": "0"}, "people"),
        ({"people": "5001"}, "people"),
        ({"people": "٣٠"}, "people"),
        ({"people": "banyak"}, "people"),
        ({"audience_codes": []}, "audience_codes"),
        ({"audience_codes": ["naga"]}, "audience_codes"),
        ({"date_1": "2020-01-01"}, "date_1"),
        ({"date_2": "2999-01-01"}, "date_2"),
        ({"date_3": "besok"}, "date_3"),
        ({"note": "x" * 1001}, "note"),
    ],
)
def test_a_fault_is_told_beside_its_field_and_nothing_is_lost(client, office, changed, field):
    kept = {} if "place" in changed else {"place": "Aula kedua"}
    response = send(client, office, **kept, **changed)
    assert response.status_code == 422
    text = text_of(response)
    assert f'id="id_{field}_error"' in text
    assert f'href="#id_{field}"' in text
    assert 'id="periksa"' in text
    assert kept.get("place", "") in text
    assert SessionRequest.objects.count() == 0
    assert Fact.objects.count() == 0


@pytest.mark.parametrize(
    "changed",
    [
        {"note": "https://a.example http://b.example www.c.example"},
        {"alamat_situs": "https://beli.example"},
        {"ticket": ""},
        {"ticket": "palsu"},
    ],
)
def test_a_robot_is_refused_and_a_human_loses_nothing(client, office, changed):
    response = send(client, office, **changed)
    assert response.status_code == 422
    assert "Sesudah upacara" in text_of(response) or "a.example" in text_of(response)
    assert SessionRequest.objects.count() == 0


@pytest.mark.parametrize("age", [timedelta(seconds=1), timedelta(hours=25), timedelta(days=-1)])
def test_a_form_sent_too_fast_or_too_late_is_sent_once_more(client, office, age):
    ticket = RequestTicket.new(office=office.pk, now=timezone.now() - age)
    response = send(client, office, ticket=str(ticket))
    assert response.status_code == 422
    assert "SMP Contoh" in text_of(response)
    again = re.search(r'name="ticket" value="([^"]+)"', text_of(response))[1]
    assert RequestTicket.read(again, office=office.pk).key == ticket.key
    assert SessionRequest.objects.count() == 0


def test_a_ticket_of_another_office_opens_nothing(client, office, klaten):
    ticket = RequestTicket.new(office=klaten.pk, now=timezone.now() - timedelta(minutes=1))
    assert send(client, office, ticket=str(ticket)).status_code == 422


@pytest.mark.parametrize("name", ["note", "asker", "contact_phone", "ticket", "region", "people"])
def test_a_megabyte_is_refused_at_once(client, office, name):
    client.get("/minta/", headers=HOST)
    begun = time.perf_counter()
    response = send(client, office, **{name: "9" * 1_000_000})
    assert time.perf_counter() - begun < 1
    assert response.status_code == 413
    assert len(response.content) < 100_000
    assert "Aula" in text_of(response)
    assert SessionRequest.objects.count() == 0


def test_too_many_from_one_address_wait_and_keep_their_words(client, office, monkeypatch):
    monkeypatch.setattr(AskForSession, "per_address", 2)
    numbers = iter(range(100, 200))
    sent = [send(client, office, contact_phone=f"08{next(numbers)}111222") for _n in range(3)]
    assert [response.status_code for response in sent] == [303, 303, 429]
    assert int(sent[2]["Retry-After"]) > 0
    assert 'value="SMP Contoh"' in text_of(sent[2])
    # A repeat is no new request and does not wait.
    form = typed(office)
    monkeypatch.setattr(AskForSession, "per_address", 100)
    client.post("/minta/", form, headers=HOST)
    monkeypatch.setattr(AskForSession, "per_address", 0)
    assert client.post("/minta/", form, headers=HOST).status_code == 303


def test_a_form_without_a_csrf_token_is_refused(office):
    response = Client(enforce_csrf_checks=True).post("/minta/", typed(office), headers=HOST)
    assert response.status_code == 403
    assert SessionRequest.objects.count() == 0


def test_on_the_national_host_one_chooses_the_office(client, office):
    national()
    response = client.get("/minta/", headers={"host": "localhost"})
    assert response.status_code == 200
    assert "http://lebak.localhost/minta/" in text_of(response)
    assert "<form" not in text_of(response)
    assert client.post("/minta/", {}, headers={"host": "localhost"}).status_code == 404


def test_after_erasure_a_late_repeat_brings_nothing_back(client, office):
    form = typed(office)
    client.post("/minta/", form, headers=HOST)
    assert erase_person(E164).deleted["campaigns.SessionRequest"] == 1
    response = client.post("/minta/", form, headers=HOST)
    assert response.status_code == 410
    assert SessionRequest.objects.count() == 0
    # Of their own will, the same people may ask again; the old number stays unused.
    assert send(client, office).status_code == 303
    assert SessionRequest.objects.get().number.endswith("-0002")
