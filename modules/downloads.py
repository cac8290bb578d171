"""Which papers a module has, where they are, and under which key each is kept."""

from collections.abc import Set
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from districts.pages import page_address
from modules.blocks.questions import QUESTIONS
from modules.editions import frozen
from modules.items import NOT_ON_PAPER
from modules.models import ClassRun

# What `Paper.key` holds.
KEY_LENGTH = 200
ANSWERS = "lembar-jawaban"
SURVEY, TAKE_HOME = "survey", "take_home"
# File name without its ending → what it is called, and blocks of which kind fill it (none: always).
PAPERS = {
    "panduan": (_("Run-sheet"), frozenset()),
    "lembar-kerja": (_("Worksheet"), frozenset({"sheet", TAKE_HOME})),
    ANSWERS: (_("Answer sheet"), frozenset(QUESTIONS) - NOT_ON_PAPER | {SURVEY}),
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
        for name, label in _filled(kinds)
    ]


def papers_of_run(run: ClassRun, source: Any) -> list[ModulePaper]:
    """The papers of a session; the answer sheet only where it is filled in.

    `source`: the version of the module of which it prints what its edition does not hold.
    """
    content = frozen(run.edition_id)
    steps = (step for number in run.lessons for step in content.lessons[number].steps)
    kinds = {block["type"] for step in steps for block in step.learner}
    if content.survey and (run.asks_before or run.asks_after):
        kinds.add(SURVEY)
    if source.take_home:
        kinds.add(TAKE_HOME)
    return [
        ModulePaper(
            name,
            label,
            reverse("module_run_paper", args=[run.pk, name]),
            run_paper_key(run, name),
        )
        for name, label in _filled(kinds)
        if name != ANSWERS or run.mode == ClassRun.Mode.PAPER
    ]


def _filled(kinds: Set[str]) -> list[tuple[str, Any]]:
    """(name, label) of the papers for which there is something of these kinds."""
    return [(name, label) for name, (label, needs) in PAPERS.items() if not needs or needs & kinds]


def paper_key(page_id: int, name: str) -> str:
    return f"modul/{page_id}/{name}"


def run_paper_key(run: ClassRun, name: str) -> str:
    """Sessions of the same lessons of an edition share their papers."""
    lessons = "-".join(str(number) for number in run.lessons)
    return f"edisi/{run.edition_id}/{name}/{lessons}"[:KEY_LENGTH]
