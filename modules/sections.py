"""The sections of a module's page: what each is called, and on which leaf it stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from modules.leaves import cut, words_in
from modules.models.module import FIRST_CARD, SECOND_CARD

# Bytes of sections that fit a leaf beside its frame and the style sheets (14 KB in all). The first
# one holds what a module is as well: lessons, papers, facts, whom to call, a list of what follows.
ROOM, FIRST_WEIGHS, LESSON_WEIGHS = 2_600, 1_600, 120

# Name, which is the anchor too → its heading, and the fields that fill it; in the order of reading.
SECTIONS: dict[str, tuple[Any, tuple[str, ...]]] = {
    "tujuan": (_("What will they be able to do?"), ("objectives",)),
    "cerita": (_("If somebody tells something"), (*FIRST_CARD[1:], *SECOND_CARD)),
    "siapkan": (_("What do I prepare?"), ("materials", "preparation")),
    "aman": (_("How do I keep everybody safe?"), ("safeguarding",)),
    "rumah": (_("What can be taken home?"), ("take_home",)),
    "kata": (_("What do the words mean?"), ("glossary",)),
    "berbeda": (_("What if it is different with us?"), ("variants",)),
    "asal": (_("Where does this come from?"), ("sources",)),
    "aturan": (_("Which rules stand behind it?"), ()),
}
OWN_TITLES = {"cerita": "disclosure_title", "rumah": "take_home_title"}


@dataclass(frozen=True)
class Section:
    name: str
    heading: str
    leaf: int


def sections_of(page: Any, laws: Sequence[Any], lessons: int) -> list[Section]:
    """What the page holds, in order, each with its leaf."""
    texts = {name: _text(page, fields) for name, (_heading, fields) in SECTIONS.items()}
    texts["aturan"] = "".join(law.title for law in laws)
    if not any(card["title"] for card in page.disclosures):
        del texts["cerita"]
    held = {name: text for name, text in texts.items() if text}
    first = FIRST_WEIGHS + LESSON_WEIGHS * lessons
    leaves = cut(list(held.values()), room=ROOM, first=first)
    return [
        Section(name, _heading(page, name), leaf) for name, leaf in zip(held, leaves, strict=True)
    ]


def _text(page: Any, fields: Sequence[str]) -> str:
    """What the fields hold as they are stored, streams included; "" for nothing."""
    values = (getattr(page, field) for field in fields)
    return "".join(
        words_in(one if isinstance(one, str) else list(one.raw_data)) for one in values
    ).strip()


def _heading(page: Any, name: str) -> str:
    if name == "cerita" and len(page.disclosures) > 1:
        return str(SECTIONS[name][0])
    own = OWN_TITLES.get(name)
    return (getattr(page, own) if own else "") or str(SECTIONS[name][0])
