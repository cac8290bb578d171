"""The public feeds over HTTP: what is in them, filters, series, and what asking again costs."""

import re
from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.formats import date_format
from icalendar import Calendar

from districts.models import Region
from events.services import deciding, moving, planning
from safeguards import generation
from tests.events.read_back import body_of, dates_of, our_dates
from tests.factories.events import NOW, event_values, make_event, make_terms
from tests.factories.people import make_member
from tests.factories.places import make_district, national

HOST = "klaten.localhost"
WEEKLY = "FREQ=WEEKLY;COUNT=3;BYDAY=TH"


@pytest.fixture
def klaten(db):
    make_terms()
    return make_district("klaten")


def ask(path: str = "/kalender.ics", *, host: str = HOST, **headers):
    # A test is one transaction, so that no commit tells the processes of a change.
    generation.forget()
    return Client().get(path, headers={"host": host} | headers)


def titles(response) -> list[str]:
    return sorted({str(one["SUMMARY"]) for one in Calendar.from_ical(body_of(response)).events})


def test_the_feed_says_what_it_is(klaten):
    make_event(klaten)
    response = ask()
    calendar = Calendar.from_ical(body_of(response))
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Content-Disposition"] == 'inline; filename="kalender-klaten.ics"'
    assert response["Cache-Control"].startswith("public")
    assert not response.cookies
    assert calendar["NAME"] == calendar["X-WR-CALNAME"] == "Kalender Klaten"
    assert calendar["X-APPLE-CALENDAR-COLOR"] == klaten.accent
    assert re.fullmatch("[a-z]+", calendar["COLOR"])
    assert calendar["REFRESH-INTERVAL"].to_ical() == b"PT6H"
    assert calendar["X-PUBLISHED-TTL"].to_ical() == b"PT6H"
    assert calendar["SOURCE"] == f"{klaten.site.root_url}/kalender.ics"
    assert [zone["TZID"] for zone in calendar.timezones] == ["Asia/Jakarta"]
    assert "METHOD" not in calendar


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("jenis=rakor", "Kalender Klaten: Rapat koordinasi"),
        ("jenis=rakor&kec=33.10.05&datar=1", "Kalender Klaten: Rapat koordinasi, Kecamatan {}"),
        ("jenis=rakor&jenis=sosialisasi", "Kalender Klaten: Rapat koordinasi, Sosialisasi"),
        ("datar=1", "Kalender Klaten"),
    ],
)
def test_a_part_of_the_calendar_says_which_it_is(klaten, query, name):
    make_event(klaten)
    place = Region.objects.get(code="33.10.05").name
    calendar = Calendar.from_ical(body_of(ask(f"/kalender.ics?{query}")))
    assert calendar["NAME"] == calendar["X-WR-CALNAME"] == name.format(place)
    assert calendar["SOURCE"] == f"{klaten.site.root_url}/kalender.ics?{query}"


def test_a_part_in_a_kecamatan_elsewhere_is_named_nationally(klaten):
    national()
    calendar = Calendar.from_ical(body_of(ask("/kalender.ics?kec=33.10.05", host="localhost")))
    assert calendar["NAME"].endswith(f": Kecamatan {Region.objects.get(code='33.10.05').name}")


def test_a_series_that_is_flat_says_so(klaten):
    event = make_event(klaten, rrule=WEEKLY, title="Kelas")
    calendar = Calendar.from_ical(body_of(ask(f"/kalender/{event.slug}.ics?datar=1")))
    root = klaten.site.root_url
    assert calendar["SOURCE"] == f"{root}/kalender/{event.slug}.ics?datar=1"
    assert calendar["NAME"] == "Kelas · Klaten"


def test_an_empty_calendar_is_a_calendar(klaten):
    response = ask()
    assert response.status_code == 200
    assert list(Calendar.from_ical(body_of(response)).walk("VEVENT")) == []


def test_every_public_session_is_in_it_and_no_other(klaten):
    make_event(klaten, title="Terbit")
    make_event(klaten, title="Usulan", published=False)
    hidden = make_event(klaten, title="Disembunyikan")
    office = make_member("admin", klaten)
    deciding.hide(event=hidden, actor=office, version=hidden.version, now=NOW)
    make_event(make_district("belu"), title="Tetangga")
    assert titles(ask()) == ["Terbit"]


