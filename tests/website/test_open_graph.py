"""What WhatsApp reads of a page that somebody sends, read as it does: the head, then the picture.

It follows redirects, takes og:title, og:description and og:image, wants the whole address of the
picture, and drops a picture beyond 300 KB.
"""

import io
import re
from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.utils import translation
from django.utils.translation import gettext
from PIL import Image, ImageChops

from campaigns.models import HelpPage, TopicIndexPage, TopicPage
from districts.models import Paper
from districts.services.aliases import sync_aliases
from districts.sharing.codes import code_of
from tests.factories.pages import below, make_campaign, make_news, make_story, make_topic
from tests.factories.places import DISTRICTS, make_district, national

pytestmark = pytest.mark.django_db

MOST_BYTES = 300 * 1024
PAPER_COLOUR = (251, 247, 240)


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def fetch(address: str):
    """The answer under a full address, as somebody without cookies gets it."""
    parts = urlsplit(address)
    answer = Client().get(
        parts.path, QUERY_STRING=parts.query, headers={"host": parts.netloc}, follow=False
    )
    if answer.status_code in {301, 302}:
        return fetch(f"{parts.scheme}://{parts.netloc}{answer['Location']}")
    return answer


def head_of(address: str) -> BeautifulSoup:
    return BeautifulSoup(fetch(address).content, "html.parser").head


def graph(address: str) -> dict[str, str]:
    """The Open Graph of a page; nothing is said twice."""
    said = {}
    for tag in head_of(address).find_all("meta", property=re.compile("^og:")):
        assert tag["property"] not in said
        said[tag["property"].removeprefix("og:")] = tag["content"]
    return said


def picture_at(address: str) -> Image.Image:
    """The picture, after everything that would make a messenger drop it."""
    parts = urlsplit(address)
    assert (parts.scheme, parts.query, parts.fragment) == ("http", "", "")
    answer = fetch(address)
    body = b"".join(answer.streaming_content)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
    assert len(body) <= MOST_BYTES
    picture = Image.open(io.BytesIO(body))
    assert (picture.format, picture.size) == ("PNG", (1200, 630))
    return picture.convert("RGB")


def ink_of(picture: Image.Image) -> tuple[int, int, int, int]:
    """The box around the title: what is not paper between the band and the office's name."""
    title = picture.crop((0, 112, 1200, 520))
    paper = Image.new("RGB", title.size, PAPER_COLOUR)
    box = ImageChops.difference(title, paper).getbbox()
    return (box[0], box[1] + 112, box[2], box[3] + 112)


@pytest.fixture
def klaten():
    district = make_district("klaten")
    district.site.port = 8133
    district.site.save()
    return district


HOME = "http://klaten.localhost:8133"


def test_a_campaign_is_told_whole(klaten):
    page = make_campaign(
        klaten, title='Jaga & "dengar" <anak>', slug="jaga", search_description="Mulai dari rumah."
    )
    said = graph(f"{HOME}/kampanye/jaga/")
    image = said.pop("image")

    assert said == {
        "type": "website",
        "site_name": "Lindungi Klaten",
        "title": 'Jaga & "dengar" <anak>',
        "description": "Mulai dari rumah.",
        "url": f"{HOME}/kampanye/jaga/",
        "locale": "id_ID",
        "image:type": "image/png",
        "image:width": "1200",
        "image:height": "630",
        "image:alt": 'Jaga & "dengar" <anak> – Dinas PPPA Kabupaten Klaten',
    }
    assert re.fullmatch(rf"{HOME}/og/{page.pk}-[0-9a-f]{{16}}\.png", image)
    picture_at(image)
    (card,) = head_of(f"{HOME}/kampanye/jaga/").find_all("meta", {"name": "twitter:card"})
    assert card["content"] == "summary_large_image"


def test_the_short_address_tells_the_same(klaten):
    page = make_campaign(klaten, slug="jaga")

    assert graph(f"{HOME}/s/{code_of(page.pk)}/") == graph(f"{HOME}/kampanye/jaga/")


def test_every_kind_of_page_has_a_picture(klaten):
    campaign = make_campaign(klaten, slug="jaga")
    make_story(campaign, slug="cerita")
    make_news(klaten, slug="rapat", is_advertorial=True, title="Pesan")
    make_topic(national(), slug="perundungan")
    sync_aliases(klaten)
    paths = ("/", "/en/", "/kampanye/", "/kampanye/jaga/cerita/", "/berita/", "/topik/")
    for path in (*paths, "/topik/perundungan/", "/materi/", "/komitmen/", "/privasi/"):
        said = graph(HOME + path)
        assert said["url"] == HOME + path
        picture_at(said["image"])
    assert graph(f"{HOME}/berita/rapat/")["title"] == "Advertorial: Pesan"
    assert graph(f"{HOME}/berita/rapat/")["type"] == "article"
    assert graph(f"{HOME}/en/")["locale"] == "en_GB"


