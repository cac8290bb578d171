"""`/ruang/kalender/`: which dates a member sees, narrowed, in pages, at a constant cost."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from events.models import EventState
from events.services import deciding
from tests.factories.events import NOW, make_event, make_terms
from tests.factories.places import make_district
from tests.factories.planning import client_of, text_of

pytestmark = pytest.mark.django_db
LIST = "/ruang/kalender/"
THURSDAY = datetime(2027, 1, 14, 2, 0, tzinfo=UTC)
WEEK = timedelta(days=7)


@pytest.fixture
def klaten():
    make_terms()
    return make_district("klaten")


@pytest.fixture
def kader(klaten):
    return client_of("kader", klaten)


def titles(client, **query):
    return [row.title for row in client.get(LIST, query).context["rows"]]


def test_mine_and_all_of_the_district(klaten, kader):
    make_event(klaten, title="Punya saya", proposer=kader.user, starts_at=THURSDAY + WEEK)
    make_event(klaten, title="Usul saya", proposer=kader.user, published=False, starts_at=THURSDAY)
    make_event(klaten, title="Punya lain", starts_at=THURSDAY)
    make_event(klaten, title="Usul lain", published=False, starts_at=THURSDAY)
    make_event(make_district("lebak"), title="Kabupaten lain", starts_at=THURSDAY)
    assert titles(kader) == ["Usul saya", "Punya saya"]
    assert titles(kader, milik="semua") == ["Usul saya", "Punya lain", "Punya saya"]
    office = client_of("moderator", klaten)
    assert "Usul lain" in titles(office, milik="semua")
    monev = client_of("monev", klaten)
    assert titles(monev) == ["Punya lain", "Punya saya"]
    assert "/usul/" not in text_of(monev.get(LIST))


def test_what_was_cancelled_is_seen_if_it_stood(klaten, kader):
    stood = make_event(klaten, title="Pernah berdiri", starts_at=THURSDAY)
    never = make_event(klaten, title="Hanya usul", starts_at=THURSDAY, published=False)
    for event in (stood, never):
        deciding.cancel(
            event=event, actor=event.proposed_by, version=event.version, note="", now=NOW
        )
    assert titles(kader, milik="semua") == ["Pernah berdiri"]
    assert titles(kader, milik="semua", status="dibatalkan") == ["Pernah berdiri"]
    assert kader.get(f"{LIST}{never.pk}/").status_code == 404
    assert kader.get(f"{LIST}{stood.pk}/").status_code == 200


def test_filters_narrow_and_keep_each_other(klaten, kader):
    code = klaten.region_id
    make_event(klaten, title="Di 01", starts_at=THURSDAY)
    make_event(klaten, title="Rakor", kind="rakor", region=None, starts_at=THURSDAY + 5 * WEEK)
    make_event(klaten, title="Lewat", starts_at=datetime(2026, 1, 8, 2, 0, tzinfo=UTC))
    everybody = {"milik": "semua"}
    assert titles(kader, **everybody, kec=f"{code}.01") == ["Di 01"]
    assert titles(kader, **everybody, kec=f"{code}.05") == []
    assert titles(kader, **everybody, jenis="rakor") == ["Rakor"]
    assert titles(kader, **everybody, bulan="2027-01") == ["Di 01"]
    assert titles(kader, **everybody, bulan="2026-01") == ["Lewat"]
    assert titles(kader, **everybody, kapan="lewat") == ["Lewat"]
    assert titles(kader, **everybody, status="terbit") == ["Di 01", "Rakor"]
    assert titles(kader, **everybody, status="usulan") == []
    page = kader.get(LIST, everybody | {"jenis": "rakor"})
    assert {tab["query"] for tab in page.context["tabs"]} == {
        "milik=saya&jenis=rakor",
        "milik=semua&jenis=rakor",
    }


@pytest.mark.parametrize(
    "query",
    ["milik=x", "kapan=x", "status=x", "jenis=x", "kec=99.99", "bulan=2027-13", "bulan=²027-01"]
    + ["page=0", "page=99", "page=x", "bulan=99999-01"],
)
def test_a_word_we_do_not_know_is_no_page(kader, query):
    assert kader.get(f"{LIST}?{query}").status_code == 404


def test_empty_lists_say_what_to_do(klaten, kader):
    assert "/ruang/kalender/usul/" in text_of(kader.get(LIST))
    assert kader.get(LIST, {"jenis": "rakor"}).status_code == 200
    assert kader.get(LIST, {"kapan": "lewat"}).status_code == 200
    assert client_of("monev", klaten).get(LIST).status_code == 200


def test_marks_and_states_stand_in_words(klaten, kader):
    make_event(klaten, title="Satu", proposer=kader.user, starts_at=THURSDAY)
    other = make_event(klaten, title="Dua", proposer=kader.user, starts_at=THURSDAY)
    office = client_of("moderator", klaten)
    sent = make_event(klaten, title="Tiga", proposer=kader.user, published=False)
    deciding.send_back(
        event=sent, actor=office.user, version=sent.version, note="Tambah tempat", now=NOW
    )
    page = kader.get(LIST)
    row = next(row for row in page.context["rows"] if row.title == "Satu")
    assert [one.other.event_id for one in row.warnings] == [other.pk]
    assert page.context["to_change"] == 1
    assert [row.title for row in kader.get(LIST, {"status": "perlu_diubah"}).context["rows"]] == [
        "Tiga"
    ]
    assert "Tambah tempat" in text_of(kader.get(f"{LIST}{sent.pk}/"))
    assert EventState(row.event.state) == EventState.PUBLISHED


@pytest.mark.parametrize("whose", ["saya", "semua"])
def test_a_list_costs_the_same_for_one_and_for_three(klaten, kader, whose):
    counts = []
    for number in (1, 3):
        for _more in range(number - klaten_rows(kader, whose)):
            make_event(klaten, proposer=kader.user, starts_at=THURSDAY)
        with CaptureQueriesContext(connection) as queries:
            assert len(kader.get(LIST, {"milik": whose}).context["rows"]) == number
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("path", ["", "ubah/"])
def test_a_session_costs_the_same_with_one_date_and_with_three(klaten, kader, path):
    counts = []
    for number in (1, 3):
        event = make_event(
            klaten,
            proposer=kader.user,
            starts_at=THURSDAY + number * timedelta(days=40),
            rrule=f"FREQ=WEEKLY;COUNT={number}",
        )
        kader.get(f"{LIST}{event.pk}/{path}")
        with CaptureQueriesContext(connection) as queries:
            assert kader.get(f"{LIST}{event.pk}/{path}").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def klaten_rows(client, whose):
    return len(client.get(LIST, {"milik": whose}).context["rows"])


def test_a_long_list_has_pages(klaten, kader):
    make_event(klaten, proposer=kader.user, starts_at=THURSDAY, rrule="FREQ=DAILY;COUNT=45")
    page = kader.get(LIST, {"page": 3})
    assert len(page.context["rows"]) == 5
    assert 'rel="prev"' in text_of(page)
