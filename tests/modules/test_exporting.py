"""What is exported is what was loaded, with all an editor changed since."""

import shutil
from io import StringIO
from pathlib import Path
from uuid import uuid4

import pytest
import yaml
from django.core.management import CommandError, call_command
from django.utils import translation
from wagtail.models import Locale

from modules.exporting.files import _dump
from modules.exporting.marked_down import marked_down
from modules.exporting.told import lesson_told, module_told
from modules.loading.folder import CONTENT, MODULE_FILE, house_folders, read_module
from modules.loading.load import State, load_whole
from modules.loading.stream import item_id, lesson_values, module_values, rich
from modules.loading.translated import read_with_translations
from modules.models import LessonPage, ModulePage
from tests.factories.people import make_member
from tests.factories.places import national

SLUG = "bercanda-atau-merundung"
FAR = '<a href="https://a.go.id/x_y_z" rel="noopener noreferrer">jauh</a>'


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def pusat(db):
    return national()


def export(folder: Path, *slugs: str) -> str:
    out = StringIO()
    call_command("export_modules", str(folder), *slugs, stdout=out, stderr=out)
    return out.getvalue()


def load(folder: Path) -> dict[str, str]:
    text, translations = read_with_translations(folder)
    done = load_whole(text=text, translations=translations, unreviewed=True)
    return {one.name: one.state for one in done}


def module(language: str = "id") -> ModulePage:
    return ModulePage.objects.get(slug=SLUG, locale__language_code=language)


def office_writes(page, **fields) -> None:
    draft = page.get_latest_revision_as_object()
    for name, value in fields.items():
        setattr(draft, name, value)
    draft.save_revision(user=make_member("editor", national())).publish()


@pytest.mark.parametrize("folder", house_folders(), ids=lambda folder: folder.name)
def test_every_module_of_the_house_comes_back_as_it_was(folder, tmp_path):
    original, translations = read_with_translations(folder)
    for text in (original, *translations):
        below = tmp_path / text.language / text.slug
        below.mkdir(parents=True)
        page = ModulePage(**module_values(text))
        page.locale = Locale(language_code=text.language)
        _dump(below / MODULE_FILE, module_told(page, text.lessons, text.slug, pytest.fail))
        for name in text.lessons:
            lesson = LessonPage(**lesson_values(text, name))
            _dump(below / f"{name}.yaml", lesson_told(lesson, text.slug, pytest.fail))

        again = read_module(below)

        assert module_values(again) == module_values(text)
        for name in text.lessons:
            assert lesson_values(again, name) == lesson_values(text, name)


def test_an_export_that_is_loaded_changes_nothing(pusat, tmp_path):
    load(CONTENT / SLUG)

    assert export(tmp_path) == f"1 module written to {tmp_path}.\n"

    assert sorted(str(path.relative_to(tmp_path / SLUG)) for path in tmp_path.rglob("*.yaml")) == [
        "en/modul.yaml",
        "en/pelajaran-1.yaml",
        "en/pelajaran-2.yaml",
        "modul.yaml",
        "pelajaran-1.yaml",
        "pelajaran-2.yaml",
    ]
    assert set(load(tmp_path / SLUG).values()) == {State.UNCHANGED}


def test_the_names_of_questions_come_back_and_texts_are_blocks(pusat, tmp_path):
    load(CONTENT / SLUG)
    export(tmp_path)

    written = (tmp_path / SLUG / "pelajaran-1.yaml").read_text()

    assert "id: sepatu-dara\n" in written
    assert "guide: |" in written
    assert "data-block-key" not in written
    assert "<p>" not in written


def test_what_an_editor_changed_is_in_the_export_and_stays_when_it_is_loaded(pusat, tmp_path):
    load(CONTENT / SLUG)
    office_writes(module(), title="Judul dari kantor", preparation="<p>Baca <b>semua</b>.</p>")

    export(tmp_path)

    told = yaml.safe_load((tmp_path / SLUG / "modul.yaml").read_text())
    assert (told["title"], told["preparation"]) == ("Judul dari kantor", "Baca **semua**.")
    assert load(tmp_path / SLUG)[SLUG] == State.UNCHANGED


def test_who_signed_is_not_exported(pusat, tmp_path):
    load(CONTENT / SLUG)
    office_writes(module(), reviewer="Psikolog Ayu, Dinas", reviewed_on="2026-03-01")

    export(tmp_path)

    written = (tmp_path / SLUG / "modul.yaml").read_text()
    review = yaml.safe_load(written)["review"]
    assert (review["reviewer"], review["reviewed_on"]) == ("", None)
    assert "Ayu" not in written


