"""Puts modules into the page tree: safe to repeat, and what the office has edited stays.

A revision that is written here carries a digest of what the files said (`MARK`). As long as the
newest revision says the same as the last marked one, nobody has edited the page and new files may
replace it; else the page is left alone and the difference told.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import Page, Revision

from districts.models import District, Regulation, Term
from modules.loading.comparing import difference, digest, told, told_by
from modules.loading.faults import Fault, Faulty
from modules.loading.folder import MODULE_FILE, ModuleText
from modules.loading.sense import Codes
from modules.loading.stream import lesson_values, module_values
from modules.models import LessonPage, ModuleIndexPage, ModulePage
from modules.models.module import EXTREMISM

MARK = "as_the_files_said"


class State(StrEnum):
    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    # The office has edited it: left alone.
    EDITED = "edited"
    # A lesson that no file tells any more: left alone.
    GONE = "gone"


@dataclass(frozen=True)
class Loaded:
    """What became of one page; `difference` is a unified diff where the office edited it."""

    page: Page
    name: str
    state: State
    difference: str = ""


class NoShelf(Exception):
    """There is no page under which modules stand."""


def codes_in_use() -> Codes:
    """The codes that a module may name, by vocabulary; two queries."""
    codes: dict[str, list[str]] = {"regulation": []}
    terms = Term.objects.filter(active=True, vocabulary__is_current=True)
    for vocabulary, code in terms.order_by("position").values_list("vocabulary__code", "code"):
        codes.setdefault(vocabulary, []).append(code)
    codes["regulation"] += Regulation.objects.order_by("code").values_list("code", flat=True)
    return codes


def shelf_for(language: str) -> ModuleIndexPage:
    """The national shelf in this language, or the only one of a site without offices.

    Raises NoShelf.
    """
    shelves = ModuleIndexPage.objects.filter(alias_of__isnull=True).select_related("locale")
    national = District.objects.filter(level=District.Level.NASIONAL).select_related("site").first()
    if national is not None:
        key = Page.objects.get(pk=national.site.root_page_id).translation_key
        roots = Page.objects.filter(translation_key=key, depth=2)
        found = [shelf for shelf in shelves for root in roots if shelf.path.startswith(root.path)]
    else:
        found = list(shelves)
    spoken = [shelf for shelf in found if shelf.locale.language_code == language]
    chosen = spoken or (found if len(found) == 1 else [])
    if not chosen:
        raise NoShelf(language)
    return chosen[0]


@transaction.atomic
def load_module(
    *, text: ModuleText, parent: ModuleIndexPage, unreviewed: bool = False
) -> list[Loaded]:
    """Create or update the module and its lessons; the module stands first in what is returned.

    A module on extremism stays a draft until a moderator approves it, unless `unreviewed` lets it
    out: for a demo. Raises Faulty where another page has the module's address.
    """
    publish = unreviewed or EXTREMISM not in text.module["issues"]
    module = _bring(parent, ModulePage, text.slug, module_values(text), text, publish)
    done = [module]
    for name in text.lessons:
        values = lesson_values(text, name)
        done.append(_bring(module.page, LessonPage, name, values, text, publish))
    gone = LessonPage.objects.child_of(module.page).exclude(slug__in=text.lessons)
    done += [
        Loaded(page, f"{text.slug}/{page.slug}", State.GONE) for page in gone if _last_mark(page)
    ]
    return done


def _bring(
    parent: Page,
    model: type[Page],
    slug: str,
    values: Mapping[str, Any],
    text: ModuleText,
    publish: bool,
) -> Loaded:
    name = slug if model is ModulePage else f"{text.slug}/{slug}"
    wanted = told(model(**values), values)
    page = model.objects.child_of(parent).filter(slug=slug).first()
    if page is None:
        page = _create(parent, model, slug, values, text)
        revision = _write(page, wanted)
        state = State.CREATED
    else:
        revision = page.latest_revision
        now = told_by(revision.content, values) if revision else told(page, values)
        if now == wanted:
            state = State.UNCHANGED
        elif digest(now) != _last_mark(page):
            return Loaded(page, name, State.EDITED, difference(wanted, now, name=name))
        else:
            draft = page.get_latest_revision_as_object()
            # A revision remembers what it was then; a withdrawal since stays.
            for field, value in {**values, **_standing(page)}.items():
                setattr(draft, field, value)
            revision = _write(draft, wanted)
            state = State.UPDATED
    never_out = not page.live and page.first_published_at is None
    # What the office took offline stays offline.
    if publish and revision and (never_out or (page.live and state is State.UPDATED)):
        revision.publish()
    page.refresh_from_db()
    return Loaded(page, name, state)


def _create(
    parent: Page, model: type[Page], slug: str, values: Mapping[str, Any], text: ModuleText
) -> Page:
    # A fresh parent: treebeard counts children on the instance.
    parent = Page.objects.get(pk=parent.pk)
    if parent.get_children().filter(slug=slug).exists():
        said = _("Another page has the address “%(slug)s” already. Rename the folder or the page.")
        fault = Fault(f"{text.slug}/{MODULE_FILE}", 0, said % {"slug": slug})
        raise Faulty([fault])
    page = model(slug=slug, locale=parent.locale, live=False, **values)
    parent.add_child(instance=page)
    return page


def _standing(page: Page) -> dict[str, Any]:
    return {"withdrawn_at": page.withdrawn_at} if isinstance(page, ModulePage) else {}


def _write(page: Page, wanted: Mapping[str, Any]) -> Revision:
    """A revision of nobody's that remembers what the files said."""
    revision = page.save_revision()
    revision.content[MARK] = digest(wanted)
    Revision.objects.filter(pk=revision.pk).update(content=revision.content)
    return revision


def _last_mark(page: Page) -> str:
    marked = Revision.objects.for_instance(page).filter(content__has_key=MARK)
    newest = marked.order_by("-created_at", "-pk").first()
    return newest.content[MARK] if newest else ""
