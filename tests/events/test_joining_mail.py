"""Mails that are owed: each is sent once, waits for a server that is down, and tells the truth."""

import smtplib
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.db import OperationalError
from django.utils import translation
from icalendar import Calendar

from events import reminder_mail
from events.models import Occurrence, Reminder
from events.services import deciding, moving, planning, registering
from events.services.bookkeeping import NotPossible
from events.services.private_links import LINK
from events.services.reminding import owe_what_is_near
from safeguards import owed_mails
from safeguards.models import AuditEntry
from tests.factories.events import NOW, START, make_event, make_terms
from tests.factories.joining import E164, date_of, make_open_event, register
from tests.factories.mails import backend_of, use_backend
from tests.factories.people import make_member
from tests.factories.places import make_district, national

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
NEAR = START - 2 * DAY
State, What = Reminder.State, Reminder.What


class Down(BaseEmailBackend):
    """Nobody answers."""

    def open(self):
        raise ConnectionRefusedError

    def send_messages(self, messages):
        raise AssertionError("no mail without a connection")


class Refusing(BaseEmailBackend):
    """Answers, and refuses with the code in `code`; None breaks off in the middle."""

    code: int | None = 550

    def send_messages(self, messages):
        if self.code is None:
            raise smtplib.SMTPServerDisconnected("gone")
        to = messages[0].to[0]
        raise smtplib.SMTPRecipientsRefused({to: (self.code, b"no")})


@pytest.fixture
def klaten(db):
    national()
    make_terms()
    return make_district("klaten")


@pytest.fixture
def through(settings):
    """`through(Down)`: mails go through this backend from now on."""

    def choose(backend) -> None:
        use_backend(settings, f"{__name__}.{backend.__name__}")

    return choose


def only(what: str) -> Reminder:
    return Reminder.objects.get(what=what)


def subjects() -> list[str]:
    return [message.subject for message in mail.outbox]


def calendar_of(message) -> Calendar:
    [(name, content, kind)] = message.attachments
    assert (name, kind) == ("kegiatan.ics", "text/calendar")
    return Calendar.from_ical(content)


def test_who_registers_gets_one_mail_with_the_date_and_the_private_link(klaten):
    mine = register(date_of(make_open_event(klaten)), now=NOW)
    assert reminder_mail.send_due(NOW) == 1
    assert reminder_mail.send_due(NOW + MINUTE) == 0
    [message] = mail.outbox
    assert message.to == [mine.email]
    assert "Mengasuh tanpa kekerasan" in message.subject
    assert LINK.token_of(mine.key) in message.body
    assert "http://klaten.localhost" in message.body
    assert "09.00–10.30 WIB" in message.body
    calendar = calendar_of(message)
    [event] = calendar.walk("VEVENT")
    assert (event["DTSTART"].dt, str(event["STATUS"])) == (START, "CONFIRMED")
    assert "METHOD" not in calendar
    assert mine.email not in calendar.to_ical().decode()
    sent = only("terdaftar")
    assert (sent.state, sent.attempts, sent.sent_at) == (State.SENT, 1, NOW)


def test_the_reminder_goes_out_once_before_the_day(klaten):
    register(date_of(make_open_event(klaten)))
    reminder_mail.send_due(NOW)
    assert reminder_mail.send_due(NEAR - MINUTE) == 0
    assert reminder_mail.send_due(NEAR) == 1
    owe_what_is_near(NEAR)
    # The second mail is the proposer's own.
    assert reminder_mail.send_due(NEAR + MINUTE) == 1
    owe_what_is_near(NEAR + MINUTE)
    assert reminder_mail.send_due(NEAR + 2 * MINUTE) == 0
    assert len(mail.outbox) == 3
    assert Reminder.objects.filter(state=State.SENT).count() == 3


