"""The archive of the news by year, and its feed, read with another reader than our writer."""

import xml.etree.ElementTree as ET
from datetime import date, datetime
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import PageViewRestriction

from campaigns.models import NewsIndexPage
from tests.factories.pages import below, make_news
from tests.factories.places import make_district

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"
FEED = "/berita/feed.atom"


@pytest.fixture
def klaten():
    return make_district("klaten")


def ask(path: str, host: str = "klaten", **headers):
    return Client().get(path, headers={"host": f"{host}.localhost", **headers})


def titles(path: str, *of: str) -> list[str]:
    html = ask(path).content.decode()
    return [title for title in of if title in html]


def test_a_year_shows_its_own_news(klaten):
    make_news(klaten, title="Lama sekali", date=date(2024, 12, 31))
    make_news(klaten, title="Tahun baru", date=date(2025, 1, 1))

    assert titles("/berita/", "Lama sekali", "Tahun baru") == ["Lama sekali", "Tahun baru"]
    assert titles("/berita/?tahun=2025", "Lama sekali", "Tahun baru") == ["Tahun baru"]
    assert titles("/berita/?tahun=2024", "Lama sekali", "Tahun baru") == ["Lama sekali"]


def test_the_years_are_listed_with_their_numbers(klaten):
    for day in (date(2024, 5, 1), date(2025, 5, 1), date(2025, 6, 1)):
        make_news(klaten, date=day)
    html = ask("/berita/?tahun=2025").content.decode()

    assert '<a href="?tahun=2024">2024 (1)</a>' in html
    assert '<a href="?tahun=2025" aria-current="page">2025 (2)</a>' in html
    assert html.index("2025 (2)") < html.index("2024 (1)")


def test_pages_of_a_year_stay_in_the_year(klaten):
    for day in range(1, 14):
        make_news(klaten, title=f"Kabar {day:02}", date=date(2025, 3, day))
    make_news(klaten, title="Kabar lain", date=date(2024, 3, 1))

    first = ask("/berita/?tahun=2025").content.decode()
    assert 'href="?tahun=2025&amp;page=2"' in first
    assert titles("/berita/?tahun=2025&page=2", "Kabar 01", "Kabar 02", "Kabar lain") == [
        "Kabar 01"
    ]
    assert (
        'canonical" href="http://klaten.localhost/berita/?tahun=2025&amp;page=2"'
        in ask("/berita/?page=2&tahun=2025&x=1").content.decode()
    )


def test_a_year_without_news_says_so(klaten):
    make_news(klaten, title="Kabar", date=date(2025, 3, 1))
    answer = ask("/berita/?tahun=1998")

    assert answer.status_code == 200
    assert "1998" in answer.content.decode()
    assert 'class="l-empty"' in answer.content.decode()


NO_YEARS = ("99999", "2999", "0", "1000", "-2025", "2025.0", "+2025", "", "abc", "２０２５")


@pytest.mark.parametrize("query", [*NO_YEARS, "2025&page=2"])
def test_a_year_that_is_none_is_not_found(klaten, query):
    make_news(klaten, date=date(2025, 3, 1))

    assert ask(f"/berita/?tahun={query}").status_code == 404


def feed(host: str = "klaten", path: str = FEED) -> ET.Element:
    answer = ask(path, host)
    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    return ET.fromstring(answer.content)


def texts(element: ET.Element, name: str) -> list[str]:
    return [found.text for found in element.findall(f"{ATOM}{name}")]


def faults_of(atom: ET.Element) -> list[str]:
    """What RFC 4287 asks of a feed and its entries (4.1.1, 4.1.2)."""
    faults = []
    for part in [atom, *atom.findall(f"{ATOM}entry")]:
        for name in ("id", "title", "updated"):
            if len(texts(part, name)) != 1:
                faults.append(f"{part.tag}: {name} {texts(part, name)}")
        moment = datetime.fromisoformat(texts(part, "updated")[0])
        if moment.tzinfo is None:
            faults.append(f"{moment} has no zone")
        # 4.2.6: a permanent IRI; ours is a URN with a UUID (RFC 4122).
        UUID(texts(part, "id")[0].removeprefix("urn:uuid:"))
        if not any(link.get("rel") == "alternate" for link in part.findall(f"{ATOM}link")):
            faults.append(f"{part.tag}: no alternate link")
    if not texts(atom.find(f"{ATOM}author"), "name")[0]:
        faults.append("no author")
    return faults


