"""In which languages a module exists, and which translation is older than its original.

The original is the page in the site's own language. A translation is old once its original was
published after it; nobody has to say so, and publishing the translation again settles it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import OuterRef, Q, Subquery
from wagtail.models import Page

from modules.models import LessonPage, ModulePage

ORIGINAL, CURRENT, OLD, DRAFT, MISSING = "asli", "sesuai", "lama", "draf", "belum"


def original_published() -> Subquery:
    """For a query of pages: when the original of a translation was published; None for others."""
    originals = Page.objects.filter(
        translation_key=OuterRef("translation_key"),
        locale__language_code=settings.LANGUAGE_CODE,
        live=True,
    )
    return Subquery(originals.exclude(pk=OuterRef("pk")).values("last_published_at")[:1])


def is_older(published: datetime | None, original: datetime | None) -> bool:
    """Whether a translation was published before its original was, the last time."""
    return published is not None and original is not None and published < original


@dataclass(frozen=True)
class Version:
    """A module in one language. `lessons` of `of` are translated and up to date."""

    language: str
    state: str
    page_id: int | None = None
    published: datetime | None = None
    lessons: int = 0
    of: int = 0


@dataclass(frozen=True)
class Told:
    """A module with its versions in the order of the languages asked for."""

    title: str
    versions: Sequence[Version]
    slug: str = ""


@dataclass
class _Family:
    """Pages that are translations of each other by language, each with its lessons by key."""

    pages: dict[str, dict[str, Any]] = field(default_factory=dict)
    lessons: dict[str, dict[UUID, dict[str, Any]]] = field(default_factory=dict)


def languages_of(keys: Sequence[UUID], within: Q, languages: Sequence[str]) -> list[Told]:
    """What exists of these modules in these languages; two queries, however many there are."""
    families = {key: _Family() for key in keys}
    at = {}
    modules = ModulePage.objects.filter(within, translation_key__in=keys, alias_of__isnull=True)
    for row in _rows(modules):
        families[row["translation_key"]].pages[row["locale__language_code"]] = row
        at[row["path"]] = families[row["translation_key"]]
    # By their paths: the lessons of some few modules are few.
    below = Q(pk__in=[])
    for path in at:
        below |= Q(path__startswith=path)
    for row in _rows(LessonPage.objects.filter(below)):
        found = at[row["path"][: -Page.steplen]].lessons
        found.setdefault(row["locale__language_code"], {})[row["translation_key"]] = row
    return [_told(families[key], languages) for key in keys]


def _rows(pages: Any) -> Iterable[dict[str, Any]]:
    names = ("pk", "title", "slug", "path", "live", "last_published_at", "translation_key")
    return pages.order_by("path").values(*names, "locale__language_code")


def _told(family: _Family, languages: Sequence[str]) -> Told:
    own = family.pages.get(settings.LANGUAGE_CODE)
    first = own or next(iter(family.pages.values()))
    versions = [_version(family, language) for language in languages]
    return Told(first["title"], versions, first["slug"])


def _version(family: _Family, language: str) -> Version:
    page = family.pages.get(language)
    if page is None:
        return Version(language, MISSING)
    original = family.pages.get(settings.LANGUAGE_CODE)
    lessons = family.lessons.get(language, {})
    if original is None or original is page:
        state = ORIGINAL if page["live"] else DRAFT
        done = sum(lesson["live"] for lesson in lessons.values())
        return _with(page, language, state, done, len(lessons))
    wanted = [one for one in _of_original(family) if one["live"]]
    kept = [lessons.get(one["translation_key"]) for one in wanted]
    done = sum(
        here is not None and here["live"] and not _is_old(here, one)
        for here, one in zip(kept, wanted, strict=True)
    )
    old = _is_old(page, original) or any(
        here is not None and here["live"] and _is_old(here, one)
        for here, one in zip(kept, wanted, strict=True)
    )
    state = DRAFT if not page["live"] else OLD if old else CURRENT
    return _with(page, language, state, done, len(wanted))


def _of_original(family: _Family) -> Iterable[dict[str, Any]]:
    return family.lessons.get(settings.LANGUAGE_CODE, {}).values()


def _is_old(page: dict[str, Any], original: dict[str, Any]) -> bool:
    return original["live"] and is_older(page["last_published_at"], original["last_published_at"])


def _with(page: dict[str, Any], language: str, state: str, lessons: int, of: int) -> Version:
    return Version(language, state, page["pk"], page["last_published_at"], lessons, of)
