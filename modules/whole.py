"""A module and its lessons as the pages of both need them: one query, remembered."""

import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone
from wagtail.models import Page

from districts.pages import address_of, is_restricted
from modules.items import is_question
from modules.models.module import lines_of
from safeguards import generation

OF_MODULE = (
    "version",
    "pass_mark",
    "referral_issue",
    "disclosure_title",
    "disclosure_steps",
    "disclosure_say",
    "disclosure_avoid",
    "review_due",
    "retire_on",
    "withdrawn_at",
)
FIELDS = (
    "path",
    "title",
    "slug",
    "url_path",
    "search_description",
    "locale__language_code",
    "restricted",
    "alias_of__modulepage__withdrawn_at",
    "lessonpage__minutes",
    "lessonpage__steps",
    *(f"modulepage__{name}" for name in OF_MODULE),
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
    disclosure: Mapping[str, Any]
    last_day: date | None
    withdrawn: bool
    lessons: tuple[LessonLink, ...]

    def is_offered(self, now: datetime | None = None) -> bool:
        """Neither withdrawn, here or at its source, nor past its day."""
        today = timezone.localdate(now)
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


def ends_after(day: date | None) -> datetime | None:
    """The first moment after this day; None for no day."""
    if day is None:
        return None
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))


def short_id(block_id: str) -> str:
    """Enough to tell the steps of one module apart on a device."""
    return block_id[:6]


def _read(path: str) -> Whole | None:
    first, last = Page._get_children_path_interval(path)
    below = Q(path__range=(first, last), depth=len(path) // Page.steplen + 1)
    pages = Page.objects.filter(Q(path=path) | below, live=True).order_by("path")
    rows = list(pages.annotate(restricted=is_restricted()).values(*FIELDS))
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
        disclosure={
            "title": module["modulepage__disclosure_title"],
            "steps": lines_of(module["modulepage__disclosure_steps"]),
            "say": lines_of(module["modulepage__disclosure_say"]),
            "avoid": lines_of(module["modulepage__disclosure_avoid"]),
        },
        last_day=min((day for day in days if day), default=None),
        withdrawn=any(module[name] is not None for name in withdrawn),
        lessons=tuple(
            _lesson(row)
            for row in lessons
            # Who may read a closed module may read what stands in it.
            if row["lessonpage__steps"] is not None
            and (module["restricted"] or not row["restricted"])
        ),
    )


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
        # What it weighs on its way to a phone: text travels packed.
        size=len(zlib.compress(text.encode())),
    )
