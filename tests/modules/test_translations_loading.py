"""A translation of a module is the same module in other words: ids, minutes and keys stay."""

import re
import shutil
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Q
from django.test import Client
from django.utils import translation
from wagtail.models import Page, Revision

from districts.services.aliases import sync_aliases
from modules.editions import edition_of, frozen
from modules.languages import CURRENT, OLD, languages_of
from modules.loading.faults import Faulty
from modules.loading.folder import CONTENT, house_folders
from modules.loading.load import State, load_whole
from modules.loading.plainness import long_sentences, unexplained_words
from modules.loading.translated import read_with_translations
from modules.models import LessonPage, ModulePage
from modules.models.reviewed import SPECIALISTS
from modules.services.reviewing import lift, withdraw
from safeguards import generation
from tests.factories.modules import NOW, edit
from tests.factories.people import make_member
from tests.factories.places import make_district, national

SLUG, TRAP = "bercanda-atau-merundung", "ajakan-yang-menjebak"
EN = f"{SLUG}/en"


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def folder(tmp_path) -> Path:
    return Path(shutil.copytree(CONTENT / SLUG, tmp_path / SLUG))


@pytest.fixture
def pusat(db):
    return national()


def load(folder: Path, **options) -> dict[str, str]:
    """Name of the page → what became of it."""
    text, translations = read_with_translations(folder)
    done = load_whole(text=text, translations=translations, **options)
    return {one.name: one.state for one in done}


def module(language: str, slug: str = SLUG) -> ModulePage:
    return ModulePage.objects.get(slug=slug, locale__language_code=language, alias_of__isnull=True)


def faults_of(folder: Path) -> list[str]:
    with pytest.raises(Faulty) as caught:
        read_with_translations(folder)
    return [str(fault) for fault in caught.value.faults]


def command(*arguments) -> str:
    out = StringIO()
    call_command("load_modules", *map(str, arguments), stdout=out, stderr=out)
    return out.getvalue()


@pytest.mark.parametrize("folder", house_folders(), ids=lambda folder: folder.name)
def test_every_module_of_the_house_is_whole_in_english(folder):
    original, [english] = read_with_translations(folder)

    assert english.language == "en"
    assert english.module["version"] == original.module["version"]
    assert english.module["review"]["reviewer"] == ""
    assert long_sentences(english) == []
    assert unexplained_words(english) == []


def test_a_hard_word_is_found_in_the_list_of_its_language():
    _original, [english] = read_with_translations(CONTENT / "bercanda-atau-merundung")
    english.lessons["pelajaran-1"]["steps"][0]["say"] = "Resilience, said one. Resiliensi."
    assert unexplained_words(english) == ["pelajaran-1 1 say: resilience"]


def test_a_translation_stands_beside_its_original(folder, pusat):
    assert load(folder) == {
        SLUG: State.CREATED,
        f"{SLUG}/pelajaran-1": State.CREATED,
        f"{SLUG}/pelajaran-2": State.CREATED,
        EN: State.CREATED,
        f"{EN}/pelajaran-1": State.CREATED,
        f"{EN}/pelajaran-2": State.CREATED,
    }
    own, english = module("id"), module("en")
    assert english.get_parent().locale.language_code == "en"
    assert english.live is True
    assert (english.title == own.title, english.slug) == (False, own.slug)
    keys = [
        list(LessonPage.objects.child_of(one).values_list("slug", "translation_key"))
        for one in (own, english)
    ]
    assert keys[0] == keys[1]
    assert english.translation_key == own.translation_key


def test_questions_keep_their_ids_in_another_language(folder, pusat):
    load(folder)
    own, english = (frozen(edition_of(module(code)).pk) for code in ("id", "en"))

    assert english.language == "en"
    assert list(english.items) == list(own.items)
    assert [item.id for item in english.survey] == [item.id for item in own.survey]
    right = [
        [[choice.right for choice in item.choices] for item in one.items.values()]
        for one in (own, english)
    ]
    assert right[0] == right[1]
    prompts = [{item.prompt for item in one.items.values()} for one in (own, english)]
    assert prompts[0] & prompts[1] == set()


def test_loading_again_writes_nothing(folder, pusat):
    load(folder)
    before = set(Revision.objects.values_list("pk", flat=True))

    assert set(load(folder).values()) == {State.UNCHANGED}
    assert set(Revision.objects.values_list("pk", flat=True)) == before


