"""The public calendar: list, month, day, filters, paging, the national one."""

from datetime import UTC, datetime, timedelta

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from events import calendar
from events.models import CalendarDay
from events.services import deciding, moving
from safeguards import generation
from tests.factories.events import make_event, make_terms
from tests.factories.people import make_member
from tests.factories.places import make_district, national

pytestmark = pytest.mark.django_db
# A Monday, 09:00 in Klaten.
NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
WEEKLY = "FREQ=WEEKLY;COUNT=3;BYDAY=TH"


@pytest.fixture(autouse=True)
def _now(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def klaten():
    make_terms()
    national()
    return make_district("klaten")


@pytest.fixture
def anyone():
    return Client(SERVER_NAME="klaten.localhost")


def soup(client: Client, path: str, *, status: int = 200) -> BeautifulSoup:
    answer = client.get(path)
    assert answer.status_code == status, path
    return BeautifulSoup(answer.content, "html.parser")


def titles(page: BeautifulSoup) -> list[str]:
    return [one.get_text(strip=True) for one in page.select(".c-title a")]


def text(page: BeautifulSoup) -> str:
    return " ".join(page.select_one("main").get_text(" ").split())


def test_the_list_shows_what_comes_next_and_nothing_that_is_over(klaten, anyone):
    make_event(klaten, title="Lewat", starts_at=NOW - timedelta(days=3))
    make_event(klaten, title="Sedang berlangsung", starts_at=NOW - timedelta(minutes=30))
    make_event(klaten, title="Besok", starts_at=NOW + timedelta(days=1))
    make_event(klaten, title="Rahasia", published=False)
    page = soup(anyone, "/kalender/")
    assert titles(page) == ["Sedang berlangsung", "Besok"]
    assert "08.30–10.00 WIB" in text(page)
    days = [one.get_text(strip=True) for one in page.select(".c-day")]
    assert days == ["Senin, 2 Maret 2026", "Selasa, 3 Maret 2026"]


def test_the_month_is_a_table_that_leads_to_its_days(klaten, anyone):
    make_event(klaten, rrule=WEEKLY)
    page = soup(anyone, "/kalender/2026/03/")
    table = page.select_one("table.c-month")
    assert table.caption.get_text(strip=True) == "Maret 2026"
    assert [one["scope"] for one in table.select("th")] == ["col"] * 7
    links = [link["href"] for link in table.select("td a")]
    assert links == [f"/kalender/2026/03/{day}/" for day in ("12", "19", "26")]
    assert len(table.select("td[aria-current=date]")) == 1
    assert len(titles(page)) == 3
    beside = [link["href"] for link in page.select(".c-turn a")]
    assert beside == ["/kalender/2026/02/", "/kalender/2026/04/"]


def test_what_goes_on_over_the_end_of_a_month_stands_in_both(klaten, anyone):
    start = datetime(2026, 3, 31, 2, 0, tzinfo=UTC)
    make_event(klaten, title="Pelatihan", starts_at=start, minutes=3 * 24 * 60 - 960)
    for path in ("/kalender/2026/03/", "/kalender/2026/04/", "/kalender/2026/04/02/"):
        page = soup(anyone, path)
        assert titles(page) == ["Pelatihan"], path
    assert "09.00 WIB, " in text(page)
    assert titles(soup(anyone, "/kalender/2026/04/03/")) == []
    marked = soup(anyone, "/kalender/2026/04/").select("table.c-month td a")
    assert [one["href"][-3:-1] for one in marked] == ["01", "02"]


@pytest.mark.parametrize(
    "path",
    [
        *("/kalender/2026/13/", "/kalender/99999/01/", "/kalender/0001/01/", "/kalender/2026/3/"),
        *("/kalender/2026/02/30/", "/kalender/?page=1000000000", "/kalender/?page=2"),
        *("/kalender/?page=0", "/kalender/?page=²", "/kalender/2026/03/?page=2"),
        *("/kalender/tidak-ada/", "/kalender/2026-03-12/", "/kalender/9999/12/31/"),
    ],
)
def test_what_no_calendar_has_is_not_found(klaten, anyone, path):
    make_event(klaten)
    soup(anyone, path, status=404)


def test_filters_narrow_list_and_table_and_can_be_taken_away(klaten, anyone):
    make_event(klaten, title="Rapat", kind="rakor", audience_codes=["guru"])
    make_event(klaten, title="Ceramah", starts_at=NOW + timedelta(days=20))
    page = soup(anyone, "/kalender/2026/03/?jenis=rakor&sasaran=guru")
    assert titles(page) == ["Rapat"]
    assert [one["href"] for one in page.select("table.c-month td a")] == [
        "/kalender/2026/03/12/?jenis=rakor&sasaran=guru"
    ]
    tags = {one.get_text(" ", strip=True): one["href"] for one in page.select(".c-asked a")}
    assert tags["Lepas saringan Guru ×"] == "/kalender/2026/03/?jenis=rakor"
    feed = page.select_one("#alamat-kalender")["value"]
    assert feed.endswith("/kalender.ics?jenis=rakor&sasaran=guru")
    assert page.select_one("a[href^=webcal]")["href"] == feed.replace("http:", "webcal:")
    assert titles(soup(anyone, "/kalender/?kec=33.10.01&tema=KtA")) == ["Rapat", "Ceramah"]
    assert titles(soup(anyone, "/kalender/?kec=33.10.05")) == []


def test_an_unknown_filter_is_told_kindly(klaten, anyone):
    make_event(klaten, title="Rapat")
    page = soup(anyone, "/kalender/?jenis=tidakada&sasaran=umum")
    assert titles(page) == []
    notice = page.select_one("[role=status] a")
    assert notice["href"] == "/kalender/?sasaran=umum"
    assert "tidakada" not in page.select_one("main").decode()


def test_cancelled_and_moved_dates_stay_and_say_so(klaten, anyone):
    event = make_event(klaten, rrule=WEEKLY)
    office = make_member("admin", klaten)
    first, second, _third = event.occurrences.all()
    moving.cancel_date(
        occurrence=first, actor=office, version=event.version, note="Banjir", now=NOW
    )
    moving.move_date(
        occurrence=second,
        actor=office,
        version=event.version + 1,
        start=second.start + timedelta(days=1),
        minutes=60,
        now=NOW,
    )
    page = soup(anyone, "/kalender/2026/03/")
    said = [one.get_text(" ", strip=True) for one in page.select(".c-said")]
    assert len(titles(page)) == 3
    assert "Banjir" in said[0]
    assert "Kamis, 19 Maret 2026, 09.00 WIB" in said[1]
    assert page.select("li.c-off .c-title a")


def test_a_cancelled_series_stays_visible(klaten, anyone):
    event = make_event(klaten)
    deciding.cancel(
        event=event, actor=event.proposed_by, version=event.version, note="Aula dipakai", now=NOW
    )
    page = soup(anyone, "/kalender/")
    assert "Aula dipakai" in page.select_one(".c-said").get_text()


def test_a_guarded_session_shows_kind_kecamatan_and_day_alone(klaten, anyone):
    event = make_event(
        klaten,
        title="Kenali ajakan di SMPN 1 Delanggu",
        venue="SMPN 1 Delanggu",
        summary="Rumah Bu Sri",
        issue_codes=["ekstremisme"],
        rrule=WEEKLY,
    )
    assert event.guarded
    for path in (
        *("/kalender/", "/kalender/2026/03/", "/kalender/2026/03/12/"),
        *(f"/kalender/{event.slug}/", f"/kalender/{event.slug}/2026-03-12/"),
    ):
        shown = soup(anyone, path)
        assert "Sosialisasi" in text(shown)
        assert "Kecamatan 01" in text(shown)
        for word in ("SMPN", "ajakan", "Sri", "09.00", "kstrem", "WIB"):
            assert word not in text(_without_form(shown)), path


def _without_form(page: BeautifulSoup) -> BeautifulSoup:
    """The choices of a filter name every theme."""
    for form in page.select("form"):
        form.decompose()
    return page


def test_another_office_has_a_calendar_of_its_own(klaten):
    event = make_event(klaten)
    make_district("belu")
    belu = Client(SERVER_NAME="belu.localhost")
    assert titles(soup(belu, "/kalender/2026/03/")) == []
    soup(belu, f"/kalender/{event.slug}/", status=404)
    soup(belu, f"/kalender/{event.slug}/2026-03-12/", status=404)


def test_the_national_calendar_names_the_office_and_leads_to_it(klaten):
    make_event(klaten, title="Hanya di Klaten")
    event = make_event(klaten, title="Untuk semua", is_national=True)
    own = make_event(national(), title="Rakornas", region=None)
    nation = Client(SERVER_NAME="localhost")
    page = soup(nation, "/kalender/2026/03/")
    links = [one["href"] for one in page.select(".c-title a")]
    assert links == [
        f"http://klaten.localhost/kalender/{event.slug}/2026-03-12/",
        f"/kalender/{own.slug}/2026-03-12/",
    ]
    assert "Klaten" in page.select_one(".c-list .l-meta b").get_text()
    assert [one.number for one in CalendarDay.objects.for_district(national())] == [2]
    assert titles(soup(nation, "/kalender/?kec=33.10")) == ["Untuk semua"]
    assert titles(soup(nation, "/kalender/?kec=33.10.01")) == ["Untuk semua"]
    assert "Klaten" in text(soup(nation, "/kalender/"))


def test_a_long_list_has_pages(klaten, anyone):
    make_event(klaten, rrule="FREQ=DAILY;COUNT=31", starts_at=NOW + timedelta(hours=1))
    make_event(klaten, title="Panjang", starts_at=NOW - timedelta(days=2), minutes=5 * 24 * 60)
    page = soup(anyone, "/kalender/")
    assert len(titles(page)) == 30
    assert titles(page)[0] == "Panjang"
    assert page.select_one("a[rel=next][href='?page=2']")
    assert len(titles(soup(anyone, "/kalender/?page=2"))) == 2
    soup(anyone, "/kalender/?page=3", status=404)
    month = soup(anyone, "/kalender/2026/03/?page=2")
    assert len(titles(month)) == 1


def test_days_are_those_of_the_place(klaten):
    """23:30 in Belu (WITA) is the day before in UTC and the same day in Klaten (WIB)."""
    belu = make_district("belu")
    late = datetime(2026, 3, 31, 15, 30, tzinfo=UTC)
    make_event(belu, title="Malam", starts_at=late, minutes=60)
    there = Client(SERVER_NAME="belu.localhost")
    assert titles(soup(there, "/kalender/2026/03/31/")) == ["Malam"]
    assert titles(soup(there, "/kalender/2026/04/01/")) == ["Malam"]
    assert "23.30 WITA" in text(soup(there, "/kalender/2026/03/31/"))


def test_today_is_the_day_of_the_office(monkeypatch, klaten, anyone):
    """17:30 UTC is tomorrow in Klaten."""
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 3, 2, 17, 30, tzinfo=UTC))
    page = soup(anyone, "/kalender/2026/03/")
    assert page.select_one("td[aria-current=date] b").get_text() == "3"


