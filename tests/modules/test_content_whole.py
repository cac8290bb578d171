"""Every module of the house is whole, in both languages, and asks nobody about themselves."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from modules.loading.folder import ModuleText, house_folders
from modules.loading.translated import read_with_translations

LANGUAGES = ("id", "en")
SENSITIVE = {"tubuhku-berharga", "ajakan-yang-menjebak"}
VILLAGE = {"rumah-tanpa-bentakan", "kenali-jangan-melabeli"}
# What a variant's title says, by language.
NO_DEVICE = {"id": "Tanpa gawai", "en": "Without any device"}
INCLUSIVE = {"id": r"inklusif|disabilitas", "en": r"inclusive|disabilities"}
TODDLERS = {"id": "balita ikut", "en": r"toddlers come along"}
OWN_VARIANTS = {
    "ajakan-yang-menjebak": {"id": "orang tua dan guru", "en": "parents and teachers"},
    "dengar-catat-rujuk": {
        "id": "petugas layanan dan pendamping",
        "en": "service officers and companions",
    },
}
CHILD = {"id": "Jika seorang anak bercerita", "en": r"If a child tells you something"}
MOTHER = {"id": "Jika seorang ibu bercerita", "en": r"If a mother tells you something"}
# A question, or a sentence to agree with, that tells what somebody went through or did.
YOU = {"id": r"(?:kamu|anda|kalian|saya|aku|ibu|bapak)", "en": r"(?:you|i|anyone|any of you)"}
ASKS_ABOUT_THEMSELVES = {
    "id": re.compile(
        rf"\bpernah(?:kah)?\s+{YOU['id']}\b|\b{YOU['id']}\s+(?:\w+\s+)?(?:pernah|korban|pelaku)\b"
        rf"|\bsiapa\b[^.?!]{{0,40}}\b(?:pernah|korban|pelaku)\b"
        rf"|\b{YOU['id']}\s+(?:sering|sedang|kadang|suka)\s+(?:di|me)\w+",
        re.IGNORECASE,
    ),
    "en": re.compile(
        rf"\b(?:have|has|had|did|were|was|are|am|is)\s+{YOU['en']}\b[^.?!]{{0,40}}"
        r"\b(?:ever|been|victim|perpetrator|bullied|hurt|hit|abused|bully|hurting)\b"
        r"|\bi\s+(?:have|was|am|often|sometimes)\b[^.?!]{0,20}"
        r"\b(?:been|a victim|bullied|hit|hurt|abused|bully|hurting)\b"
        r"|\bwho\b[^.?!]{0,40}\b(?:has been|have been|victim|perpetrator|was bullied)\b",
        re.IGNORECASE,
    ),
}


def of_house() -> Iterator[Any]:
    for folder in house_folders():
        for language in LANGUAGES:
            yield pytest.param((folder, language), id=f"{folder.name}-{language}")


@pytest.fixture
def text(request) -> ModuleText:
    folder, language = request.param
    original, translations = read_with_translations(folder)
    return next(one for one in (original, *translations) if one.language == language)


every_module = pytest.mark.parametrize("text", list(of_house()), indirect=True)


def learner(text: ModuleText, kind: str) -> list[Any]:
    """What stands in blocks of this kind, in all lessons."""
    return [
        block[kind]
        for lesson in text.lessons.values()
        for step in lesson["steps"]
        for block in step["learner"]
        if kind in block
    ]


def teaches(item: dict[str, Any]) -> bool:
    """Whether whoever answers learns why, of the whole question or of each answer."""
    parts = [*item.get("choices", ()), *item.get("cards", ())]
    parts += [way for node in item.get("nodes", ()) for way in node.get("choices", ())]
    return bool(item.get("explain")) or (bool(parts) and all(p.get("feedback") for p in parts))


def titled(text: ModuleText, pattern: str) -> int:
    """How many variants are called so."""
    titles = (one["title"] for one in text.module["variants"])
    return sum(bool(re.search(pattern, title, re.IGNORECASE)) for title in titles)


@every_module
def test_a_module_has_all_that_a_teacher_needs(text):
    module = text.module
    asked = [one for talk in learner(text, "discussion") for one in talk["questions"]]
    items, pictures = learner(text, "quiz"), learner(text, "picture")

    assert len(module["objectives"]) >= 3
    assert [
        step for lesson in text.lessons.values() for step in lesson["steps"] if not step["say"]
    ] == []
    assert len(asked) >= 2
    assert [one["question"] for one in asked if not one.get("expected")] == []
    assert [one["question"] for one in asked if not one.get("difficult")] == []
    assert 5 <= len(items) <= 8
    assert [item["id"] for item in items if not teaches(item)] == []
    assert 4 <= len(module["survey"]) <= 6
    assert {item["dimension"] for item in module["survey"]} == {"pengetahuan", "sikap", "niat"}
    assert len(learner(text, "sheet")) >= 1
    assert len(learner(text, "card_sort")) + len(learner(text, "role_play")) >= 1
    assert len(pictures) >= 2
    assert [one["drawing"] for one in pictures if len(one["alt"]) < 15] == []
    assert len(module["regulations"]) >= 1
    assert len(module["sources"]) >= 1
    assert len(learner(text, "referral")) == len(text.lessons)
    assert len(learner(text, "disclosure")) == len(text.lessons)
    assert min(len(module[name]) for name in ("safeguarding", "preparation")) > 300
    assert (bool(module["take_home"]["title"]), bool(module["take_home"]["text"])) == (True, True)


@every_module
def test_a_module_has_the_variants_that_it_owes(text):
    language = text.language
    own = OWN_VARIANTS.get(text.slug, {}).get(language)

    assert titled(text, NO_DEVICE[language]) == 1
    assert titled(text, INCLUSIVE[language]) == 1
    assert titled(text, TODDLERS[language]) == (text.slug in VILLAGE)
    assert own is None or titled(text, own) == 1


@every_module
def test_a_note_for_parents_may_be_withheld_where_it_could_betray_a_child(text):
    assert text.module["take_home"].get("may_withhold", False) == (text.slug in SENSITIVE)


@every_module
def test_a_module_for_the_village_needs_no_reading_and_has_both_cards(text):
    language, module = text.language, text.module
    cards = [
        module[name]["title"] for name in ("disclosure", "second_disclosure") if name in module
    ]
    if text.slug not in VILLAGE:
        assert cards == [CHILD[language]]
        return
    pictures = [
        card.get("picture") for sort in learner(text, "card_sort") for card in sort["cards"]
    ]

    assert cards == [MOTHER[language], CHILD[language]]
    assert len(pictures) >= 8
    assert None not in pictures
    assert sum(sheet["text"].count("____") for sheet in learner(text, "sheet")) >= 5


@every_module
def test_no_item_asks_whether_somebody_is_a_victim_or_a_perpetrator(text):
    items = [*learner(text, "quiz"), *text.module["survey"]]
    said = [item["prompt"] for item in items]
    said += [choice["text"] for item in items for choice in item.get("choices", ())]
    said += [one["question"] for talk in learner(text, "discussion") for one in talk["questions"]]
    assert len(said) > 15
    assert [one for one in said if ASKS_ABOUT_THEMSELVES[text.language].search(one)] == []


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("id", "Pernahkah kamu dirundung?"),
        ("id", "Apakah Anda pernah dipukul di rumah?"),
        ("id", "Siapa di kelas ini yang pernah diejek?"),
        ("id", "Siapa korban di kelasmu?"),
        ("id", "Saya sering diejek teman."),
        ("id", "Saya pernah memukul anak saya."),
        ("en", "Have you ever been bullied?"),
        ("en", "Were you a victim at school?"),
        ("en", "Who in this class has been hit?"),
        ("en", "I was bullied last year."),
        ("en", "I sometimes hit my child."),
    ],
)
def test_a_question_about_oneself_would_be_found(language, said):
    assert ASKS_ABOUT_THEMSELVES[language].search(said)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("id", "Apa yang kamu lakukan bila temanmu diejek?"),
        ("id", "Saya akan menemani teman yang disakiti."),
        ("en", "What could you do if a friend is bullied?"),
        ("en", "I would stay with a friend who was hurt."),
    ],
)
def test_a_question_about_what_one_would_do_is_none(language, said):
    assert ASKS_ABOUT_THEMSELVES[language].search(said) is None
