"""A module's page: all of it, its papers, its last day, and what it costs."""

import gzip
import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import PageViewRestriction

from districts.models import Paper, Regulation, Term, Vocabulary
from districts.services.aliases import sync_aliases
from modules.days import ends_after
from modules.downloads import paper_key
from modules.loading.folder import CONTENT, read_module
from modules.loading.load import load_module
from modules.models import ModuleIndexPage, ModulePage
from modules.shelf import modules_under
from safeguards import generation
from tests.factories.channels import make_channel
from tests.factories.modules import block_id, make_lesson, make_module, sign, step
from tests.factories.pages import below
from tests.factories.places import make_district, make_user, national
from website.search.indexing import index_page

pytestmark = pytest.mark.django_db

MOST_QUERIES = 6
# What the design asks of HTML and style sheets; tests/modules/test_leaves.py weighs real modules.
PAGE_BYTES = 14 * 1024
STYLES = ("website/site.css", "districts/parts.css", "modules/modules.css")
SHEET = {
    "type": "sheet",
    "id": str(block_id("lembar")),
    "value": {"title": "Lembar", "text": "<p>____</p>"},
}


@pytest.fixture
def klaten():
    return make_district("klaten")


def visit(path: str, host: str = "klaten", client: Client | None = None):
    generation.forget()
    return (client or Client()).get(path, headers={"host": f"{host}.localhost"})


def in_stream(kind: str, **value) -> dict:
    return {"type": kind, "id": str(block_id(f"{kind} {value}")), "value": value}


def test_a_page_says_all_that_a_facilitator_needs(klaten):
    audience, _new = Vocabulary.objects.get_or_create(code="audience", defaults={"name": "S"})
    Term.objects.create(vocabulary=audience, code="smp-mts", label_id="SMP/MTs")
    Regulation.objects.create(
        code="uu-1", number="UU 1/2014", year=2014, title="Perlindungan", status="berlaku"
    )
    make_channel(klaten, label="Saluran Klaten")
    page = make_module(
        klaten,
        title="Bercanda atau Merundung?",
        slug="bercanda",
        lessons=2,
        search_description="Membedakan tiga hal.",
        audience_codes=["smp-mts", "hantu"],
        age_from=12,
        age_to=15,
        minutes=80,
        version="1.3",
        objectives="Menjelaskan ciri\nMemilih langkah",
        materials="Papan tulis",
        preparation="<p>Baca dulu.</p>",
        safeguarding="<p>Jangan bertanya pengalaman.</p>",
        disclosure_title="Jika seorang anak bercerita",
        disclosure_steps="Dengarkan",
        disclosure_say="Ini bukan salahmu.",
        disclosure_avoid="Menjanjikan rahasia",
        variants=[in_stream("variant", title="Tanpa gawai", text="<p>Bacakan kartu.</p>")],
        take_home_title="Untuk orang tua",
        take_home="<p>Dengarkan di rumah.</p>",
        sources=[in_stream("source", title="Gaffney 2021", note="tinjauan")],
        glossary=[in_stream("word", term="perundungan", meaning="menyakiti berulang")],
        regulation_codes=["uu-1"],
        review_due=date(2099, 5, 31),
    )

    body = visit("/modul/bercanda/").content.decode()

    for said in (
        "Membedakan tiga hal.", "SMP/MTs", "12–15", "Menjelaskan ciri", "Memilih langkah",
        "Papan tulis", "Baca dulu.", "Jangan bertanya pengalaman.", "Jika seorang anak bercerita",
        "Ini bukan salahmu.", "Menjanjikan rahasia", "Tanpa gawai", "Bacakan kartu.",
        "Untuk orang tua", "Dengarkan di rumah.", "Gaffney 2021", "perundungan",
        "menyakiti berulang", "UU 1/2014", "1.3", "31 Mei 2099", "Saluran Klaten",
    ):  # fmt: skip
        assert said in body, said
    assert "hantu" not in body
    lessons = re.findall(r'<h3><a href="(/modul/bercanda/[^"]+)">', body)
    assert lessons == [lesson.get_url_parts()[2] for lesson in page.get_children().live()]
    assert 'href="/ruang/kelas/mulai/?modul=bercanda"' in body
    assert 'href="/modul/bercanda/pakai/"' in body
    assert body.count("<h1>") == 1


