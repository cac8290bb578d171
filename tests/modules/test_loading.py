"""Modules come in from files whole or not at all, once, and leave an editor's words alone."""

import shutil
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation
from wagtail.models import Page, Revision

from modules.editions import edition_of, frozen
from modules.loading.folder import CONTENT, read_module
from modules.loading.load import State, load_module, shelf_for
from modules.loading.stream import item_id, rich
from modules.models import LessonPage, ModuleIndexPage, ModulePage
from tests.factories.modules import NOW, edit
from tests.factories.people import make_member
from tests.factories.places import national

SLUG, TRAP = "bercanda-atau-merundung", "ajakan-yang-menjebak"


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def folder(tmp_path) -> Path:
    """A copy of a real module, to be changed."""
    return Path(shutil.copytree(CONTENT / SLUG, tmp_path / SLUG))


@pytest.fixture
def shelf(db) -> ModuleIndexPage:
    national()
    return shelf_for("id")


def load(folder: Path, shelf: ModuleIndexPage, **options) -> dict[str, str]:
    """Name of the page → what became of it."""
    done = load_module(text=read_module(folder), parent=shelf, **options)
    return {one.name: one.state for one in done}


def office_writes(page: Page, **fields) -> Page:
    draft = page.specific.get_latest_revision_as_object()
    for name, value in fields.items():
        setattr(draft, name, value)
    draft.save_revision(user=make_member("editor", national())).publish()
    return Page.objects.get(pk=page.pk).specific


def test_a_module_is_loaded_with_its_lessons_and_can_be_taught(folder, shelf):
    assert load(folder, shelf) == {
        SLUG: State.CREATED,
        f"{SLUG}/pelajaran-1": State.CREATED,
        f"{SLUG}/pelajaran-2": State.CREATED,
    }
    module = ModulePage.objects.get(slug=SLUG)
    content = frozen(edition_of(module).pk)
    assert (module.live, module.title, module.minutes) == (True, "Bercanda atau Merundung?", 80)
    assert [lesson.minutes for lesson in content.lessons] == [40, 40]
    assert len(content.survey) == 6
    assert item_id(SLUG, "sepatu-dara") in content.items


def test_what_was_loaded_passes_the_checks_of_the_editor(folder, shelf):
    load(folder, shelf)
    module = ModulePage.objects.get(slug=SLUG)
    for name in ("survey", "variants", "sources", "glossary"):
        stream = getattr(module, name)
        stream.stream_block.clean(stream)
    lessons = list(LessonPage.objects.child_of(module))
    for lesson in lessons:
        lesson.steps.stream_block.clean(lesson.steps)
    assert [lesson.slug for lesson in lessons] == ["pelajaran-1", "pelajaran-2"]


def test_loading_again_writes_nothing(folder, shelf):
    load(folder, shelf)
    before = set(Revision.objects.values_list("pk", flat=True))
    published = ModulePage.objects.get(slug=SLUG).last_published_at

    assert set(load(folder, shelf).values()) == {State.UNCHANGED}
    assert set(Revision.objects.values_list("pk", flat=True)) == before
    assert ModulePage.objects.get(slug=SLUG).last_published_at == published


def test_a_changed_file_changes_its_page_only(folder, shelf):
    load(folder, shelf)
    edit(folder, "pelajaran-1.yaml", "title: Penutup tenang", "title: Penutup yang tenang")

    states = load(folder, shelf)
    lesson = LessonPage.objects.get(slug="pelajaran-1")
    assert states[f"{SLUG}/pelajaran-1"] == State.UPDATED
    assert [name for name, state in states.items() if state != State.UNCHANGED] == [
        f"{SLUG}/pelajaran-1"
    ]
    assert "Penutup yang tenang" in [step.value["title"] for step in lesson.steps]


def test_an_editors_words_stay_and_the_difference_is_told(folder, shelf):
    load(folder, shelf)
    office_writes(ModulePage.objects.get(slug=SLUG), title="Judul dari kantor")
    edit(folder, "modul.yaml", "title: Bercanda atau Merundung?", "title: Judul baru")

    done = load_module(text=read_module(folder), parent=shelf)
    assert done[0].state == State.EDITED
    assert ModulePage.objects.get(slug=SLUG).title == "Judul dari kantor"
    assert done[0].difference.splitlines()[-2:] == ["-Judul baru", "+Judul dari kantor"]


