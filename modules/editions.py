"""Freezes a module as it is published, and reads what was frozen."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils import timezone

from modules.blocks.ids import twice
from modules.items import Item, is_question, item_of, numbered, survey_item
from modules.models import Edition, LessonPage, ModulePage
from modules.models.module import Card

# Where an edition keeps the cards for whoever somebody confides in.
OF_CARDS = ("disclosure", "second_disclosure")


class NothingToTeach(Exception):
    """The page is not published, has no lesson that is, or one id stands twice in them."""


@dataclass(frozen=True)
class Step:
    """A step of a lesson. `learner` is raw StreamField data; draw it with `modules.drawing`."""

    id: str
    title: str
    minutes: int
    guide: str
    say: str
    learner: tuple[dict[str, Any], ...]

    @property
    def items(self) -> list[UUID]:
        return [UUID(block["id"]) for block in self.learner if is_question(block)]


@dataclass(frozen=True)
class Lesson:
    title: str
    minutes: int
    steps: tuple[Step, ...]

    @cached_property
    def items(self) -> frozenset[UUID]:
        return frozenset(item for step in self.steps for item in step.items)


@dataclass(frozen=True)
class Frozen:
    """What an edition holds, ready to use. `items` has the questions of all steps by id."""

    id: int
    title: str
    version: str
    language: str
    slug: str
    pass_mark: int
    referral_issue: str
    disclosures: tuple[Card, ...]
    survey: tuple[Item, ...]
    lessons: tuple[Lesson, ...]
    items: Mapping[UUID, Item]

    @cached_property
    def numbers(self) -> dict[UUID, int]:
        """Through all lessons, so that a session of one lesson has those of the whole module."""
        return numbered(self.items.values())

    @cached_property
    def survey_numbers(self) -> dict[UUID, int]:
        return numbered(self.survey)


def freeze(page: ModulePage) -> dict[str, Any]:
    """The content of a module and its live lessons as JSON:

    {"module": {title, slug, version, language, pass_mark, referral_issue, disclosure,
    and second_disclosure where there is one},
    "survey": raw blocks, "lessons": [{id, revision, title, minutes, steps: raw blocks}]}
    """
    lessons = LessonPage.objects.child_of(page).live().order_by("path")
    card, *second = page.disclosures
    return {
        "module": {
            "title": page.title,
            "slug": page.slug,
            "version": page.version,
            "language": page.locale.language_code,
            "pass_mark": page.pass_mark,
            "referral_issue": page.referral_issue,
            "disclosure": card,
            **({"second_disclosure": second[0]} if second else {}),
        },
        "survey": list(page.survey.get_prep_value()),
        "lessons": [
            {
                "id": lesson.pk,
                "revision": lesson.live_revision_id,
                "title": lesson.title,
                "minutes": lesson.minutes,
                "steps": list(lesson.steps.get_prep_value()),
            }
            for lesson in lessons
        ],
    }


def edition_of(page: ModulePage) -> Edition:
    """The edition of the module as it is published now; the same content is the same row.

    Takes an alias for its source. Raises NothingToTeach.
    """
    # As it is stored: a page in memory may be changed, and blocks that were looked at get new ids.
    source = ModulePage.objects.select_related("locale").get(pk=page.source_id)
    if not source.live or source.live_revision_id is None:
        raise NothingToTeach(source.pk)
    content = freeze(source)
    steps = [step for lesson in content["lessons"] for step in lesson["steps"]]
    if not content["lessons"] or twice(steps, set()):
        raise NothingToTeach(source.pk)
    told, digest = _told(content)
    known = Edition.objects.filter(page=source, digest=digest).first()
    if known is not None:
        return _brought_up(known, source)
    with transaction.atomic():
        edition, _created = Edition.objects.get_or_create(
            page=source,
            digest=digest,
            defaults={
                "revision_id": source.live_revision_id,
                "version": source.version,
                "title": source.title,
                "content": json.loads(told),
                "created_at": timezone.now(),
            },
        )
    return edition


def bring_up(page_id: int) -> None:
    """Let the edition of what a module says now lead to the version that is published now."""
    source = ModulePage.objects.select_related("locale").filter(pk=page_id, live=True).first()
    if source is None or source.live_revision_id is None or not source.editions.exists():
        return
    known = source.editions.filter(digest=_told(freeze(source))[1]).first()
    if known is not None:
        _brought_up(known, source)


def _brought_up(edition: Edition, source: ModulePage) -> Edition:
    """What an edition does not hold stands in the newest version that froze to it."""
    if edition.revision_id != source.live_revision_id:
        edition.revision_id = source.live_revision_id
        edition.save(update_fields=["revision"])
    return edition


def is_as_published(edition: Edition, page: ModulePage) -> bool:
    """Whether the module still says what the edition froze."""
    return page.live and _told(freeze(page))[1] == edition.digest


def _told(content: dict[str, Any]) -> tuple[str, str]:
    """The content as JSON, and its digest."""
    told = json.dumps(content, sort_keys=True, cls=DjangoJSONEncoder)
    return told, hashlib.sha256(told.encode()).hexdigest()


def frozen(edition_id: int) -> Frozen:
    """The edition ready to use; an edition never changes, so each process reads it once."""
    return _frozen(edition_id)


def forget() -> None:
    """Read editions anew: for tests, whose databases give the same number to others."""
    _frozen.cache_clear()


@lru_cache(maxsize=64)
def _frozen(edition_id: int) -> Frozen:
    content = Edition.objects.values_list("content", flat=True).get(pk=edition_id)
    return thaw(edition_id, content)


def thaw(edition_id: int, content: dict[str, Any]) -> Frozen:
    """`content` as `freeze` wrote it; for a page that nobody froze, `edition_id` is 0."""
    module = content["module"]
    lessons = tuple(
        Lesson(
            title=lesson["title"],
            minutes=lesson["minutes"],
            steps=tuple(_step(block) for block in lesson["steps"]),
        )
        for lesson in content["lessons"]
    )
    items = {
        UUID(block["id"]): item_of(block)
        for lesson in lessons
        for step in lesson.steps
        for block in step.learner
        if is_question(block)
    }
    return Frozen(
        id=edition_id,
        title=module["title"],
        version=module["version"],
        language=module["language"],
        slug=module["slug"],
        pass_mark=module["pass_mark"],
        referral_issue=module["referral_issue"],
        disclosures=tuple(module[name] for name in OF_CARDS if name in module),
        survey=tuple(survey_item(block) for block in content["survey"]),
        lessons=lessons,
        items=items,
    )


def _step(block: dict[str, Any]) -> Step:
    value = block["value"]
    return Step(
        id=block["id"],
        title=value["title"],
        minutes=value["minutes"],
        guide=value.get("guide") or "",
        say=value.get("say") or "",
        learner=tuple(value.get("learner") or ()),
    )
