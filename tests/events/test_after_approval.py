"""What a proposer changes after approval waits for the office, and what stood is told till then."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client

from events import reminder_mail
from events.models import Event, EventChange, EventState, Reminder
from events.services import deciding, moving, planning
from events.services.reminding import owe_what_is_near
from events.showing import shown
from tests.events.read_back import body_of
from tests.factories.events import NOW, START, make_event
from tests.factories.joining import date_of, make_open_event, register
from tests.factories.people import make_member
from tests.factories.planning import client_of, fields_of, text_of

pytestmark = pytest.mark.django_db
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
State = Reminder.State


@pytest.fixture
def kader(klaten):
    return client_of("kader", klaten)


@pytest.fixture
def event(klaten, kader):
    return make_event(klaten, proposer=kader.user)


def edited(event, **values) -> Event:
    """Changed by who proposed it."""
    event.refresh_from_db()
    return planning.edit(
        event=event, actor=event.proposed_by, version=event.version, values=values, now=NOW + MINUTE
    )


def approved(event) -> Event:
    event.refresh_from_db()
    actor = make_member("moderator", event.district)
    return deciding.approve(event=event, actor=actor, version=event.version, now=NOW + 2 * MINUTE)


def cancelled(event) -> Event:
    event.refresh_from_db()
    return deciding.cancel(
        event=event,
        actor=event.proposed_by,
        version=event.version,
        note="Banjir",
        now=NOW + 3 * MINUTE,
    )


def feed() -> str:
    return body_of(Client(SERVER_NAME="klaten.localhost").get("/kalender.ics")).decode()


def page(event):
    return Client(SERVER_NAME="klaten.localhost").get(f"/kalender/{event.slug}/")


def test_who_subscribed_learns_that_a_corrected_session_is_off(event):
    assert "STATUS:CONFIRMED" in feed()
    edited(event, title="Judul yang belum dibaca", summary="Belum dibaca")
    assert (event.uid in feed(), page(event).status_code) == (False, 404)
    cancelled(event)
    body = feed()
    assert (event.uid in body, "STATUS:CANCELLED" in body) == (True, True)
    # In the words that were approved; the others stand in the log.
    assert ("Mengasuh tanpa kekerasan" in body, "belum dibaca" in body) == (True, False)
    assert "Belum dibaca" not in text_of(page(event))
    log = EventChange.objects.get(event=event, verb=EventChange.Verb.CANCELLED)
    assert log.values["title"] == ["Judul yang belum dibaca", "Mengasuh tanpa kekerasan"]


def test_a_series_that_has_begun_stays_public_where_the_rest_is_cancelled(klaten, kader):
    event = make_event(
        klaten,
        proposer=kader.user,
        starts_at=NOW - DAY,
        rrule="FREQ=DAILY;COUNT=4",
        now=NOW - 9 * DAY,
    )
    edited(event, summary="Belum dibaca")
    event = cancelled(event)
    assert (event.state, event.summary) == (EventState.PUBLISHED, "Bersama bidan desa.")
    assert list(event.occurrences.values_list("is_cancelled", "is_public")) == [
        (False, True),
        *[(False, True)] * (event.occurrences.filter(is_cancelled=False).count() - 1),
        *[(True, True)] * event.occurrences.filter(is_cancelled=True).count(),
    ]


def test_what_was_never_approved_leaves_no_trace_when_it_is_cancelled(klaten, kader):
    event = make_event(klaten, proposer=kader.user, published=False)
    edited(event, title="Lain")
    event = cancelled(event)
    assert (event.title, event.is_public, event.uid in feed()) == ("Lain", False, False)


def test_what_the_office_hid_stays_hidden_when_it_is_cancelled(event):
    moderator = make_member("moderator", event.district)
    deciding.hide(event=event, actor=moderator, version=event.version, now=NOW)
    edited(event, title="Lain")
    event = cancelled(event)
    assert (event.is_public, event.approved_at is None) == (False, False)


def test_the_words_that_are_approved_last_are_those_that_stand(event):
    edited(event, title="Kedua")
    edited(event, title="Ketiga")
    approved(event)
    edited(event, title="Keempat")
    event = cancelled(event)
    assert (event.title, event.stood) == ("Ketiga", None)


def test_a_cancelled_session_names_no_speaker(event):
    company = planning.Company(speakers=[{"name": "Bidan Contoh"}])
    planning.edit(
        event=event,
        actor=event.proposed_by,
        version=event.version,
        values={},
        company=company,
        now=NOW,
    )
    cancelled(event)
    event.refresh_from_db()
    assert shown(event).speakers == []


def test_another_title_of_one_date_is_read_by_the_office(event, kader):
    row = date_of(event)
    path = f"/ruang/kalender/{event.pk}/tanggal/{row.pk}/"
    opened = kader.get(path)
    assert "Judul lain dibaca kantor lebih dahulu" in text_of(opened)
    form = fields_of_date(opened) | {"title": "Judul saya"}
    answer = kader.post(path, form, follow=True)
    assert "Kantor akan membacanya lagi" in text_of(answer)
    event.refresh_from_db()
    assert (event.state, event.is_public) == (EventState.PROPOSED, False)
    event = cancelled(event)
    assert date_of(event).title == ""


def test_time_and_place_of_one_date_hold_at_once(event, kader):
    row = date_of(event)
    path = f"/ruang/kalender/{event.pk}/tanggal/{row.pk}/"
    form = fields_of_date(kader.get(path)) | {"hour": "15:00", "venue": "Pendopo"}
    assert kader.post(path, form).status_code == 303
    event.refresh_from_db()
    assert (event.state, date_of(event).venue) == (EventState.PUBLISHED, "Pendopo")


def test_one_date_more_is_read_by_the_office(event, kader):
    path = f"/ruang/kalender/{event.pk}/tanggal/"
    opened = kader.get(path)
    assert "Sampai kantor setuju" in text_of(opened)
    form = fields_of_date(opened) | {"day": "2027-02-01"}
    assert kader.post(path, form).status_code == 303
    event.refresh_from_db()
    assert event.state == EventState.PROPOSED


def test_a_colleague_and_a_trusted_member_need_nobody(klaten, event, kader):
    moderator = make_member("moderator", klaten)
    own = make_event(klaten, kind="pertemuan-pkk", proposer=kader.user, published=False)
    assert own.is_trusted
    for one, actor in ((event, moderator), (own, kader.user)):
        state = one.state
        start = START + DAY
        moving.add_date(event=one, actor=actor, version=one.version, start=start, now=NOW)
        one.refresh_from_db()
        assert one.state == state


def test_the_form_says_what_a_change_means(event, kader, klaten):
    path = f"/ruang/kalender/{event.pk}/ubah/"
    assert "Sampai kantor setuju" in text_of(kader.get(path))
    assert "Sampai kantor setuju" not in text_of(client_of("moderator", klaten).get(path))


def test_a_reminder_waits_until_the_office_has_decided(klaten, kader):
    event = make_open_event(klaten, proposer=kader.user)
    register(date_of(event))
    near = START - 2 * DAY
    reminder_mail.send_due(NOW)
    mail.outbox.clear()
    edited(event, title="Judul kedua")
    assert reminder_mail.send_due(near) == 0
    soon = Reminder.objects.get(what=Reminder.What.SOON, member=None)
    assert (soon.state, soon.attempts) == (State.WAITING, 0)
    approved(event)
    owe_what_is_near(near + MINUTE)
    assert reminder_mail.send_due(near + 16 * MINUTE) == 2
    assert {message.to[0] for message in mail.outbox} == {"ibu@contoh.invalid", kader.user.email}
    assert "Judul kedua" in mail.outbox[0].subject


def test_nobody_is_mailed_a_new_date_that_nobody_approved(klaten, kader):
    event = make_open_event(klaten, proposer=kader.user)
    register(date_of(event))
    reminder_mail.send_due(NOW)
    mail.outbox.clear()
    edited(event, starts_at=START + DAY)
    assert reminder_mail.send_due(NOW + MINUTE) == 0
    approved(event)
    assert reminder_mail.send_due(NOW + 20 * MINUTE) == 1
    assert mail.outbox[0].to == ["ibu@contoh.invalid"]


def test_that_it_is_off_waits_for_nobody(klaten, kader):
    event = make_open_event(klaten, proposer=kader.user)
    register(date_of(event))
    reminder_mail.send_due(NOW)
    mail.outbox.clear()
    edited(event, starts_at=START + DAY)
    reminder_mail.send_due(NOW + MINUTE)
    cancelled(event)
    assert reminder_mail.send_due(NOW + 30 * MINUTE) == 1
    assert Reminder.objects.filter(state=State.WAITING, due_at__lte=NOW + 30 * MINUTE).count() == 0


def fields_of_date(response) -> dict:
    form = response.context["form"]
    form.speakers = ()
    return fields_of(form)