def test_an_editors_words_stay_and_the_difference_is_told(folder, pusat):
    load(folder)
    draft = module("en").get_latest_revision_as_object()
    draft.title = "The office's title"
    draft.save_revision(user=make_member("editor", pusat)).publish()
    title = module("id").title
    edit(folder, "en/modul.yaml", "title: ", "title: New, ")

    said = command(folder, "--difference")

    assert f"{EN}: edited by the office, not changed" in said
    assert "+The office's title" in said
    assert (module("en").title, module("id").title) == ("The office's title", title)


def test_a_translation_that_an_editor_began_is_found_by_its_key(folder, pusat):
    load(folder)
    Page.objects.filter(pk=module("en").pk).update(slug="joking")

    assert load(folder)[EN] == State.UNCHANGED
    assert module("en", "joking").title == module("en", "joking").draft_title


def state_in_english() -> str:
    [told] = languages_of([module("id").translation_key], Q(pk__gt=0), ["en"])
    return told.versions[0].state


def test_an_original_that_changes_leaves_its_translation_old_until_that_changes_too(folder, pusat):
    load(folder)
    assert state_in_english() == CURRENT
    edit(folder, "modul.yaml", 'version: "1.0"', 'version: "1.1"')

    assert "translates version 1.0; the original is 1.1" in command(folder, "--check")
    load(folder)
    assert state_in_english() == OLD

    edit(folder, "en/modul.yaml", 'version: "1.0"', 'version: "1.1"')
    assert load(folder)[EN] == State.UPDATED
    assert state_in_english() == CURRENT


def office_mends(page, **fields) -> None:
    draft = page.get_latest_revision_as_object()
    for name, value in fields.items():
        setattr(draft, name, value)
    draft.save_revision(user=make_member("editor", national())).publish()


def test_a_translation_of_an_original_that_the_office_mended_waits_as_a_draft(folder, pusat):
    load(folder)
    title = module("en").title
    office_mends(module("id"), title="Judul dari kantor")
    edit(folder, "en/modul.yaml", 'title: "', 'title: "New, ')

    said = command(folder)

    waits = "a draft: the office has edited the original; compare both, then publish"
    assert f"{EN}: updated ({waits})" in said
    assert said.count(waits) == 1
    english = module("en")
    assert (english.live, english.title) == (True, title)
    assert english.get_latest_revision_as_object().title == f"New, {title}"
    assert state_in_english() == OLD
    # Once more: nothing is written, and the draft still waits.
    assert f"{EN}: as before (the new version is not published yet)" in command(folder)
    assert (module("en").title, state_in_english()) == (title, OLD)
    # Published as it is, it translates what the files said; saved by an editor, who read both.
    english.latest_revision.publish()
    assert (module("en").title, state_in_english()) == (f"New, {title}", OLD)
    module("en").save_revision().publish()
    assert state_in_english() == CURRENT


def test_a_new_translation_of_a_mended_lesson_is_not_published(folder, pusat):
    text, translations = read_with_translations(folder)
    load_whole(text=text)
    lesson = LessonPage.objects.child_of(module("id")).first()
    office_mends(lesson, title="Pelajaran dari kantor")

    done = load_whole(text=text, translations=translations)

    told = {one.name: (one.state, one.page.live, one.waits) for one in done}
    assert told[f"{SLUG}/pelajaran-1"] == (State.EDITED, True, False)
    english = [value for name, value in told.items() if name.startswith(EN)]
    assert english == [(State.CREATED, False, True)] * 3


@pytest.mark.parametrize(
    ("file", "before", "after", "said"),
    [
        ("en/pelajaran-1.yaml", "id: sepatu-dara", "id: sepatu-lain", "“sepatu-dara” stands"),
        ("en/pelajaran-1.yaml", "scored: true", "scored: false", "“True” stands in the original"),
        ("en/modul.yaml", "age: [12, 15]", "age: [12, 16]", "“15” stands in the original"),
        ("en/modul.yaml", "pass_mark: 60", "pass_mark: 70", "“60” stands in the original"),
        ("en/modul.yaml", "language: en", "language: jv", "The folder is called “en”"),
    ],
)
def test_what_is_no_word_may_not_differ(folder, file, before, after, said):
    line = edit(folder, file, before, after)

    told = faults_of(folder)

    assert len(told) == 1
    assert told[0].startswith(f"{SLUG}/{file}, line {line}: ")
    assert said in told[0]


