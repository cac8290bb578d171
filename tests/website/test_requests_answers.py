"""`/ruang/permintaan/<pk>/`: how the office answers, and who is told."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.test import Client
from django.utils import timezone

from campaigns.services import session_requests as services
from campaigns.services.request_links import LINK
from safeguards.models import AuditEntry
from tests.factories.places import make_user
from tests.factories.requests import last_step, make_request

pytestmark = pytest.mark.django_db
HOST = {"host": "lebak.localhost"}
LIST = "/ruang/permintaan/"


def client_of(role, district):
    client = Client()
    client.force_login(make_user(role, district))
    return client


@pytest.fixture
def moderator(lebak):
    return client_of("moderator", lebak)


def page_of(request):
    return f"{LIST}{request.pk}/"


def text_of(response) -> str:
    return response.content.decode()


def answer(client, request, **changed):
    form = {"act": "ditanya", "message": "Ada listrik?", "seen_step": last_step(request)}
    return client.post(page_of(request), form | changed, headers=HOST)


def test_a_question_an_answer_an_agreement_and_the_end(
    lebak, moderator, django_capture_on_commit_callbacks
):
    request = make_request(lebak, contact_email="tu@contoh.id")
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        asked = answer(moderator, request)
    assert (asked.status_code, asked["Location"]) == (302, page_of(request))
    assert [message.to for message in mail.outbox] == [["tu@contoh.id"]]
    assert f"/minta/{LINK.token_of(request.key)}/" in mail.outbox[0].body
    assert "Ada listrik?" in mail.outbox[0].body
    request.refresh_from_db()
    with django_capture_on_commit_callbacks(execute=True):
        services.answer_question(request=request, message="Ada", now=timezone.now())
    assert len(mail.outbox) == 2

    day = (timezone.now() + timedelta(days=20)).date().isoformat()
    half = answer(moderator, request, act="diterima", message="", agreed_day=day)
    assert half.status_code == 422
    agreed = answer(
        moderator, request, act="diterima", message="", agreed_day=day, agreed_time="09.30"
    )
    assert agreed.status_code == 302
    request.refresh_from_db()
    assert request.state == "diterima"
    assert request.agreed_at.isoformat().startswith(f"{day}T02:30")
    page = text_of(Client().get(f"/minta/{LINK.token_of(request.key)}/", headers=HOST))
    assert "09.30 WIB" in page
    assert answer(moderator, request, act="selesai", message="Terima kasih").status_code == 302
    request.refresh_from_db()
    assert (request.state, request.closed_at is None) == ("selesai", False)
    assert answer(moderator, request, act="ditolak").status_code == 422
    verbs = AuditEntry.objects.filter(object_id=str(request.pk)).values_list("verb", flat=True)
    assert {"request.asked", "request.accepted", "request.done"} <= set(verbs)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"message": ""}, "message"),
        ({"act": "ditolak", "message": " "}, "message"),
        ({"act": ""}, "act"),
        ({"act": "selesai"}, "act"),
        ({"act": "ditarik"}, "act"),
        ({"message": "NIK " + "33" + "1005" + "410190" + "0001"}, "message"),
        ({"message": "x" * 1001}, "message"),
        ({"act": "diterima", "agreed_day": "2020-01-01", "agreed_time": "09:00"}, "agreed_day"),
        ({"act": "diterima", "agreed_day": "31/02/2027", "agreed_time": "09:00"}, "agreed_day"),
        ({"act": "diterima", "agreed_day": "", "agreed_time": "25:00"}, "agreed_time"),
    ],
)
def test_an_answer_with_a_fault_says_where_and_changes_nothing(lebak, moderator, changed, field):
    request = make_request(lebak)
    response = answer(moderator, request, **changed)
    assert response.status_code == 422
    assert f'id="id_{field}_error"' in text_of(response)
    request.refresh_from_db()
    assert (request.state, request.steps.count()) == ("baru", 1)


@pytest.mark.parametrize("seen", ["", "x", "-1", "9" * 40])
def test_an_answer_to_no_step_is_refused(lebak, moderator, seen):
    assert answer(moderator, make_request(lebak), seen_step=seen).status_code == 403


def test_a_stale_answer_shows_both_and_loses_neither(lebak, moderator):
    request = make_request(lebak)
    seen = last_step(request)
    colleague = client_of("admin", lebak)
    assert answer(colleague, request, message="Versi rekan").status_code == 302
    stale = answer(moderator, request, seen_step=seen, act="ditolak", message="Versi saya")
    assert stale.status_code == 409
    assert "Versi rekan" in text_of(stale)
    assert "Versi saya" in text_of(stale)
    assert f'value="{last_step(request)}"' in text_of(stale)
    request.refresh_from_db()
    assert request.state == "ditanya"
    services.withdraw(request=request, now=timezone.now())
    gone = answer(moderator, request, seen_step=seen, act="ditolak", message="Versi saya")
    assert gone.status_code == 409
    assert "Versi saya" in text_of(gone)


def test_a_mail_that_fails_keeps_the_answer(
    lebak, moderator, monkeypatch, django_capture_on_commit_callbacks
):
    def refuse(_self, messages):
        tried.extend(messages)
        raise ConnectionRefusedError

    tried = []
    monkeypatch.setattr(EmailBackend, "send_messages", refuse)
    request = make_request(lebak, contact_email="tu@contoh.id")
    with django_capture_on_commit_callbacks(execute=True):
        assert answer(moderator, request).status_code == 302
    request.refresh_from_db()
    assert request.state == "ditanya"
    assert [message.to for message in tried] == [["tu@contoh.id"]]


def test_a_new_request_is_told_to_the_offices_moderators_without_its_contact(
    lebak, klaten, django_capture_on_commit_callbacks
):
    told = [make_user(role, lebak).email for role in ("moderator", "admin")]
    make_user("editor", lebak), make_user("moderator", klaten)
    with django_capture_on_commit_callbacks(execute=True):
        request = make_request(lebak, asker="SMP Melati")
    told = [address for address in told if not address.endswith(".invalid")] or told
    assert sorted(message.to[0] for message in mail.outbox) == sorted(told)
    for message in mail.outbox:
        words = message.subject + message.body
        assert request.number in words
        assert f"http://lebak.localhost/ruang/permintaan/{request.pk}/" in words
        assert request.contact_phone not in words
        assert "SMP Melati" not in words


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_are_refused(lebak, moderator, method):
    request = make_request(lebak)
    assert getattr(moderator, method)(page_of(request), headers=HOST).status_code == 405