@pytest.mark.parametrize("path", ["/kalender/", "/kalender/2026/03/", "/kalender/2026/03/12/"])
def test_one_and_three_sessions_ask_the_database_the_same(klaten, anyone, path):
    counts = []
    for _round in range(3):
        make_event(klaten)
        # What every page of the office shares is remembered by then.
        generation.forget()
        for warm in ("/kalender/?ukur=2", "/kalender/2026/05/?ukur=2"):
            anyone.get(warm)
        with CaptureQueriesContext(connection) as seen:
            # A query that no page knows is answered, but not from the cache.
            anyone.get(f"{path}?ukur=1")
        counts.append(len(seen))
    assert len(set(counts)) == 1
    assert counts[0] <= 6


def test_the_answer_may_be_kept_until_something_changes(klaten, anyone):
    make_event(klaten, starts_at=NOW - timedelta(minutes=30))
    answer = anyone.get("/kalender/")
    assert answer["Cache-Control"].startswith("public")
    assert answer["ETag"]
    assert not answer.cookies


def test_the_calendar_is_read_in_english_too(klaten, anyone):
    event = make_event(klaten, title="Mengasuh")
    page = soup(anyone, "/en/kalender/2026/03/")
    assert page.select_one("table.c-month caption").get_text(strip=True) == "March 2026"
    link = page.select_one(".c-title a")
    assert (link["href"], link["lang"]) == (f"/en/kalender/{event.slug}/2026-03-12/", "id")
    assert "Thursday, 12 March 2026" in text(page)


