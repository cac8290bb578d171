"""A session that is guarded, or open again, stays one entry of the calendars of who registered."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from icalendar import Calendar

from events import reminder_mail
from events.models import CalendarSettings, Event, FeedEntry
from events.services import calendar_links, deciding, planning
from events.services.private_links import LINK
from tests.factories.events import NOW
from tests.factories.joining import date_of, make_open_event, register
from tests.factories.people import make_member
from tests.factories.planning import client_of

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def dates_in(text: str | bytes) -> list[tuple[str, str, int]]:
    """(UID, STATUS, SEQUENCE) of each date of a calendar file."""
    return [
        (str(one["uid"]), str(one["status"]), int(one["sequence"]))
        for one in Calendar.from_ical(text).walk("VEVENT")
    ]


def attached() -> list[tuple[str, str, int]]:
    [attachment] = mail.outbox[-1].attachments
    return dates_in(attachment[1])


def guarded(event: Event, actor) -> Event:
    return planning.edit(
        event=event, actor=actor, version=event.version, values={"venue": "Rumah Bu Siti"},
        now=NOW + MINUTE,
    )  # fmt: skip


def test_who_registered_has_one_entry_whatever_becomes_of_it(klaten):
    CalendarSettings.objects.create(district=klaten, publishes_guarded=True)
    event, office = make_open_event(klaten), make_member("moderator", klaten)
    mine = register(date_of(event))
    reminder_mail.send_due(NOW)
    [open_one] = attached()
    open_feed = FeedEntry.objects.get(event=event).flat
    event.refresh_from_db()
    event = guarded(event, office)
    assert event.guarded is True
    assert reminder_mail.send_due(NOW + 2 * MINUTE) == 1
    [hidden_one] = attached()
    private = f"/kalender/pendaftaran/{LINK.token_of(mine.key)}/kegiatan.ics"
    [taken] = dates_in(Client(SERVER_NAME="klaten.localhost").get(private).content)
    # Nobody else finds the one by the other.
    uid, feed = open_one[0], FeedEntry.objects.get(event=event)
    assert (uid in open_feed, uid in feed.flat + feed.body) == (True, False)
    deciding.cancel(event=event, actor=office, version=event.version, note="", now=NOW + 3 * MINUTE)
    assert reminder_mail.send_due(NOW + 4 * MINUTE) == 1
    [off] = attached()
    assert [one[0] for one in (open_one, hidden_one, taken, off)] == [uid] * 4
    assert [one[1] for one in (open_one, hidden_one, off)] == [
        "CONFIRMED", "CONFIRMED", "CANCELLED",
    ]  # fmt: skip
    assert open_one[2] < hidden_one[2] < off[2]


@pytest.mark.parametrize("rule", ["", "FREQ=WEEKLY;COUNT=2"])
def test_so_it_is_in_a_members_own_calendar(klaten, rule, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    kader = client_of("kader", klaten)
    event = make_open_event(klaten, proposer=kader.user, rrule=rule)
    token = calendar_links.make(member=kader.user, district=klaten, now=NOW)

    def read() -> list[str]:
        answer = Client(SERVER_NAME="klaten.localhost").get(f"/ruang/kalender/{token}.ics")
        return [uid for uid, _status, _number in dates_in(b"".join(answer.streaming_content))]

    before = read()
    event.refresh_from_db()
    assert guarded(event, make_member("moderator", klaten)).guarded is True
    assert (read(), len(before)) == (before, 1)
