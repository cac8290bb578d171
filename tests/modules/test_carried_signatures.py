"""A signature in files is for the words of these files, once, and never against the office."""

import json
import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest
from wagtail.models import Page, Revision

from modules.loading.folder import CONTENT, read_module
from modules.loading.load import State, load_module, shelf_for
from modules.loading.stream import module_values
from modules.models import LessonPage, ModulePage, SignOff
from modules.services.forgetting import OF_FILES, forget_reviewers
from modules.wording import draft_digest, published_digest
from safeguards.services.persons import erase_person
from safeguards.services.retention import purge_expired
from tests.factories.modules import edit, make_lesson, sign, step
from tests.factories.people import make_member
from tests.factories.places import national

SLUG, TRAP = "bercanda-atau-merundung", "ajakan-yang-menjebak"
NAME = "Psikolog Cempaka"

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path) -> Path:
    """A copy of a real module that Cempaka signed."""
    copied = Path(shutil.copytree(CONTENT / SLUG, tmp_path / SLUG))
    return signed(copied)


def signed(folder: Path) -> Path:
    edit(folder, "modul.yaml", 'reviewer: ""', f'reviewer: "{NAME}"')
    edit(folder, "modul.yaml", "reviewed_on: null", "reviewed_on: 2026-03-01")
    return folder


def load(folder: Path, *, unreviewed: bool = True) -> list[str]:
    national()
    text = read_module(folder)
    done = load_module(text=text, parent=shelf_for("id"), unreviewed=unreviewed)
    return [one.state for one in done]


def module() -> ModulePage:
    return ModulePage.objects.get(alias_of__isnull=True)


def told() -> list[tuple[str, str]]:
    return [(row.verdict, str(row.day)) for row in SignOff.objects.all()]


def test_words_that_the_office_edited_are_not_signed(folder):
    unsigned = folder.parent / "dulu" / SLUG
    shutil.copytree(CONTENT / SLUG, unsigned)
    load(unsigned)
    lesson = LessonPage.objects.child_of(module()).first()
    draft = lesson.get_latest_revision_as_object()
    draft.title = "Judul dari kantor"
    draft.save_revision(user=make_member("editor", national())).publish()

    assert load(folder) == [State.UPDATED, State.EDITED, State.UNCHANGED]
    # Nor where the module itself is as its files say.
    assert load(folder) == [State.UNCHANGED, State.EDITED, State.UNCHANGED]

    assert told() == []


@pytest.mark.parametrize("whose", ["files", "office"])
def test_a_lesson_that_the_files_do_not_hold_is_not_signed(folder, whose):
    unsigned = folder.parent / "dulu" / SLUG
    shutil.copytree(CONTENT / SLUG, unsigned)
    load(unsigned)
    if whose == "office":
        make_lesson(module(), step("kantor"), slug="kantor")
        assert load(folder)[0] == State.UPDATED
    else:
        text = read_module(folder)
        del text.lessons["pelajaran-2"]
        done = load_module(text=text, parent=shelf_for("id"), unreviewed=True)
        assert done[-1].state == State.GONE

    assert told() == []


def test_a_draft_that_waits_is_signed_by_who_read_it(tmp_path):
    folder = signed(Path(shutil.copytree(CONTENT / TRAP, tmp_path / TRAP)))
    load(folder)
    edit(folder, "modul.yaml", 'title: "', 'title: "Baru: ')
    edit(folder, "modul.yaml", NAME, "Psikolog Dewi")
    edit(folder, "modul.yaml", "reviewed_on: 2026-03-01", "reviewed_on: 2026-04-01")

    load(folder, unreviewed=False)

    page = module()
    assert draft_digest(page) != published_digest(page)
    newest, oldest = SignOff.objects.all()
    assert (newest.signed_name, newest.day, newest.text_digest) == (
        "Psikolog Dewi", date(2026, 4, 1), draft_digest(page),
    )  # fmt: skip
    assert (oldest.signed_name, oldest.text_digest) == (NAME, published_digest(page))


