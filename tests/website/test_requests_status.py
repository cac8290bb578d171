"""`/minta/<token>/`: the private page of who asked."""

from uuid import uuid4

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from campaigns.models import SessionRequest
from campaigns.services import session_requests as services
from campaigns.services.request_links import LINK
from safeguards.models import AuditEntry
from tests.factories.places import make_user
from tests.factories.requests import last_step, make_request, make_terms, typed

pytestmark = pytest.mark.django_db
HOST = {"host": "lebak.localhost"}


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


def test_a_wrong_token_answers_like_any_missing_page(client, office, klaten):
    request = make_request(klaten)
    token = LINK.token_of(request.key)
    answers = [
        client.get(f"/minta/{token}{tail}", headers=HOST).content
        for tail in ("/", "/tarik/", "/qr.svg")
    ]
    missing = client.get("/tidak-ada/", headers=HOST).content
    assert set(answers) == {missing}
    for tail in ("/", "/tarik/", "/qr.svg"):
        found = client.get(f"/minta/{token}{tail}", headers={"host": "klaten.localhost"})
        assert found.status_code == 200
        assert found["Cache-Control"] == "private, no-store"


def test_the_asker_answers_corrects_and_withdraws(client, office):
    request = make_request(office)
    path = f"/minta/{LINK.token_of(request.key)}/"
    moderator = make_user("moderator", office)
    early = client.post(path, {"act": "answer", "message": "Halo"}, headers=HOST)
    assert early.status_code == 409
    assert "Halo" in text_of(early)
    services.ask_back(
        request=request,
        actor=moderator,
        message="Ada proyektor?",
        seen_step=last_step(request),
        now=timezone.now(),
    )
    assert "Ada proyektor?" in text_of(client.get(path, headers=HOST))
    empty = client.post(path, {"act": "answer", "message": ""}, headers=HOST)
    assert empty.status_code == 422
    answered = client.post(path, {"act": "answer", "message": "Ada, satu."}, headers=HOST)
    assert (answered.status_code, answered["Location"]) == (303, path)
    request.refresh_from_db()
    assert request.state == "baru"

    wrong = client.post(
        path, {"act": "contact", "contact_kind": "email", "contact_email": "x"}, headers=HOST
    )
    assert wrong.status_code == 422
    contact = {"act": "contact", "contact_kind": "email", "contact_email": "tu@contoh.id"}
    assert client.post(path, contact, headers=HOST).status_code == 303
    request.refresh_from_db()
    assert (request.contact_email, request.contact_phone) == ("tu@contoh.id", "")

    assert request.number in text_of(client.get(f"{path}tarik/", headers=HOST))
    request.refresh_from_db()
    assert request.state == "baru"
    assert client.post(f"{path}tarik/", headers=HOST).status_code == 303
    request.refresh_from_db()
    assert request.state == "ditarik"
    assert request.closed_at is not None
    assert client.post(f"{path}tarik/", headers=HOST).status_code == 303
    assert client.post(path, contact, headers=HOST).status_code == 409
    assert client.post(path, {"act": "lain"}, headers=HOST).status_code == 400


def test_opening_the_private_page_changes_nothing(client, office):
    request = make_request(office)
    before = AuditEntry.objects.count(), SessionRequest.objects.values().get()
    client.get(f"/minta/{LINK.token_of(request.key)}/", headers=HOST)
    client.get(f"/minta/{LINK.token_of(request.key)}/tarik/", headers=HOST)
    assert (AuditEntry.objects.count(), SessionRequest.objects.values().get()) == before


def test_a_lost_link_is_mailed_and_the_answer_is_the_same_for_all(
    client, office, django_capture_on_commit_callbacks
):
    request = make_request(office, contact_kind="email", contact_email="tu@contoh.id")
    mail.outbox.clear()
    client.get("/minta/tautan/", headers=HOST)
    known, unknown = (
        client.post("/minta/tautan/", {"email": email}, headers=HOST)
        for email in ("TU@contoh.id", "lain@contoh.id")
    )
    assert known.status_code == unknown.status_code == 200
    assert known.content == unknown.content
    assert [message.to for message in mail.outbox] == [["tu@contoh.id"]]
    assert f"http://lebak.localhost/minta/{LINK.token_of(request.key)}/" in mail.outbox[0].body
    codes = [
        client.post("/minta/tautan/", {"email": "tu@contoh.id"}, headers=HOST).status_code
        for _n in range(3)
    ]
    assert codes == [200, 200, 429]


def test_words_of_strangers_stay_words(client, office):
    response = send(client, office, asker="<b>SMP</b>\u202e", note="<script>1</script>\r\nbaris")
    page = text_of(client.get(response["Location"], headers=HOST))
    assert "&lt;b&gt;SMP&lt;/b&gt;" in page
    assert "<script>1" not in page
    assert "\u202e" not in page


def test_a_key_alone_opens_nothing(client, office):
    key = uuid4()
    make_request(office, key=key)
    assert client.get(f"/minta/{key}/", headers=HOST).status_code == 404
    assert client.get(f"/minta/{key.hex}/", headers=HOST).status_code == 404
