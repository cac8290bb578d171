"""The library at `/materi/`: what a reader finds, filters, and what it costs the server."""

import gzip
import re

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.documents import get_document_model
from wagtail.models import PageViewRestriction

from campaigns.models import MaterialIndexPage, MaterialPage
from districts.models import Paper, Term, Vocabulary
from districts.services.aliases import sync_aliases
from safeguards import generation
from tests.factories.pages import below, make_campaign, make_material, paragraph
from tests.factories.places import make_district, make_user, national

pytestmark = pytest.mark.django_db

MOST_QUERIES = 6
POSTER = {"kind": "poster", "layout": "poster"}


@pytest.fixture
def audience():
    vocabulary, _new = Vocabulary.objects.get_or_create(code="audience", defaults={"name": "S"})
    for number, (code, label) in enumerate(
        (("guru", "Guru"), ("sd-mi", "SD/MI"), ("umum", "Umum"))
    ):
        Term.objects.get_or_create(
            vocabulary=vocabulary, code=code, defaults={"label_id": label, "position": number}
        )


@pytest.fixture
def klaten():
    return make_district("klaten")


def visit(path: str = "/materi/", host: str = "klaten"):
    generation.forget()
    return Client().get(path, headers={"host": f"{host}.localhost"})


def titles(answer) -> list[str]:
    return re.findall(r'<h3><a href="[^"]*">(.*?)</a></h3>', answer.content.decode())


def shelf(district) -> None:
    make_material(district, title="Poster guru", audience_codes=["guru"])
    make_material(district, title="Poster semua", audience_codes=["umum", "sd-mi"])
    make_material(
        district, title="Kartu Jawa", kind="kartu", layout="cards", content_language="jv",
        audience_codes=["guru", "sd-mi"],
    )  # fmt: skip


FILTERED = [
    ("", ["Poster guru", "Poster semua", "Kartu Jawa"]),
    ("?jenis=poster", ["Poster guru", "Poster semua"]),
    ("?jenis=kartu&sasaran=&bahasa=", ["Kartu Jawa"]),
    ("?sasaran=guru", ["Poster guru", "Kartu Jawa"]),
    ("?sasaran=sd-mi&jenis=poster", ["Poster semua"]),
    ("?bahasa=jv", ["Kartu Jawa"]),
    ("?bahasa=id&sasaran=guru", ["Poster guru"]),
    # A known kind, a known group, and nothing that is both: an empty state, not an error.
    ("?jenis=kartu&sasaran=umum", []),
    # Part of a code, and a code's neighbour in JSON, are other codes.
    ("?sasaran=sd", None),
    ("?sasaran=guru%22", None),
    ("?jenis=POSTER", None),
    ("?bahasa=%00", None),
    ("?sasaran=" + "a" * 3_000, None),
]


def check_filters(district) -> None:
    shelf(district)
    for query, expected in FILTERED:
        answer = visit(f"/materi/{query}")
        assert (query, titles(answer)) == (query, expected or [])
        assert answer.status_code == (404 if expected is None else 200), query
        assert '<select class="l-input" id="saring-jenis"' in answer.content.decode(), query


def test_a_filter_shows_what_fits_and_nothing_else(klaten, audience):
    check_filters(klaten)


@pytest.mark.postgres
def test_a_filter_shows_the_same_on_postgres(klaten, audience):
    check_filters(klaten)


def test_a_filter_says_how_many_there_are_and_how_to_take_it_away(klaten, audience):
    shelf(klaten)

    body = visit("/materi/?jenis=poster&sasaran=guru").content.decode()

    assert '<option value="poster" selected>Poster (1)</option>' in body
    assert '<option value="kartu">' in body
    removed = re.findall(r'<li><a href="(/materi/[^"]*#hasil)"', body)
    assert removed == [
        "/materi/?sasaran=guru#hasil",
        "/materi/?jenis=poster#hasil",
        "/materi/#hasil",
    ]


