"""The modules that come with the house: whole, in easy words, and never without a way to help."""

import pytest
from django.utils import translation

from modules.loading.folder import CONTENT, ModuleText, house_folders, read_module
from modules.loading.plainness import (
    hard_words,
    long_sentences,
    passages,
    sentences,
    unexplained_words,
    words,
)
from modules.loading.stream import lesson_values, module_values
from website.reference import read_reference

FOLDERS = house_folders()
# Hard words that stay without an explanation, each with its reason; none so far.
EXCEPTIONS: dict[str, str] = {}


@pytest.fixture(scope="module")
def codes() -> dict[str, list[str]]:
    """The vocabularies as an installation begins with them."""
    known = {
        entry["code"]: [str(term["code"]) for term in entry["terms"]]
        for entry in read_reference("vocabularies")
    }
    regulations = [law["code"] for law in read_reference("regulations")]
    return known | {"regulation": regulations}


@pytest.fixture(scope="module", params=FOLDERS, ids=lambda folder: folder.name)
def text(request, codes) -> ModuleText:
    with translation.override("en"):
        return read_module(request.param, codes)


def blocks(text: ModuleText, lesson: str) -> list[str]:
    return [kind for step in text.lessons[lesson]["steps"] for b in step["learner"] for kind in b]


def test_the_ten_starter_modules_are_there():
    assert [folder.name for folder in FOLDERS] == [
        "ajakan-yang-menjebak",
        "beda-itu-biasa",
        "berani-menolong",
        "bercanda-atau-merundung",
        "dengar-catat-rujuk",
        "janji-kelas-kita",
        "jempol-bijak",
        "kenali-jangan-melabeli",
        "rumah-tanpa-bentakan",
        "tubuhku-berharga",
    ]


def test_no_sentence_is_longer_than_its_reader_can_hold(text):
    assert long_sentences(text) == []


def test_hard_words_are_explained_or_absent(text):
    found = [told for told in unexplained_words(text) if told.split(": ")[-1] not in EXCEPTIONS]
    assert found == []


def test_every_lesson_ends_with_the_card_and_the_way_to_help(text):
    last = {
        name: [kind for block in lesson["steps"][-1]["learner"] for kind in block]
        for name, lesson in text.lessons.items()
    }
    assert {name for name, kinds in last.items() if "referral" not in kinds} == set()
    assert {name for name in text.lessons if "disclosure" not in blocks(text, name)} == set()


def test_a_specialist_has_questions_left_and_nobody_is_named_as_reviewer(text):
    assert len(text.module["questions_open"]) >= 1
    assert text.module["review"]["reviewer"] == ""


def test_no_markdown_is_left_in_the_html(text):
    raw = str([module_values(text), *(lesson_values(text, name) for name in text.lessons)])
    assert "**" not in raw
    assert "<p>- " not in raw
    assert "\\n- " not in raw


def test_the_level_of_a_passage_follows_who_reads_it():
    text = read_module(CONTENT / "bercanda-atau-merundung")
    levels = {passage.place: passage.level for passage in passages(text)}
    assert levels["pelajaran-1 1 guide"] == "dewasa"
    assert levels["pelajaran-1 1 say"] == "smp"
    assert levels["modul safeguarding"] == "dewasa"
    assert {level for place, level in levels.items() if " difficult " in place} == {"dewasa"}


def test_a_long_sentence_is_found():
    text = read_module(CONTENT / "bercanda-atau-merundung")
    text.lessons["pelajaran-1"]["steps"][0]["say"] = " ".join(["kata"] * 15) + "."
    assert [told.split(": ")[:2] for told in long_sentences(text)] == [
        ["pelajaran-1 1 say", "15 > 14"]
    ]


def test_a_hard_word_without_an_explanation_is_found():
    text = read_module(CONTENT / "bercanda-atau-merundung")
    text.lessons["pelajaran-1"]["steps"][0]["say"] = "Ini tentang perundungan dan Resiliensi."
    text.lessons["pelajaran-1"]["steps"][0]["guide"] = "Intervensi."
    assert unexplained_words(text) == ["pelajaran-1 1 say: resiliensi"]


def test_a_text_is_cut_into_sentences_and_words():
    text = '1. (2 menit) Katakan, "Ini penting. Kita lanjut." Lalu **diam**.\n- Satu kertas\n- Dua'
    assert sentences(text) == [
        'Katakan, "Ini penting.',
        "Kita lanjut.",
        "Lalu **diam**.",
        "Satu kertas",
        "Dua",
    ]
    assert words("Anak-anak berumur 12 tahun, ya!") == ["Anak-anak", "berumur", "tahun", "ya"]


@pytest.mark.parametrize("language", ["id", "en"])
def test_hard_words_are_listed_once_in_small_letters(language):
    assert len(hard_words(language)) >= 60
    assert [word for word in hard_words(language) if word != word.lower()] == []


def test_a_language_without_a_list_has_no_hard_words():
    assert hard_words("jv") == frozenset()