def test_a_reviewer_takes_the_label_away(klaten):
    make_module(klaten, slug="a")
    sign(
        make_module(klaten, slug="b"),
        by=("Psikolog Ayu", "UPTD PPA", "Psikolog anak"),
        day=date(2026, 10, 1),
    )

    plain, reviewed = (visit(f"/modul/{slug}/").content.decode() for slug in "ab")

    assert ('class="l-label"' in plain, 'class="l-label"' in reviewed) == (True, False)
    assert "Psikolog Ayu, Psikolog anak, UPTD PPA, 1 Oktober 2026" in reviewed


def test_papers_are_offered_where_something_fills_them_each_with_its_size(klaten):
    page = make_module(klaten, slug="a", lessons=0, survey=[])
    make_lesson(page, step("satu"))
    key = paper_key(page.pk, "panduan")
    when = "2026-11-22T00:00Z"
    Paper.objects.create(
        district=klaten, key=key, digest="x", file="x", size=86_016, made_at=when, asked_at=when
    )
    papers = re.compile(r'href="/modul/a/([\w-]+\.pdf)"')

    bare = visit("/modul/a/").content.decode()
    make_lesson(page)
    make_lesson(page, step("dua", SHEET))
    full = visit("/modul/a/").content.decode()

    assert key == f"modul/{page.pk}/panduan"
    assert re.search(r"\(PDF, 84,0\sKB\)", bare)
    assert papers.findall(bare) == ["panduan.pdf"]
    assert papers.findall(full) == [
        "panduan.pdf", "lembar-kerja.pdf", "lembar-jawaban.pdf", "kartu.pdf",
    ]  # fmt: skip


def test_a_module_without_lessons_can_be_read_but_not_taught(klaten):
    make_module(klaten, slug="a", lessons=0)

    answer = visit("/modul/a/")

    assert answer.status_code == 200
    assert "mulai/?modul=" not in answer.content.decode()
    assert ".pdf" not in answer.content.decode()


def rest(module: ModulePage, **fields) -> None:
    ModulePage.objects.filter(pk=module.pk).update(**fields)


YESTERDAY = timezone.localdate() - timedelta(days=1)


@pytest.mark.parametrize(
    "fields",
    [{"withdrawn_at": timezone.now()}, {"review_due": YESTERDAY}, {"retire_on": YESTERDAY}],
    ids=["withdrawn", "review overdue", "retired"],
)
def test_what_rests_says_so_kindly_and_nothing_else(klaten, fields):
    page = make_module(klaten, title="Judul rahasia", slug="a", preparation="<p>Isi lama.</p>")
    lesson = page.get_children().get()
    lesson_path = f"/modul/a/{lesson.slug}/"
    assert [visit(path).status_code for path in ("/modul/a/", lesson_path)] == [200, 200]
    rest(page, **fields)

    for path in ("/modul/a/", lesson_path):
        answer = visit(path)
        body = answer.content.decode()
        assert (answer.status_code, answer["Cache-Control"]) == (410, "no-store"), path
        assert not any(words in body for words in ("Judul rahasia", lesson.title, "Isi lama."))
        assert 'href="/modul/"' in body
        assert 'href="/bantuan/"' in body


def test_a_withdrawal_reaches_a_district_before_its_alias_is_refreshed(klaten):
    source = make_module(national(), slug="a")
    sync_aliases(klaten)
    lesson = f"/modul/a/{source.get_children().get().slug}/"
    assert [visit(path).status_code for path in ("/modul/a/", lesson)] == [200, 200]

    rest(source, withdrawn_at=timezone.now())

    assert [visit(path).status_code for path in ("/modul/a/", lesson)] == [410, 410]


