"""How plainly a module speaks: long sentences, and hard words that nobody explains."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from modules.loading.folder import ModuleText

# Words of a sentence at most, by reading level.
LONGEST = {"sd": 10, "smp": 14, "dewasa": 18}
# English needs small words where Indonesian has none.
MORE_IN = {"en": 3}
ADULT = "dewasa"
# Language → where its hard words are listed.
HARD_WORDS = {
    "id": Path(__file__).with_name("hard_words.txt"),
    "en": Path(__file__).with_name("hard_words.en.txt"),
}
# What is said to the facilitator alone, wherever it stands.
FOR_FACILITATORS = frozenset({"guide", "expected", "difficult", "why"})
_IN_CARD = {"title": (ADULT, True), "steps": (ADULT, True), "avoid": (ADULT, True)}
NOT_READ = frozenset({"id", "kind", "pile", "piles", "to", "drawing"})

_END = re.compile(r"(?<=[.!?…])[\"”’')*]*\s+|\n+")
_LIST_MARK = re.compile(r"^\s*(?:[-*#]+|\d+\.)\s+(?:\(\d+ menit\)\s*)?", re.MULTILINE)
_WORD = re.compile(r"[^\W\d_][\w’'-]*")


@dataclass(frozen=True)
class Passage:
    """Words of a module, where they stand and the level at which they have to be read."""

    place: str
    level: str
    text: str
    for_facilitators: bool = False


def passages(text: ModuleText) -> Iterator[Passage]:
    """All a module says, except its sources and what is open for a specialist."""
    module, level = text.module, text.module["level"]
    for name in ("preparation", "safeguarding", "variants", "materials"):
        yield from _texts(module[name], f"modul {name}", ADULT, True)
    for name in ("summary", "objectives", "take_home"):
        yield from _texts(module[name], f"modul {name}", ADULT)
    for card in ("disclosure", "second_disclosure"):
        for name, said in module.get(card, {}).items():
            yield from _texts(said, f"modul {card} {name}", *_IN_CARD.get(name, (level, False)))
    for name in ("glossary", "survey"):
        yield from _texts(module[name], f"modul {name}", level)
    for name, lesson in text.lessons.items():
        yield from _texts(lesson["summary"], f"{name} summary", ADULT)
        for number, step in enumerate(lesson["steps"], start=1):
            yield from _texts(step, f"{name} {number}", level)


def long_sentences(text: ModuleText) -> list[str]:
    """Sentences over the limit of their level, with their place and number of words."""
    more = MORE_IN.get(text.language, 0)
    return [
        f"{passage.place}: {length} > {most}: {sentence}"
        for passage in passages(text)
        for sentence in sentences(passage.text)
        if (length := len(words(sentence))) > (most := LONGEST[passage.level] + more)
    ]


def sentences(text: str) -> list[str]:
    """A list item and a line are sentences of their own; so is what somebody says in quotes."""
    return [one.strip() for one in _END.split(_LIST_MARK.sub("", text)) if one.strip()]


def words(text: str) -> list[str]:
    return _WORD.findall(text)


def unexplained_words(text: ModuleText) -> list[str]:
    """Hard words that learners meet and the module's glossary does not explain, with a place."""
    explained = " ".join(one["term"].lower() for one in text.module["glossary"])
    found: dict[str, str] = {}
    for passage in passages(text):
        if passage.for_facilitators:
            continue
        for word in {one.lower() for one in words(passage.text)} & hard_words(text.language):
            if word not in explained:
                found.setdefault(word, passage.place)
    return [f"{place}: {word}" for word, place in sorted(found.items())]


@cache
def hard_words(language: str) -> frozenset[str]:
    """Words, small, one a line in the list of their language; what follows a # is a remark."""
    if language not in HARD_WORDS:
        return frozenset()
    lines = HARD_WORDS[language].read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if (word := line.partition("#")[0].strip()))


def _texts(value: Any, place: str, level: str, guides: bool = False) -> Iterator[Passage]:
    if isinstance(value, str):
        yield Passage(place, level, value, guides)
    elif isinstance(value, list):
        for number, one in enumerate(value, start=1):
            yield from _texts(one, f"{place} {number}", level, guides)
    elif isinstance(value, dict):
        for name, one in value.items():
            if name in FOR_FACILITATORS:
                yield from _texts(one, f"{place} {name}", ADULT, True)
            elif name not in NOT_READ:
                yield from _texts(one, f"{place} {name}", level, guides)