def test_the_feed_is_atom(klaten):
    make_news(klaten, title='Rapat & "makan" <b>', search_description="1 < 2 & 3")
    make_news(klaten)
    atom = feed()

    assert faults_of(atom) == []
    assert atom.get("{http://www.w3.org/XML/1998/namespace}lang") == "id"
    (rapat,) = [e for e in atom.findall(f"{ATOM}entry") if "Rapat" in texts(e, "title")[0]]
    assert texts(rapat, "title") == ['Rapat & "makan" <b>']
    # The summary is HTML.
    assert texts(rapat, "summary") == ["1 &lt; 2 &amp; 3"]


def test_the_feed_is_atom_without_any_news(klaten):
    assert faults_of(feed()) == []
    assert ask(FEED).content == ask(FEED).content


def test_the_feed_holds_the_twenty_newest_under_full_addresses(klaten):
    klaten.site.port = 8133
    klaten.site.save()
    for day in range(1, 23):
        make_news(klaten, title=f"Kabar {day:02}", slug=f"kabar-{day}", date=date(2025, 3, day))
    atom = feed()

    assert [texts(entry, "title")[0] for entry in atom.findall(f"{ATOM}entry")] == [
        f"Kabar {day:02}" for day in range(22, 2, -1)
    ]
    links = {link.get("rel"): link.get("href") for link in atom.findall(f"{ATOM}link")}
    assert links == {
        "alternate": "http://klaten.localhost:8133/berita/",
        "self": f"http://klaten.localhost:8133{FEED}",
    }
    entry = atom.find(f"{ATOM}entry")
    assert entry.find(f"{ATOM}link").get("href") == "http://klaten.localhost:8133/berita/kabar-22/"
    assert "8133" not in "".join(texts(entry, "id") + texts(atom, "id"))


def test_ids_stay_when_host_port_and_slug_change(klaten):
    page = make_news(klaten, slug="rapat")
    before = ask(FEED)
    page.slug = "rapat-lagi"
    page.save_revision().publish()
    klaten.site.hostname, klaten.site.port = "klaten-baru.localhost", 443
    klaten.site.save()
    after = feed("klaten-baru")

    entry = after.find(f"{ATOM}entry")
    assert texts(entry, "id")[0] in before.content.decode()
    assert (
        entry.find(f"{ATOM}link").get("href") == "https://klaten-baru.localhost/berita/rapat-lagi/"
    )


def test_what_was_paid_for_says_so(klaten):
    make_news(klaten, title="Pesan", is_advertorial=True)
    entry = feed().find(f"{ATOM}entry")

    assert texts(entry, "title") == ["Advertorial: Pesan"]
    assert entry.find(f"{ATOM}category").get("term") == "Advertorial"


def test_the_feed_holds_nothing_closed_and_nobody_elses(klaten):
    make_news(klaten, title="Konsep").unpublish()
    secret = make_news(klaten, title="Rahasia")
    PageViewRestriction.objects.create(page=secret, restriction_type="login")
    make_news(make_district("lebak"), title="Milik Lebak")
    make_news(klaten, title="Terbuka")
    body = ask(FEED).content.decode()

    assert [t for t in ("Konsep", "Rahasia", "Milik Lebak", "Terbuka") if t in body] == ["Terbuka"]


def test_a_closed_index_has_no_feed(klaten):
    make_news(klaten, title="Terbuka")
    index = below(klaten, NewsIndexPage)
    PageViewRestriction.objects.create(page=index, restriction_type="login")

    assert ask(FEED).status_code == 404
    assert ask("/en/berita/feed.atom").status_code == 404


def test_the_feed_is_kept_and_asked_again_cheaply(klaten):
    make_news(klaten)
    answer = ask(FEED)
    again = ask(FEED, **{"if-none-match": answer["ETag"]})

    assert answer["Cache-Control"] == "public, max-age=0, s-maxage=60, must-revalidate"
    assert (again.status_code, again.content) == (304, b"")
    assert not answer.cookies


def test_a_reader_finds_the_feed_in_the_head(klaten):
    html = ask("/berita/").content.decode()

    assert (
        f'<link rel="alternate" type="application/atom+xml" title="Berita" href="{FEED}">' in html
    )


def test_neither_list_nor_feed_asks_more_for_more_news(klaten):
    counted = {}
    for wanted in (1, 3):
        while len(NewsIndexPage.objects.get(url_path="/klaten/berita/").get_children()) < wanted:
            make_news(klaten, date=date(2024 + wanted, 3, 1), is_advertorial=True)
        for path in ("/berita/", "/berita/?tahun=2025", FEED, "/sitemap.xml"):
            ask(path)
            with CaptureQueriesContext(connection) as captured:
                assert ask(path).status_code == 200
            counted.setdefault(path, []).append(len(captured))

    assert {path: one for path, (one, _three) in counted.items()} == {
        path: three for path, (_one, three) in counted.items()
    }
    assert max(map(max, counted.values())) <= 6
