"""While a change waits: a date that is moved, or off, holds at once; all else is told afterwards.

What stood until the decision: `tests/events/test_after_approval.py`.
"""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from events import reminder_mail
from events.models import Occurrence
from events.services import deciding, moving, planning
from events.services.private_links import LINK
from events.stood import as_it_stood
from tests.factories.changing import approved, cancelled, edited
from tests.factories.events import NOW, START
from tests.factories.joining import date_of, make_open_event, register
from tests.factories.people import make_member
from tests.factories.planning import client_of, text_of

pytestmark = pytest.mark.django_db
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


@pytest.fixture
def kader(klaten):
    return client_of("kader", klaten)


@pytest.mark.parametrize("who", ["proposer", "office"])
@pytest.mark.parametrize("waits_for", ["the session", "a title of that date"])
def test_a_move_holds_at_once_whatever_waits(klaten, kader, who, waits_for):
    event = make_open_event(klaten, proposer=kader.user)
    mine = register(date_of(event))
    reminder_mail.send_due(NOW)
    mail.outbox.clear()
    title = "Belum dibaca" if waits_for == "a title of that date" else ""
    if not title:
        edited(event, title="Lain")
    event.refresh_from_db()
    actor = kader.user if who == "proposer" else make_member("moderator", klaten)
    moving.move_date(
        occurrence=date_of(event), actor=actor, version=event.version, start=START - 2 * HOUR,
        minutes=60, title=title, venue="Pendopo", note="Banjir", now=NOW + 2 * MINUTE,
    )  # fmt: skip
    assert reminder_mail.send_due(NOW + 3 * MINUTE) == 1
    [message] = mail.outbox
    private = Client(SERVER_NAME="klaten.localhost").get(
        f"/kalender/pendaftaran/{LINK.token_of(mine.key)}/"
    )
    for text in (message.body, text_of(private)):
        assert ("07.00–08.00 WIB" in text, "Pendopo" in text) == (True, True)
        assert ("Lain" in text, "Belum dibaca" in text) == (False, who == "office" and bool(title))
    row = date_of(cancelled(event))
    assert (row.start, row.venue, row.recurrence_id) == (START - 2 * HOUR, "Pendopo", START)


def test_a_move_tells_nothing_that_waits(klaten, kader):
    event = make_open_event(klaten, proposer=kader.user)
    register(date_of(event))
    reminder_mail.send_due(NOW)
    mail.outbox.clear()
    edited(event, starts_at=START + DAY, venue="Gedung Lain")
    event.refresh_from_db()
    row = date_of(event)
    moving.move_date(
        occurrence=row, actor=kader.user, version=event.version, start=row.start, minutes=30,
        now=NOW + 2 * MINUTE,
    )  # fmt: skip
    assert reminder_mail.send_due(NOW + 3 * MINUTE) == 1
    assert "12 Maret 2026\n09.00–09.30 WIB" in mail.outbox[0].body
    assert "Gedung Lain" not in mail.outbox[0].body
    # That is told when it is approved, and another change after it as well.
    approved(event)
    assert reminder_mail.send_due(NOW + 4 * MINUTE) == 1
    assert "13 Maret 2026\n09.00–09.30 WIB" in mail.outbox[1].body
    assert "Gedung Lain" in mail.outbox[1].body
    event.refresh_from_db()
    moving.move_date(
        occurrence=date_of(event), actor=kader.user, version=event.version, start=START,
        minutes=30, now=NOW + 5 * MINUTE,
    )  # fmt: skip
    assert reminder_mail.send_due(NOW + 6 * MINUTE) == 1


def test_a_date_is_off_and_on_again_at_once_whatever_waits(klaten, kader):
    event = make_open_event(klaten, proposer=kader.user, rrule="FREQ=WEEKLY;COUNT=2")
    mine = register(date_of(event))
    reminder_mail.send_due(NOW)
    act = {"actor": kader.user, "now": NOW + 2 * MINUTE}
    moving.cancel_date(occurrence=date_of(event), version=event.version, note="Banjir", **act)
    reminder_mail.send_due(NOW + 2 * MINUTE)
    edited(event, title="Lain")
    mail.outbox.clear()
    event.refresh_from_db()
    moving.restore_date(occurrence=date_of(event), version=event.version, **act)
    assert reminder_mail.send_due(NOW + 3 * MINUTE) == 1
    assert mail.outbox[0].subject.startswith("Berubah")
    assert as_it_stood(Occurrence.objects.get(pk=mine.occurrence_id)).is_cancelled is False
    # Nothing but the session's own end takes it off again.
    event.refresh_from_db()
    [first, _second] = event.stood["dates"]
    assert (first["pk"], first["is_cancelled"]) == (mine.occurrence_id, False)
    moving.cancel_date(occurrence=date_of(event), version=event.version, note="Banjir", **act)
    event.refresh_from_db()
    assert [one["is_cancelled"] for one in event.stood["dates"]] == [True, False]