def test_the_proposer_is_reminded_with_all_of_a_guarded_session(klaten):
    kader = make_member("kader", klaten)
    make_event(klaten, proposer=kader, kind="pertemuan-pkk", title="Dasawisma Melati")
    assert owe_what_is_near(NEAR - MINUTE) == 0
    owe_what_is_near(NEAR)
    assert reminder_mail.send_due(NEAR) == 1
    [message] = mail.outbox
    assert (message.to, "Dasawisma Melati" in message.subject) == ([kader.email], True)
    [event] = calendar_of(message).walk("VEVENT")
    assert event["DTSTART"].dt == START


def test_an_office_can_choose_the_days_or_none(klaten):
    settings = planning.settings_of(klaten)
    settings.remind_days = 0
    settings.save()
    register(date_of(make_open_event(klaten)))
    assert owe_what_is_near(NEAR) == 0
    assert not Reminder.objects.filter(what=What.SOON).exists()


def test_a_moved_date_is_told_and_reminded_of_anew(klaten):
    event = make_open_event(klaten)
    register(date_of(event))
    reminder_mail.send_due(NOW)
    office = make_member("admin", klaten)
    for days in (1, 2):
        event.refresh_from_db()
        moving.move_date(
            occurrence=date_of(event),
            actor=office,
            version=event.version,
            start=START + days * DAY,
            minutes=90,
            now=NOW + days * MINUTE,
        )
    # Of two changes the last one tells all.
    assert reminder_mail.send_due(NOW + DAY) == 1
    assert "14 Maret 2026" in mail.outbox[1].body or "14 March 2026" in mail.outbox[1].body
    assert reminder_mail.send_due(NEAR) == 0
    assert reminder_mail.send_due(NEAR + 2 * DAY) == 1
    assert len(mail.outbox) == 3
    states = Reminder.objects.filter(what=What.SOON).order_by("round")
    assert [row.state for row in states] == [State.DROPPED, State.DROPPED, State.SENT]


@pytest.mark.parametrize("newer", [State.WAITING, State.SENDING, State.SENT])
def test_an_older_move_is_never_told_after_a_newer_one(klaten, newer):
    event, office = make_open_event(klaten), make_member("admin", klaten)
    register(date_of(event))
    for days in (1, 2):
        event.refresh_from_db()
        moving.move_date(
            occurrence=date_of(event),
            actor=office,
            version=event.version,
            start=START + days * DAY,
            minutes=90,
            now=NOW + days * MINUTE,
        )
    older, last = Reminder.objects.filter(what=What.MOVED).order_by("round")
    Reminder.objects.filter(pk=last.pk).update(state=newer, taken_at=NOW + DAY)
    assert owed_mails.send_one(reminder_mail.POST, older.pk, NOW + DAY) == 0
    older.refresh_from_db()
    assert (older.state, mail.outbox) == (State.DROPPED, [])


def test_a_series_that_is_changed_as_a_whole_tells_its_people_too(klaten):
    event = make_open_event(klaten, rrule="FREQ=WEEKLY;COUNT=2;BYDAY=TH")
    register(date_of(event, 1))
    planning.edit(
        event=event,
        actor=make_member("admin", klaten),
        version=event.version,
        values={"starts_at": START + timedelta(hours=1)},
        now=NOW,
    )
    reminder_mail.send_due(NOW)
    assert only(What.MOVED).state == State.SENT
    assert "10.00–11.30 WIB" in mail.outbox[-1].body


def test_a_cancelled_date_is_told_with_a_file_that_takes_it_away(klaten):
    event = make_open_event(klaten)
    register(date_of(event))
    gone = register(date_of(event), email="lain@contoh.invalid")
    registering.cancel(registration=gone, now=NOW)
    reminder_mail.send_due(NOW)
    office = make_member("admin", klaten)
    moving.cancel_date(
        occurrence=date_of(event), actor=office, version=event.version, note="Banjir", now=NOW
    )
    assert reminder_mail.send_due(NOW + MINUTE) == 1
    message = mail.outbox[-1]
    assert ("Banjir" in message.body, message.to) == (True, ["ibu@contoh.invalid"])
    [vevent] = calendar_of(message).walk("VEVENT")
    assert str(vevent["STATUS"]) == "CANCELLED"
    assert reminder_mail.send_due(NEAR) == 0


