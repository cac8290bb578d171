"""Topics: the fifteen categories in the order of the law, and what the law says today."""

import re
import string

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from districts.models import Regulation
from districts.regulations import laws_named, pages_citing_revoked
from districts.services.vocabularies import load_regulations, load_vocabulary
from safeguards import generation
from tests.factories.channels import make_channel
from tests.factories.pages import make_topic
from tests.factories.places import make_district, make_user, national
from website.reference import read_reference

pytestmark = pytest.mark.django_db
MOST_QUERIES = 6


@pytest.fixture
def nation():
    for entry in read_reference("vocabularies"):
        if entry["code"] in {"ampk", "issue_area"}:
            load_vocabulary(
                code=entry["code"],
                version=str(entry["version"]),
                name=entry["label_id"],
                terms=entry["terms"],
            )
    load_regulations(
        [
            law("lama", "Permen 1/2010", "dicabut", "tengah"),
            law("tengah", "Permen 2/2015", "dicabut", "baru"),
        ]
        + [law("baru", "Permen 3/2026", "berlaku"), law("konsep", "RUU 9", "rancangan")]
    )
    return national()


def law(code: str, number: str, status: str, successor: str | None = None) -> dict:
    return {
        "code": code,
        "number": number,
        "year": 2020,
        "title": f"Tentang {code}",
        "status": status,
        "successor": successor,
    }


def visit(path: str, host: str = "localhost"):
    return Client().get(path, headers={"host": host})


def body_of(path: str, host: str = "localhost") -> str:
    generation.forget()
    answer = visit(path, host)
    assert answer.status_code == 200
    return answer.content.decode()


def test_all_fifteen_categories_stand_in_the_order_of_the_law(nation):
    make_topic(nation, title="Halaman napza", slug="napza", ampk_codes=["napza"])
    body = body_of("/topik/")
    letters = re.findall(r'<span class="unseen">Huruf </span>([a-z])</span>', body)
    assert letters == list(string.ascii_lowercase[:15])
    assert body.count("belum ada halaman") == 14 + 7
    assert "Anak yang distigma karena keadaan orang tuanya" in body
    before, after = body.split("Anak dan penyalahgunaan NAPZA")
    assert 'href="/topik/napza/"' in after
    assert "Halaman napza" not in before


def test_every_page_is_listed(nation):
    make_topic(nation, title="Perundungan", slug="rundung", ampk_codes=["kekerasan-fisik-psikis"])
    make_topic(
        nation,
        title="Fisik",
        slug="kekerasan-fisik-psikis",
        ampk_codes=["kekerasan-fisik-psikis"],
        issue_codes=["KtA"],
    )
    make_topic(nation, title="Nikah", slug="nikah", issue_codes=["perkawinan-anak", "KtA"])
    make_topic(nation, title="Kode asing", slug="asing", ampk_codes=["tidak-ada"])
    draft = make_topic(nation, title="Konsep rahasia", slug="konsep")
    draft.unpublish()
    body = body_of("/topik/")
    order = [body.index(f"/topik/{slug}/") for slug in ("kekerasan-fisik-psikis", "nikah")]
    others = body.index('id="lainnya"')
    assert order == sorted(order)
    assert body.index("/topik/rundung/") > others
    assert body.index("/topik/asing/") > others
    assert "Konsep rahasia" not in body


def test_an_index_without_pages_leads_to_help(nation):
    body = body_of("/topik/")
    assert "l-empty" in body
    assert 'href="/bantuan/"' in body


def test_a_topic_says_its_letter_its_issue_and_the_law_of_today(nation):
    make_topic(
        nation,
        slug="napza",
        ampk_codes=["napza"],
        issue_codes=["KtA"],
        regulation_codes=["lama", "baru", "konsep", "tidak-ada"],
    )
    body = body_of("/topik/napza/")
    for words in (
        "Huruf e: Anak dan penyalahgunaan NAPZA",
        "Kekerasan terhadap anak",
        "Permen 1/2010",
        "Dicabut, diganti oleh Permen 3/2026",
        "Berlaku",
        "Rancangan",
    ):
        assert words in body, words