def test_the_words_of_an_editor_who_was_erased_stay_too(folder, shelf):
    load(folder, shelf)
    page = office_writes(ModulePage.objects.get(slug=SLUG), title="Judul dari kantor")
    Revision.objects.filter(pk=page.latest_revision_id).update(user=None)
    edit(folder, "modul.yaml", "minutes: 80", "minutes: 80 # tetap")
    edit(folder, "modul.yaml", 'version: "1.0"', 'version: "1.1"')

    assert load(folder, shelf)[SLUG] == State.EDITED
    assert ModulePage.objects.get(slug=SLUG).title == "Judul dari kantor"


def test_an_editor_who_saves_without_a_change_keeps_nothing_back(folder, shelf):
    load(folder, shelf)
    office_writes(ModulePage.objects.get(slug=SLUG))
    edit(folder, "modul.yaml", 'version: "1.0"', 'version: "1.1"')

    assert load(folder, shelf)[SLUG] == State.UPDATED


def test_what_the_office_took_offline_stays_offline(folder, shelf):
    load(folder, shelf)
    ModulePage.objects.get(slug=SLUG).unpublish()
    edit(folder, "modul.yaml", 'version: "1.0"', 'version: "1.1"')

    assert load(folder, shelf)[SLUG] == State.UPDATED
    assert ModulePage.objects.get(slug=SLUG).live is False


def test_a_withdrawal_outlives_a_new_version(folder, shelf):
    load(folder, shelf)
    ModulePage.objects.filter(slug=SLUG).update(withdrawn_at=NOW)
    edit(folder, "modul.yaml", 'version: "1.0"', 'version: "1.1"')

    assert load(folder, shelf)[SLUG] == State.UPDATED
    module = ModulePage.objects.get(slug=SLUG)
    assert (module.version, module.withdrawn_at) == ("1.1", NOW)


def test_a_new_version_on_extremism_waits_beside_the_one_that_is_out(shelf, tmp_path):
    folder = Path(shutil.copytree(CONTENT / TRAP, tmp_path / TRAP))
    load(folder, shelf, unreviewed=True)
    edit(folder, "modul.yaml", 'version: "1.0"', 'version: "1.1"')

    said = command(folder)
    assert f"{TRAP}: updated (the new version is not published yet)" in said
    assert ModulePage.objects.child_of(shelf).get(slug=TRAP).version == "1.0"


def test_files_that_take_the_mark_away_wait_for_a_second_person_too(shelf, tmp_path):
    folder = Path(shutil.copytree(CONTENT / TRAP, tmp_path / TRAP))
    load(folder, shelf, unreviewed=True)
    marked = ModulePage.objects.get(slug=TRAP).issue_codes
    edit(folder, "modul.yaml", "issues: [ekstremisme, ", "issues: [")
    edit(folder, "pelajaran-1.yaml", "minutes: 45", "minutes: 46")
    edit(folder, "modul.yaml", "minutes: 90", "minutes: 91")
    edit(folder, "pelajaran-1.yaml", "minutes: 5", "minutes: 6")

    # Loaded again, the newest version no longer has the mark; the page that is out still has.
    for state in (State.UPDATED, State.UNCHANGED):
        assert load(folder, shelf)[TRAP] == state
        module = ModulePage.objects.child_of(shelf).get(slug=TRAP)
        lesson = LessonPage.objects.child_of(module).get(slug="pelajaran-1")
        assert (module.issue_codes, module.has_unpublished_changes) == (marked, True)
        assert (lesson.minutes, lesson.has_unpublished_changes) == (45, True)


def test_a_lesson_without_a_file_is_left_and_told(folder, shelf):
    load(folder, shelf)
    text = read_module(folder)
    del text.lessons["pelajaran-2"]

    states = {one.name: one.state for one in load_module(text=text, parent=shelf)}
    assert states[f"{SLUG}/pelajaran-2"] == State.GONE
    assert LessonPage.objects.get(slug="pelajaran-2").live is True


def test_a_module_on_extremism_waits_as_a_draft(shelf):
    folder = CONTENT / TRAP
    load(folder, shelf)
    pages = Page.objects.filter(path__startswith=ModulePage.objects.get(slug=folder.name).path)
    assert list(pages.values_list("live", flat=True)) == [False, False, False]

    load(folder, shelf, unreviewed=True)
    assert list(pages.values_list("live", flat=True)) == [True, True, True]
    assert set(load(folder, shelf).values()) == {State.UNCHANGED}