def test_search_and_sitemap_find_what_is_open_to_all(klaten, anyone):
    event = make_event(klaten, title="Pelatihan pendengar sebaya")
    hidden = make_event(
        klaten, title="Pendengar di SMPN 1", issue_codes=["ekstremisme"], venue="SMPN 1"
    )
    found = soup(anyone, "/cari/?q=pendengar")
    links = [link["href"] for link in found.select(".found-group a")]
    assert f"/kalender/{event.slug}/2026-03-12/" in links
    assert "SMPN" not in found.select_one("main").get_text()
    sitemap = anyone.get("/sitemap.xml").content.decode()
    assert f"<loc>http://klaten.localhost/kalender/{event.slug}/</loc>" in sitemap
    assert hidden.slug not in sitemap


@pytest.mark.sqlite
def test_a_month_is_read_by_the_indexes_of_public_dates(klaten):
    plans = []
    for query in (
        *(calendar._starting_query(False, False), calendar._starting_query(True, False)),
        *(calendar._running_query(False, True), calendar._running_query(True, True)),
    ):
        statement, names, *_rest = query._ready()
        with connection.cursor() as cursor:
            cursor.execute(
                f"EXPLAIN QUERY PLAN {statement.sql}", [constant for _name, constant in names]
            )
            plans.append(cursor.fetchone()[3])
    assert [plan.split("USING INDEX ")[1].split()[0] for plan in plans] == [
        *("occurrence_public_day", "occurrence_national_day"),
        *("occurrence_running", "occurrence_running_nation"),
    ]
