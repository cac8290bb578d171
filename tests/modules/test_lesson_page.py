"""A lesson: learners' text with the guide beside it, self-checks, and no key of what is scored."""

import json
import re
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from districts.services.aliases import sync_aliases
from modules.items import item_of
from modules.models import LessonPage, ModulePage
from modules.self_check import MOST_PLACES, Place, check_of
from safeguards import generation
from tests.factories.channels import make_channel
from tests.factories.modules import QUESTIONS, block_id, make_lesson, make_module, step
from tests.factories.places import make_district, national
from website.search.indexing import index_page
from website.search.models import IndexedPage, IndexedWord

pytestmark = pytest.mark.django_db

MOST_QUERIES = 6
SECRET = re.compile(r"kunci\w+", re.IGNORECASE)


def question(kind: str, scored: bool, **value) -> dict:
    words = {"prompt": f"<p>Soal {kind}?</p>", "explain": f"<p>kuncipenjelasan{kind}</p>"}
    return {
        "type": kind,
        "id": str(block_id(f"{kind} {scored}")),
        "value": words | {"scored": scored, "sensitive": False} | value,
    }


def choices(*texts: str) -> list[dict]:
    return [
        {"text": text, "right": number == 1, "feedback": f"kunciumpan{number}"}
        for number, text in enumerate(texts)
    ]


def one_of_each(*, scored: bool) -> tuple[dict, ...]:
    """Whatever a learner must not know before the answer begins with "kunci"."""
    return (
        question("single", scored, choices=choices("Pilih a", "Pilih b", "Pilih c")),
        question("true_false", scored, choices=choices("Benar", "Salah")),
        question("multiple", scored, choices=choices("Satu", "Dua", "Tiga")),
        question("order", scored, sequence=["Langkah awal", "Langkah lanjut", "Langkah akhir"]),
        question(
            "match",
            scored,
            piles=["Tumpuk kiri", "Tumpuk kanan"],
            cards=[
                {"text": "Kartu satu", "pile": "Tumpuk kanan", "feedback": "kuncikartu1"},
                {"text": "Kartu dua", "pile": "Tumpuk kiri", "feedback": "kuncikartu2"},
            ],
        ),
        question(
            "scenario",
            scored,
            nodes=[
                {
                    "name": "mulai",
                    "text": "Teman diam.",
                    "good": False,
                    "ways": [
                        {"text": "Sapa dia", "to": "baik", "feedback": "kuncijalan1"},
                        {"text": "Pergi", "to": "buruk", "feedback": "kuncijalan2"},
                    ],
                },
                {"name": "baik", "text": "kunciakhirbaik", "good": True, "ways": []},
                {"name": "buruk", "text": "kunciakhirburuk", "good": False, "ways": []},
            ],
        ),
    )


ASKED = (
    "Pilih a", "Pilih c", "Benar", "Tiga", "Langkah awal", "Kartu satu", "Tumpuk kiri",
    "Teman diam.", "Sapa dia",
)  # fmt: skip


@pytest.fixture
def klaten():
    return make_district("klaten")


def lesson_of(district, *steps: dict, **fields) -> LessonPage:
    return make_lesson(make_module(district, slug="a", lessons=0), *steps, slug="satu", **fields)


def visit(path: str = "/modul/a/satu/", host: str = "klaten"):
    generation.forget()
    return Client().get(path, headers={"host": f"{host}.localhost"})


def test_keys_of_what_is_scored_are_nowhere_in_public(klaten):
    """S-27: pages, previews of them for others, search, its index, and the API."""
    lesson = lesson_of(klaten, step("satu", *one_of_each(scored=True)))
    stored = json.dumps(list(lesson.steps.get_prep_value()))
    secrets = set(SECRET.findall(stored))
    assert len(secrets) == 6 + 3 + 2 + 2 + 2
    for page in (lesson, lesson.get_parent()):
        index_page(page.pk)
    paths = [
        "/modul/a/satu/", "/modul/a/", "/modul/", "/sitemap.xml", "/modul/a/pakai/",
        "/modul/a/layar/", "/modul/a/layar/1/", "/api/v1/", "/api/v1/modul/a/",
        *(f"/cari/?q={secret}" for secret in sorted(secrets)[:3]),
    ]  # fmt: skip

    for path in paths:
        answer = visit(path)
        # What was asked for stands in the field of a search, with the query of its pages.
        asked = path.partition("q=")[2]
        text = answer.content.decode()
        told = SECRET.findall(text.replace(asked, "") if asked else text)
        assert told == [], (path, told)
    body = unescape(visit().content.decode())
    assert [words for words in ASKED if words not in body] == []
    # Positions tell as much as words do.
    shown = [body.index(f"Langkah {name}") for name in ("awal", "lanjut", "akhir")]
    assert shown != sorted(shown)
    assert "Tumpuk kanan." not in body
    assert not re.search(r'data-(right|key|good|pile)|"right"|"good"', body)
    words = set(IndexedWord.objects.values_list("word", flat=True))
    assert not {word for word in words if SECRET.match(word)}
    assert SECRET.findall(" ".join(IndexedPage.objects.values_list("text", flat=True))) == []
    # Wagtail's own index, which the admin searches.
    for model, held in ((LessonPage, "steps"), (ModulePage, "survey")):
        assert held not in {field.field_name for field in model.get_search_fields()}