def test_the_national_feed_holds_what_is_told_nationally(klaten):
    national()
    make_event(klaten, title="Setempat")
    make_event(klaten, title="Nasional", is_national=True)
    make_event(make_district("belu"), title="Timur", is_national=True)
    response = ask(host="localhost")
    assert titles(response) == ["Nasional", "Timur"]
    zones = Calendar.from_ical(body_of(ask(host="localhost"))).timezones
    assert [zone["TZID"] for zone in zones] == ["Asia/Jakarta", "Asia/Makassar"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("jenis=rakor", ["Rakor"]),
        ("jenis=rakor&jenis=sosialisasi", ["Kelas", "Rakor"]),
        ("sasaran=guru", ["Rakor"]),
        ("kec=33.10.05", ["Rakor"]),
        ("tema=KtA&sasaran=umum", ["Kelas"]),
        ("kec=&jenis=", ["Kelas", "Rakor"]),
        ("utm_source=surat", ["Kelas", "Rakor"]),
        # It exists, but nothing fits: that may change tomorrow.
        ("jenis=sesi-kelas", []),
    ],
)
def test_filters(klaten, query, expected):
    make_event(klaten, title="Kelas")
    place = Region.objects.get(code="33.10.05")
    make_event(klaten, title="Rakor", kind="rakor", audience_codes=["guru"], region=place)
    assert titles(ask(f"/kalender.ics?{query}")) == expected
    assert titles(ask(f"/kalender.ics?{query}&datar=1")) == expected


@pytest.mark.parametrize(
    "query", ["jenis=pesta", "kec=53.04.01", "tema=%25", "sasaran=" + "x" * 9_000, "kec=33.10"]
)
def test_a_filter_that_never_existed_is_not_an_empty_calendar(klaten, query):
    make_district("belu")
    response = ask(f"/kalender.ics?{query}")
    assert response.status_code == 404
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert query.partition("=")[0] in response.content.decode()


def test_one_date_each_for_readers_that_expand_nothing(klaten):
    event = make_event(klaten, rrule=WEEKLY)
    text = body_of(ask("/kalender.ics?datar=1"))
    assert (text.count(b"BEGIN:VEVENT"), text.count(b"RRULE")) == (3, 0)
    assert dates_of(text) == our_dates(event)


def test_a_series_goes_on_in_the_feed_of_the_series(klaten):
    event = make_event(klaten, rrule=WEEKLY, title="Kelas ayah")
    make_event(klaten, title="Lain")
    office = make_member("admin", klaten)
    since = event.occurrences.order_by("start")[1]
    values = event_values(klaten, title="Kelas bapak", rrule=WEEKLY)
    after = planning.edit(
        event=event, actor=office, version=event.version, values=values, since=since, now=NOW
    )
    assert after.pk != event.pk
    response = ask(f"/kalender/{event.slug}.ics")
    assert response["Content-Disposition"] == f'inline; filename="kalender-{event.slug}.ics"'
    found = dates_of(body_of(response))
    assert [date.summary for date in found] == ["Kelas ayah", "Kelas bapak", "Kelas bapak"]
    assert dates_of(body_of(ask(f"/kalender/{event.slug}.ics?datar=1"))) == found
    assert found == sorted(our_dates(event) + our_dates(after))


def test_the_series_of_nobody_here_is_not_found(klaten):
    hidden = make_event(klaten, published=False)
    elsewhere = make_event(make_district("belu"), title="Di Belu")
    for slug in (hidden.slug, elsewhere.slug, "tak-ada"):
        assert ask(f"/kalender/{slug}.ics").status_code == 404
    assert ask(f"/kalender/{elsewhere.slug}.ics", host="belu.localhost").status_code == 200


def test_asking_again_is_answered_with_304(klaten):
    make_event(klaten)
    first = ask()
    tag, changed = first["ETag"], first["Last-Modified"]
    assert re.fullmatch('"[0-9a-f]{32}"', tag)
    for headers in (
        {"If-None-Match": tag},
        {"If-None-Match": f'W/{tag}, "x"'},
        {"If-Modified-Since": changed},
    ):
        again = ask(**headers)
        assert (again.status_code, body_of(again), again["ETag"]) == (304, b"", tag)
    assert ask(**{"If-None-Match": '"x"', "If-Modified-Since": changed}).status_code == 200
    old = "Sat, 28 Feb 2026 00:00:00 GMT"
    assert ask(**{"If-Modified-Since": old}).status_code == 200


@pytest.mark.parametrize("act", ["edit", "hide", "cancel", "colour"])
def test_after_any_change_it_is_sent_again(klaten, act):
    event = make_event(klaten)
    make_event(klaten, title="Lain")
    first = ask()
    before = body_of(first)
    office = make_member("admin", klaten)
    held = {"event": event, "actor": office, "version": event.version}
    later = NOW + timedelta(hours=1)
    if act == "edit":
        planning.edit(values={"title": "Baru"}, now=later, **held)
    elif act == "hide":
        deciding.hide(now=later, **held)
    elif act == "cancel":
        deciding.cancel(note="Banjir", now=later, **held)
    else:
        klaten.accent = "#aa0000"
        klaten.save()
    second = ask(**{"If-None-Match": first["ETag"]})
    assert second.status_code == 200
    assert second["ETag"] != first["ETag"]
    assert body_of(second) != before
    if act != "colour":
        assert ask(**{"If-Modified-Since": first["Last-Modified"]}).status_code == 200


