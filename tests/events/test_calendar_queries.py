"""Every list of the calendar asks the database as often for three as for one."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from events.models import Event, LocalDay
from events.services import deciding, moving
from safeguards import generation
from tests.events.read_back import body_of
from tests.factories.events import NOW, START, make_event, make_terms
from tests.factories.people import make_member
from tests.factories.places import make_district, national
from tests.factories.planning import client_of

pytestmark = pytest.mark.django_db
WEEKLY = "FREQ=WEEKLY;BYDAY=TH;COUNT=2"
HOUR = timedelta(hours=1)
THURSDAY = datetime(2027, 1, 14, 2, 0, tzinfo=UTC)
ROOM = "/ruang/kalender/"


@pytest.fixture
def klaten():
    make_terms()
    national()
    return make_district("klaten")


def cost(client: Client, path: str, **query) -> int:
    """Queries of a page that is not kept, while what offices share is remembered."""
    generation.forget()
    # A query that no page knows is answered, but not from the cache.
    client.get(path, query | {"ukur": "2"})
    with CaptureQueriesContext(connection) as seen:
        answer = client.get(path, query | {"ukur": "1"})
        assert answer.status_code == 200
        body_of(answer)
    return len(seen)


PUBLIC = [
    *[
        ("localhost", path)
        for path in ("/kalender/", "/kalender/2026/03/", "/kalender/2026/03/12/")
    ],
    ("localhost", "/kalender/?kec=33.10"),
    ("localhost", "/kalender.ics"),
    ("localhost", "/kalender/feed.atom"),
    ("klaten.localhost", "/kalender/?jenis=sosialisasi&kec=33.10.01"),
    ("klaten.localhost", "/kalender/2026/03/?sasaran=umum"),
    ("klaten.localhost", "/kalender.ics?tema=KtA&datar=1"),
    ("klaten.localhost", "/en/kalender/2026/03/"),
]


@pytest.mark.parametrize(("host", "path"), PUBLIC)
def test_a_public_list(klaten, monkeypatch, host, path):
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    anyone, spent = Client(SERVER_NAME=host), []
    path, _mark, query = path.partition("?")
    asked = dict(one.split("=") for one in query.split("&") if one)
    for number in (1, 3):
        while Event.objects.count() < number:
            make_event(klaten, is_national=True, rrule=WEEKLY)
        spent.append(cost(anyone, path, **asked))
    assert spent[0] == spent[1] <= 8


@pytest.mark.parametrize(
    ("path", "query"), [("/2026-03-12/", {}), (".ics", {}), (".ics", {"datar": "1"})]
)
def test_a_session_with_so_many_dates(klaten, monkeypatch, path, query):
    """On one day, and in the feed of its series."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    anyone, spent = Client(SERVER_NAME="klaten.localhost"), []
    for number in (1, 3):
        extra = [START + 2 * n * HOUR for n in range(1, number)]
        event = make_event(klaten, extra=extra, rrule=f"FREQ=WEEKLY;BYDAY=TH;COUNT={number}")
        spent.append(cost(anyone, f"/kalender/{event.slug}{path}", **query))
    assert spent[0] == spent[1] <= 8


@pytest.mark.parametrize(
    "query",
    [
        {"kapan": "lewat"},
        {"bulan": "2027-01"},
        {"status": "dibatalkan"},
        {"status": "usulan"},
        {"jenis": "sosialisasi", "kec": "33.10.01"},
    ],
)
def test_a_list_of_the_room(klaten, query):
    kader = client_of("kader", klaten)
    start = datetime(2026, 1, 8, 2, tzinfo=UTC) if "kapan" in query else THURSDAY
    spent = []
    for number in (1, 3):
        while Event.objects.count() < number:
            event = make_event(
                klaten,
                proposer=kader.user,
                starts_at=start,
                published=query.get("status") != "usulan",
            )
            if query.get("status") == "dibatalkan":
                deciding.cancel(
                    event=event, actor=kader.user, version=event.version, note="", now=NOW
                )
        spent.append(cost(kader, ROOM, **query))
        assert len(kader.get(ROOM, query).context["rows"]) == number
    assert spent[0] == spent[1]


def test_special_days_of_an_office(klaten):
    admin, spent = client_of("admin", klaten), []
    for number in (1, 3):
        while LocalDay.objects.count() < number:
            day = date(2031, 1, 1 + LocalDay.objects.count())
            LocalDay.objects.create(district=klaten, day=day, label="Hari jadi")
        spent.append(cost(admin, f"{ROOM}pengaturan/"))
    assert spent[0] == spent[1]


@pytest.mark.parametrize("path", ["", "tanggal/", "batal/", "tanggal/{row}/"])
def test_a_session_that_was_changed_so_often(klaten, path):
    """Its log, its dates with what is different on them, and what clashes."""
    office, spent = client_of("moderator", klaten), []
    kader = make_member("kader", klaten)
    for number in (1, 3):
        start = THURSDAY + number * timedelta(days=70)
        for _other in range(number):
            make_event(klaten, proposer=kader, starts_at=start)
        event = make_event(
            klaten,
            proposer=kader,
            starts_at=start,
            rrule=f"FREQ=WEEKLY;BYDAY=TH;COUNT={number}",
        )
        for row in event.occurrences.all():
            event.refresh_from_db()
            moving.move_date(
                occurrence=row,
                actor=kader,
                version=event.version,
                start=row.start + HOUR,
                minutes=60,
                venue="Pendopo",
                now=NOW,
            )
        where = f"{ROOM}{event.pk}/{path.format(row=row.pk)}"
        spent.append(cost(office, where))
    assert spent[0] == spent[1]
