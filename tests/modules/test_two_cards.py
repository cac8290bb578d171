"""Where adults and children take part, each has a card "if somebody tells something"."""

import re
import shutil
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone, translation
from wagtail.models import Revision

from districts.services.aliases import sync_aliases
from modules.drawing import draw_step
from modules.editions import edition_of, freeze, frozen
from modules.loading.faults import Faulty
from modules.loading.folder import CONTENT, read_module
from modules.loading.load import Loaded, State, load_module, shelf_for
from modules.loading.plainness import passages
from modules.models import ModulePage
from modules.models.module import SECOND_CARD
from modules.wording import OF_MODULE, digest_of
from safeguards import generation
from tests.factories.module_papers import block, pages, pdf
from tests.factories.modules import edit, make_lesson, make_module, make_run, step
from tests.factories.people import make_member
from tests.factories.places import make_district, national

SLUG = "rumah-tanpa-bentakan"
CARDS = {
    "disclosure_title": "Jika seorang ibu bercerita",
    "disclosure_steps": "Dengarkan ibu",
    "second_disclosure_title": "Jika seorang anak bercerita",
    "second_disclosure_steps": "Dengarkan anak\nTemani dia",
    "second_disclosure_say": "Ini bukan salahmu.",
    "second_disclosure_avoid": "Menjanjikan rahasia",
}
SAID = (
    "Jika seorang ibu bercerita", "Dengarkan ibu", "Jika seorang anak bercerita",
    "Dengarkan anak", "Temani dia", "Ini bukan salahmu.", "Menjanjikan rahasia",
)  # fmt: skip


