"""An event's page and the pages of its dates."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from events.models import CalendarSettings
from events.services import deciding, moving
from events.services.planning import Company
from safeguards import generation
from tests.factories.events import START, make_event, make_terms
from tests.factories.pages import make_campaign
from tests.factories.people import make_member
from tests.factories.places import make_district, national

pytestmark = pytest.mark.django_db
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


def text(page: BeautifulSoup) -> str:
    return " ".join(page.select_one("main").get_text(" ").split())


def test_an_event_tells_all_that_a_visitor_needs(klaten, anyone):
    page = make_campaign(klaten, title="Aman di rumah")
    event = make_event(
        klaten,
        rrule=WEEKLY,
        materials="Alat tulis",
        latitude="-7.70512",
        longitude="110.60001",
        address="Lewat gang kecil",
        company=Company(
            speakers=[
                {
                    "name": "Kepala UPTD PPA",
                    "organisation_name": "Dinas Sosial",
                    "topic": "Alur lapor",
                }
            ],
            pages=[page.pk],
        ),
    )
    shown = soup(anyone, f"/kalender/{event.slug}/")
    for said in (
        *("Mengasuh tanpa kekerasan", "Bersama bidan desa.", "Balai Desa", "Alat tulis"),
        *("Kepala UPTD PPA", "Dinas Sosial", "Alur lapor", "Kamis, 12 Maret 2026"),
        "09.00–10.30 WIB",
    ):
        assert said in text(shown), said
    assert "gang kecil" not in text(shown)
    hrefs = [link["href"] for link in shown.select("main a")]
    assert f"/kalender/{event.slug}.ics" in hrefs
    assert f"webcal://klaten.localhost/kalender/{event.slug}.ics" in hrefs
    assert "geo:-7.70512,110.60001" in hrefs
    assert f"http://klaten.localhost{page.url_path.replace('/klaten', '', 1)}" in hrefs
    assert [one.get_text(strip=True) for one in shown.select(".c-dates .c-title a")] == [
        "Kamis, 12 Maret 2026",
        "Kamis, 19 Maret 2026",
        "Kamis, 26 Maret 2026",
    ]


def test_links_to_others_tell_them_nothing_and_load_nothing(klaten, anyone):
    event = make_event(klaten, rrule=WEEKLY, latitude="-7.7", longitude="110.6")
    shown = soup(anyone, f"/kalender/{event.slug}/")
    out = [
        link for link in shown.select("main a") if "//" in link["href"] and "https" in link["href"]
    ]
    assert {urlsplit(link["href"]).hostname for link in out} == {
        "calendar.google.com",
        "www.openstreetmap.org",
    }
    assert all("noreferrer" in link["rel"] for link in out)
    assert not shown.select("main img, main iframe, main script")
    google = next(link["href"] for link in out if "google" in link["href"])
    asked = parse_qs(urlsplit(google).query)
    assert asked["dates"] == ["20260312T020000Z/20260312T033000Z"]
    assert asked["recur"] == [f"RRULE:{event.rrule}"]
    assert asked["ctz"] == ["Asia/Jakarta"]
    one = soup(anyone, f"/kalender/{event.slug}/2026-03-19/")
    google = next(link["href"] for link in one.select("main a") if "google" in link["href"])
    asked = parse_qs(urlsplit(google).query)
    assert asked["dates"] == ["20260319T020000Z/20260319T033000Z"]
    assert "recur" not in asked


def test_registration_is_offered_where_it_is_possible(klaten, anyone):
    event = make_event(klaten, rrule=WEEKLY, takes_registrations=True, seats=20)
    office = make_member("admin", klaten)
    second = event.occurrences.all()[1]
    moving.cancel_date(occurrence=second, actor=office, version=event.version, note="", now=NOW)
    wanted = [f"/kalender/{event.slug}/2026-03-{day}/daftar/" for day in (12, 26)]
    shown = soup(anyone, f"/kalender/{event.slug}/")
    assert [a["href"] for a in shown.select("a[href$='/daftar/']")] == wanted
    one = soup(anyone, f"/kalender/{event.slug}/2026-03-12/")
    assert [a["href"] for a in one.select("a[href$='/daftar/']")] == wanted[:1]
    off = soup(anyone, f"/kalender/{event.slug}/2026-03-19/")
    assert not off.select("a[href$='/daftar/']")


def test_nobody_registers_for_what_is_over(klaten, anyone, monkeypatch):
    event = make_event(klaten, takes_registrations=True)
    monkeypatch.setattr(timezone, "now", lambda: START + timedelta(minutes=1))
    assert not soup(anyone, f"/kalender/{event.slug}/").select("a[href$='/daftar/']")
    monkeypatch.setattr(timezone, "now", lambda: START + timedelta(days=1))
    later = soup(Client(SERVER_NAME="klaten.localhost"), f"/kalender/{event.slug}/")
    assert len(later.select("#kapan ~ h3 + .c-dates li")) == 1
    assert "Belum ada tanggal lagi" in text(later) or "No further date" in text(later)


def test_a_cancelled_date_says_so_with_its_reason(klaten, anyone):
    event = make_event(klaten, rrule=WEEKLY)
    office = make_member("admin", klaten)
    first = event.occurrences.first()
    moving.cancel_date(
        occurrence=first, actor=office, version=event.version, note="Banjir di jalan", now=NOW
    )
    told = soup(anyone, f"/kalender/{event.slug}/2026-03-12/").select_one(".c-told")
    assert "Banjir di jalan" in told.get_text()


def test_a_moved_date_is_found_on_its_old_day_and_on_its_new_one(klaten, anyone):
    event = make_event(klaten, rrule=WEEKLY)
    office = make_member("admin", klaten)
    moving.move_date(
        occurrence=event.occurrences.first(),
        actor=office,
        version=event.version,
        start=START + timedelta(days=1, hours=4),
        minutes=60,
        note="Narasumber berhalangan",
        venue="Pendopo",
        now=NOW,
    )
    old = soup(anyone, f"/kalender/{event.slug}/2026-03-12/")
    new = soup(anyone, f"/kalender/{event.slug}/2026-03-13/")
    for page in (old, new):
        told = " ".join(page.select_one(".c-told").get_text(" ").split())
        assert "Kamis, 12 Maret 2026, 09.00 WIB" in told
        assert "Jumat, 13 Maret 2026, 13.00–14.00 WIB" in told
    assert old.select_one(".c-told a")["href"] == f"/kalender/{event.slug}/2026-03-13/"
    assert "Narasumber berhalangan" in text(new)
    assert "Pendopo" in text(new)
    soup(anyone, f"/kalender/{event.slug}/2026-03-14/", status=404)


HERE = "geo:-7.70512,110.60001"


def elsewhere(event, number=0):
    row = event.occurrences.order_by("start")[number]
    moving.move_date(
        occurrence=row, actor=event.proposed_by, version=event.version, start=row.start,
        minutes=90, venue="Gedung Lain", now=NOW,
    )  # fmt: skip


def place_and_spot(page: BeautifulSoup) -> tuple[str, bool]:
    [told] = [one for one in page.select(".c-facts div") if one.dt.text == "Tempat"]
    hrefs = [link["href"] for link in told.select("a")]
    return " ".join(told.dd.span.get_text(" ").split()), HERE in hrefs


def test_a_date_elsewhere_leads_nobody_to_the_usual_place(klaten, anyone):
    event = make_event(klaten, rrule=WEEKLY, latitude="-7.70512", longitude="110.60001")
    elsewhere(event, 1)
    base = f"/kalender/{event.slug}/"
    place, spot = place_and_spot(soup(anyone, f"{base}2026-03-19/"))
    assert (place, spot) == ("Gedung Lain", False)
    for path in (base, f"{base}2026-03-12/"):
        place, spot = place_and_spot(soup(anyone, path))
        assert (place.partition(",")[0], spot) == ("Balai Desa", True), path
    # The page of the series says at the date where it is.
    told = [" ".join(one.get_text(" ").split()) for one in soup(anyone, base).select(".c-dates li")]
    assert ["Gedung Lain" in one for one in told] == [False, True, False]


@pytest.mark.parametrize("rule", ["", "FREQ=WEEKLY;COUNT=1;BYDAY=TH"])
def test_a_single_session_elsewhere_is_there_on_all_its_pages(klaten, anyone, rule):
    event = make_event(klaten, rrule=rule, latitude="-7.70512", longitude="110.60001")
    base = f"/kalender/{event.slug}/"
    place, spot = place_and_spot(soup(anyone, base))
    assert (place.partition(",")[0], spot) == ("Balai Desa", True)
    elsewhere(event)
    later = Client(SERVER_NAME="klaten.localhost")
    for path in (base, f"{base}2026-03-12/"):
        assert place_and_spot(soup(later, path)) == ("Gedung Lain", False), path


def test_a_guarded_date_elsewhere_tells_no_place(klaten, anyone):
    CalendarSettings.objects.create(district=klaten, publishes_guarded=True)
    event = make_event(klaten, kind="pertemuan-pkk", rrule=WEEKLY)
    elsewhere(event)
    for path in (f"/kalender/{event.slug}/", f"/kalender/{event.slug}/2026-03-12/"):
        assert "Gedung" not in str(soup(anyone, path)), path


def test_two_dates_of_one_day_say_each_where_they_are(klaten, anyone):
    event = make_event(klaten, extra=[START + timedelta(hours=5)])
    elsewhere(event)
    page = soup(anyone, f"/kalender/{event.slug}/2026-03-12/")
    assert place_and_spot(page)[0].startswith("Balai Desa")
    said = [one.get_text(" ").split() for one in page.select(".stack > p")]
    assert ["Gedung", "Lain"] in said


def test_a_cancelled_event_stays_and_says_why(klaten, anyone):
    event = make_event(klaten)
    deciding.cancel(
        event=event, actor=event.proposed_by, version=event.version, note="Aula dipakai", now=NOW
    )
    assert "Aula dipakai" in soup(anyone, f"/kalender/{event.slug}/").select_one(".c-told").text


@pytest.mark.parametrize("state", ["usulan", "disembunyikan"])
def test_what_is_not_public_is_not_found(klaten, anyone, state):
    event = make_event(klaten, published=state != "usulan")
    if state == "disembunyikan":
        deciding.hide(
            event=event, actor=make_member("admin", klaten), version=event.version, now=NOW
        )
    for path in (f"/kalender/{event.slug}/", f"/kalender/{event.slug}/2026-03-12/"):
        answer = anyone.get(path)
        assert answer.status_code == 404
        assert "Mengasuh" not in answer.content.decode()


def test_a_long_series_has_pages(klaten, anyone):
    event = make_event(
        klaten, rrule="FREQ=DAILY;COUNT=30", starts_at=NOW - timedelta(days=15, hours=3)
    )
    first = soup(anyone, f"/kalender/{event.slug}/").select(".c-dates li")
    second = soup(anyone, f"/kalender/{event.slug}/?page=2").select(".c-dates li")
    assert (len(first), len(second)) == (24, 6)
    soup(anyone, f"/kalender/{event.slug}/?page=3", status=404)
    soup(anyone, f"/kalender/{event.slug}/?page=1000000000", status=404)


@pytest.mark.parametrize("slug", ["", "2026-03-12/"])
def test_dates_and_speakers_cost_no_queries(klaten, anyone, slug):
    counts = []
    for number in (1, 3):
        event = make_event(
            klaten,
            rrule=f"FREQ=WEEKLY;COUNT={number};BYDAY=TH",
            company=Company(
                speakers=[{"name": f"Pembicara {n}"} for n in range(number)],
                pages=[make_campaign(klaten).pk for _n in range(number)],
            ),
        )
        # What every page of the office shares is remembered by then.
        generation.forget()
        other = make_event(klaten, company=Company(pages=[make_campaign(klaten).pk]))
        anyone.get(f"/kalender/{other.slug}/?ukur=1")
        with CaptureQueriesContext(connection) as seen:
            # A query that no page knows is answered, but not from the cache.
            anyone.get(f"/kalender/{event.slug}/{slug}?ukur=1")
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 6


def test_texts_are_shown_as_they_were_typed(klaten, anyone):
    event = make_event(klaten, title="<b>Judul</b> & \u2028 emoji 🎉", venue='"><script>x</script>')
    answer = anyone.get(f"/kalender/{event.slug}/")
    assert b"<script>x" not in answer.content
    assert "&lt;b&gt;Judul&lt;/b&gt; &amp;" in answer.content.decode()