def test_a_date_that_takes_place_after_all_is_told_again(klaten):
    event, office = make_open_event(klaten), make_member("admin", klaten)
    register(date_of(event))
    reminder_mail.send_due(NOW)
    for act in (moving.cancel_date, moving.restore_date):
        event.refresh_from_db()
        more = {"note": ""} if act is moving.cancel_date else {}
        act(
            occurrence=date_of(event),
            actor=office,
            version=event.version,
            now=NOW + MINUTE,
            **more,
        )
    # The cancellation was not sent yet, and is not true any more.
    assert reminder_mail.send_due(NOW + 2 * MINUTE) == 1
    assert only(What.CANCELLED).state == State.DROPPED
    assert reminder_mail.send_due(NEAR) == 1
    assert len(mail.outbox) == 3


def test_who_moves_up_is_told(klaten):
    date = date_of(make_open_event(klaten, seats=1))
    first = register(date)
    register(date, email="tunggu@contoh.invalid")
    reminder_mail.send_due(NOW)
    waits = mail.outbox[1]
    assert (waits.to, waits.attachments) == (["tunggu@contoh.invalid"], [])
    registering.cancel(registration=first, now=NOW)
    assert reminder_mail.send_due(NOW + MINUTE) == 1
    assert mail.outbox[2].to == ["tunggu@contoh.invalid"]
    assert len(mail.outbox[2].attachments) == 1
    assert reminder_mail.send_due(NEAR) == 1


def test_a_cancelled_series_tells_everybody_once(klaten):
    event = make_open_event(klaten, rrule="FREQ=WEEKLY;COUNT=2;BYDAY=TH")
    for number in (0, 1):
        register(date_of(event, number))
    reminder_mail.send_due(NOW)
    deciding.cancel(
        event=event,
        actor=make_member("admin", klaten),
        version=event.version,
        note="Aula dipakai",
        now=NOW,
    )
    assert reminder_mail.send_due(NOW) == 2
    assert Occurrence.objects.filter(event=event).count() == 2


def test_a_dead_server_loses_nothing(klaten, through, settings):
    usual = backend_of(settings)
    date = date_of(make_open_event(klaten, seats=None))
    for number in range(3):
        register(date, email=f"orang{number}@contoh.invalid")
    through(Down)
    assert reminder_mail.send_due(NOW) == 0
    rows = Reminder.objects.filter(what=What.REGISTERED)
    # One row found out; the others wait as they were.
    assert sorted(rows.values_list("state", "attempts")) == [
        (State.WAITING, 0),
        (State.WAITING, 0),
        (State.WAITING, 1),
    ]
    use_backend(settings, usual)
    assert reminder_mail.send_due(NOW + MINUTE) == 2
    assert reminder_mail.send_due(NOW + owed_mails.delay_after(1)) == 1
    assert sorted(message.to[0] for message in mail.outbox) == [
        f"orang{number}@contoh.invalid" for number in range(3)
    ]


def test_it_waits_longer_each_time_and_is_given_up_at_last(klaten, through):
    starts = START + 200 * DAY
    register(date_of(make_open_event(klaten, starts_at=starts)))
    through(Down)
    now, delays = NOW, []
    for _n in range(owed_mails.MOST_ATTEMPTS):
        reminder_mail.send_due(now)
        row = only(What.REGISTERED)
        delays.append(row.due_at - now)
        now = max(row.due_at, now)
    assert delays[:4] == [timedelta(minutes=n) for n in (5, 15, 45, 135)]
    assert max(delays) == timedelta(hours=12)
    assert (row.state, row.attempts) == (State.FAILED, 10)


@pytest.mark.parametrize(
    ("code", "state"), [(450, State.WAITING), (550, State.FAILED), (None, State.FAILED)]
)
def test_what_the_server_said_decides(klaten, through, monkeypatch, code, state):
    register(date_of(make_open_event(klaten)))
    monkeypatch.setattr(Refusing, "code", code)
    through(Refusing)
    assert reminder_mail.send_due(NOW) == 0
    assert (only(What.REGISTERED).state, only(What.REGISTERED).attempts) == (state, 1)