def test_a_question_of_an_editor_keeps_its_id(pusat, tmp_path):
    load(CONTENT / SLUG)
    lesson = LessonPage.objects.get(slug="pelajaran-1", path__startswith=module().path)
    [first, *_others] = steps = list(lesson.steps.get_prep_value())
    new = str(uuid4())
    choices = [
        {
            "type": "item",
            "id": str(uuid4()),
            "value": {"text": "Ya", "right": True, "feedback": "a"},
        },
        {"type": "item", "id": str(uuid4()), "value": {"text": "Bukan", "feedback": "b"}},
    ]
    words = {"prompt": "<p>Baru?</p>", "explain": "", "scored": False, "sensitive": False}
    quiz = {"type": "single", "id": new, "value": words | {"choices": choices}}
    learner = [*first["value"]["learner"], quiz]
    steps[0] = first | {"value": first["value"] | {"learner": learner}}
    office_writes(lesson, steps=steps)

    export(tmp_path)

    told = yaml.safe_load((tmp_path / SLUG / "pelajaran-1.yaml").read_text())
    quizzes = [block["quiz"] for block in told["steps"][0]["learner"] if "quiz" in block]
    assert quizzes[-1]["id"] == new
    assert str(item_id(SLUG, new)) == new


def test_what_stands_in_the_library_is_told_and_left(pusat, tmp_path):
    load(CONTENT / SLUG)
    lesson = LessonPage.objects.get(slug="pelajaran-1", path__startswith=module().path)
    [first, *others] = lesson.steps.get_prep_value()
    picture = {
        "type": "picture",
        "id": str(uuid4()),
        "value": {"drawing": "", "image": None, "alt": "Halaman sekolah kami", "caption": ""},
    }
    learner = [*first["value"]["learner"], picture]
    office_writes(lesson, steps=[first | {"value": first["value"] | {"learner": learner}}, *others])

    said = export(tmp_path)

    assert f"{SLUG}/pelajaran-1, 1: “Halaman sekolah kami” is a file of the library" in said
    assert "Halaman sekolah kami" not in (tmp_path / SLUG / "pelajaran-1.yaml").read_text()


def test_what_would_not_load_again_is_told(pusat, tmp_path):
    load(CONTENT / SLUG)
    office_writes(module(), objectives="Satu saja.")

    said = export(tmp_path)

    assert "Mend this before it is loaded:" in said
    assert f"  {SLUG}/modul.yaml, line" in said


def test_only_the_modules_asked_for_are_written(pusat, tmp_path):
    load(CONTENT / SLUG)
    load(CONTENT / "janji-kelas-kita")

    export(tmp_path, SLUG)

    assert [path.name for path in tmp_path.iterdir()] == [SLUG]
    with pytest.raises(CommandError, match="There is no module “tidak-ada”"):
        export(tmp_path, "tidak-ada")


def test_a_draft_of_the_office_is_exported_too(pusat, tmp_path):
    shutil.copytree(CONTENT / SLUG, tmp_path / "dari" / SLUG)
    load(tmp_path / "dari" / SLUG)
    draft = module().get_latest_revision_as_object()
    draft.title = "Rancangan"
    draft.save_revision(user=make_member("editor", national()))

    export(tmp_path / "ke")

    assert (
        yaml.safe_load((tmp_path / "ke" / SLUG / "modul.yaml").read_text())["title"] == "Rancangan"
    )


