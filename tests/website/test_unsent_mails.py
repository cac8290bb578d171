"""Mails that were given up stand where the office looks, and in one panel; each is sent once."""

import smtplib
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from campaigns.models import AnswerMail
from campaigns.request_mail import send_answers
from campaigns.services import session_requests as services
from events.models import Reminder
from safeguards.models import AuditEntry
from tests.factories.events import make_terms
from tests.factories.joining import date_of, make_open_event, register
from tests.factories.mails import backend_of, use_backend
from tests.factories.people import make_member
from tests.factories.places import make_district, make_user, national
from tests.factories.requests import NOW, last_step, make_request

pytestmark = pytest.mark.django_db
HOST = {"host": "klaten.localhost"}
DESK = "/ruang/surat/"
State = AnswerMail.State


@pytest.fixture
def klaten():
    national()
    make_terms()
    return make_district("klaten")


@pytest.fixture
def office(klaten):
    return signed_in(make_user("moderator", klaten))


def signed_in(user) -> Client:
    client = Client(headers=HOST)
    client.force_login(user)
    return client


def answered(district):
    """A request whose answer is owed by mail."""
    request = make_request(district, contact_kind="email", contact_email="tu@contoh.invalid")
    services.ask_back(
        request=request,
        actor=make_member("moderator", district),
        message="Jam berapa?",
        seen_step=last_step(request),
        now=NOW,
    )
    return request


def registered(district) -> Reminder:
    """A mail to somebody who registered that certainly did not leave."""
    now = timezone.now()
    event = make_open_event(district, starts_at=now + timedelta(days=20), now=now)
    register(date_of(event), now=now)
    owed = Reminder.objects.filter(district=district, what="terdaftar")
    owed.update(state=Reminder.State.FAILED, attempts=10)
    return owed.get()


def test_the_answer_to_a_request_is_sent_once_however_often_it_is_tried(klaten):
    answered(klaten)
    mail.outbox.clear()
    assert (send_answers(NOW), send_answers(NOW)) == (1, 0)
    assert [message.to for message in mail.outbox] == [["tu@contoh.invalid"]]
    assert AnswerMail.objects.get().state == State.SENT


def test_a_server_that_refuses_is_shown_on_the_request_and_tried_again(
    klaten, office, settings, caplog
):
    usual = backend_of(settings)
    use_backend(settings, "tests.events.test_joining_mail.Refusing")
    request = answered(klaten)
    assert send_answers(NOW) == 0
    use_backend(settings, usual)
    owed = AnswerMail.objects.get()
    assert (owed.state, owed.in_doubt) == (State.FAILED, False)
    assert "contoh.invalid" not in caplog.text
    page = f"/ruang/permintaan/{request.pk}/"
    assert f'value="answer-{owed.pk}"' in office.get(page).content.decode()
    sent = {"mail": f"answer-{owed.pk}", "do": "again", "here": "1"}
    answer, twice = office.post(DESK, sent), office.post(DESK, sent)
    assert (answer.status_code, answer["Location"]) == (303, page)
    assert twice.status_code == 404
    mail.outbox.clear()
    later = timezone.now() + timedelta(minutes=1)
    assert (send_answers(later), send_answers(later)) == (1, 0)
    entry = AuditEntry.objects.get(verb="mail.tried_again")
    assert entry.object_type == "campaigns.AnswerMail"
    assert entry.site_id == klaten.site_id


def test_what_may_have_arrived_can_only_be_told_in_another_way(klaten, office, monkeypatch):
    answered(klaten)
    AnswerMail.objects.update(state=State.FAILED, in_doubt=True)
    owed = AnswerMail.objects.get()
    text = office.get(DESK).content.decode()
    assert 'value="again"' not in text
    refused = office.post(DESK, {"mail": f"answer-{owed.pk}", "do": "again"})
    assert (refused.status_code, AnswerMail.objects.get().state) == (409, State.FAILED)
    assert office.post(DESK, {"mail": f"answer-{owed.pk}", "do": "told"}).status_code == 303
    assert AnswerMail.objects.get().state == State.DROPPED
    assert f"answer-{owed.pk}" not in office.get(DESK).content.decode()


def test_what_does_not_hold_any_more_can_only_be_told_in_another_way(klaten, office):
    owed = registered(klaten)
    key = f"reminder-{owed.pk}"
    assert 'value="again"' in office.get(DESK).content.decode()
    owed.occurrence.start = timezone.now() - timedelta(minutes=10)
    owed.occurrence.save(update_fields=["start"])
    text = office.get(DESK).content.decode()
    assert (key in text, 'value="again"' in text) == (True, False)
    assert office.post(DESK, {"mail": key, "do": "again"}).status_code == 409
    owed.refresh_from_db()
    assert owed.state == Reminder.State.FAILED
    assert office.post(DESK, {"mail": key, "do": "told"}).status_code == 303