@pytest.fixture
def klaten(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return make_district("klaten")


@pytest.fixture
def folder(tmp_path) -> Path:
    return Path(shutil.copytree(CONTENT / SLUG, tmp_path / SLUG))


def missing(text: str) -> list[str]:
    return [one for one in SAID if one not in text]


def load(folder: Path) -> Loaded:
    return load_module(text=read_module(folder), parent=shelf_for("id"))[0]


def test_the_modules_page_shows_both(klaten):
    make_module(klaten, slug="modul-uji", **CARDS)
    generation.forget()

    body = Client().get("/modul/modul-uji/", headers={"host": "klaten.localhost"}).content.decode()

    assert missing(body) == []
    assert re.findall(r"<h2>(Jika [^<]+)</h2>", body) == [SAID[0], SAID[2]]


def test_the_lesson_shows_both_beside_the_step(klaten):
    module = make_module(klaten, lessons=0, **CARDS)
    make_lesson(module, step("satu", block("disclosure")))
    content = frozen(edition_of(module).pk)

    drawn = {
        audience: "".join(
            part.html
            for part in draw_step(content.lessons[0].steps[0], content, None, audience=audience)
        )
        for audience in ("notes", "learner")
    }

    assert missing(drawn["notes"]) == []
    assert missing(drawn["learner"]) == list(SAID)


def test_the_lessons_page_shows_both(klaten):
    module = make_module(klaten, slug="modul-uji", lessons=0, **CARDS)
    lesson = make_lesson(module, step("satu", block("disclosure")))
    generation.forget()

    path = lesson.get_url_parts()[2]
    body = Client().get(path, headers={"host": "klaten.localhost"}).content.decode()

    assert missing(body) == []


@pytest.mark.parametrize(
    ("fields", "button"),
    [(CARDS, "Jika ada yang bercerita"), (dict(list(CARDS.items())[:2]), SAID[0])],
)
def test_the_console_has_both_one_tap_away(klaten, fields, button):
    teacher = make_member("guru", klaten)
    module = make_module(**fields)
    run = make_run(klaten, module=module, facilitator=teacher, now=timezone.now())
    client = Client()
    client.force_login(teacher)

    body = client.get(f"/ruang/kelas/{run.pk}/", headers={"host": "klaten.localhost"})
    sheet = body.content.decode().partition('id="bercerita"')[2].partition("</details>")[0]

    assert missing(sheet) == ([] if fields is CARDS else list(SAID[2:]))
    assert re.search(r"<summary[^>]*>([^<]+)<", sheet)[1] == button
    assert sheet.count('href="/bantuan/"') == 1


def test_the_run_sheet_prints_both_with_each_lesson(klaten):
    make_module(slug="modul-uji", **CARDS)
    sync_aliases(klaten)

    assert missing(pages(pdf("panduan"))[0].replace("“", "").replace("”", "")) == []


def test_an_edition_is_as_before_where_there_is_one_card(klaten):
    one, two = freeze(make_module(klaten)), freeze(make_module(klaten, slug="dua", **CARDS))

    assert "second_disclosure" not in one["module"]
    assert two["module"]["second_disclosure"] == {
        "title": "Jika seorang anak bercerita",
        "steps": ["Dengarkan anak", "Temani dia"],
        "say": ["Ini bukan salahmu."],
        "avoid": ["Menjanjikan rahasia"],
    }


def test_a_signature_is_for_both_and_outlives_the_room_for_a_second():
    words = dict.fromkeys(OF_MODULE, "") | {
        "title": "Judul",
        "age_from": 12,
        "disclosure_title": "Jika seorang ibu bercerita",
    }
    lesson = {"title": "Pelajaran", "search_description": "", "minutes": 30, "steps": []}

    # The digest that such a module had when there was room for one card.
    before = "c3d820fd4da26b371f5226c106e88826bbf764af5ac44a49fe34decb4f584a46"
    assert digest_of(words, [lesson]) == before
    assert len({digest_of(words | {name: "x"}, [lesson]) for name in SECOND_CARD} | {before}) == 5


def test_files_bring_the_second_card_and_take_it_away(folder, db):
    national()
    page = load(folder).page
    assert page.second_disclosure_title == "Jika seorang anak bercerita"
    assert [len(card["steps"]) for card in page.disclosures] == [6, 5]

    text = (folder / "modul.yaml").read_text()
    start, end = text.index("second_disclosure:"), text.index("variants:")
    (folder / "modul.yaml").write_text(text[:start] + text[end:])

    again = load(folder)
    assert (again.state, len(again.page.disclosures)) == (State.UPDATED, 1)


def test_a_page_from_before_there_was_a_second_card_is_no_editors(folder, db):
    national()
    text = read_module(folder)
    card = text.module.pop("second_disclosure")
    page = load_module(text=text, parent=shelf_for("id"))[0].page
    # As such a revision was written: it knows no such field.
    for revision in Revision.objects.for_instance(page):
        content = {name: v for name, v in revision.content.items() if name not in SECOND_CARD}
        Revision.objects.filter(pk=revision.pk).update(content=content)

    text.module["second_disclosure"] = card
    done = load_module(text=text, parent=shelf_for("id"))[0]

    assert (done.state, done.page.second_disclosure_title) == (State.UPDATED, card["title"])


def test_what_the_office_wrote_on_the_second_card_stays_and_is_told(folder, db):
    national()
    text = read_module(folder)
    del text.module["second_disclosure"]
    page = load_module(text=text, parent=shelf_for("id"))[0].page
    draft = page.get_latest_revision_as_object()
    draft.second_disclosure_title = "Jika tetangga bercerita"
    draft.save_revision(user=make_member("editor", national())).publish()

    done = load_module(text=text, parent=shelf_for("id"))[0]

    assert (done.state, "+Jika tetangga bercerita" in done.difference) == (State.EDITED, True)
    assert ModulePage.objects.get(pk=page.pk).second_disclosure_title == "Jika tetangga bercerita"


def test_a_faulty_second_card_is_told_with_its_line(folder):
    line = edit(folder, "modul.yaml", "    - Menjanjikan rahasia.\n", "")
    with translation.override("en"), pytest.raises(Faulty) as refused:
        read_module(folder)
    faults = [(fault.file, fault.line) for fault in refused.value.faults]
    assert faults == [(f"{SLUG}/modul.yaml", line)]


def test_the_second_card_is_read_for_long_words_too():
    places = {one.place for one in passages(read_module(CONTENT / SLUG))}
    assert {f"modul second_disclosure {name} 1" for name in ("steps", "say", "avoid")} <= places
