"""Every fault in a module's files is told, with file, line and what to do."""

import shutil
from pathlib import Path

import pytest
from django.utils import translation

from modules.loading.faults import Faulty
from modules.loading.folder import CONTENT, read_module
from tests.factories.modules import edit

SLUG = "bercanda-atau-merundung"
M, ONE, TWO = "modul.yaml", "pelajaran-1.yaml", "pelajaran-2.yaml"
CODES = {
    "audience": ["smp-mts", "guru"],
    "issue_area": ["KtA"],
    "violence_form": ["perundungan"],
    "regulation": ["permendikdasmen-6-2026", "uu-35-2014"],
}


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def folder(tmp_path) -> Path:
    return Path(shutil.copytree(CONTENT / SLUG, tmp_path / SLUG))


def faults_of(folder: Path, codes=None) -> list[tuple[str, int, str]]:
    with pytest.raises(Faulty) as caught:
        read_module(folder, codes)
    return [(one.file.split("/")[1], one.line, one.message) for one in caught.value.faults]


# File, what stands there, what is written instead, lines further down, what is said.
FORMS = {
    "an unknown key": (M, "needs: tanpa", "perlu: tanpa\nneeds: tanpa", 0, "“perlu” is not known"),
    "a missing key": (ONE, "summary: ", "# summary: ", -1, "“summary” is missing. Add it."),
    "a key twice": (M, "level: smp", "level: smp\nlevel: sd", 1, "“level” stands here twice"),
    "a number as text": (ONE, "minutes: 40", "minutes: empat puluh", 0, "Write a whole number"),
    "text as a number": (M, 'version: "1.0"', "version: 1.0", 0, "put numbers, dates, yes and no"),
    "a yes that is no flag": (TWO, "sensitive: true", "sensitive: ya", 0, "Write true or false"),
    "an unknown word": (M, "needs: tanpa", "needs: kapur", 0, "“kapur” is not known here."),
    "an unknown drawing": (M, "illustration: schoolyard", "illustration: naga", 0, "Choose one of"),
    "an unknown kind": (ONE, "kind: true_false", "kind: tebak", 0, "“tebak” is not known here."),
    "a bad id": (ONE, "id: sepatu-dara", "id: Sepatu Dara", 0, "small letters, digits and"),
    "a bad day": (M, "2027-05-31", "Mei", 0, "Write a day like 2027-05-31, or null."),
    "no text": (ONE, "title: Pilah delapan kartu", 'title: ""', 0, "Nothing stands here yet."),
    "too long": (M, "summary: ", f"summary: {'a' * 200} ", 0, "at most 200 fit"),
    "a list that is none": (M, "lessons: [", "lessons: {a: b} # [", 0, "Write a list here"),
    "too few in a list": (M, "age: [12, 15]", "age: [12]", 0, "1 items stand here"),
    "html": (ONE, "guide: |\n", "guide: |\n      <b>Tebal</b>\n\n", 1, "Take out “<b>”"),
    "a link": (ONE, "guide: |\n", "guide: |\n      www.contoh.id\n\n", 1, "Take out “www.”"),
    "a glued list": (
        ONE,
        "say: |\n",
        "say: |\n      Dua:\n      - a\n      - b\n\n",
        2,
        "empty line",
    ),
    "a telephone number": (
        M,
        "preparation: |\n",
        "preparation: |\n  Telepon 0812-3456-7890.\n\n",
        1,
        "Take out the number “0812-3456-7890”",
    ),
    "a reference": (
        M,
        "materials:\n",
        "materials:\n  - &satu Kertas\n  - *satu\n",
        1,
        "Write this out again",
    ),
    "a block of two keys": (
        ONE,
        "      - disclosure: {}\n",
        "      - disclosure: {}\n        referral: {}\n",
        0,
        "Write one key here",
    ),
    "a scored private note": (
        TWO,
        "kind: short_text\n          scored: false",
        "kind: short_text\n          scored: true",
        1,
        "“short_text” can't be scored",
    ),
}
SENSE = {
    "minutes of a lesson": (ONE, "minutes: 40", "minutes: 45", 0, "but the steps take 40"),
    "an unknown pile": (ONE, "pile: Bercanda,", "pile: Lucu,", 0, "uses the pile “Lucu”, which"),
    "a pile twice": (ONE, "piles: [Bercanda, ", "piles: [Konflik, ", 0, "“Konflik” stands in line"),
    "an id twice": (ONE, "id: sepatu-dara", "id: tahu-konflik", 0, "stands in bercanda-atau-mer"),
    "two right choices": (
        M,
        "{text: Dua teman berdebat soal giliran bermain.}",
        "{text: Dua teman berdebat soal giliran bermain., right: true}",
        1,
        "A second answer is right",
    ),
    "no feedback": (
        ONE,
        ', feedback: "Dara tidak sendirian, dan perbuatan itu bisa segera berhenti."',
        "",
        0,
        "Add feedback",
    ),
    "a choice twice": (M, "Tidak ada yang merasa kesal.", "Aku belum tahu.", 3, "stands in line"),
    "a way to nowhere": (TWO, "to: tertawa", "to: terbang", 0, "leads to “terbang”, which is not"),
    "a good place in between": (
        TWO,
        "            - id: tertawa\n",
        "            - id: tertawa\n              good: true\n",
        0,
        "is no end",
    ),
    "a dimension too often": (M, "dimension: niat", "dimension: sikap", -29, "asks 3 times about"),
    "a review of nobody": (
        M,
        "reviewed_on: null",
        "reviewed_on: 2026-08-03",
        0,
        "Say who reviewed",
    ),
    "ages upside down": (M, "age: [12, 15]", "age: [15, 12]", 0, "The oldest cannot be younger"),
    "a code in another form": (M, "issues: [KtA]", "issues: ['Kt A']", 0, "“Kt A” is not a code."),
    "a file left out": (
        M,
        "lessons: [pelajaran-1, ",
        "lessons: [",
        0,
        "pelajaran-1.yaml stands",
    ),
    "a file that is missing": (M, "[pelajaran-1,", "[pelajaran-1, lain,", None, "file is missing"),
}


