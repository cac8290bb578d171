"""What a module says, as one digest: a signature counts for the words it was given for.

Ids of blocks, the marks of the admin's editor and fields left empty are no words. Neither is the
order of the lessons: a district's aliases may stand in another one.
"""

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Q, QuerySet
from wagtail.models import Page, Revision

from modules.editor_marks import closed_up, without_marks
from modules.models import Edition, LessonPage, ModulePage
from modules.models.module import FIRST_CARD, SECOND_CARD

# What a specialist reads of the module itself; days, version, licence and drawing are no text.
OF_MODULE = (
    *("title", "search_description", "age_from", "age_to", "minutes", "needs"),
    *("issue_codes", "violence_codes", "regulation_codes", "referral_issue"),
    *("objectives", "materials", "preparation", "safeguarding"),
    *FIRST_CARD,
    *SECOND_CARD,
    *("variants", "take_home_title", "take_home", "take_home_may_be_withheld"),
    *("survey", "pass_mark", "sources", "glossary"),
)
OF_LESSON = ("title", "search_description", "minutes", "steps")
_SPACE = re.compile(r"\s+")


def digest_of(module: Mapping[str, Any], lessons: Iterable[Mapping[str, Any]]) -> str:
    """Of `OF_MODULE` and, for each lesson, `OF_LESSON`, as Python values."""
    told = [_digest({name: module[name] for name in OF_MODULE if _is_told(name, module[name])})]
    told += sorted(_digest({name: one[name] for name in OF_LESSON}) for one in lessons)
    return hashlib.sha256("".join(told).encode()).hexdigest()


def published_digest(page: ModulePage) -> str:
    """Of the module at this page, an alias or not, with the lessons that readers find below it."""
    return published_digests([page])[page.pk]


def published_digests(pages: Iterable[ModulePage]) -> dict[int, str]:
    """By page; one query for all their lessons."""
    pages, lessons = list(pages), defaultdict(list)
    for row in _lessons_below(pages).filter(live=True).values("path", *OF_LESSON):
        lessons[row["path"][: -Page.steplen]].append(row)
    return {page.pk: digest_of(fields_of(page, OF_MODULE), lessons[page.path]) for page in pages}


def draft_digest(page: ModulePage) -> str:
    """Of the module as it was last saved, with all its lessons as they were last saved."""
    return draft_digests([page])[page.pk]


def draft_digests(pages: Iterable[ModulePage]) -> dict[int, str]:
    """By page, no alias; one query for what was saved of them, one for all their lessons."""
    pages, lessons = list(pages), defaultdict(list)
    saved = Revision.objects.in_bulk([page.latest_revision_id for page in pages])
    for lesson in _lessons_below(pages).select_related("latest_revision"):
        words = _as_saved(lesson, lesson.latest_revision, OF_LESSON)
        lessons[lesson.path[: -Page.steplen]].append(words)
    return {
        page.pk: digest_of(
            _as_saved(page, saved.get(page.latest_revision_id), OF_MODULE), lessons[page.path]
        )
        for page in pages
    }


def frozen_digest(edition: Edition) -> str:
    """Of the newest published version of the module that says what the edition says."""
    lessons = edition.content["lessons"]
    saved = Revision.objects.in_bulk([one["revision"] for one in lessons])
    told = [_as_saved(_lesson_of(one), saved.get(one["revision"]), OF_LESSON) for one in lessons]
    return digest_of(_as_saved(edition.page, edition.revision, OF_MODULE), told)


def _lesson_of(kept: Mapping[str, Any]) -> LessonPage:
    return LessonPage(title=kept["title"], minutes=kept["minutes"], steps=kept["steps"])


def _lessons_below(pages: Iterable[ModulePage]) -> QuerySet:
    """Of all these modules, in one query; of none, without any."""
    below = Q(pk__in=[])
    for page in pages:
        below |= Q(path__startswith=page.path, depth=page.depth + 1)
    return LessonPage.objects.filter(below)


def _as_saved(page: Page, revision: Revision | None, names: Iterable[str]) -> dict[str, Any]:
    """Read field by field: a whole page made of a revision asks for all it points to."""
    if revision is None:
        return fields_of(page, names)
    told = {name: revision.content[name] for name in names if name in revision.content}
    fields = {name: page._meta.get_field(name).to_python(value) for name, value in told.items()}
    return fields_of(type(page)(**fields), names)


def fields_of(page: Page, names: Iterable[str]) -> dict[str, Any]:
    return {name: getattr(page, name) for name in names}


def _digest(fields: Mapping[str, Any]) -> str:
    words = {name: _words(_raw(value)) for name, value in fields.items()}
    return hashlib.sha256(json.dumps(words, sort_keys=True).encode()).hexdigest()


def _is_told(name: str, value: Any) -> bool:
    """A card that is not there is no word: modules were signed before there was room for two."""
    return name not in SECOND_CARD or _says_something(value)


def _raw(value: Any) -> Any:
    """A StreamField's value as plain lists."""
    return list(value.raw_data) if hasattr(value, "raw_data") else value


def _words(value: Any) -> Any:
    if isinstance(value, Mapping):
        if value.get("type") == "item" and "value" in value:
            return _words(value["value"])
        kept = {name: _words(one) for name, one in value.items() if name != "id"}
        return {name: one for name, one in kept.items() if _says_something(one)}
    if isinstance(value, list | tuple):
        return [_words(one) for one in value]
    if isinstance(value, str):
        return closed_up(_SPACE.sub(" ", without_marks(value))).strip()
    return value


def _says_something(value: Any) -> bool:
    return value is not None and value is not False and value not in ("", [], {})