def test_a_date_that_a_change_leaves_out_is_on_until_it_is_approved(klaten, kader):
    event = make_open_event(klaten, proposer=kader.user, rrule="FREQ=WEEKLY;COUNT=2")
    mine = register(date_of(event, 1))
    reminder_mail.send_due(NOW)
    mail.outbox.clear()
    edited(event, rrule="")
    private = f"/kalender/pendaftaran/{LINK.token_of(mine.key)}/"
    read = text_of(Client(SERVER_NAME="klaten.localhost").get(private))
    assert ("sedang membaca perubahan" in read, "dibatalkan" in read) == (True, False)
    near = START + 5 * DAY
    # The reminder waits for the decision, and is not lost where the date comes back.
    assert reminder_mail.send_due(near) == 0
    edited(event, rrule="FREQ=WEEKLY;COUNT=2")
    event.refresh_from_db()
    office = make_member("moderator", klaten)
    deciding.approve(event=event, actor=office, version=event.version, now=near)
    assert reminder_mail.send_due(near + HOUR) == 1
    assert mail.outbox[0].subject.startswith("Sebentar lagi")


@pytest.mark.parametrize("who", ["proposer", "office"])
def test_another_title_of_a_date_is_told_when_it_holds(klaten, kader, who):
    event = make_open_event(klaten, proposer=kader.user)
    register(date_of(event))
    reminder_mail.send_due(NOW)
    mail.outbox.clear()
    event.refresh_from_db()
    actor = kader.user if who == "proposer" else make_member("moderator", klaten)
    moving.move_date(
        occurrence=date_of(event), actor=actor, version=event.version, start=START,
        minutes=event.minutes, title="Judul lain", now=NOW + MINUTE,
    )  # fmt: skip
    at_once = reminder_mail.send_due(NOW + MINUTE)
    if who == "proposer":
        approved(event)
    afterwards = reminder_mail.send_due(NOW + 3 * MINUTE)
    assert (at_once, afterwards) == ((0, 1) if who == "proposer" else (1, 0))
    assert [one.subject for one in mail.outbox] == ["Berubah: Judul lain"]


def test_a_date_that_a_change_leaves_out_is_cancelled_for_good(klaten, kader, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW + 2 * MINUTE)
    event = make_open_event(klaten, proposer=kader.user, rrule="FREQ=WEEKLY;COUNT=2")
    mine = register(date_of(event, 1))
    reminder_mail.send_due(NOW)
    mail.outbox.clear()
    edited(event, rrule="")
    event.refresh_from_db()
    detail, row = f"/ruang/kalender/{event.pk}/", date_of(event, 1)
    cancels, restores = (f"{detail}tanggal/{row.pk}/{act}/" for act in ("batal", "pulih"))
    page = text_of(kader.get(detail))
    assert (cancels in page, restores in page) == (True, True)
    sent = {"version": event.version, "note": "Banjir"}
    assert kader.post(cancels, sent).status_code == 303
    # Who registered reads it at once; who writes the rule as it was takes nothing of it back.
    assert reminder_mail.send_due(NOW + DAY) == 1
    assert (mail.outbox[0].subject[:10], "Banjir" in mail.outbox[0].body) == ("Dibatalkan", True)
    page = text_of(kader.get(detail))
    assert (cancels in page, restores in page) == (False, True)
    edited(event, rrule="FREQ=WEEKLY;COUNT=2")
    row = date_of(approved(event), 1)
    assert (row.pk, row.is_cancelled, row.note) == (mine.occurrence_id, True, "Banjir")
    assert reminder_mail.send_due(NOW + DAY) == 0
    event.refresh_from_db()
    sent["version"] = event.version
    assert kader.post(cancels, sent).status_code == 409


def test_a_date_that_was_moved_to_an_hour_that_is_over_is_told(klaten, kader):
    event = make_open_event(klaten, proposer=kader.user)
    register(date_of(event))
    reminder_mail.send_due(NOW)
    mail.outbox.clear()
    edited(event, starts_at=NOW + HOUR)
    event.refresh_from_db()
    office = make_member("moderator", klaten)
    deciding.approve(event=event, actor=office, version=event.version, now=NOW + 2 * HOUR)
    assert reminder_mail.send_due(NOW + 3 * HOUR) == 1
    assert "2 Maret 2026" in mail.outbox[0].body


def test_a_date_that_began_before_its_move_could_be_told_is_told_of_no_more(klaten, kader):
    event = make_open_event(klaten, proposer=kader.user)
    register(date_of(event))
    reminder_mail.send_due(NOW)
    edited(event, starts_at=START + DAY)
    approved(event)
    assert reminder_mail.send_due(START + DAY) == 0


def test_how_to_get_there_is_nothing_that_who_registered_reads(klaten, kader):
    event = make_open_event(klaten, proposer=kader.user)
    register(date_of(event))
    reminder_mail.send_due(NOW)
    office = make_member("moderator", klaten)
    planning.edit(
        event=event, actor=office, version=event.version, now=NOW,
        values={"address": "Lewat pintu samping"},
    )  # fmt: skip
    assert reminder_mail.send_due(NOW) == 0