@pytest.mark.parametrize("name", [*FORMS, *SENSE])
def test_a_fault_is_told_with_its_line(folder, name):
    file, before, after, further, said = {**FORMS, **SENSE}[name]
    line = edit(folder, file, before, after)
    if further is None:
        file, line = "lain.yaml", 0
        further = 0
    told = faults_of(folder)
    matching = [(one, at) for one, at, message in told if said in message]
    assert (file, line + further) in matching, told


def test_a_survey_without_a_right_answer_is_told(folder):
    line = edit(folder, M, "seimbang., right: true}", "seimbang.}")
    assert faults_of(folder) == [(M, line - 2, "No answer is right. Write right: true at one.")]


def test_minutes_of_the_lessons_are_added_up(folder):
    line = edit(folder, M, "minutes: 80", "minutes: 75")
    assert faults_of(folder) == [
        (M, line, "75 minutes stand here, but the lessons take 80. Correct one of them.")
    ]


def test_a_place_that_nothing_leads_to_is_told(folder):
    edit(folder, TWO, "to: tertawa", "to: rebut")
    line = edit(folder, TWO, "- id: tertawa", "- id: tertawa")
    assert faults_of(folder) == [
        (
            TWO,
            line,
            "Nothing leads to the place “tertawa”. Lead a way there or take it out.",
        )
    ]


def test_a_wanted_end_that_nothing_leads_to_is_told(folder):
    edit(folder, TWO, "to: wali", "to: pergi")
    line = edit(folder, TWO, "nodes:\n", "nodes:\n")
    told = faults_of(folder)
    assert (TWO, line + 1, "No wanted end can be reached. Write good: true at one.") in told
    assert [message for _f, _l, message in told if "Nothing leads" in message] == [
        "Nothing leads to the place “wali”. Lead a way there or take it out."
    ]