class Dying(BaseEmailBackend):
    """The process ends while the mail is handed over."""

    def send_messages(self, messages):
        raise SystemExit


def test_after_a_crash_a_mail_is_never_sent_twice(klaten, through, settings):
    usual = backend_of(settings)
    register(date_of(make_open_event(klaten)))
    through(Dying)
    with pytest.raises(SystemExit):
        reminder_mail.send_due(NOW)
    use_backend(settings, usual)
    # Nobody knows whether it was before or after the mail left.
    assert reminder_mail.send_due(NOW + 5 * MINUTE) == 0
    assert only(What.REGISTERED).state == State.SENDING
    assert reminder_mail.send_due(NOW + 16 * MINUTE) == 0
    owed = only(What.REGISTERED)
    assert (owed.state, owed.in_doubt, owed.attempts) == (State.FAILED, True, 1)
    assert subjects() == []


def test_a_crash_before_anything_was_handed_over_delays_the_mail(klaten):
    register(date_of(make_open_event(klaten)))
    pk = only(What.REGISTERED).pk
    assert owed_mails.take(reminder_mail.POST, pk, NOW).state == State.SENDING
    assert reminder_mail.send_due(NOW + 5 * MINUTE) == 0
    assert reminder_mail.send_due(NOW + 16 * MINUTE) == 1
    owed = only(What.REGISTERED)
    assert (owed.state, owed.in_doubt, owed.attempts) == (State.SENT, False, 2)
    # What ends its process each time is given up as well.
    Reminder.objects.filter(pk=pk).update(
        state=State.SENDING, attempts=owed_mails.MOST_ATTEMPTS - 1
    )
    assert reminder_mail.send_due(NOW + DAY) == 0
    assert (only(What.REGISTERED).state, only(What.REGISTERED).in_doubt) == (State.FAILED, False)


@pytest.mark.parametrize("fails", ["still_true", "message"])
def test_a_fault_before_anything_was_handed_over_delays_the_mail(klaten, fails):
    register(date_of(make_open_event(klaten)))

    def gone(*_args):
        raise OperationalError("the database restarts")

    with pytest.raises(OperationalError):
        owed_mails.send_due(replace(reminder_mail.POST, **{fails: gone}), NOW)
    owed = only(What.REGISTERED)
    assert (owed.state, owed.in_doubt, owed.attempts) == (State.WAITING, False, 1)
    assert owed.due_at == NOW + owed_mails.delay_after(1)
    assert reminder_mail.send_due(owed.due_at) == 1


def test_a_row_that_was_erased_meanwhile_is_not_handed_over(klaten):
    register(date_of(make_open_event(klaten)))

    def erased(row):
        message = reminder_mail.POST.message(row)
        Reminder.objects.all().delete()
        return message

    assert owed_mails.send_due(replace(reminder_mail.POST, message=erased), NOW) == 0
    assert subjects() == []


def test_a_registration_speaks_its_own_language(klaten):
    date = date_of(make_open_event(klaten, seats=None))
    mine = register(date)
    mine.language_code = "en"
    mine.save(update_fields=["language_code"])
    reminder_mail.send_due(NOW)
    assert subjects() == ["You are registered: Mengasuh tanpa kekerasan"]
    assert "Thursday, 12 March 2026" in mail.outbox[0].body


def test_words_of_others_make_no_new_header(klaten):
    event = make_open_event(klaten, title="Judul\r\nBcc: lain@contoh.invalid")
    register(date_of(event))
    reminder_mail.send_due(NOW)
    [message] = mail.outbox
    assert "\n" not in message.subject
    assert message.recipients() == ["ibu@contoh.invalid"]