def test_a_self_check_answers_in_the_page_and_sends_nothing(klaten):
    lesson_of(klaten, step("satu", *one_of_each(scored=False)))

    body = visit().content.decode()

    expected = set(SECRET.findall(json.dumps(one_of_each(scored=False))))
    assert set(SECRET.findall(body)) == expected
    checks = re.findall(r'<section class="m-ask">.*?</section>', body, re.DOTALL)
    assert len(checks) == 6
    for check in checks:
        assert "<details" in check
        assert not re.search(r"<(form|input|button|script)|\bname=", check)
    # An answer stands under what was tapped.
    assert re.search(r"<summary>Pilih b</summary><p>kunciumpan1</p>", body)
    assert re.search(r"<summary>Kartu dua</summary><p><b>Tumpuk kiri.</b> kuncikartu2</p>", body)
    way = r"<summary>Sapa dia</summary><p>kuncijalan1</p>\s*<p>kunciakhirbaik</p>"
    assert re.search(way, body)
    order = re.search(r"<ol>(<li>Langkah.*?)</ol>", body)[1]
    assert re.findall(r"Langkah (\w+)", order) == ["awal", "lanjut", "akhir"]


def test_a_private_note_has_no_name_and_says_that_nobody_reads_it(klaten):
    lesson_of(klaten, step("satu", QUESTIONS[-1]))

    [note] = re.findall(r"<textarea[^>]*>", visit().content.decode())[:1]
    body = visit().content.decode()
    [check] = re.findall(r'<section class="m-ask">.*?</section>', body, re.DOTALL)

    assert " name=" not in note
    assert "<form" not in check
    assert check.count('href="/bantuan/"') == 1
    assert "Tulisan ini tidak dibaca siapa pun" in check


def test_every_question_shows_the_way_to_help(klaten):
    """Of every kind, scored or not; of what is sensitive, that it may be skipped as well."""
    lesson_of(
        klaten,
        step("satu", *one_of_each(scored=True)),
        step("dua", *one_of_each(scored=False)),
        step("tiga", *QUESTIONS[-2:]),
        step("empat", question("short_text", False, sensitive=True)),
        step("lima", question("likert", False, sensitive=True, direction="1")),
    )

    body = visit("/modul/a/satu/?page=semua").content.decode()
    checks = re.findall(r'<section class="m-ask">.*?</section>', body, re.DOTALL)

    assert ['href="/bantuan/"' in check for check in checks] == [True] * 16
    assert ["Boleh dilewati." in check for check in checks] == [False] * 14 + [True] * 2


def test_the_guide_stands_beside_the_learners_text_step_by_step(klaten):
    lesson_of(
        klaten,
        step("satu", {"type": "text", "id": str(block_id("t")), "value": "<p>Bacaan.</p>"}),
        step("dua", minutes=7, say="<p>Halo, semua.</p>"),
    )

    body = visit().content.decode()
    steps = re.findall(r'<section class="m-step".*?</details>\s*</section>', body, re.DOTALL)

    assert len(steps) == 2
    learner, guide = steps[0].split('<details class="m-guide">')
    assert ("Bacaan." in learner, "Panduan satu." in guide) == (True, True)
    assert "Panduan" not in learner
    assert "Halo, semua." in steps[1]
    assert "7 " in steps[1].partition("</h2>")[0]
    assert re.findall(r'href="#(langkah-\d)"', body) == ["langkah-1", "langkah-2"]


def test_lessons_lead_to_each_other_and_to_their_module(klaten):
    module = make_module(klaten, slug="a", lessons=3)
    first, second, third = module.get_children()
    paths = [f"/modul/a/{one.slug}/" for one in (first, second, third)]

    def links(path):
        body = visit(path).content.decode()
        return re.findall(r'rel="(prev|next)" href="([^"]*)"', body)

    assert links(paths[0]) == [("next", paths[1])]
    assert links(paths[1]) == [("prev", paths[0]), ("next", paths[2])]
    assert links(paths[2]) == [("prev", paths[1])]
    second.specific.unpublish()
    assert links(paths[2]) == [("prev", paths[0])]


def test_an_alias_shows_the_lesson_with_the_districts_own_help(klaten):
    make_channel(klaten, label="Saluran Klaten")
    referral = {"type": "referral", "id": str(block_id("rujukan")), "value": None}
    lesson_of(national(), step("satu", referral))
    sync_aliases(klaten)

    assert "Saluran Klaten" in visit().content.decode()
    assert "Saluran Klaten" not in visit(host="x").content.decode()


def test_a_story_that_turns_in_circles_ends():
    circle = [
        {"text": "Lagi", "to": "b", "feedback": ""},
        {"text": "Dan lagi", "to": "c", "feedback": ""},
        {"text": "Kembali", "to": "a", "feedback": ""},
    ]
    nodes = [{"name": name, "text": name, "good": False, "ways": circle} for name in "abcdefg"]
    item = item_of(question("scenario", False, nodes=nodes))

    def count(place: Place | None) -> int:
        return 1 + sum(count(way.place) for way in place.ways) if place else 0

    start = check_of(item).start
    assert 1 < count(start) <= MOST_PLACES
    assert start.ways[2].place is None


def test_the_number_of_queries_does_not_depend_on_the_length():
    counted = []
    for slug, number in (("klaten", 1), ("lebak", 3)):
        district = make_district(slug)
        make_channel(district)
        parts = [step(f"{slug} {n}", *one_of_each(scored=False), minutes=5) for n in range(number)]
        module = make_module(district, slug="a", lessons=number)
        make_lesson(module, *parts, slug="satu")
        for _time in ("first", "second"):
            with CaptureQueriesContext(connection) as captured:
                answer = Client().get("/modul/a/satu/", headers={"host": f"{slug}.localhost"})
        assert answer.content.decode().count('class="m-step"') == number
        counted.append(len(captured))

    assert counted[0] == counted[1] <= MOST_QUERIES