def test_every_district_wears_its_own_cloth():
    bands = set()
    for slug in DISTRICTS:
        make_district(slug)
        picture = picture_at(graph(f"http://{slug}.localhost/")["image"])
        bands.add(picture.crop((0, 0, 1200, 96)).tobytes())
    assert len(bands) == len(DISTRICTS)


@pytest.mark.parametrize(
    "title",
    [
        "Jaga anak bersama!!!",
        "Sekolah, rumah, dan balai desa: siapa menjaga anak kita hari",
        "Langkah " + "demi langkah menjaga setiap anak " * 4,
        "W" * 140,
        "Pertanggungjawaban" * 8,
        "\u202eanak \U0001f9f8 \u0000".replace("\u0000", "") + "kata " * 12,
        "a",
    ],
)
def test_a_title_of_any_length_has_room(klaten, title):
    page = make_campaign(klaten, title=title.strip()[:255], slug="jaga")
    left, top, right, bottom = ink_of(picture_at(graph(f"{HOME}/kampanye/jaga/")["image"]))

    assert page.title in graph(f"{HOME}/kampanye/jaga/")["title"]
    # A "J" reaches a little out of its column.
    assert left >= 56
    assert right <= 1_144
    assert 112 <= top < bottom <= 516


def test_help_says_nothing_of_what_it_is(klaten):
    page = below(klaten, HelpPage)
    page.title = page.search_description = "Kekerasan di rumah"
    page.save_revision().publish()
    said = [graph(f"{HOME}{path}") for path in ("/bantuan/", "/bantuan/aku/", "/bantuan/kartu/")]

    assert {one["title"] for one in said} == {"Lindungi Klaten"}
    with translation.override("id"):
        neutral = gettext("Information and contacts of the office.")
    assert {one["description"] for one in said} == {neutral}
    assert len({one["image"] for one in said}) == 1
    assert re.search(r"/og/0-[0-9a-f]{16}\.png$", said[0]["image"])
    assert {one["image:alt"] for one in said} == {"Dinas PPPA Kabupaten Klaten"}
    picture_at(said[0]["image"])


def test_the_address_of_a_picture_follows_what_is_drawn(klaten):
    page = make_campaign(klaten, title="Jaga", slug="jaga")
    before = graph(f"{HOME}/kampanye/jaga/")["image"]
    picture_at(before)
    page.title = "Jaga bersama"
    page.save_revision().publish()
    after = graph(f"{HOME}/kampanye/jaga/")["image"]

    old = Client().get(urlsplit(before).path, headers={"host": "klaten.localhost:8133"})
    assert after != before
    assert (old.status_code, HOME + old["Location"]) == (302, after)
    assert "immutable" not in old["Cache-Control"]
    picture_at(before)


def test_a_picture_is_drawn_once(klaten):
    make_campaign(klaten, slug="jaga")
    address = graph(f"{HOME}/kampanye/jaga/")["image"]
    picture_at(address)
    (before,) = Paper.objects.filter(key__startswith="og/")
    picture_at(address)
    (after,) = Paper.objects.filter(key__startswith="og/")

    assert (after.made_at, after.file.name) == (before.made_at, before.file.name)
    assert before.file.name.endswith(".png")


def test_another_office_draws_nothing_of_it(klaten):
    make_district("lebak")
    page = make_campaign(klaten, slug="jaga")
    path = urlsplit(graph(f"{HOME}/kampanye/jaga/")["image"]).path

    assert Client().get(path, headers={"host": "lebak.localhost"}).status_code == 404
    page.unpublish()
    assert fetch(HOME + path).status_code == 404
    assert not Paper.objects.exists()


def links(address: str, rel: str) -> dict[str, str]:
    found = head_of(address).find_all("link", rel=rel, hreflang=True)
    return {link["hreflang"]: link["href"] for link in found}


def test_a_page_names_itself_and_its_languages(klaten):
    address = f"{HOME}/en/kampanye/"
    (canonical,) = head_of(f"{address}?page=7&from=wa").find_all("link", rel="canonical")

    assert canonical["href"] == address
    assert links(address, "alternate") == {"id": f"{HOME}/kampanye/", "en": address}
    assert links(f"{HOME}/berita/", "alternate") == {}


def test_a_topic_names_only_pages_of_its_own_host(klaten):
    nation = national()
    topic = make_topic(nation, slug="perundungan")
    index = TopicIndexPage.objects.get(url_path="/nasional-en/topik/")
    translated = TopicPage(title="Bullying", slug="perundungan", locale=index.locale)
    translated.translation_key = topic.translation_key
    index.add_child(instance=translated)
    sync_aliases(klaten)

    for path in ("/topik/perundungan/", "/topik/"):
        for address in links(HOME + path, "alternate").values():
            assert address.startswith(f"{HOME}/")
    found = links("http://localhost/topik/perundungan/", "alternate")
    assert found["en"] == "http://localhost/en/topik/perundungan/"
