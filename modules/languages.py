"""In which languages a module exists, and which translation is older than its original.

The original is the page in the site's own language. A translation is old once its original was
published after it; nobody has to say so, and publishing the translation again settles it. A draft
that came out late is judged by when its words were written, and by which words it translates.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import OuterRef, Q, Subquery
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce
from django.utils.dateparse import parse_datetime
from wagtail.models import Page

from modules.models import LessonPage, ModulePage

ORIGINAL, CURRENT, OLD, DRAFT, MISSING = "asli", "sesuai", "lama", "draf", "belum"


# In a revision's content: when the words of the original were written that it translates.
TRANSLATES = "translates_words_of"


@dataclass(frozen=True)
class Words:
    """When the words that readers have were written and published, and any words first were."""

    written: datetime | None
    published: datetime | None
    first: datetime | None

    def is_older_than(self, original: "Words") -> bool:
        """Whether these, a translation's, may be of other words than the original's are now.

        Readers had other words of the original when these were written, unless it was published
        for the first time since: then both were drafts together.
        """
        if self.published is None or original.published is None:
            return False
        if self.published < original.published:
            return True
        if self.written is None:
            return False
        if original.written is not None and self.written < original.written:
            return True
        had_others = original.first is not None and original.first <= self.written
        return had_others and self.written < original.published


def words_columns(prefix: str = "") -> dict[str, Any]:
    """To annotate a query of pages with what `words_of` reads; an alias has its source's words."""
    source = f"{prefix}alias_of__live_revision__"
    own = f"{prefix}live_revision__"
    return {
        "words_at": Coalesce(f"{source}created_at", f"{own}created_at"),
        "words_translate": Coalesce(
            KeyTextTransform(TRANSLATES, f"{source}content"),
            KeyTextTransform(TRANSLATES, f"{own}content"),
        ),
    }


def original_columns() -> dict[str, Subquery]:
    """To annotate a query of pages with the words of the original of each translation."""
    originals = Page.objects.filter(
        translation_key=OuterRef("translation_key"),
        locale__language_code=settings.LANGUAGE_CODE,
        live=True,
    )
    rows = originals.exclude(pk=OuterRef("pk")).annotate(words_at=words_columns()["words_at"])
    return {
        "original_words_at": Subquery(rows.values("words_at")[:1]),
        "original_published": Subquery(rows.values("last_published_at")[:1]),
        "original_first": Subquery(rows.values("first_published_at")[:1]),
    }


WORDS = ("words_at", "words_translate", "last_published_at", "first_published_at")
ORIGINAL_WORDS = ("original_words_at", "original_published", "original_first")


def words_of(row: dict[str, Any]) -> Words:
    """Of a row with `WORDS`."""
    published = row["last_published_at"]
    told = (row["words_at"], parse_datetime(row["words_translate"] or ""), published)
    written = min((moment for moment in told if moment), default=None)
    return Words(written, published, row["first_published_at"])


def original_words_of(row: dict[str, Any]) -> Words:
    """Of the original, of a row with `ORIGINAL_WORDS`."""
    written, published, first = (row[name] for name in ORIGINAL_WORDS)
    told = min((moment for moment in (written, published) if moment), default=None)
    return Words(told, published, first)


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
    names = ("pk", "title", "slug", "path", "live", "translation_key", "locale__language_code")
    return pages.order_by("path").annotate(**words_columns()).values(*names, *WORDS)


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
    return original["live"] and words_of(page).is_older_than(words_of(original))


def _with(page: dict[str, Any], language: str, state: str, lessons: int, of: int) -> Version:
    return Version(language, state, page["pk"], page["last_published_at"], lessons, of)