def test_places_that_only_lead_to_each_other_are_told(folder):
    before = "                - {text: Pergi dan melupakannya., to: pergi"
    edit(folder, TWO, before, before.replace("to: pergi", "to: tertawa"))
    edit(folder, TWO, "mencari guru piket., to: piket", "mencari guru piket., to: tertawa")
    line = edit(folder, TWO, "- id: tertawa", "- id: tertawa")
    assert faults_of(folder) == [
        (TWO, line, "From the place “tertawa” no end can be reached. Add a way to an end.")
    ]


def test_too_few_questions_of_too_few_kinds_are_told(folder):
    for file in (ONE, TWO):
        text = (folder / file).read_text().replace("- quiz:", "- text: Sebuah bacaan.\n      - x:")
        (folder / file).write_text(text)
    said = [message for file, _line, message in faults_of(folder) if file == M]
    assert said == [
        "The lessons ask 0 questions; write 6–8.",
        "The questions are of 0 kinds; use at least 4.",
    ]


def test_a_module_of_scored_questions_only_is_told(folder):
    for file in (ONE, TWO):
        text = (folder / file).read_text().replace("scored: false", "scored: true")
        (folder / file).write_text(text)
    said = [message for file, _line, message in faults_of(folder) if file == M]
    assert [message.split("; ")[1] for message in said] == ["about half should be."]


def test_codes_are_compared_with_the_vocabularies_in_use(folder):
    line = edit(folder, M, "violence: [perundungan]", "violence: [perundungan, ejekan]")
    assert read_module(folder).module["violence"] == ["perundungan", "ejekan"]
    assert faults_of(folder, CODES) == [
        (M, line, "The code “ejekan” is not known. Choose one of: perundungan.")
    ]


def test_a_module_on_extremism_needs_the_day_of_its_review(folder):
    edit(folder, M, "issues: [KtA]", "issues: [KtA, ekstremisme]")
    line = edit(folder, M, "review_due: 2027-05-31", "review_due: null")
    assert faults_of(folder) == [
        (M, line, "A module on extremism needs the day of its next review.")
    ]


def test_all_faults_of_all_files_are_told_in_order(folder):
    edit(folder, M, "needs: tanpa", "needs: kapur")
    edit(folder, M, "level: smp", "level: tinggi")
    edit(folder, ONE, "scored: false", "scored: mungkin")
    edit(folder, TWO, "minutes: 40", "minutes: 39")
    told = faults_of(folder)
    assert [file for file, _line, _message in told] == [M, M, M, ONE, TWO]
    assert [line for file, line, _message in told if file == M] == sorted(
        line for file, line, _message in told if file == M
    )


def test_what_is_no_yaml_is_told_with_its_line_and_the_other_files_too(folder):
    line = edit(folder, ONE, "minutes: 40", "minutes: [40")
    edit(folder, TWO, "minutes: 40", "minutes: 39")
    told = faults_of(folder)
    assert [file for file, _line, _message in told] == [ONE, TWO]
    assert line <= told[0][1] <= line + 1
    assert "This can't be read" in told[0][2]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "The file is empty."),
        (b"\xff\xfe", "This file is not UTF-8. Save it as UTF-8."),
        (b"- a", "Write keys with values here, like “title: …”."),
        (b"#" * 1_000_001, "This file is over 1 MB; a module is far smaller."),
    ],
)
def test_a_file_that_is_no_module_is_told(folder, content, said):
    (folder / M).write_bytes(content)
    assert said in [message for _file, _line, message in faults_of(folder)]


def test_a_folder_without_a_module_or_with_a_bad_name_is_told(tmp_path):
    folder = tmp_path / "Modul Saya"
    folder.mkdir()
    with pytest.raises(Faulty) as caught:
        read_module(folder)
    assert [str(one).split(": ")[0] for one in caught.value.faults] == [
        "Modul Saya",
        "Modul Saya/modul.yaml",
    ]


def test_a_fault_says_its_file_and_line(folder):
    line = edit(folder, M, "level: smp", "level: tinggi")
    with pytest.raises(Faulty) as caught:
        read_module(folder)
    assert str(caught.value) == (
        f"{SLUG}/modul.yaml, line {line}: "
        "“tinggi” is not known here. Choose one of: sd, smp, dewasa."
    )
