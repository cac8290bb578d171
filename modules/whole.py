"""A module and its lessons as the pages of both need them: one query, remembered."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q
from wagtail.models import Page

from districts.pages import address_of, is_restricted
from modules.items import is_question
from modules.languages import (
    ORIGINAL_WORDS,
    WORDS,
    original_columns,
    original_words_of,
    words_columns,
    words_of,
)
from modules.leaves import cut, weight_of, words_in
from modules.models.module import FIRST_CARD, SECOND_CARD, Card, cards_of
from modules.standing import Module
from modules.wording import OF_LESSON, OF_MODULE, digest_of
from safeguards import generation

# Bytes of steps that fit a leaf beside its frame and the style sheets (14 KB in all), what the
# channels of a district take of them, and a line of the list of steps on the first leaf.
ROOM, HELP_WEIGHS, LIST_WEIGHS = 2_350, 900, 40

# Fields that module and lesson have of the page, and where those of each are read from.
OF_PAGE = frozenset({"title", "search_description"})
MORE_OF_MODULE = ("version", "review_due", "retire_on", "withdrawn_at")
FIELDS = (
    "path",
    "title",
    "slug",
    "url_path",
    "search_description",
    "locale__language_code",
    "translation_key",
    "alias_of__translation_key",
    "restricted",
    *WORDS,
    *ORIGINAL_WORDS,
    "alias_of__modulepage__withdrawn_at",
    *(f"lessonpage__{name}" for name in OF_LESSON if name not in OF_PAGE),
    *(f"modulepage__{name}" for name in (*OF_MODULE, *MORE_OF_MODULE) if name not in OF_PAGE),
)


@dataclass(frozen=True)
class LessonLink:
    """A lesson as others show it. `steps`: a short id of each; `kinds`: of the blocks in them."""

    path: str
    title: str
    slug: str
    url: str
    teaser: str
    minutes: int
    steps: tuple[str, ...]
    kinds: frozenset[str]
    asks: int
    size: int
    # On which leaf of its page each step stands.
    leaves: tuple[int, ...]
    # When its original was published, where that was after this translation.
    older_than: datetime | None = None


@dataclass(frozen=True)
class Whole:
    """A published module with its published lessons in order."""

    path: str
    title: str
    slug: str
    url: str
    language: str
    version: str
    referral_issue: str
    disclosures: tuple[Card, ...]
    last_day: date | None
    withdrawn: bool
    lessons: tuple[LessonLink, ...]
    # As reviews know it, and the digest of its words.
    module: Module
    text_digest: str
    older_than: datetime | None = None

    def is_offered(self, today: date) -> bool:
        """Neither withdrawn, here or at its source, nor past its day."""
        return not self.withdrawn and (self.last_day is None or today <= self.last_day)

    @property
    def steps(self) -> int:
        return sum(len(lesson.steps) for lesson in self.lessons)

    @property
    def kinds(self) -> frozenset[str]:
        return frozenset().union(*(lesson.kinds for lesson in self.lessons))

    @property
    def asks(self) -> int:
        """How many questions its lessons hold."""
        return sum(lesson.asks for lesson in self.lessons)


def whole_at(path: str) -> Whole | None:
    """The live module at this path of the tree; None where it is a draft or gone."""
    return generation.remembered(("whole module", path), lambda: _read(path))


def short_id(block_id: str) -> str:
    """Enough to tell the steps of one module apart on a device."""
    return block_id[:6]


def _read(path: str) -> Whole | None:
    first, last = Page._get_children_path_interval(path)
    below = Q(path__range=(first, last), depth=len(path) // Page.steplen + 1)
    pages = Page.objects.filter(Q(path=path) | below, live=True).order_by("path")
    columns = {"restricted": is_restricted(), **words_columns(), **original_columns()}
    rows = list(pages.annotate(**columns).values(*FIELDS))
    if not rows or rows[0]["path"] != path or rows[0]["modulepage__version"] is None:
        return None
    module, lessons = rows[0], rows[1:]
    days = [module[f"modulepage__{name}"] for name in ("review_due", "retire_on")]
    withdrawn = ("modulepage__withdrawn_at", "alias_of__modulepage__withdrawn_at")
    return Whole(
        path=path,
        title=module["title"],
        slug=module["slug"],
        url=address_of(module["url_path"], module["locale__language_code"]),
        language=module["locale__language_code"],
        version=module["modulepage__version"],
        referral_issue=module["modulepage__referral_issue"],
        disclosures=tuple(cards_of(_fields(module, "modulepage", (*FIRST_CARD, *SECOND_CARD)))),
        last_day=min((day for day in days if day), default=None),
        withdrawn=any(module[name] is not None for name in withdrawn),
        lessons=tuple(
            _lesson(row)
            for row in lessons
            # Who may read a closed module may read what stands in it.
            if row["lessonpage__steps"] is not None
            and (module["restricted"] or not row["restricted"])
        ),
        module=(
            module["alias_of__translation_key"] or module["translation_key"],
            module["locale__language_code"],
        ),
        text_digest=digest_of(
            _fields(module, "modulepage", OF_MODULE),
            [
                _fields(row, "lessonpage", OF_LESSON)
                for row in lessons
                if row["lessonpage__steps"] is not None
            ],
        ),
        older_than=_older_than(module),
    )


def _fields(row: dict[str, Any], kind: str, names: Iterable[str]) -> dict[str, Any]:
    return {name: row[name if name in OF_PAGE else f"{kind}__{name}"] for name in names}


def _older_than(row: dict[str, Any]) -> datetime | None:
    original = original_words_of(row)
    return original.published if words_of(row).is_older_than(original) else None


def _lesson(row: dict[str, Any]) -> LessonLink:
    steps = list(row["lessonpage__steps"].raw_data)
    blocks = [block for step in steps for block in step["value"].get("learner") or []]
    text = json.dumps(steps, ensure_ascii=False)
    return LessonLink(
        path=row["path"],
        title=row["title"],
        slug=row["slug"],
        url=address_of(row["url_path"], row["locale__language_code"]),
        teaser=row["search_description"],
        minutes=row["lessonpage__minutes"],
        steps=tuple(short_id(step["id"]) for step in steps),
        kinds=frozenset(block["type"] for block in blocks),
        asks=sum(is_question(block) for block in blocks),
        size=weight_of(text),
        leaves=tuple(leaves_of(steps)),
        older_than=_older_than(row),
    )


def leaves_of(steps: list[dict[str, Any]]) -> list[int]:
    """On which leaf of the lesson's page each step stands."""
    learner = [step["value"].get("learner") or [] for step in steps]
    extra = [HELP_WEIGHS * sum(one["type"] == "referral" for one in blocks) for blocks in learner]
    texts = [words_in(step["value"]) for step in steps]
    return cut(texts, room=ROOM, first=LIST_WEIGHS * len(steps), extra=extra)