def test_the_shelf_is_read_in_pages_that_keep_the_filter(klaten):
    for number in range(13):
        make_material(klaten, title=f"Poster {number:02d}")
    make_material(klaten, title="Lembar", kind="lembar", layout="sheet")

    first, second = visit("/materi/?jenis=poster"), visit("/materi/?jenis=poster&page=2")

    assert len(titles(first)) == 12
    assert titles(second) == ["Poster 12"]
    assert 'href="?jenis=poster&amp;page=2"' in first.content.decode()
    for number in ("3", "0", "-1", "1000000000", "%C2%B2", ""):
        assert visit(f"/materi/?jenis=poster&page={number}").status_code == 404, number


def test_an_empty_shelf_leads_to_somebody(klaten):
    body = visit().content.decode()

    assert 'class="l-empty"' in body
    assert "<select" not in body


def test_a_district_shows_the_national_materials_beside_its_own(klaten, audience):
    nation = national()
    source = make_material(nation, title="Poster nasional", slug="nasional")
    make_material(klaten, title="Poster Klaten", slug="sendiri")
    sync_aliases(klaten)

    assert titles(visit()) == ["Poster Klaten", "Poster nasional"]
    assert visit("/materi/nasional/").status_code == 200
    assert visit("/materi/sendiri/", host="x").status_code == 404
    assert Client().get("/materi/sendiri/", headers={"host": "localhost"}).status_code == 404
    source.unpublish()
    sync_aliases(klaten)
    assert titles(visit()) == ["Poster Klaten"]


def test_a_draft_and_a_restricted_material_are_not_listed(klaten):
    make_material(klaten, title="Konsep", slug="konsep").unpublish()
    hidden = make_material(klaten, title="Rahasia", slug="rahasia")
    PageViewRestriction.objects.create(page=hidden, restriction_type=PageViewRestriction.LOGIN)
    make_material(klaten, title="Terbuka")

    assert titles(visit()) == ["Terbuka"]
    assert visit("/materi/konsep.pdf").status_code == 404
    assert visit("/materi/rahasia.pdf").status_code == 404


def test_the_number_of_queries_does_not_depend_on_the_number_of_materials(audience):
    counted = {}
    for slug, parts in (("klaten", 1), ("lebak", 3)):
        district = make_district(slug)
        campaign = make_campaign(district, body=[{"type": "help", "value": {"issue": ""}}])
        campaign.tags.add("poster")
        campaign.save()
        for _number in range(parts):
            material = make_material(district, audience_codes=["guru"])
            material.tags.add("poster")
            material.save_revision().publish()
        paths = {
            "index": "/materi/",
            "filtered": "/materi/?jenis=poster&sasaran=guru",
            "page": f"/materi/{material.slug}/",
            "campaign": f"/kampanye/{campaign.slug}/",
        }
        for name, path in paths.items():
            for _time in ("first", "second"):
                with CaptureQueriesContext(connection) as captured:
                    answer = Client().get(path, headers={"host": f"{slug}.localhost"})
            assert answer.status_code == 200
            counted.setdefault(name, []).append(len(captured))

    assert {name: few for name, (few, _many) in counted.items()} == {
        name: many for name, (_few, many) in counted.items()
    }
    assert max(max(numbers) for numbers in counted.values()) <= MOST_QUERIES, counted


def test_a_full_page_of_the_shelf_is_light(klaten, audience):
    for number in range(12):
        make_material(
            klaten, title=f"Poster {number}", audience_codes=["guru", "sd-mi"],
            search_description="Satu kalimat tentang isinya, supaya orang tahu sebelum mengunduh.",
        )  # fmt: skip

    assert len(gzip.compress(visit().content)) <= 14 * 1024