def test_ids_are_the_same_in_every_installation():
    assert str(item_id(SLUG, "sepatu-dara")) == "93a0509c-4ec7-5e6d-80d8-2e4fdd44e0d8"


def test_a_question_keeps_its_id_when_a_step_comes_before_it(folder, shelf):
    load(folder, shelf)
    before = set(frozen(edition_of(ModulePage.objects.get(slug=SLUG)).pk).items)
    edit(folder, "pelajaran-1.yaml", "minutes: 40", "minutes: 41")
    edit(folder, "modul.yaml", "minutes: 80", "minutes: 81")
    new = "steps:\n  - {title: Sapa, minutes: 1, guide: Sapa., say: Halo., learner: [text: Halo.]}"
    edit(folder, "pelajaran-1.yaml", "steps:", new)

    load(folder, shelf)
    content = frozen(edition_of(ModulePage.objects.get(slug=SLUG)).pk)
    assert set(content.items) == before
    assert content.lessons[0].steps[0].title == "Sapa"


def test_a_line_of_underscores_stays_a_line_to_write_on():
    assert rich("Kami\n\n____\n\nNama: ____") == "<p>Kami</p>\n<p>____</p>\n<p>Nama: ____</p>"


def test_markdown_comes_out_as_safe_html():
    assert rich("**Tebal** <script>x()</script>") == "<p><strong>Tebal</strong> </p>"


def test_an_address_that_another_page_has_is_told(folder, shelf):
    shelf.add_child(instance=Page(title="Lain", slug=SLUG, locale=shelf.locale))
    with pytest.raises(CommandError, match="1 fault"):
        command(folder)
    assert not ModulePage.objects.filter(slug=SLUG).exists()


def command(*arguments) -> str:
    out = StringIO()
    call_command("load_modules", *map(str, arguments), stdout=out, stderr=out)
    return out.getvalue()


def test_the_command_loads_the_modules_of_the_house(shelf):
    said = command()
    assert "bercanda-atau-merundung: new\n" in said
    assert "ajakan-yang-menjebak: new (not published)\n" in said
    assert ModulePage.objects.child_of(shelf).count() == len(list(CONTENT.iterdir()))


def test_only_a_demo_publishes_what_nobody_approved(shelf, settings):
    with pytest.raises(CommandError, match="This is not a demo") as refused:
        command(CONTENT / TRAP, "--demo")
    assert "nothing was loaded" in str(refused.value)
    assert ModulePage.objects.count() == 0

    settings.MODULES_DEMO = True
    assert f"{TRAP}: new\n" in command(CONTENT / TRAP, "--demo")
    assert ModulePage.objects.child_of(shelf).get(slug=TRAP).live is True


def test_the_command_shows_the_difference(folder, shelf):
    command(folder)
    office_writes(ModulePage.objects.child_of(shelf).get(slug=SLUG), title="Judul dari kantor")
    assert "edited by the office, not changed" in command(folder)
    assert "+Judul dari kantor" not in command(folder)
    assert "+Judul dari kantor" in command(folder, "--difference")


def test_the_command_only_checks_where_asked(folder, shelf):
    assert command(folder, "--check") == "1 module without a fault.\n"
    assert ModulePage.objects.count() == 0


def test_the_command_says_every_fault_and_writes_nothing(folder, shelf):
    first = edit(folder, "modul.yaml", "needs: tanpa", "needs: kapur")
    second = edit(folder, "pelajaran-1.yaml", "pile: Bercanda", "pile: Bercandaa")
    out = StringIO()
    with pytest.raises(CommandError, match="2 faults"):
        call_command("load_modules", str(folder), stdout=out, stderr=out)
    assert [line.split(":")[0] for line in out.getvalue().splitlines()] == [
        f"{SLUG}/modul.yaml, line {first}",
        f"{SLUG}/pelajaran-1.yaml, line {second}",
    ]
    assert ModulePage.objects.count() == 0


def test_without_a_shelf_the_command_says_what_to_make(folder, db):
    with pytest.raises(CommandError, match="Make a module index page first"):
        command(folder)