def test_no_cache_keeps_a_page_beyond_the_last_day(klaten):
    today = timezone.localdate()
    page = make_module(klaten, slug="a", review_due=today + timedelta(days=3), retire_on=today)

    for path in ("/modul/a/", f"/modul/a/{page.get_children().get().slug}/"):
        answer = visit(path)
        assert answer.status_code == 200, path
        assert answer.wsgi_request.fresh_until == ends_after(today, None), path


def test_an_editor_looks_at_a_module_that_rests(klaten):
    page = make_module(klaten, title="Judul lama", review_due=YESTERDAY)
    client = Client()
    client.force_login(make_user("editor", klaten))

    answer = visit(reverse("wagtailadmin_pages:view_draft", args=[page.pk]), client=client)

    assert answer.status_code == 200
    assert "Judul lama" in answer.content.decode()


def test_a_draft_lesson_and_a_restricted_one_are_not_listed(klaten):
    page = make_module(klaten, slug="a", lessons=3)
    open_, closed, draft = page.get_children()
    PageViewRestriction.objects.create(page=closed, restriction_type=PageViewRestriction.LOGIN)
    draft.specific.unpublish()

    body = visit("/modul/a/").content.decode()

    assert [one.title in body for one in (open_, closed, draft)] == [True, False, False]


def test_search_finds_modules_but_none_that_rests(klaten):
    page = make_module(
        klaten, title="Mengenali perundungan", slug="a", objectives="Menyebutkan layanan"
    )
    for one in (page, page.get_children().get()):
        index_page(one.pk)

    found = visit("/cari/?q=perundungan").content.decode()
    by_objective = visit("/cari/?q=menyebutkan").content.decode()
    rest(page, retire_on=YESTERDAY)
    later = visit("/cari/?q=perundungan").content.decode()

    link = 'href="/modul/a/"'
    assert [link in body for body in (found, by_objective, later)] == [True, True, False]


def test_the_number_of_queries_does_not_depend_on_the_length():
    counted = []
    for slug, number in (("klaten", 1), ("lebak", 3)):
        district = make_district(slug)
        make_channel(district)
        page = make_module(
            district,
            lessons=number,
            regulation_codes=["uu-1"] * number,
            variants=[in_stream("variant", title=f"V {n}", text="<p>T</p>") for n in range(number)],
            glossary=[in_stream("word", term=f"k {n}", meaning="m") for n in range(number)],
        )
        for _time in ("first", "second"):
            with CaptureQueriesContext(connection) as captured:
                answer = Client().get(f"/modul/{page.slug}/", headers={"host": f"{slug}.localhost"})
        assert answer.content.decode().count("<h3><a ") == number
        counted.append(len(captured))

    assert counted[0] == counted[1] <= MOST_QUERIES


def weight(path: str) -> int:
    return len(gzip.compress(visit(path).content, 6))


def test_the_style_of_modules_is_light():
    sizes = [len(gzip.compress(Path(finders.find(name)).read_bytes(), 6)) for name in STYLES]

    assert sizes[-1] <= 1.2 * 1024
    assert sum(sizes) <= 9 * 1024


def test_a_short_module_is_as_light_as_every_page(klaten):
    styles = sum(len(gzip.compress(Path(finders.find(name)).read_bytes(), 6)) for name in STYLES)
    page = make_module(klaten, slug="a")
    lesson = page.get_children().get()

    assert styles + weight("/modul/a/") <= PAGE_BYTES
    assert styles + weight(f"/modul/a/{lesson.slug}/") <= PAGE_BYTES


@pytest.mark.usefixtures("in_2026")
@pytest.mark.parametrize("slug", sorted(path.parent.name for path in CONTENT.glob("*/modul.yaml")))
def test_the_shelf_says_about_what_the_texts_of_a_module_weigh(klaten, slug):
    parent = below(klaten, ModuleIndexPage)
    loaded = load_module(text=read_module(CONTENT / slug), parent=parent, unreviewed=True)

    paths = [f"/modul/{one.name}/?page=semua" for one in loaded]
    assert {path: visit(path).status_code for path in paths} == dict.fromkeys(paths, 200)
    said = modules_under(parent)[0].size
    fetched = sum(map(weight, paths))
    assert 0.5 < said / fetched < 1.1, (said, fetched)
