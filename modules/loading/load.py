"""Puts modules into the page tree: safe to repeat, and what the office has edited stays.

A revision that is written here carries a digest of what the files said (`MARK`). As long as the
newest revision says the same as the last marked one, nobody has edited the page and new files may
replace it; else the page is left alone and the difference told.

A translation stands below the same shelf in its language, under the original's translation keys,
and after it: so it counts as up to date until the original is published again. Where the office has
edited the original, the files translate what is no longer said: then they are written as drafts.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Locale, Page, Revision

from districts.models import District, Regulation, Term
from modules.as_files_said import MARK, digest, told_by
from modules.languages import TRANSLATES
from modules.loading.comparing import difference, same_words, told
from modules.loading.faults import Fault, Faulty
from modules.loading.folder import MODULE_FILE, ModuleText
from modules.loading.sense import Codes
from modules.loading.stream import lesson_values, module_values
from modules.models import LessonPage, ModuleIndexPage, ModulePage
from modules.models.module import EXTREMISM
from modules.services.forgetting import NOBODY
from modules.services.signing import carry, is_forgotten


class State(StrEnum):
    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    # The office has edited it: left alone.
    EDITED = "edited"
    # A lesson that no file tells any more: left alone.
    GONE = "gone"
    # A translation for which there is no shelf: nobody reads the site in this language.
    NO_SHELF = "no shelf"
    # A translation into a language that nobody here can review: it stays a draft in its files.
    DRAFT = "draft"


@dataclass(frozen=True)
class Loaded:
    """What became of one page; `difference` is a unified diff where the office edited it.

    `waits`: a translation that is written as a draft, because the office edited its original.
    """

    page: Page
    name: str
    state: State
    difference: str = ""
    waits: bool = False


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
def load_whole(
    *, text: ModuleText, translations: Iterable[ModuleText] = (), unreviewed: bool = False
) -> list[Loaded]:
    """The module beneath the shelf of its language, then its translations; see `load_module`.

    Raises NoShelf where the original has none.
    """
    done = load_module(text=text, parent=shelf_for(text.language), unreviewed=unreviewed)
    original, edited = done[0].page, any(one.state is State.EDITED for one in done)
    for translation in translations:
        done += load_translation(
            text=translation, original=original, unreviewed=unreviewed, edited=edited
        )
    return done


@transaction.atomic
def load_module(
    *, text: ModuleText, parent: ModuleIndexPage, unreviewed: bool = False
) -> list[Loaded]:
    """Create or update the module and its lessons; the module stands first in what is returned.

    A module on extremism stays a draft until a moderator approves it, unless `unreviewed` lets it
    out: for a demo. Raises Faulty where another page has the module's address.
    """
    known = ModulePage.objects.child_of(parent).filter(slug=text.slug).first()
    return _Loader(text, unreviewed or not _asks_for_two(text, known)).load(parent)


@transaction.atomic
def load_translation(
    *, text: ModuleText, original: ModulePage, unreviewed: bool = False, edited: bool = False
) -> list[Loaded]:
    """As `load_module`, as a translation of `original`; nothing where its language has no shelf.

    What readers do not have in the original, they do not have in another language either. Where the
    office has `edited` the original, somebody has to read both before the translation is published.
    """
    name = f"{text.slug}/{text.language}"
    locale = Locale.objects.filter(language_code=text.language).first()
    if locale is None:
        return [Loaded(original, name, State.DRAFT)]
    shelf = original.get_parent().get_translation_or_none(locale)
    if shelf is None:
        return [Loaded(original, name, State.NO_SHELF)]
    known = ModulePage.objects.child_of(shelf)
    known = known.filter(translation_key=original.translation_key).first()
    publish = unreviewed or not _asks_for_two(text, known, original)
    offered = original.live and original.withdrawn_at is None
    done = _Loader(text, publish and offered and not edited, original).load(shelf.specific)
    written = (State.CREATED, State.UPDATED)
    waiting = [replace(one, waits=edited and one.state in written) for one in done]
    for one in waiting:
        if one.waits:
            _say_what_it_translates(one.page)
    return waiting


def _asks_for_two(text: ModuleText, *pages: ModulePage | None) -> bool:
    """Whether the files are about what a moderator approves, or a page of theirs was until now.

    Files that take the mark away from a page go out no sooner than those that bring it.
    """
    asked = any(page is not None and page.approver_roles() is not None for page in pages)
    return asked or EXTREMISM in text.module["issues"]


@dataclass(frozen=True)
class _Loader:
    """Writes the pages of one module in one language."""

    text: ModuleText
    publish: bool
    original: ModulePage | None = None

    @property
    def name(self) -> str:
        return f"{self.text.slug}/{self.text.language}" if self.original else self.text.slug

    def load(self, parent: Page) -> list[Loaded]:
        text, originals = self.text, self._lessons_of_original()
        module = self._bring(
            parent, ModulePage, text.slug, module_values(text), self.name, self.original
        )
        done = [module]
        for name in text.lessons:
            values, place = lesson_values(text, name), f"{self.name}/{name}"
            original = originals.get(name)
            done.append(self._bring(module.page, LessonPage, name, values, place, original))
        kept = [one.page.pk for one in done]
        others = LessonPage.objects.child_of(module.page).exclude(pk__in=kept)
        # Whoever signed the files read these words, and no others.
        if not others and all(one.state is not State.EDITED for one in done):
            carry(page=module.page, now=timezone.now())
        for page in others:
            if _last_mark(page):
                done.append(Loaded(page, f"{self.name}/{page.slug}", State.GONE))
        return done

    def _lessons_of_original(self) -> dict[str, LessonPage]:
        if self.original is None:
            return {}
        return {page.slug: page for page in LessonPage.objects.child_of(self.original)}

    def _bring(
        self,
        parent: Page,
        model: type[Page],
        slug: str,
        values: Mapping[str, Any],
        name: str,
        original: Page | None,
    ) -> Loaded:
        same = {"translation_key": original.translation_key} if original else {"slug": slug}
        page = model.objects.child_of(parent).filter(**same).first()
        if isinstance(page, ModulePage) and is_forgotten(page, values["reviewed_on"]):
            values = {**values, **NOBODY}
        wanted = told(model(**values), values)
        if page is None:
            page = self._create(parent, model(**{"slug": slug} | same, **values))
            revision = _write(page, wanted)
            state = State.CREATED
        else:
            revision = page.latest_revision
            now = told_by(revision.content, values) if revision else told(page, values)
            if now == wanted or same_words(now, wanted):
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
        if self.publish and revision and (never_out or (page.live and state is State.UPDATED)):
            revision.publish()
        page.refresh_from_db()
        return Loaded(page, name, state)

    def _create(self, parent: Page, page: Page) -> Page:
        # A fresh parent: treebeard counts children on the instance.
        parent = Page.objects.get(pk=parent.pk)
        if parent.get_children().filter(slug=page.slug).exists():
            said = _(
                "Another page has the address “%(slug)s” already. Rename the folder or the page."
            )
            raise Faulty([Fault(f"{self.name}/{MODULE_FILE}", 0, said % {"slug": page.slug})])
        page.locale, page.live = parent.locale, False
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


def _say_what_it_translates(page: Page) -> None:
    """Of a draft that waits: the words that the original had before the office edited it.

    Published as it is, it says other things than the original; whoever saves it has read both.
    """
    same = {"translation_key": page.translation_key, "alias_of__isnull": True}
    original = Page.objects.filter(**same, locale__language_code=settings.LANGUAGE_CODE).first()
    of_files = _last_marked(original) if original is not None else None
    if of_files is not None:
        revision = page.latest_revision
        revision.content[TRANSLATES] = of_files.created_at.isoformat()
        Revision.objects.filter(pk=revision.pk).update(content=revision.content)


def _last_marked(page: Page) -> Revision | None:
    marked = Revision.objects.for_instance(page).filter(content__has_key=MARK)
    return marked.order_by("-created_at", "-pk").first()


def _last_mark(page: Page) -> str:
    newest = _last_marked(page)
    return newest.content[MARK] if newest else ""