def test_what_the_office_said_later_stands(folder):
    load(folder)
    sign(module(), verdict="keberatan", day=date(2026, 3, 2))
    edit(folder, "modul.yaml", 'title: "', 'title: "Baru: ')
    assert load(folder)[0] == State.UPDATED
    assert told() == [("keberatan", "2026-03-02"), ("setuju", "2026-03-01")]

    # On the same day too; what was signed after it is heard.
    edit(folder, "modul.yaml", "reviewed_on: 2026-03-01", "reviewed_on: 2026-03-02")
    load(folder)
    assert len(told()) == 2
    edit(folder, "modul.yaml", "reviewed_on: 2026-03-02", "reviewed_on: 2026-03-03")
    load(folder)
    assert told()[0] == ("setuju", "2026-03-03")


def test_what_the_office_took_back_is_not_signed_again(folder):
    load(folder)
    sign(module(), verdict="dicabut", day=date(2026, 3, 5))
    edit(folder, "modul.yaml", "reviewed_on: 2026-03-01", "reviewed_on: 2026-03-04")
    load(folder)
    assert told() == [("dicabut", "2026-03-05"), ("setuju", "2026-03-01")]


def test_what_the_office_wrote_down_itself_is_not_told_twice(folder):
    unsigned = folder.parent / "dulu" / SLUG
    shutil.copytree(CONTENT / SLUG, unsigned)
    load(unsigned)
    sign(module(), by=("Cempaka, M.Psi.", "Dinas", ""))
    load(folder)
    assert [row.signed_name for row in SignOff.objects.all()] == ["Cempaka, M.Psi."]


def where_the_name_stands() -> list[str]:
    found = [
        f"{one.object_id} {one.created_at}"
        for one in Revision.objects.all()
        if NAME in json.dumps(one.content)
    ]
    found += ModulePage.objects.filter(reviewer=NAME).values_list("path", flat=True)
    return found + list(SignOff.objects.filter(signed_name=NAME).values_list("day", flat=True))


def erase() -> None:
    erase_person(SignOff.objects.get().key)


def purge() -> None:
    later = SignOff.objects.get().recorded_at + timedelta(days=5 * 365 + 1)
    purge_expired(later)
    assert forget_reviewers(later) == 1
    assert forget_reviewers(later) == 0


@pytest.mark.parametrize("forget", [erase, purge])
def test_a_name_that_was_forgotten_does_not_come_back(folder, forget):
    load(folder)
    assert len(where_the_name_stands()) == 3

    forget()
    assert where_the_name_stands() == []
    before = published_digest(module())
    assert load(folder) == [State.UNCHANGED] * 3
    edit(folder, "modul.yaml", 'title: "', 'title: "Baru: ')
    # Nobody edited the page: new files still replace it.
    assert load(folder) == [State.UPDATED, State.UNCHANGED, State.UNCHANGED]

    assert where_the_name_stands() == []
    assert [(row.signed_name, row.number) for row in SignOff.objects.all()] == [("", 1)]
    assert published_digest(module()) != before


def test_a_page_that_was_edited_stays_edited_without_the_name(folder):
    load(folder)
    draft = Page.objects.get(pk=module().pk).specific.get_latest_revision_as_object()
    draft.title = "Judul dari kantor"
    draft.save_revision(user=make_member("editor", national())).publish()
    erase()
    assert load(folder)[0] == State.EDITED
    assert (where_the_name_stands(), module().title) == ([], "Judul dari kantor")


def test_a_name_of_somebody_else_stays(folder):
    load(folder)
    other = sign(module(), by=("Psikolog Lain", "Dinas", ""))
    erase_person(other.key)
    assert (module().reviewer, len(where_the_name_stands())) == (NAME, 3)


def test_all_that_files_say_of_a_module_is_compared_without_a_name(folder):
    assert sorted(module_values(read_module(folder))) == sorted(OF_FILES)
