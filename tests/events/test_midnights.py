"""Half an hour before and after midnight in WIB, WITA and WIT: whose day is it?

Each session is at the turn of a month, seen by its office (WITA) and by the national one (WIB).
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone, translation
from icalendar import Calendar

from events import reminder_mail
from events.attendance.closing import is_closed
from events.models import Event
from events.services import moving, planning, registering
from events.services.reminding import days_of, owe_what_is_near
from safeguards import generation
from tests.events.read_back import body_of, dates_of
from tests.events.read_pages import Seen, dates_of_list, read_months, soup_of
from tests.factories.events import event_values, make_event, make_terms
from tests.factories.joining import date_of, make_open_event, register
from tests.factories.people import make_member
from tests.factories.places import make_district, national
from tests.factories.planning import client_of

pytestmark = pytest.mark.django_db
TITLE = "Mengasuh tanpa kekerasan"
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
# Written down, not computed: the day before in UTC and in WIB for some of them.
BEFORE, AFTER = date(2026, 3, 31), date(2026, 4, 1)


@dataclass(frozen=True)
class Case:
    tz: str
    day: date
    begins: str
    start: datetime

    def __str__(self) -> str:
        return f"{self.begins}, {self.day:%d %b}"


def utc(day: int, hour: int, month: int = 3) -> datetime:
    return datetime(2026, month, day, hour, 30, tzinfo=UTC)


CASES = (
    Case("Asia/Jakarta", BEFORE, "23.30 WIB", utc(31, 16)),
    Case("Asia/Jakarta", AFTER, "00.30 WIB", utc(31, 17)),
    Case("Asia/Makassar", BEFORE, "23.30 WITA", utc(31, 15)),
    Case("Asia/Makassar", AFTER, "00.30 WITA", utc(31, 16)),
    Case("Asia/Jayapura", BEFORE, "23.30 WIT", utc(31, 14)),
    Case("Asia/Jayapura", AFTER, "00.30 WIT", utc(31, 15)),
)
each_case = pytest.mark.parametrize("case", CASES, ids=str)


@pytest.fixture
def belu():
    make_terms()
    national()
    return make_district("belu")


@pytest.fixture
def clock(monkeypatch):
    """`clock(moment)`: it is that late now."""

    def set_to(moment: datetime) -> None:
        monkeypatch.setattr(timezone, "now", lambda: moment)

    return set_to


def make(belu, case: Case, **more) -> Event:
    return make_event(
        belu, starts_at=case.start, timezone=case.tz, minutes=29, is_national=True, **more
    )


def calendar_at(host: str, path: str) -> list[Seen]:
    # No page that was kept for the minute before.
    generation.forget()
    return dates_of_list(soup_of(Client(SERVER_NAME=host), path))


@each_case
def test_month_and_day_are_those_of_the_place(belu, case):
    event = make(belu, case)
    seen = [Seen(case.day, case.begins, TITLE, "")]
    other = AFTER if case.day == BEFORE else BEFORE
    for host in ("belu.localhost", "localhost"):
        found = read_months(Client(SERVER_NAME=host), ["/kalender/2026/03/", "/kalender/2026/04/"])
        assert found == (seen, {case.day: 1})
        assert calendar_at(host, f"/kalender/{case.day:%Y/%m/%d}/") == seen
        assert calendar_at(host, f"/kalender/{other:%Y/%m/%d}/") == []
    there = Client(SERVER_NAME="belu.localhost")
    page = soup_of(there, f"/kalender/{event.slug}/{case.day}/").select_one("main").get_text(" ")
    assert case.begins.partition(" ")[0] in page
    assert there.get(f"/kalender/{event.slug}/{other}/").status_code == 404


@each_case
def test_the_list_shows_it_until_it_is_over_and_not_longer(belu, case, clock):
    make(belu, case)
    seen = [Seen(case.day, case.begins, TITLE, "")]
    for minutes, expected in ((-60, seen), (-1, seen), (28, seen), (29, []), (90, [])):
        clock(case.start + minutes * MINUTE)
        assert calendar_at("belu.localhost", "/kalender/") == expected, minutes
        assert calendar_at("localhost", "/kalender/") == expected, minutes


def test_a_day_that_ended_here_goes_on_further_west(belu, clock):
    """23.45 WIB is 00.45 in Belu: what goes on in WIB is shown, what ended in WIT is not."""
    make_event(belu, title="Barat", starts_at=utc(31, 16), timezone="Asia/Jakarta", minutes=29)
    make_event(belu, title="Timur", starts_at=utc(30, 15), timezone="Asia/Jayapura", minutes=1440)
    clock(utc(31, 16) + 15 * MINUTE)
    assert [one.title for one in calendar_at("belu.localhost", "/kalender/")] == ["Barat"]


def test_a_national_calendar_puts_each_into_its_own_day(belu):
    for case in CASES:
        make(belu, case, title=str(case))
    found, numbers = read_months(
        Client(SERVER_NAME="localhost"), ["/kalender/2026/03/", "/kalender/2026/04/"]
    )
    assert [(one.day, one.begins) for one in found] == sorted(
        (case.day, case.begins) for case in CASES
    )
    assert numbers == {BEFORE: 3, AFTER: 3}
    # Within a day they stand in the order in which they begin, wherever that is.
    day = calendar_at("localhost", "/kalender/2026/03/31/")
    assert [one.begins for one in day] == ["23.30 WIT", "23.30 WITA", "23.30 WIB"]


@pytest.mark.parametrize("host", ["belu.localhost", "localhost"])
def test_a_feed_has_every_zone_and_each_clock_in_its_own(belu, host):
    for case in CASES:
        make(belu, case, title=str(case))
    body = body_of(Client(SERVER_NAME=host).get("/kalender.ics"))
    calendar = Calendar.from_ical(body)
    zones = [str(zone["TZID"]) for zone in calendar.walk("VTIMEZONE")]
    assert zones == ["Asia/Jakarta", "Asia/Jayapura", "Asia/Makassar"]
    told = {str(one["SUMMARY"]): one["DTSTART"] for one in calendar.walk("VEVENT")}
    for case in CASES:
        start = told[str(case)]
        assert start.params["TZID"] == case.tz
        assert f"{start.dt:%H.%M}" == case.begins.partition(" ")[0]
        assert start.dt.date() == case.day
    assert [one.start for one in dates_of(body)] == sorted(case.start for case in CASES)


@each_case
def test_atom_says_the_day_of_the_place(belu, case):
    make(belu, case)
    days = {BEFORE: "Selasa, 31 Maret 2026", AFTER: "Rabu, 1 April 2026"}
    for host in ("belu.localhost", "localhost"):
        feed = ElementTree.fromstring(Client(SERVER_NAME=host).get("/kalender/feed.atom").content)
        text = feed.findtext(".//{http://www.w3.org/2005/Atom}summary")
        assert text.startswith(f"{days[case.day]}, {case.begins}")


@each_case
def test_who_registered_is_reminded_to_the_minute_of_the_day_of_the_place(belu, case):
    event = make_open_event(belu, starts_at=case.start, timezone=case.tz, minutes=29)
    register(date_of(event), now=case.start - 20 * DAY)
    reminder_mail.send_due(case.start - 20 * DAY)
    mail.outbox.clear()
    due = case.start - days_of(belu.pk) * DAY
    for moment, sent in ((due - MINUTE, 0), (due, 1), (due + MINUTE, 1)):
        owe_what_is_near(moment)
        reminder_mail.send_due(moment)
        to_guest = [one for one in mail.outbox if one.to == ["ibu@contoh.invalid"]]
        assert len(to_guest) == sent, moment
    days = {BEFORE: "Selasa, 31 Maret 2026", AFTER: "Rabu, 1 April 2026"}
    assert days[case.day] in to_guest[0].body
    hour, zone = case.begins.split()
    assert f"{hour}–{hour[:2]}.59 {zone}" in to_guest[0].body


@each_case
def test_registration_ends_when_it_begins_and_attendance_at_midnight_there(belu, case):
    row = date_of(make_open_event(belu, starts_at=case.start, timezone=case.tz, minutes=29))
    with translation.override("id"):
        assert registering.why_closed(row, case.start - MINUTE) == ""
        assert "dimulai" in registering.why_closed(row, case.start)
    days = planning.settings_of(belu).corrects_days
    midnight = datetime.combine(
        case.day + (days + 1) * DAY, datetime.min.time(), ZoneInfo(case.tz)
    ).astimezone(UTC)
    assert not is_closed(row, midnight - MINUTE)
    assert is_closed(row, midnight)


@each_case
def test_the_room_lists_it_in_its_own_month(belu, case):
    kader = client_of("kader", belu)
    make(belu, case, proposer=kader.user)
    for month in ("2026-03", "2026-04"):
        rows = kader.get("/ruang/kalender/", {"bulan": month}).context["rows"]
        shown = [f"{row.start:%d %H.%M} {row.zone}" for row in rows]
        mine = f"{case.day:%Y-%m}" == month
        assert shown == ([f"{case.day:%d} {case.begins}"] if mine else [])


def test_the_months_of_the_room_are_those_of_its_office(clock):
    make_terms()
    kader = client_of("kader", make_district("belu"))
    # 00.30 on 1 April in Belu.
    clock(utc(31, 16))
    months = [one["value"] for one in kader.get("/ruang/kalender/").context["months"]]
    assert months[2] == "2026-04"


def test_in_another_zone_no_date_looks_moved_and_none_comes_back(belu):
    """A nightly series of Jakarta, one night left out and one added, goes on in Jayapura."""
    office = make_member("admin", belu)
    event = make_event(
        belu,
        starts_at=utc(24, 16),
        timezone="Asia/Jakarta",
        rrule="FREQ=DAILY;COUNT=4",
        extra=[utc(29, 16)],
        minutes=29,
    )
    gone = event.occurrences.order_by("start")[1]
    now = utc(2, 2)
    moving.remove_date(occurrence=gone, actor=office, version=event.version, now=now)
    event.refresh_from_db()
    values = event_values(
        belu,
        starts_at=utc(24, 14),
        timezone="Asia/Jayapura",
        rrule="FREQ=DAILY;COUNT=4",
        minutes=29,
    )
    planning.edit(event=event, actor=office, version=event.version, values=values, now=now)
    found, _numbers = read_months(Client(SERVER_NAME="belu.localhost"), ["/kalender/2026/03/"])
    assert [f"{one.day:%d} {one.begins}{one.said}" for one in found] == [
        *("24 23.30 WIT", "26 23.30 WIT", "27 23.30 WIT", "30 01.30 WIT"),
    ]
    there = Client(SERVER_NAME="belu.localhost")
    known = [there.get(f"/kalender/{event.slug}/2026-03-{day}/").status_code for day in (25, 29)]
    assert known == [404, 404]
