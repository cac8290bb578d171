"""The mail before a session follows what its office decides, and comes to nobody who just heard."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from events import reminder_mail
from events.models import CalendarSettings, Reminder
from events.services import moving, registering
from events.services.reminding import owe_what_is_near
from tests.factories.events import NOW, START
from tests.factories.joining import date_of, make_open_event, register
from tests.factories.people import make_member
from tests.factories.places import make_district

pytestmark = pytest.mark.django_db
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
State, What = Reminder.State, Reminder.What


def remind(district, days: int) -> None:
    CalendarSettings.objects.update_or_create(district=district, defaults={"remind_days": days})


def sent_at(now) -> list[tuple[str, str]]:
    """To whom the clock writes now, and what."""
    mail.outbox.clear()
    owe_what_is_near(now)
    reminder_mail.send_due(now)
    return sorted((one.to[0], one.subject.partition(":")[0]) for one in mail.outbox)


@pytest.fixture
def event(klaten):
    """A session of which nobody is reminded but who registers."""
    event = make_open_event(klaten, seats=None)
    event.proposed_by.is_active = False
    event.proposed_by.save()
    return event


SOON = [("ibu@contoh.invalid", "Sebentar lagi")]


def test_other_days_hold_for_who_registered_before(klaten, event):
    register(date_of(event))
    sent_at(NOW)
    remind(klaten, 5)
    assert sent_at(START - 5 * DAY - MINUTE) == []
    assert sent_at(START - 5 * DAY) == SOON
    assert sent_at(START - 2 * DAY) == []


def test_a_later_day_holds_for_who_registered_before(klaten, event):
    register(date_of(event))
    sent_at(NOW)
    remind(klaten, 1)
    assert sent_at(START - 2 * DAY) == []
    assert sent_at(START - DAY) == SOON


def test_never_is_never_until_the_office_wants_it_again(klaten, event):
    register(date_of(event))
    sent_at(NOW)
    remind(klaten, 0)
    assert sent_at(START - 2 * DAY) == []
    remind(klaten, 1)
    assert sent_at(START - DAY) == SOON


def test_never_holds_also_before_the_clock_has_looked(klaten, event):
    register(date_of(event))
    sent_at(NOW)
    remind(klaten, 0)
    assert reminder_mail.send_due(START - 2 * DAY) == 0
    assert Reminder.objects.get(what=What.SOON).state == State.DROPPED


def test_another_office_keeps_its_days(klaten, event):
    other = make_open_event(make_district("belu"), seats=None)
    register(date_of(other))
    due_at = Reminder.objects.get(what=What.SOON).due_at
    remind(klaten, 7)
    owe_what_is_near(NOW)
    assert Reminder.objects.get(what=What.SOON).due_at == due_at == START - 2 * DAY


def test_what_the_mail_server_put_off_is_not_hurried(klaten, event):
    register(date_of(event))
    later = START - HOUR
    Reminder.objects.filter(what=What.SOON).update(attempts=3, due_at=later)
    owe_what_is_near(START - DAY)
    assert Reminder.objects.get(what=What.SOON).due_at == later


def test_who_registers_shortly_before_gets_one_mail(event):
    now = START - 20 * HOUR
    register(date_of(event), now=now)
    assert sent_at(now) == [("ibu@contoh.invalid", "Anda terdaftar")]
    assert sent_at(now + 30 * MINUTE) == []


def test_who_registers_shortly_before_keeps_the_day_when_the_office_wants_an_earlier_one(
    klaten, event
):
    now = START - 4 * DAY
    register(date_of(event), now=now)
    sent_at(now)
    remind(klaten, 7)
    assert sent_at(now + MINUTE) == []
    assert sent_at(START - 2 * DAY) == SOON


def test_who_moves_up_shortly_before_gets_one_mail(klaten, event):
    event = make_open_event(klaten, seats=1)
    first = register(date_of(event), email="pertama@contoh.invalid")
    register(date_of(event))
    sent_at(NOW)
    now = START - 20 * HOUR
    registering.cancel(registration=first, now=now)
    told = [("ibu@contoh.invalid", "Ada tempat untuk Anda")]
    assert [one for one in sent_at(now) if one[0].startswith("ibu")] == told
    assert [one for one in sent_at(now + 30 * MINUTE) if one[0].startswith("ibu")] == []


def test_who_was_just_told_of_a_move_gets_one_mail(klaten, event):
    register(date_of(event))
    sent_at(NOW)
    now = START - 4 * DAY
    moving.move_date(
        occurrence=date_of(event), actor=make_member("moderator", klaten), version=event.version,
        start=START - 3 * DAY, minutes=90, now=now,
    )  # fmt: skip
    assert sent_at(now) == [("ibu@contoh.invalid", "Berubah")]
    assert sent_at(now + 30 * MINUTE) == []


def test_who_was_just_told_of_a_move_keeps_the_day_when_the_office_wants_an_earlier_one(
    klaten, event
):
    register(date_of(event))
    sent_at(NOW)
    remind(klaten, 2)
    now = START - 6 * DAY
    moving.move_date(
        occurrence=date_of(event), actor=make_member("moderator", klaten), version=event.version,
        start=START - HOUR, minutes=90, now=now,
    )  # fmt: skip
    assert sent_at(now) == [("ibu@contoh.invalid", "Berubah")]
    remind(klaten, 7)
    assert sent_at(now + 30 * MINUTE) == []
    assert sent_at(START - HOUR - 2 * DAY) == SOON


def test_a_move_that_was_given_up_is_no_reason_to_say_nothing(klaten, event):
    register(date_of(event))
    sent_at(NOW)
    moving.move_date(
        occurrence=date_of(event), actor=make_member("moderator", klaten), version=event.version,
        start=START - 3 * DAY, minutes=90, now=START - 4 * DAY,
    )  # fmt: skip
    Reminder.objects.filter(what=What.MOVED).update(state=State.FAILED)
    assert sent_at(START - 4 * DAY + HOUR) == SOON


def test_the_queries_are_the_same_for_any_number(klaten):
    def queries() -> int:
        Reminder.objects.filter(what=What.SOON).delete()
        with CaptureQueriesContext(connection) as found:
            owe_what_is_near(START - DAY)
        assert Reminder.objects.filter(what=What.SOON, registration=None).count() > 0
        return len(found)

    register(date_of(make_open_event(klaten, seats=None)))
    before = queries()
    for number, slug in enumerate(("belu", "sleman")):
        district = make_district(slug)
        remind(district, 3 + number)
        for _each in range(2):
            register(date_of(make_open_event(district, seats=None)))
    assert queries() == before
