"""The digest of a module's words: what is a word, and what only looks like a change."""

import shutil
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps

from modules.loading.folder import CONTENT, read_module
from modules.loading.load import load_module
from modules.models import LessonPage, ModuleIndexPage, ModulePage, SignOff
from modules.wording import OF_MODULE, digest_of, published_digest, published_digests
from tests.factories.modules import edit, make_module
from tests.factories.pages import below
from tests.factories.places import make_district, national

WORDS = dict.fromkeys(OF_MODULE, "") | {
    "title": "Judul",
    "age_from": 12,
    "objectives": "Satu\nDua",
    "preparation": "<p>Baca <b>dulu</b>.</p>",
    "variants": [{"type": "variant", "id": "a", "value": {"title": "T", "text": "<p>x</p>"}}],
}
LESSON = {"title": "Pelajaran", "search_description": "", "minutes": 30, "steps": []}


def changed(**fields) -> str:
    return digest_of(WORDS | fields, [LESSON])


@pytest.mark.parametrize(
    "fields",
    [
        {"preparation": '<p data-block-key="ab1">Baca <strong>dulu</strong>.</p>'},
        {"preparation": "<p>Baca  <b>dulu</b>.</p>\n"},
        {"variants": [WORDS["variants"][0] | {"id": "b"}]},
        {"variants": [{"type": "variant", "value": {"title": "T", "text": "<p>x</p>", "n": None}}]},
    ],
)
def test_the_same_words_have_the_same_digest(fields):
    assert changed(**fields) == changed()


@pytest.mark.parametrize(
    "fields",
    [
        {"title": "Judul lain"},
        {"age_from": 0},
        {"take_home_may_be_withheld": True},
        {"preparation": "<p>Baca dulu.</p>"},
        {"variants": []},
        {"variants": [{"type": "variant", "value": {"title": "T", "text": "<p>y</p>"}}]},
    ],
)
def test_other_words_have_another(fields):
    assert changed(**fields) != changed()


def test_lessons_count_in_any_order_and_each_of_them():
    other = LESSON | {"title": "Lain"}
    both = digest_of(WORDS, [LESSON, other])
    assert digest_of(WORDS, [other, LESSON]) == both
    assert len({both, digest_of(WORDS, [LESSON]), digest_of(WORDS, [])}) == 3


@pytest.mark.django_db
def test_saving_in_the_admin_without_a_change_changes_no_words():
    page = load_module(
        text=read_module(CONTENT / "bercanda-atau-merundung"),
        parent=below(national(), ModuleIndexPage),
        unreviewed=True,
    )[0].page
    before = published_digest(page)
    for one in (page, *LessonPage.objects.child_of(page)):
        for field in ("steps", "survey", "variants", "glossary"):
            if hasattr(one, field):
                # As the editor's form sends it: every block made anew, lists with ids.
                value = getattr(one, field)
                block = value.stream_block
                again = block.to_python(block.get_prep_value(block.normalize(value)))
                setattr(one, field, again)
        one.save_revision().publish()
    assert published_digest(ModulePage.objects.get(pk=page.pk)) == before


@pytest.mark.django_db
def test_many_modules_are_read_in_one_query(django_assert_num_queries):
    pages = [make_module(lessons=2), make_module(lessons=1)]
    with django_assert_num_queries(1):
        found = published_digests(pages)
    assert found == {page.pk: published_digest(page) for page in pages}


@pytest.mark.django_db
def test_signatures_of_pages_are_carried_over_once_for_their_office():
    klaten = make_district("klaten")
    signed = {"reviewer": "Psikolog Ayu, UPTD PPA", "reviewed_on": "2026-03-01", "version": "1.4"}
    page = make_module(klaten, slug="a", **signed)
    make_module(klaten, slug="b", reviewer="Tanpa hari")
    make_module(klaten, slug="c")
    migration = import_module("modules.migrations.0004_sign_offs")

    migration.carry_signatures_over(apps, None)

    [row] = SignOff.objects.all()
    assert (row.district, row.module_key, row.language, row.number, row.verdict) == (
        klaten, page.translation_key, "id", 1, "setuju",
    )  # fmt: skip
    assert (row.signed_name, str(row.day), row.version, row.text_digest, row.recorded_by) == (
        "Psikolog Ayu, UPTD PPA", "2026-03-01", "1.4", "", None,
    )  # fmt: skip


@pytest.mark.django_db
def test_files_that_hold_a_signature_leave_an_entry_for_each_text(tmp_path):
    folder = Path(shutil.copytree(CONTENT / "bercanda-atau-merundung", tmp_path / "uji"))
    parent = below(national(), ModuleIndexPage)
    edit(folder, "modul.yaml", 'reviewer: ""', 'reviewer: "Psikolog Ayu, Dinas"')
    edit(folder, "modul.yaml", "reviewed_on: null", "reviewed_on: 2026-03-01")

    for _time in range(2):
        load_module(text=read_module(folder), parent=parent, unreviewed=True)
    edit(folder, "modul.yaml", 'title: "', 'title: "Baru: ')
    edit(folder, "modul.yaml", "reviewed_on: 2026-03-01", "reviewed_on: 2026-04-01")
    load_module(text=read_module(folder), parent=parent, unreviewed=True)

    newest, oldest = SignOff.objects.all()
    assert (newest.number, str(newest.day), str(oldest.day)) == (2, "2026-04-01", "2026-03-01")
    assert newest.text_digest == published_digest(ModulePage.objects.get())
    assert (newest.signed_name, newest.key) == ("Psikolog Ayu, Dinas", oldest.key)