@pytest.mark.parametrize(
    "html",
    [
        "<p>Harga 2 * 3 * 4 dan a_b_c dan `x`.</p>",
        "<p>1. bukan daftar</p>",
        "<p>- bukan daftar</p>",
        "<p># bukan judul</p>",
        "<p>Nama: ____</p>\n<p>________</p>",
        "<p>A &amp; B &lt; C</p>",
        "<p><strong>Tebal <em>dan miring</em></strong> kata</p>",
        "<p>baris\nkedua</p>",
        "<h3>Judul</h3>\n<ul>\n<li>satu</li>\n<li>dua</li>\n</ul>\n<p>akhir</p>",
        "<ol>\n<li>satu</li>\n</ol>\n<ul>\n<li>dua</li>\n</ul>",
        "<ul>\n<li>luar<ul>\n<li>dalam</li>\n</ul>\n</li>\n</ul>",
        "<p>garis \\ miring</p>",
        "<p>Lihat [catatan](kaki) dan [a]: http</p>",
        "<p>[1]: /kaki/</p>",
        "<p>![gambar](berkas)</p>",
        "<p>&gt; bukan kutipan</p>",
        "<p>baris<br>\n&gt; bukan kutipan</p>",
        "<p>#BeraniMenolong</p>",
        "<p>---</p>",
        "<p>baris<br>\n---</p>",
        "<p>baris<br>\n===</p>",
        "<p>satu<br><br>tiga</p>",
        "<p>A&nbsp;B &amp;copy; &amp; C; &amp;#1.</p>",
        "<p>satu</p>\n<hr>\n<p>dua</p>",
        "<blockquote>\n<p>satu</p>\n<ul>\n<li>dua</li>\n</ul>\n</blockquote>\n<p>tiga</p>",
        "<blockquote>\n<p>satu</p>\n</blockquote>\n<blockquote>\n<p>dua</p>\n</blockquote>",
        "<ul>\n<li>satu</li>\n</ul>\n<ul>\n<li>dua</li>\n</ul>",
        "<ul>\n<li>&gt; satu</li>\n<li># dua</li>\n<li>[ ] tiga</li>\n</ul>",
        "<ol>\n<li>\n<p>satu</p>\n<p>lagi</p>\n</li>\n<li>\n<p>dua</p>\n</li>\n</ol>",
        "<h3>Nomor #</h3>",
        "<p>H<sub>2</sub>O, x<sup>2</sup>, <code>a_b*c*</code></p>",
        "<p><em>satu</em><strong>dua</strong><strong>tiga</strong></p>",
        f'<p>Lihat!<a href="/modul/">di <strong>sini</strong> [1]</a> dan {FAR}</p>',
        '<p><a href="/bantuan/">129</a>, <a href="mailto:sapa@a.id">surat</a></p>',
        '<p><a href="/a_b___(c)*/?x=1&amp;y=2">[a]:</a> b</p>',
    ],
)
def test_markdown_leads_back_to_the_same_html(html):
    assert rich(marked_down(html, pytest.fail)) == html


def test_a_quotation_of_the_admins_editor_keeps_its_words():
    typed = '<blockquote data-block-key="a1">Kata <b>mereka</b>:<br>“Cuma bercanda.”</blockquote>'
    assert marked_down(typed, pytest.fail) == "> Kata **mereka**:  \n> “Cuma bercanda.”"


@pytest.mark.parametrize(
    ("html", "kept", "said"),
    [
        (
            '<p>Buka <a linktype="page" id="3">halaman <b>ini</b></a>.</p>',
            "Buka halaman **ini**.",
            "The link at “halaman ini” leads to something of this site; its words are kept.",
        ),
        (
            '<p>Peta: <embed embedtype="image" id="2" alt="Denah sekolah"/></p>',
            "Peta:",
            "“Denah sekolah” is a file of the library; it stays on the site.",
        ),
        (
            "<p>Ini <u>penting</u>.</p>",
            "Ini penting.",
            "“<u>” has no place in the files; the words in it are kept.",
        ),
    ],
)
def test_a_tag_without_a_place_is_told_and_its_words_stay(html, kept, said):
    told = []
    assert (marked_down(html, told.append), told) == (kept, [said])


def test_what_is_left_of_a_text_is_told_with_its_page(pusat, tmp_path):
    load(CONTENT / SLUG)
    link = '<p>Buka <a linktype="page" id="3">halaman ini</a>.</p>'
    lesson = LessonPage.objects.get(slug="pelajaran-1", path__startswith=module().path)
    [first, *others] = lesson.steps.get_prep_value()
    office_writes(module(), preparation=link)
    office_writes(lesson, steps=[first | {"value": first["value"] | {"guide": link}}, *others])

    said = export(tmp_path)

    assert f"{SLUG}: The link at “halaman ini” leads to" in said
    assert f"{SLUG}/pelajaran-1, 1: The link at “halaman ini” leads to" in said


def test_the_admins_own_html_becomes_the_same_markdown():
    typed = '<p data-block-key="a1">Baca <b>ini</b>.</p><ul><li data-block-key="b2">satu</li></ul>'
    assert marked_down(typed, pytest.fail) == "Baca **ini**.\n\n- satu"


def test_a_list_after_another_list_stays_a_list_of_its_own():
    assert rich("- satu\n- dua\n\n1. tiga") == (
        "<ul>\n<li>satu</li>\n<li>dua</li>\n</ul>\n<ol>\n<li>tiga</li>\n</ol>"
    )