def test_minutes_that_add_up_otherwise_are_told(folder):
    for words in ("minutes: 5", "minutes: 10"):
        assert words in (folder / "en/pelajaran-1.yaml").read_text()
    first = edit(folder, "en/pelajaran-1.yaml", "minutes: 5", "minutes: 10 # lima")
    second = edit(folder, "en/pelajaran-1.yaml", "minutes: 10\n", "minutes: 5\n")

    told = faults_of(folder)

    assert [one.split(":")[0] for one in told] == [
        f"{EN}/pelajaran-1.yaml, line {line}" for line in sorted((first, second))
    ]


def test_a_right_answer_that_moved_is_told(folder):
    first = edit(folder, "en/modul.yaml", ", right: true}", "}")
    second = edit(
        folder, "en/modul.yaml", "I don't know yet.\"}", "I don't know yet.\", right: true}"
    )

    told = faults_of(folder)

    assert [one.split(" ")[2].rstrip(":") for one in told] == [str(first), str(second)]
    assert "“right” is missing here" in told[0]
    assert "The original has no “right”" in told[1]


def test_a_choice_too_many_is_told(folder):
    path = folder / "en/modul.yaml"
    lines = path.read_text().splitlines()
    place = next(n for n, line in enumerate(lines) if line.strip() == "choices:")
    indent = " " * (len(lines[place + 1]) - len(lines[place + 1].lstrip()))
    lines.insert(place + 1, f"{indent}- {{text: One more}}")
    path.write_text("\n".join(lines))

    [told] = faults_of(folder)

    assert told.startswith(f"{EN}/modul.yaml, line {place + 2}: ")
    assert "items stand here" in told


def test_a_card_on_another_pile_is_told(folder):
    path = folder / "en/pelajaran-1.yaml"
    text = path.read_text()
    place = text.index("piles:")
    piles = text[place:].split("[", 1)[1].split("]", 1)[0].split(", ")
    turned = ", ".join([piles[1], piles[0], *piles[2:]])
    path.write_text(text.replace(", ".join(piles), turned, 1))

    told = faults_of(folder)

    assert told != []
    assert all("pile in the original" in one for one in told)


def test_a_key_that_is_missing_or_new_is_told(folder):
    line = edit(folder, "en/modul.yaml", "referral_issue: KtA\n", "licence: CC0\n")

    told = faults_of(folder)

    assert any("“referral_issue” is missing here" in one for one in told)
    assert any(
        one.startswith(f"{EN}/modul.yaml, line {line}: The original has no “licence”")
        for one in told
    )


def test_words_that_were_left_out_are_told(folder):
    path = folder / "en/modul.yaml"
    path.write_text(re.sub(r'note: "[^"]+"', 'note: ""', path.read_text(), count=1))

    [told] = faults_of(folder)

    assert "Translate them" in told


def test_a_missing_lesson_is_told(folder):
    (folder / "en/pelajaran-2.yaml").unlink()
    assert faults_of(folder) == [f"{EN}/pelajaran-2.yaml: This file is missing."]


def test_the_command_refuses_a_whole_load_for_a_fault_of_a_translation(folder, pusat):
    line = edit(folder, "en/modul.yaml", "needs: tanpa", "needs: kertas")
    out = StringIO()
    with pytest.raises(CommandError, match="1 fault"):
        call_command("load_modules", str(folder), stdout=out, stderr=out)

    assert out.getvalue().startswith(f"{EN}/modul.yaml, line {line}: ")
    assert ModulePage.objects.count() == 0


def test_a_folder_that_is_no_language_is_told(folder):
    (folder / "en").rename(folder / "inggris")
    told = faults_of(folder)
    assert any("“inggris” is no language we know" in one for one in told)


def test_a_translation_that_nobody_here_can_review_stays_in_its_files(folder, pusat):
    (folder / "en").rename(folder / "jv")
    edit(folder, "jv/modul.yaml", "language: en", "language: jv")

    said = command(folder)

    assert f"{SLUG}/jv: not loaded: a draft in a language that nobody here can review" in said
    assert list(ModulePage.objects.values_list("locale__language_code", flat=True)) == ["id"]


def test_a_site_without_an_english_shelf_loads_the_original_alone(folder, pusat):
    english = pusat.site.root_page.get_translations().get()
    Page.objects.get(pk=english.pk).get_children().filter(slug="modul").get().delete()

    said = command(folder)

    assert f"{EN}: not loaded: there is no shelf of modules in this language" in said
    assert ModulePage.objects.count() == 1


