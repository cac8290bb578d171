"""Our feeds in programs of others, date by date: three readers, and a client that fetches them."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.utils import translation

from districts.models import District
from events.ical import plain
from events.models import Event, EventState
from events.services import deciding, moving, planning
from events.words import public_wording
from safeguards import generation
from tests.conformance import calendar_programs as programs
from tests.conformance.calendar_programs import Shown
from tests.events.read_back import body_of
from tests.factories.events import NOW, START, event_values, make_event, make_terms
from tests.factories.many_events import make_many
from tests.factories.people import make_member
from tests.factories.places import make_district, national

pytestmark = pytest.mark.slow
WEEKLY = "FREQ=WEEKLY;COUNT=5;BYDAY=TH"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
EVIL = (
    "Satu, dua; tiga\r\nX-EVIL:1\nEND:VEVENT",
    "a\u2028BEGIN:VEVENT\u2029b\x85STATUS:CANCELLED",
    "👩‍👩‍👧‍👦 " * 12 + "é\\n\\",
    'kutip" X=1:"y',
)
RULES = (
    ("FREQ=DAILY;COUNT=4", START),
    ("FREQ=DAILY;BYDAY=MO,TH;COUNT=6", START),
    ("FREQ=DAILY;BYMONTH=3;COUNT=12", START),
    ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH;WKST=SU;COUNT=7", START),
    ("FREQ=WEEKLY;BYDAY=TH;UNTIL=20260409", START),
    ("FREQ=MONTHLY;BYDAY=2TH;COUNT=5", START),
    ("FREQ=MONTHLY;BYDAY=-1SA;COUNT=5", datetime(2026, 3, 28, 2, tzinfo=UTC)),
    ("FREQ=MONTHLY;BYMONTHDAY=28,29,30;BYSETPOS=-1;COUNT=14", datetime(2026, 1, 30, 2, tzinfo=UTC)),
    ("FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=14", datetime(2026, 1, 31, 2, tzinfo=UTC)),
    ("FREQ=YEARLY;COUNT=3", START),
    ("FREQ=YEARLY;BYMONTH=3,9;BYDAY=2TH;COUNT=4", START),
    ("FREQ=YEARLY;BYMONTHDAY=12;COUNT=5", START),
)


@pytest.fixture(params=["icaljs", "sabre", "libical"])
def reader(request, tmp_path):
    """(command, folder to run it in) of a reader."""
    return getattr(programs, request.param)(tmp_path), tmp_path


def busy_office() -> District:
    """Sessions with every kind of past: moved, cancelled, left out, added, split, guarded."""
    make_terms()
    klaten = make_district("klaten")
    office = make_member("admin", klaten)
    for rule, start in RULES:
        make_event(klaten, title=rule, rrule=rule, starts_at=start)
    for number, text in enumerate(EVIL):
        late = START + timedelta(hours=number * 5)
        make_event(klaten, title=text, venue=text, summary=text * 20, starts_at=late, minutes=1_500)
    make_event(klaten, kind="rakor", rrule=WEEKLY, is_home=True, title="Rahasia")
    off = make_event(klaten, title="Batal", rrule=WEEKLY)
    deciding.cancel(event=off, actor=office, version=off.version, note="Wabah", now=NOW)
    single = make_event(klaten, title="Satu kali")
    _move(single, 0, office, 3 * HOUR, "Pindah")
    series = make_event(klaten, title="Kelas ayah", rrule=WEEKLY, extra=[START + DAY])
    _move(series, 3, office, -26 * HOUR, "")
    _cancel(series, 4, office)
    for number in (2, 0):
        row = series.occurrences.filter(is_extra=False).order_by("recurrence_id")[number]
        series.refresh_from_db()
        moving.remove_date(occurrence=row, actor=office, version=series.version, now=NOW)
    _cancel(series, 1, office)
    long = make_event(klaten, title="Panjang", rrule="FREQ=WEEKLY;COUNT=8;BYDAY=TH")
    planning.edit(
        event=long,
        actor=office,
        version=long.version,
        values=event_values(
            klaten, title="Panjang, lalu", starts_at=START + HOUR, rrule=long.rrule
        ),
        since=long.occurrences.order_by("start")[3],
        now=NOW,
    )
    return klaten


def _move(event: Event, number: int, office, by: timedelta, title: str) -> None:
    event.refresh_from_db()
    row = event.occurrences.order_by("start")[number]
    moving.move_date(
        occurrence=row,
        actor=office,
        version=event.version,
        start=row.start + by,
        minutes=45,
        title=title,
        venue="Pendopo, lantai 2",
        now=NOW,
    )


def _cancel(event: Event, number: int, office) -> None:
    event.refresh_from_db()
    moving.cancel_date(
        occurrence=event.occurrences.order_by("start")[number],
        actor=office,
        version=event.version,
        note="Banjir",
        now=NOW,
    )


def expected(events) -> list[Shown]:
    """What everybody may see of our rows."""
    found = []
    rows = events.public().select_related("region__parent", "organiser")
    with translation.override(settings.LANGUAGE_CODE):
        for event in rows.prefetch_related("occurrences"):
            found += [_expected(event, row) for row in event.occurrences.all()]
    return sorted(found)


def _expected(event: Event, row) -> Shown:
    words = public_wording(event)
    off = event.state == EventState.CANCELLED or row.is_cancelled
    status = "CANCELLED" if off else "CONFIRMED"
    if event.guarded:
        last = row.last_day + DAY
        return Shown(
            row.day.isoformat(), last.isoformat(), status, plain(words.title), plain(words.place)
        )
    start, end = (f"{moment:%Y-%m-%dT%H:%M:%SZ}" for moment in (row.start, row.end))
    texts = (row.title or words.title, row.venue or words.place)
    return Shown(start, end, status, *(plain(text) for text in texts))


def feed(path: str = "/kalender.ics", host: str = "klaten.localhost") -> bytes:
    generation.forget()
    response = Client().get(path, headers={"host": host})
    assert response.status_code == 200
    return body_of(response)


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/kalender.ics", "/kalender.ics?datar=1"])
def test_a_reader_shows_the_dates_that_we_show(reader, path):
    busy_office()
    command, folder = reader
    ours = expected(Event.objects.all())
    assert len(ours) > 100
    assert programs.shown_by(command, feed(path), folder) == ours


@pytest.mark.django_db
def test_a_reader_shows_hundreds_of_sessions_in_two_zones(reader):
    make_terms()
    national()
    today = date(2026, 11, 26)
    for slug in ("klaten", "belu"):
        make_many(make_district(slug), 400, today=today)
    command, folder = reader
    for host, events in (
        ("klaten.localhost", Event.objects.filter(district__slug="klaten")),
        ("belu.localhost", Event.objects.filter(district__slug="belu")),
        ("localhost", Event.objects.filter(is_national=True)),
    ):
        assert programs.shown_by(command, feed(host=host), folder) == expected(events)


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["icaljs", "sabre"])
def test_no_field_makes_a_property_that_a_reader_sees(tmp_path, name):
    busy_office()
    command = getattr(programs, name)(tmp_path)
    seen = {one for names in programs.names_seen_by(command, feed(), tmp_path) for one in names}
    assert seen - {"rrule", "exdate", "recurrence-id"} == {
        *("categories", "created", "description", "dtend", "dtstamp", "dtstart"),
        *("last-modified", "location", "sequence", "status", "summary", "transp", "uid", "url"),
    }


@pytest.mark.django_db(transaction=True)
def test_evolution_subscribes_over_http_and_shows_the_same(live_server, tmp_path: Path):
    busy_office()
    command = programs.evolution(tmp_path)
    port = live_server.url.rsplit(":", 1)[1]
    generation.forget()
    address = f"http://klaten.localhost:{port}/kalender.ics"
    assert programs.shown_by_client(command, address, tmp_path) == expected(Event.objects.all())