def test_the_same_feed_is_the_same_bytes_compressed_or_not(klaten):
    for number in range(3):
        make_event(klaten, title=f"Sesi {number}", rrule=WEEKLY)
    bare, packed = ask(), ask(**{"Accept-Encoding": "gzip, br"})
    assert (bare.get("Content-Encoding"), packed["Content-Encoding"]) == (None, "gzip")
    assert body_of(bare) == body_of(packed)
    assert "Accept-Encoding" in packed["Vary"]


def test_head_says_the_same_without_a_body(klaten):
    make_event(klaten)
    head = Client().head("/kalender.ics", headers={"host": HOST, "Accept-Encoding": "gzip"})
    assert b"".join(head) == b""
    full = ask()
    assert b"BEGIN:VEVENT" in body_of(full)
    for name in ("ETag", "Last-Modified", "Content-Type", "Content-Disposition"):
        assert head[name] == full[name]


def test_other_languages_and_methods_have_no_feed(klaten):
    assert ask("/en/kalender.ics").status_code == 404
    assert Client().post("/kalender.ics", headers={"host": HOST}).status_code == 405


@pytest.mark.parametrize("path", ["/kalender.ics", "/kalender.ics?datar=1", "/kalender/feed.atom"])
def test_three_sessions_cost_the_queries_of_one(klaten, path):
    spent = []
    for number in (1, 2):
        for _session in range(number):
            make_event(klaten, rrule=WEEKLY)
        with CaptureQueriesContext(connection) as queries:
            body_of(ask(path))
        spent.append(len(queries))
    assert spent[0] == spent[1] <= 6


ATOM = "{http://www.w3.org/2005/Atom}"


def test_atom_tells_the_newest_changes(klaten):
    make_event(klaten, title="Lama", now=NOW - timedelta(days=9))
    event = make_event(klaten, title="Hujan & <angin>\u2028", rrule=WEEKLY)
    make_event(klaten, title="Rahasia", kind="pertemuan-pkk", venue="Rumah Bu Siti")
    office = make_member("admin", klaten)
    deciding.cancel(
        event=event, actor=office, version=event.version, note="", now=NOW + timedelta(days=1)
    )
    response = ask("/kalender/feed.atom")
    assert response["Content-Type"].startswith("application/atom+xml")
    feed = ElementTree.fromstring(body_of(response))
    entries = feed.findall(f"{ATOM}entry")
    found = [entry.findtext(f"{ATOM}title").strip() for entry in entries]
    assert found == ["Dibatalkan: Hujan & <angin>", "Lama"]
    assert entries[0].findtext(f"{ATOM}id") == f"urn:uuid:{event.uid.partition('@')[0]}"
    assert entries[0].findtext(f"{ATOM}updated") == "2026-03-03T02:00:00+00:00"
    link = entries[0].find(f"{ATOM}link").get("href")
    assert link == f"{klaten.site.root_url}/kalender/{event.slug}/"
    assert "09.00 WIB" in entries[0].findtext(f"{ATOM}summary")
    assert feed.find(f"{ATOM}author/{ATOM}name").text == klaten.office_name
    again = ask("/kalender/feed.atom", **{"If-None-Match": response["ETag"]})
    assert again.status_code == 304


def test_a_moved_session_is_told_where_it_stands_and_a_cancelled_one_leads_nowhere(klaten):
    event = make_event(klaten, title="Rapat")
    office = make_member("admin", klaten)
    row = event.occurrences.get()
    moved = {"start": row.start + timedelta(days=3), "minutes": event.minutes, "now": NOW}
    moving.move_date(occurrence=row, actor=office, version=event.version, **moved)
    row.refresh_from_db()
    page, date = f"/kalender/{event.slug}/", f"/kalender/{event.slug}/{row.day:%Y-%m-%d}/"

    [entry] = ElementTree.fromstring(body_of(ask("/kalender/feed.atom"))).findall(f"{ATOM}entry")
    assert date_format(row.day, "j F Y") in entry.findtext(f"{ATOM}summary")
    for path in (page, date, f"/kalender/{event.slug}/{row.original_day:%Y-%m-%d}/"):
        assert f"dates={row.start:%Y%m%d}T" in body_of(ask(path)).decode(), path

    event.refresh_from_db()
    deciding.cancel(event=event, actor=office, version=event.version, note="", now=NOW)
    for path in (page, date):
        text = body_of(ask(path)).decode()
        assert ("calendar.google" in text, f"{event.slug}.ics" in text) == (False, True)


def test_atom_of_a_guarded_session_tells_kind_kecamatan_and_day(klaten):
    make_event(
        klaten, title="Cegah ekstremisme di SMPN 1", venue="SMPN 1", issue_codes=["ekstremisme"]
    )
    text = body_of(ask("/kalender/feed.atom")).decode()
    assert "Sosialisasi" in text
    assert not [word for word in ("SMPN", "ekstrem", "09.00") if word in text]
