"""What a proposer changes after approval waits for the office, and what stood is told till then."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client

from events import reminder_mail
from events.models import Event, EventChange, EventState, Reminder
from events.services import deciding, moving, planning
from events.services.private_links import LINK
from events.services.reminding import owe_what_is_near
from events.showing import shown
from tests.events.read_back import body_of
from tests.factories.attendance import mark, person
from tests.factories.changing import approved, cancelled, edited
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


def feed() -> str:
    return body_of(Client(SERVER_NAME="klaten.localhost").get("/kalender.ics")).decode()


def page(event, day: str = ""):
    return Client(SERVER_NAME="klaten.localhost").get(f"/kalender/{event.slug}/{day}")


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


def test_the_office_reads_first_what_people_wait_for(klaten, event):
    edited(event, title="Lain")
    office = client_of("moderator", klaten)
    page_of_office = text_of(office.get("/ruang/kalender/usulan/"))
    group = page_of_office.split("Diubah sesudah disetujui")[1]
    assert "Lain" in group
    # Nothing of it is passed with the rest by one tap.
    assert re.findall(rf'name="pilih" value="{event.pk}\D\d+"([^>]*)>', group) == [""]


def test_what_was_never_approved_leaves_no_trace_when_it_is_cancelled(klaten, kader):
    event = make_event(klaten, proposer=kader.user, published=False)
    edited(event, title="Lain")
    event = cancelled(event)
    assert (event.title, event.is_public, event.uid in feed()) == ("Lain", False, False)


def test_a_proposal_that_has_begun_leaves_the_desk_when_it_is_cancelled(klaten, kader):
    def begun():
        return make_event(
            klaten, proposer=kader.user, published=False, starts_at=NOW - DAY,
            rrule="FREQ=DAILY;COUNT=4", now=NOW - 9 * DAY,
        )  # fmt: skip

    assert cancelled(begun()).state == EventState.CANCELLED
    # What somebody came to took place, and the office reads of it still.
    held = begun()
    mark(date_of(held), person("Siti Aminah"), now=NOW)
    held = cancelled(held)
    assert held.state == EventState.PROPOSED
    assert list(held.occurrences.values_list("is_cancelled", flat=True)).count(False) <= 2


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


def test_who_is_reminded_meanwhile_reads_what_stood(klaten, kader):
    event = make_open_event(klaten, proposer=kader.user)
    register(date_of(event))
    reminder_mail.send_due(NOW)
    mail.outbox.clear()
    edited(event, title="Judul yang belum dibaca", venue="Gedung Lain")
    assert reminder_mail.send_due(START - 2 * DAY) == 1
    [message] = mail.outbox
    assert "Mengasuh tanpa kekerasan" in message.subject
    assert ("Balai Desa" in message.body, "Gedung Lain" in message.body) == (True, False)


def test_a_reminder_of_a_day_that_may_change_waits_for_the_decision(klaten, kader):
    event = make_open_event(klaten, proposer=kader.user)
    register(date_of(event))
    near = START - 2 * DAY
    reminder_mail.send_due(NOW)
    mail.outbox.clear()
    edited(event, starts_at=START + timedelta(hours=3))
    assert reminder_mail.send_due(near) == 0
    assert set(Reminder.objects.filter(what="sebelum").values_list("state", flat=True)) == {
        State.WAITING
    }
    approved(event)
    owe_what_is_near(near + DAY)
    assert reminder_mail.send_due(near + DAY) == 3
    assert sorted(message.subject.partition(":")[0] for message in mail.outbox) == [
        "Berubah", "Sebentar lagi", "Sebentar lagi",
    ]  # fmt: skip


def test_who_registered_is_told_off_the_day_they_knew(klaten, kader):
    event = make_open_event(klaten, proposer=kader.user)
    row = date_of(event)
    moving.move_date(
        occurrence=row, actor=make_member("moderator", klaten), version=event.version,
        start=row.start, minutes=90, title="Di pendopo", venue="Pendopo", now=NOW,
    )  # fmt: skip
    mine = register(date_of(event))
    reminder_mail.send_due(NOW)
    mail.outbox.clear()
    edited(event, starts_at=START + 10 * DAY, title="Lain")
    private = f"/kalender/pendaftaran/{LINK.token_of(mine.key)}/"
    page_of_mine = text_of(Client(SERVER_NAME="klaten.localhost").get(private))
    for part in ("12 Maret 2026", "Di pendopo", "Pendopo", "sedang membaca perubahan"):
        assert part in page_of_mine
    cancelled(event)
    reminder_mail.send_due(NOW + 30 * MINUTE)
    [message] = mail.outbox
    assert ("12 Maret" in message.body, "22 Maret" in message.body) == (True, False)
    assert "Di pendopo" in message.subject
    assert page(event, "2026-03-12/").status_code == 200


def test_dates_that_a_change_left_out_are_told_and_come_back(klaten, kader):
    event = make_open_event(klaten, proposer=kader.user, rrule="FREQ=WEEKLY;COUNT=4")
    keys = set(event.occurrences.values_list("key", flat=True))
    register(date_of(event, 3))
    reminder_mail.send_due(NOW)
    mail.outbox.clear()
    edited(event, rrule="FREQ=WEEKLY;COUNT=2")
    # Nobody is told off a date before the office has read it.
    assert reminder_mail.send_due(NOW + 2 * MINUTE) == 0
    assert date_of(event, 2).is_cancelled
    edited(event, rrule="FREQ=WEEKLY;COUNT=4")
    approved(event)
    rows = event.occurrences.order_by("start")
    assert [(row.is_cancelled, row.is_extra) for row in rows] == [(False, False)] * 4
    assert len(keys & {row.key for row in rows}) == 3
    edited(event, rrule="FREQ=WEEKLY;COUNT=2")
    approved(event)
    mail.outbox.clear()
    assert reminder_mail.send_due(NOW + 30 * MINUTE) == 1
    assert mail.outbox[0].subject.startswith("Dibatalkan")


def test_dates_that_a_change_took_out_are_cancelled_with_the_others(klaten, kader):
    event = make_event(klaten, proposer=kader.user, rrule="FREQ=WEEKLY;COUNT=4")
    uids = sorted(str(key) for key in event.occurrences.values_list("key", flat=True))
    days = list(event.occurrences.values_list("day", flat=True))
    edited(event, rrule="FREQ=DAILY;COUNT=2", starts_at=START + 3 * DAY)
    event = cancelled(event)
    rows = event.occurrences.order_by("start")
    assert [row.day for row in rows] == days
    assert sorted(str(row.key) for row in rows) == uids
    assert feed().count("STATUS:CANCELLED") == 1


def test_a_cancelled_rest_opens_no_way_around_the_office(klaten, kader):
    event = make_event(
        klaten, proposer=kader.user, starts_at=NOW - DAY, rrule="FREQ=DAILY;COUNT=4",
        now=NOW - 9 * DAY,
    )  # fmt: skip
    company = planning.Company(speakers=[{"name": "Tak Dikenal"}])
    planning.edit(
        event=event, actor=kader.user, version=event.version, values={"summary": "Belum dibaca"},
        company=company, now=NOW,
    )  # fmt: skip
    rest = Event.objects.order_by("pk").last()
    rest = cancelled(rest)
    assert list(rest.speakers.all()) == []
    edited(rest, title="Lagi-lagi belum dibaca")
    rest.refresh_from_db()
    assert (rest.state, rest.is_public) == (EventState.PROPOSED, False)


def test_the_office_reads_it_also_when_who_approved_is_gone(event):
    event.approved_by.delete()
    edited(event, title="Lain")
    event.refresh_from_db()
    assert event.state == EventState.PROPOSED


def test_the_point_of_a_home_is_not_told_by_a_cancellation(klaten, kader):
    event = make_event(
        klaten, proposer=kader.user, address="Rumah Ibu Kanari RT 02", latitude="-7.70001",
        longitude="110.60001",
    )  # fmt: skip
    assert event.guarded
    edited(event, address="", venue="Posko RW 3", latitude=None, longitude=None)
    event = cancelled(event)
    assert event.guarded
    assert ("GEO" in feed(), "Posko" in feed()) == (False, False)


def test_another_place_of_the_whole_session_is_told(klaten, kader):
    event = make_open_event(klaten, proposer=kader.user)
    register(date_of(event))
    reminder_mail.send_due(NOW)
    for values in ({"venue": "Gedung Lain"}, {"minutes": 30}, {"summary": "Kata lain"}):
        mail.outbox.clear()
        event.refresh_from_db()
        planning.edit(
            event=event, actor=make_member("moderator", klaten), version=event.version,
            values=values, now=NOW,
        )  # fmt: skip
        assert reminder_mail.send_due(NOW) == (0 if "summary" in values else 1)


def test_who_registered_is_told_of_every_move_of_a_chain(klaten, kader):
    office = make_member("moderator", klaten)
    event = make_open_event(klaten, proposer=kader.user, rrule="FREQ=WEEKLY;COUNT=6")
    register(date_of(event, 4))
    reminder_mail.send_due(NOW)
    sequence = event.sequence
    for hours, since in ((1, 0), (2, 2), (3, 1)):
        mail.outbox.clear()
        event = Event.objects.order_by("pk").last()
        row = date_of(event, since)
        planning.edit(
            event=event, actor=office, version=event.version, now=NOW,
            values={"starts_at": row.recurrence_id + timedelta(hours=hours)},
            since=row if since else None,
        )  # fmt: skip
        assert reminder_mail.send_due(NOW) == 1
        event = Event.objects.order_by("pk").last()
        # What other calendars hold never gets a lower number.
        assert event.sequence > sequence
        sequence = event.sequence


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