def test_a_translation_on_extremism_waits_for_a_second_person_too(pusat):
    folder = CONTENT / TRAP
    load(folder)
    pages = Page.objects.filter(path__startswith=module("en", TRAP).path)
    assert list(pages.values_list("live", flat=True)) == [False] * 3
    assert module("en", TRAP).approver_roles() == SPECIALISTS
    assert module("en", TRAP).review_due == module("id", TRAP).review_due

    load(folder, unreviewed=True)
    assert list(pages.values_list("live", flat=True)) == [True] * 3


def test_a_new_translation_of_files_without_the_mark_waits_while_readers_have_it(pusat, tmp_path):
    folder = Path(shutil.copytree(CONTENT / TRAP, tmp_path / TRAP))
    text, translations = read_with_translations(folder)
    load_whole(text=text, unreviewed=True)
    for told in (text, *translations):
        told.module["issues"] = ["perundungan"]

    load_whole(text=text, translations=translations)

    assert "ekstremisme" in module("id", TRAP).issue_codes
    assert module("en", TRAP).live is False


def test_a_translation_does_not_appear_where_the_original_is_out_of_use(folder, pusat):
    text, translations = read_with_translations(folder)
    load_whole(text=text)
    module("id").unpublish()

    load_whole(text=text, translations=translations)

    assert (module("id").live, module("en").live) == (False, False)


def test_districts_show_the_translation_as_they_show_the_original(folder, pusat, client):
    klaten = make_district("klaten")
    load(folder)
    sync_aliases(klaten)
    generation.forget()
    title = module("en").title

    shelf = client.get("/en/modul/", headers={"host": "klaten.localhost"}).content.decode()
    page = client.get(f"/en/modul/{SLUG}/", headers={"host": "klaten.localhost"}).content.decode()

    assert title in shelf
    assert module("id").title not in shelf
    assert f"<h1>{title}</h1>" in page
    aliases = ModulePage.objects.filter(alias_of__isnull=False)
    assert sorted(aliases.values_list("locale__language_code", flat=True)) == ["en", "id"]
    assert len(set(aliases.values_list("translation_key", flat=True))) == 1


def test_with_an_original_its_translation_is_withdrawn_and_comes_back_on_its_own(folder, pusat):
    load(folder)
    withdraw(page=module("id"), actor=make_member("editor", pusat), reason="Isinya salah.", now=NOW)
    assert [module(code).withdrawn_at for code in ("id", "en")] == [NOW, NOW]

    lift(page=module("id"), actor=make_member("moderator", pusat), now=NOW)

    assert [module(code).withdrawn_at for code in ("id", "en")] == [None, NOW]


def test_a_translation_that_came_out_since_goes_when_the_original_is_withdrawn_again(folder, pusat):
    text, translations = read_with_translations(folder)
    load_whole(text=text)
    editor = make_member("editor", pusat)
    first = withdraw(page=module("id"), actor=editor, reason="Isinya salah.", now=NOW)
    load_whole(text=text, translations=translations)
    module("en").get_latest_revision().publish()
    assert (module("en").live, module("en").withdrawn_at) == (True, None)

    later = NOW + timedelta(days=1)
    again = withdraw(page=module("id"), actor=editor, reason="Isinya salah.", now=later)

    assert again == first
    assert [module(code).withdrawn_at for code in ("id", "en")] == [NOW, later]
    assert list(module("en").withdrawals.values_list("by", flat=True)) == [editor.pk]
    assert module("id").withdrawals.count() == 1


def test_a_translation_alone_is_withdrawn_alone(folder, pusat):
    load(folder)
    withdraw(page=module("en"), actor=make_member("editor", pusat), reason="Isinya salah.", now=NOW)
    assert [module(code).withdrawn_at for code in ("id", "en")] == [None, NOW]


def test_a_class_is_taught_in_the_language_of_its_address(folder, pusat):
    klaten = make_district("klaten")
    load(folder)
    sync_aliases(klaten)
    client = Client()
    client.force_login(make_member("guru", klaten))

    shelves = [
        client.get(f"{prefix}/ruang/kelas/mulai/", headers={"host": "klaten.localhost"})
        for prefix in ("", "/en")
    ]

    told = [[one.title for one, _review in shelf.context["modules"]] for shelf in shelves]
    assert told == [[module("id").title], [module("en").title]]