def test_who_answers_stands_there_once(nation):
    make_channel(nation, label="Saluran anak", issues=["KtA"])
    make_topic(nation, slug="tanpa", issue_codes=["KtA"])
    make_topic(
        nation,
        slug="dengan",
        issue_codes=["KtA"],
        body=[{"type": "help", "value": {"issue": "KtA"}}],
    )
    for slug in ("tanpa", "dengan"):
        assert body_of(f"/topik/{slug}/").count("<h3>Saluran anak</h3>") == 1


def test_successors_are_followed_to_the_end_and_a_circle_ends(nation):
    assert [(one.number, one.in_force) for one in laws_named(["baru", "lama"])] == [
        ("Permen 3/2026", True),
        ("Permen 1/2010", False),
    ]
    old, middle = Regulation.objects.get(code="lama"), Regulation.objects.get(code="tengah")
    middle.successor = old
    middle.save()
    generation.forget()
    assert [one.status_text for one in laws_named(["lama", "tengah"])] == ["Dicabut", "Dicabut"]
    old.successor = old
    old.save()
    generation.forget()
    assert laws_named(["lama"])[0].status_text == "Dicabut"
    middle.successor = None
    middle.save()
    old.successor = middle
    old.save()
    generation.forget()
    assert laws_named(["lama"])[0].status_text == (
        "Dicabut; penggantinya, Permen 2/2015, juga dicabut"
    )


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_an_edited_regulation_shows_on_pages_at_once():
    nation = national()
    load_regulations([law("satu", "UU 1/2020", "berlaku"), law("dua", "UU 2/2026", "berlaku")])
    make_topic(nation, slug="hukum", regulation_codes=["satu"])
    client = Client(headers={"host": "localhost"})
    assert "diganti oleh" not in client.get("/topik/hukum/").content.decode()
    client.force_login(make_user("superuser"))
    satu, dua = Regulation.objects.order_by("number")
    sent = {"number": "UU 1/2020", "title": "Tentang satu", "year": 2020, "status": "dicabut"}
    sent |= {"successor": dua.pk, "note": "", "source": ""}
    assert client.post(reverse("peraturan:edit", args=[satu.pk]), sent).status_code == 302
    assert "Dicabut, diganti oleh UU 2/2026" in client.get("/topik/hukum/").content.decode()


def test_pages_that_cite_what_was_revoked_are_named_to_editors(nation):
    from wagtail.models import Page

    lebak = make_district("lebak")
    faulty = make_topic(nation, title="Mengutip yang lama", regulation_codes=["lama"])
    make_topic(nation, title="Menyebut keduanya", regulation_codes=["lama", "baru"])
    make_topic(nation, title="Benar", regulation_codes=["baru"])
    assert list(pages_citing_revoked(Page.objects.all())) == [faulty.page_ptr]
    editor = Client(headers={"host": "localhost"})
    editor.force_login(make_user("editor", nation))
    home = editor.get("/admin/").content.decode()
    assert "“Mengutip yang lama” mengutip peraturan yang sudah dicabut." in home
    assert "“Menyebut keduanya” mengutip" not in home
    other = Client(headers={"host": "lebak.localhost"})
    other.force_login(make_user("editor", lebak))
    assert "Mengutip yang lama" not in other.get("/admin/").content.decode()


def test_the_form_ticks_regulations_and_says_which_are_revoked(nation):
    page = make_topic(nation, regulation_codes=["baru"])
    editor = Client(headers={"host": "localhost"})
    editor.force_login(make_user("editor", nation))
    body = editor.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
    assert re.search(r'name="regulation_codes"[^>]*value="baru"[^>]*checked', body)
    assert "Permen 1/2010 – Tentang lama (Dicabut)" in body


def test_as_many_queries_for_one_topic_as_for_three(nation):
    asked: dict[str, list[int]] = {"/topik/": [], "page": []}
    for number in (1, 2, 3):
        page = make_topic(
            nation,
            ampk_codes=["napza", "abh", "disabilitas"][:number],
            regulation_codes=["lama", "tengah", "baru"][:number],
        )
        generation.forget()
        visit("/privasi/")
        for name, path in (("/topik/", "/topik/"), ("page", f"/topik/{page.slug}/")):
            for remembered in ("regulations", "terms in use"):
                generation._remembered.pop(remembered, None)
            with CaptureQueriesContext(connection) as captured:
                assert visit(path).status_code == 200
            asked[name].append(len(captured))
    for counted in asked.values():
        assert counted[0] == counted[1] == counted[2] <= MOST_QUERIES