def test_a_material_says_what_it_is_before_it_is_fetched(klaten, audience):
    page = make_material(
        klaten, title="Tubuhmu", slug="tubuhmu", paper_size="f4", audience_codes=["guru", "hantu"],
        content_language="su", licence="CC BY-SA 4.0", body=[paragraph("<p>Teks kembar.</p>")],
    )  # fmt: skip
    Paper.objects.create(
        district=klaten, key=f"materi/{page.pk}", digest="x", file="x", size=86_016,
        made_at="2026-11-22T00:00Z", asked_at="2026-11-22T00:00Z",
    )  # fmt: skip

    for path in ("/materi/", "/materi/tubuhmu/"):
        body = visit(path).content.decode()
        for said in ("PDF · F4 · 84,0", "Basa Sunda", "CC BY-SA 4.0", "Guru"):
            assert said in body, (path, said)
        assert "hantu" not in body
    assert 'href="/materi/tubuhmu.pdf"' in body
    assert "Teks kembar." in body
    assert "creativecommons.org/licenses/by-sa/4.0/" in body
    assert 'lang="su"' in body


def test_a_size_that_nobody_knows_yet_is_not_invented(klaten):
    make_material(klaten, slug="baru")

    body = visit("/materi/baru/").content.decode()

    assert "<span>PDF · A4</span>" in body


def test_an_uploaded_file_shows_its_own_type_and_size(klaten):
    document = get_document_model().objects.create(
        title="Paparan", collection=klaten.collection, file_size=2048,
        file=ContentFile(b"x" * 2048, "paparan.pptx"),
    )  # fmt: skip
    page = make_material(klaten, slug="paparan", kind="paparan", layout="", document=document)

    body = visit("/materi/paparan/").content.decode()
    answer = visit("/materi/paparan.pdf")

    assert re.search(r"PPTX · 2,0\sKB", body)
    assert f'href="{document.url}"' in body
    assert (answer.status_code, answer["Location"]) == (302, document.url)
    assert page.file_url == document.url


def test_a_campaign_shows_the_materials_with_its_tag(klaten):
    campaign = make_campaign(klaten, slug="aman")
    campaign.tags.add("sekolah")
    campaign.save_revision().publish()
    for title, tag in (("Poster sekolah", "sekolah"), ("Poster desa", "desa")):
        page = make_material(klaten, title=title)
        page.tags.add(tag)
        page.save_revision().publish()

    body = visit("/kampanye/aman/").content.decode()

    assert "Poster sekolah" in body
    assert "Poster desa" not in body


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"kind": "poster", "layout": ""}, {"document"}),
        ({"kind": "paparan", "layout": ""}, {"document"}),
        ({"kind": "paparan", "layout": "poster"}, {"layout"}),
        ({"kind": "poster", "layout": "slides"}, {"layout"}),
        ({"kind": "paparan", "layout": "slides"}, set()),
        (POSTER | {"content_language": "Basa Jawa"}, {"content_language"}),
        (POSTER | {"content_language": "jv\n"}, {"content_language"}),
        (POSTER | {"content_language": "tet"}, set()),
    ],
)
def test_a_material_has_either_a_layout_or_a_file(klaten, fields, wrong):
    parent = below(klaten, MaterialIndexPage)
    page = MaterialPage(title="Judul", slug="judul", locale=parent.locale, **fields)
    page.set_url_path(parent)
    try:
        page.clean()
        found = set()
    except ValidationError as error:
        found = set(error.message_dict)

    assert found == wrong


def test_an_editor_writes_a_material_but_no_alias(klaten, audience):
    make_material(national(), slug="bersama")
    sync_aliases(klaten)
    alias = MaterialPage.objects.descendant_of(klaten.site.root_page).get(slug="bersama")
    index = below(klaten, MaterialIndexPage)
    client = Client()
    client.force_login(make_user("editor", klaten))
    host = {"host": "klaten.localhost"}

    form = client.get(f"/admin/pages/add/campaigns/materialpage/{index.pk}/", headers=host)
    of_alias = client.get(f"/admin/pages/{alias.pk}/edit/", headers=host)

    assert 'name="layout"' in form.content.decode()
    assert 'name="audience_codes"' in form.content.decode()
    assert 'name="layout"' not in of_alias.content.decode()
