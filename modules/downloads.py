"""Which papers a module has, where they are, and under which key each is kept."""

from collections.abc import Set
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from districts.pages import page_address
from modules.blocks.questions import QUESTIONS

ANSWERS = "lembar-jawaban"
SURVEY, TAKE_HOME = "survey", "take_home"
# File name without its ending → what it is called, and blocks of which kind fill it (none: always).
PAPERS = {
    "panduan": (_("Run-sheet"), frozenset()),
    "lembar-kerja": (_("Worksheet"), frozenset({"sheet", TAKE_HOME})),
    ANSWERS: (_("Answer sheet"), frozenset(QUESTIONS) | {SURVEY}),
    "kartu": (_("Cards to cut out"), frozenset({"card_sort", "match", "role_play"})),
}


@dataclass(frozen=True)
class ModulePaper:
    name: str
    label: Any
    url: str
    key: str


def papers_of(page: Any, kinds: Set[str]) -> list[ModulePaper]:
    """The papers that hold something, given the kinds of blocks in the module's lessons."""
    kinds = kinds | {name for name in (SURVEY, TAKE_HOME) if getattr(page, name)}
    address = page_address(page)
    return [
        ModulePaper(name, label, f"{address}{name}.pdf", paper_key(page.pk, name))
        for name, (label, needs) in PAPERS.items()
        if not needs or needs & kinds
    ]


def paper_key(page_id: int, name: str) -> str:
    return f"modul/{page_id}/{name}"
