"""What search engines are told: everything anybody may read on this host, and nothing else."""

import xml.etree.ElementTree as ET
from urllib.robotparser import RobotFileParser

import pytest
from wagtail.models import Page, PageViewRestriction

from tests.factories.modules import make_module
from tests.factories.pages import make_campaign, make_news, make_story, make_topic
from tests.factories.places import make_district, national

NAMES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}


@pytest.fixture
def office(klaten):
    klaten.site.port = 8133
    klaten.site.save()
    return klaten


def read(visit, host: str = "klaten") -> dict[str, ET.Element]:
    answer = visit(host, "/sitemap.xml")
    assert answer["Content-Type"] == "application/xml; charset=utf-8"
    root = ET.fromstring(answer.content)
    return {url.find("s:loc", NAMES).text: url for url in root.findall("s:url", NAMES)}


def test_the_map_holds_every_page_of_the_host_once(visit, office):
    campaign = make_campaign(office, slug="aman")
    make_story(campaign, slug="pintu")
    found = read(visit)

    home = "http://klaten.localhost:8133"
    assert {f"{home}{path}" for path in ("/", "/en/", "/kampanye/aman/pintu/", "/bantuan/")} <= set(
        found
    )
    assert all(address.startswith(f"{home}/") for address in found)
    live = Page.objects.filter(live=True, url_path__regex="^/klaten(-en)?/").count()
    assert len(found) == live


def test_every_page_of_the_map_answers(visit, klaten):
    make_news(klaten)
    for address in read(visit):
        assert visit("klaten", address.removeprefix("http://klaten.localhost")).status_code == 200


def test_the_map_names_the_languages_of_a_page(visit, office):
    found = read(visit)["http://klaten.localhost:8133/en/kampanye/"]

    links = {link.get("hreflang"): link.get("href") for link in found.findall("x:link", NAMES)}
    assert links == {
        "id": "http://klaten.localhost:8133/kampanye/",
        "en": "http://klaten.localhost:8133/en/kampanye/",
    }


def test_the_map_holds_nothing_closed_and_nobody_elses(visit, klaten, lebak):
    make_campaign(klaten, slug="konsep").unpublish()
    closed = make_campaign(klaten, slug="tertutup")
    make_story(closed, slug="di-bawahnya")
    PageViewRestriction.objects.create(page=closed, restriction_type="login")
    make_campaign(lebak, slug="kanari-lebak")
    make_campaign(klaten, slug="terbuka")
    addresses = " ".join(read(visit))

    wanted = ("konsep", "tertutup", "di-bawahnya", "kanari-lebak", "lebak", "terbuka")
    assert [word for word in wanted if word in addresses] == ["terbuka"]
    assert "kanari-lebak" in " ".join(read(visit, "lebak"))


@pytest.mark.django_db
def test_an_alias_is_a_page_of_its_own_district(visit):
    nation = national()
    make_topic(nation, slug="perundungan")
    make_district("klaten")

    assert "http://klaten.localhost/topik/perundungan/" in read(visit)
    assert "http://localhost/topik/perundungan/" in read(visit, "")


@pytest.mark.django_db
def test_a_module_that_rests_is_not_on_the_map(visit):
    klaten = make_district("klaten")
    make_module(klaten, slug="lama", retire_on="2020-01-01")
    make_module(klaten, slug="kini")

    found = "\n".join(read(visit))
    assert "/modul/kini/" in found
    assert "/modul/lama/" not in found


@pytest.mark.parametrize(
    ("robot", "closed"),
    [
        (
            "Googlebot",
            {"/admin/", "/ruang/tim/", "/cari/?q=x", "/en/cari/", "/s/abcd/", "/gabung/ACDEFG/"},
        ),
        # They fetch what somebody has just sent, by its short address, too.
        ("WhatsApp/2.24.1 A", {"/admin/"}),
        ("facebookexternalhit/1.1", {"/admin/"}),
    ],
)
def test_robots_stay_out_of_rooms(visit, office, robot, closed):
    answer = visit("klaten", "/robots.txt")
    rules = RobotFileParser()
    rules.parse(answer.content.decode().splitlines())

    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert rules.site_maps() == ["http://klaten.localhost:8133/sitemap.xml"]
    asked = {"/admin/", "/ruang/tim/", "/cari/?q=x", "/en/cari/", "/s/abcd/"}
    asked |= {"/gabung/ACDEFG/"}
    asked |= {"/", "/kampanye/", "/bantuan/", "/og/1-a.png", "/sejarah/"}
    assert {path for path in asked if not rules.can_fetch(robot, path)} == closed


def test_robots_and_map_are_kept(visit, klaten):
    for path in ("/robots.txt", "/sitemap.xml"):
        answer = visit("klaten", path)
        assert answer["Cache-Control"] == "public, max-age=0, s-maxage=60, must-revalidate"
        assert visit("klaten", path, **{"if-none-match": answer["ETag"]}).status_code == 304