def test_who_the_office_cancels_is_told_once_without_a_file(klaten):
    event = make_open_event(klaten, seats=1)
    mine = register(date_of(event), now=NOW)
    next_one = register(date_of(event), now=NOW, email="lain@contoh.invalid")
    reminder_mail.send_due(NOW)
    mail.outbox.clear()
    boss = make_member("moderator", klaten)
    registering.cancel(registration=mine, actor=boss, now=NOW)
    registering.cancel(registration=mine, actor=boss, now=NOW)
    assert reminder_mail.send_due(NOW) == 2
    told, moved_up = sorted(mail.outbox, key=lambda one: one.to)
    assert (told.to, moved_up.to) == (["ibu@contoh.invalid"], ["lain@contoh.invalid"])
    with translation.override("id"):
        said = translation.gettext("Your registration was cancelled: %(title)s")
    assert told.subject == said % {"title": event.title}
    assert told.attachments == []
    assert LINK.token_of(mine.key) not in told.body
    next_one.refresh_from_db()
    assert next_one.state == "terdaftar"


def test_who_cancels_for_themselves_or_gave_no_address_is_not_told(klaten):
    event = make_open_event(klaten, seats=None)
    mine = register(date_of(event), now=NOW)
    caller = register(date_of(event), now=NOW, email="", phone=E164)
    reminder_mail.send_due(NOW)
    mail.outbox.clear()
    registering.cancel(registration=mine, now=NOW)
    registering.cancel(registration=caller, actor=make_member("moderator", klaten), now=NOW)
    assert (reminder_mail.send_due(NOW), mail.outbox) == (0, [])


def test_a_mail_is_tried_again_only_where_it_certainly_did_not_leave(klaten, through, settings):
    mine = register(date_of(make_open_event(klaten)), now=NOW)
    boss, working = make_member("moderator", klaten), backend_of(settings)
    through(Refusing)
    reminder_mail.send_due(NOW)
    assert (only(What.REGISTERED).state, only(What.REGISTERED).in_doubt) == (State.FAILED, False)
    settle = {"registration": mine, "actor": boss, "now": NOW}
    assert registering.settle_mails(again=True, **settle) == 1
    with pytest.raises(NotPossible):
        registering.settle_mails(again=True, **settle)
    use_backend(settings, working)
    assert (reminder_mail.send_due(NOW), reminder_mail.send_due(NOW)) == (1, 0)
    assert only(What.REGISTERED).state == State.SENT
    verbs = AuditEntry.objects.filter(verb__startswith="mail.").values_list("verb", "actor_id")
    assert list(verbs) == [("mail.tried_again", boss.pk)]


def test_what_does_not_hold_any_more_is_never_sent_again(klaten):
    mine = register(date_of(make_open_event(klaten)), now=NOW)
    Reminder.objects.update(state=State.FAILED)
    owed = only(What.REGISTERED)
    begun = mine.occurrence.start
    boss = make_member("moderator", klaten)
    with pytest.raises(owed_mails.NoLongerTrue):
        owed_mails.send_again(reminder_mail.POST, owed, actor=boss, site=klaten.site_id, now=begun)
    with pytest.raises(NotPossible, match=str(owed_mails.NoLongerTrue())):
        registering.settle_mails(registration=mine, again=True, actor=boss, now=begun)
    owed = only(What.REGISTERED)
    assert (owed.state, reminder_mail.send_due(begun)) == (State.FAILED, 0)
    assert AuditEntry.objects.filter(verb="mail.tried_again").count() == 0


def test_what_may_have_arrived_is_never_sent_again(klaten, through, monkeypatch):
    mine = register(date_of(make_open_event(klaten)), now=NOW)
    monkeypatch.setattr(Refusing, "code", None)
    through(Refusing)
    reminder_mail.send_due(NOW)
    owed = only(What.REGISTERED)
    assert (owed.state, owed.in_doubt) == (State.FAILED, True)
    settle = {"registration": mine, "actor": make_member("moderator", klaten), "now": NOW}
    with pytest.raises(NotPossible):
        registering.settle_mails(again=True, **settle)
    by = {"actor": settle["actor"], "site": klaten.site_id, "now": NOW}
    with pytest.raises(owed_mails.CannotSendAgain):
        owed_mails.send_again(reminder_mail.POST, owed, **by)
    assert registering.settle_mails(again=False, **settle) == 1
    assert only(What.REGISTERED).state == State.DROPPED