@pytest.mark.parametrize("newer", [State.SENDING, State.SENT])
def test_an_older_answer_never_follows_a_newer_one(klaten, office, newer):
    request = answered(klaten)
    services.decline(
        request=request,
        actor=make_member("moderator", klaten),
        message="Tidak ada petugas.",
        seen_step=last_step(request),
        now=NOW,
    )
    other = answered(klaten)
    older, last, alone = AnswerMail.objects.order_by("step")
    AnswerMail.objects.filter(pk=last.pk).update(state=newer, taken_at=NOW)
    mail.outbox.clear()
    AnswerMail.objects.filter(pk=older.pk).update(state=State.FAILED)
    refused = office.post(DESK, {"mail": f"answer-{older.pk}", "do": "again"})
    assert refused.status_code == 409
    AnswerMail.objects.filter(pk=older.pk).update(state=State.WAITING)
    assert (send_answers(NOW), alone.step.request) == (1, other)
    older.refresh_from_db()
    assert (older.state, len(mail.outbox)) == (State.DROPPED, 1)


def test_one_panel_holds_the_mails_of_all_and_names_nobody(klaten, office):
    request = answered(klaten)
    AnswerMail.objects.update(state=State.FAILED)
    owed = registered(klaten)
    text = office.get(DESK).content.decode()
    for key in (f"answer-{AnswerMail.objects.get().pk}", f"reminder-{owed.pk}"):
        assert f'value="{key}"' in text
    assert f"/ruang/permintaan/{request.pk}/" in text
    for word in ("contoh.invalid", "Ibu Contoh", request.asker):
        assert word not in text
    front = office.get("/ruang/").content.decode()
    assert DESK in front


def test_a_session_that_is_over_needs_no_mail(klaten, office):
    owed = registered(klaten)
    owed.occurrence.start = timezone.now() - timedelta(hours=2)
    owed.occurrence.end = timezone.now() - timedelta(hours=1)
    owed.occurrence.save(update_fields=["start", "end"])
    assert f"reminder-{owed.pk}" not in office.get(DESK).content.decode()


def test_the_page_of_a_session_says_that_its_planner_was_not_reached(klaten, office):
    now = timezone.now()
    event = make_open_event(klaten, starts_at=now + timedelta(days=20), now=now)
    owed = Reminder.objects.create(
        district=klaten,
        occurrence=event.occurrences.get(),
        member=event.proposed_by,
        what="sebelum",
        due_at=now,
        state=Reminder.State.FAILED,
    )
    page = f"/ruang/kalender/{event.pk}/"
    key = f'value="reminder-{owed.pk}"'
    assert key in office.get(page).content.decode()
    assert key in office.get(DESK).content.decode()
    assert key not in signed_in(event.proposed_by).get(page).content.decode()


def test_another_districts_mail_is_as_one_that_is_not(klaten, office):
    theirs = registered(make_district("lebak"))
    foreign = office.post(DESK, {"mail": f"reminder-{theirs.pk}", "do": "again"})
    missing = office.post(DESK, {"mail": "reminder-999999", "do": "again"})
    assert (foreign.status_code, foreign.content) == (404, missing.content)
    theirs.refresh_from_db()
    assert theirs.state == Reminder.State.FAILED


@pytest.mark.parametrize("mail_key", ["", "x", "answer-", "answer-x", "answer-" + "9" * 40, "-1"])
def test_a_key_of_nothing_is_not_found(office, mail_key):
    assert office.post(DESK, {"mail": mail_key, "do": "told"}).status_code == 404


def test_who_sees_no_requests_sees_no_mails(klaten, office):
    for role in ("kader", "guru", "mitra", "monev"):
        assert signed_in(make_user(role, klaten)).get(DESK).status_code == 403
    assert office.post(DESK, {"mail": "answer-1", "do": "burn"}).status_code == 400


def test_the_panel_costs_the_same_for_one_and_for_three(
    klaten, office, django_assert_max_num_queries
):
    answered(klaten)
    registered(klaten)
    AnswerMail.objects.update(state=State.FAILED)
    office.get(DESK)
    with django_assert_max_num_queries(60) as few:
        office.get(DESK)
    for _n in range(2):
        answered(klaten)
    now, date = timezone.now(), Reminder.objects.first().occurrence
    for _n in range(2):
        register(date, now=now)
    AnswerMail.objects.update(state=State.FAILED)
    Reminder.objects.filter(what="terdaftar").update(state=Reminder.State.FAILED)
    with django_assert_max_num_queries(60) as many:
        office.get(DESK)
    assert len(many) == len(few)


def test_a_dead_line_leaves_the_answer_in_doubt_and_names_no_address(
    klaten, settings, monkeypatch, caplog
):
    from tests.events.test_joining_mail import Refusing

    monkeypatch.setattr(Refusing, "code", None)
    use_backend(settings, "tests.events.test_joining_mail.Refusing")
    answered(klaten)
    assert (send_answers(NOW), send_answers(NOW + timedelta(days=1))) == (0, 0)
    assert AnswerMail.objects.values_list("state", "in_doubt").get() == (State.FAILED, True)
    assert smtplib.__name__ not in caplog.text
    assert "contoh.invalid" not in caplog.text
