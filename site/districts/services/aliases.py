"""National pages in a district's tree: Wagtail aliases, made and taken away here only.

An index page type with `shares_children = True` shares what stands below it in the national tree.
A district that has the same index page (same type, same place, same language) shows an alias of
each page there. A source that is unpublished takes its aliases offline; a source that is deleted,
or moved out of the shared place, takes them away. Where the district has a page of its own at the
same place, that page stays, and what stands below the source is not shown there either.
"""

import logging
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, fields
from functools import cached_property
from uuid import UUID

from django.db import transaction
from django.db.models import F
from wagtail.models import Page, get_page_models

from districts.models import District
from safeguards import generation

logger = logging.getLogger(__name__)


@dataclass
class AliasesSynced:
    """What a pass changed, as numbers of pages."""

    created: int = 0
    refreshed: int = 0
    hidden: int = 0
    removed: int = 0

    def __bool__(self) -> bool:
        return any(vars(self).values())

    def add(self, other: "AliasesSynced") -> None:
        for field in fields(self):
            setattr(self, field.name, getattr(self, field.name) + getattr(other, field.name))


class SharedTree:
    """What the national office shares; read once for any number of districts."""

    @cached_property
    def indexes(self) -> dict[tuple[int, str], Page]:
        """(locale, path below the root) → an index page that shares its children."""
        models = sharing_models()
        return {
            (root.locale_id, index.url_path.removeprefix(root.url_path)): index
            for root in national_roots()
            for index in (
                Page.objects.descendant_of(root).type(*models).order_by("path") if models else ()
            )
        }

    @cached_property
    def sources(self) -> dict[int, list[Page]]:
        """Index page → the specific pages below it, parents before their children."""
        return {
            index.pk: list(Page.objects.descendant_of(index).order_by("path").specific())
            for index in self.indexes.values()
        }


def sharing_models() -> list[type[Page]]:
    return [model for model in get_page_models() if getattr(model, "shares_children", False)]


def national_roots() -> list[Page]:
    """The national office's root page in each language; empty before it is founded."""
    keys = District.objects.filter(level=District.Level.NASIONAL).values(
        "site__root_page__translation_key"
    )
    return list(Page.objects.filter(translation_key__in=keys, depth=2))


def is_shared(page: Page) -> bool:
    """Whether the districts show this page: it stands below a national index that shares."""
    if page.depth < 4 or page.alias_of_id:
        return False
    above = [page.path[: n * Page.steplen] for n in range(3, page.depth)]
    models = sharing_models()
    if not models or not Page.objects.filter(path__in=above).type(*models).exists():
        return False
    return any(page.path.startswith(root.path) for root in national_roots())


@transaction.atomic
def sync_aliases(district: District, shared: SharedTree | None = None) -> AliasesSynced:
    """Bring the district's aliases in line with the national tree; safe to repeat."""
    done = AliasesSynced()
    if district.is_national:
        return done
    # One pass per district at a time; else two workers make the same alias twice.
    District.objects.select_for_update().get(pk=district.pk)
    shared = shared or SharedTree()
    # A source's translation key → its aliases' key, so that languages stay joined.
    keys: dict[UUID, UUID] = {}
    for counterpart, index in _places(district, shared):
        _sync_place(counterpart, shared.sources[index.pk], keys, done)
    if done:
        generation.bump("national pages reached a district")
    return done


def sync_everywhere() -> AliasesSynced:
    """Sync every district, each in a transaction of its own.

    What fails in one is raised, all together, when the others have been reached.
    """
    total, shared, failed = AliasesSynced(), SharedTree(), []
    offices = District.objects.exclude(level=District.Level.NASIONAL)
    for district in offices.select_related("site__root_page"):
        try:
            total.add(sync_aliases(district, shared))
        except Exception as error:  # noqa: BLE001
            logger.exception("National pages did not reach %s", district.slug)
            failed.append(error)
    if failed:
        raise ExceptionGroup("National pages did not reach every district", failed)
    return total


def in_the_way(district: District) -> list[Page]:
    """The district's own unpublished pages that keep a national one from its readers."""
    if district.is_national:
        return []
    shared = SharedTree()
    hidden = {
        counterpart.url_path + path.removeprefix(index.url_path)
        for counterpart, index in _places(district, shared)
        for path in Page.objects.descendant_of(index).live().values_list("url_path", flat=True)
    }
    own = Page.objects.filter(url_path__in=hidden, live=False, alias_of__isnull=True)
    return list(own.order_by("path"))


@transaction.atomic
def remove_aliases(ids: list[int]) -> int:
    """Delete pages that were aliases of a source now deleted; returns how many.

    Wagtail has emptied `alias_of` by then. What somebody has since made a page of their own (it
    has a revision) stays.
    """
    orphans = Page.objects.filter(pk__in=ids, alias_of__isnull=True, latest_revision__isnull=True)
    paths = list(orphans.order_by("-depth").values_list("path", flat=True))
    for path in paths:
        Page.objects.get(path=path).delete()
    if paths:
        generation.bump("national pages deleted")
    return len(paths)


def _places(district: District, shared: SharedTree) -> Iterator[tuple[Page, Page]]:
    """The district's own index pages, each with the national one that it shows."""
    roots = Page.objects.filter(
        translation_key=district.site.root_page.translation_key, depth=2
    ).only("pk", "locale_id", "url_path")
    wanted = {
        root.url_path + path: index
        for root in roots
        for (locale_id, path), index in shared.indexes.items()
        if locale_id == root.locale_id
    }
    for page in Page.objects.filter(url_path__in=wanted, alias_of__isnull=True):
        if page.content_type_id == wanted[page.url_path].content_type_id:
            yield page, wanted[page.url_path]


def _sync_place(
    counterpart: Page, sources: list[Page], keys: dict[UUID, UUID], done: AliasesSynced
) -> None:
    below = Page.objects.descendant_of(counterpart)
    existing: dict[int, list[Page]] = defaultdict(list)
    for alias in below.filter(alias_of__isnull=False).order_by("path"):
        existing[alias.alias_of_id].append(alias)
    places = Places()
    parents = {source.path[: -Page.steplen]: counterpart for source in sources[:1]}
    for source in sources:
        alias = next(iter(existing.pop(source.pk, [])), None)
        parent = parents.get(source.path[: -Page.steplen])
        if alias is None and source.live and parent is not None:
            alias = _create(source, parent, places, keys)
            done.created += alias is not None
        elif alias is not None and alias.live and not source.live:
            alias.unpublish(log_action=None)
            done.hidden += 1
        elif alias is not None and source.live and _is_stale(alias, source):
            _refresh(source, alias)
            done.refreshed += 1
        if alias is not None:
            keys.setdefault(source.translation_key, alias.translation_key)
            parents[source.path] = alias
    # What is left has a source outside the shared place.
    for alias in sorted((a for found in existing.values() for a in found), key=lambda a: -a.depth):
        Page.objects.get(pk=alias.pk).delete()
        done.removed += 1


class Places:
    """Free places below pages, in order, and the slugs that are taken there: asked once a page."""

    def __init__(self) -> None:
        self._last: dict[str, str] = {}
        self._slugs: dict[str, set[str]] = {}

    def below(self, parent: Page, slug: str) -> str | None:
        """The path for a new child with this slug; None where a child has it already."""
        if parent.path not in self._last:
            # Whoever adds a page there in this instant waits, as with treebeard's own.
            Page.objects.select_for_update().get(pk=parent.pk)
            children = Page.objects.child_of(parent).order_by("path")
            taken = dict(children.values_list("path", "slug"))
            self._slugs[parent.path] = set(taken.values())
            self._last[parent.path] = max(taken, default="")
        if slug in self._slugs[parent.path]:
            return None
        last = self._last[parent.path]
        path = (
            Page(path=last, depth=parent.depth + 1)._inc_path()
            if last
            else Page._get_path(parent.path, parent.depth + 1, 1)
        )
        self._slugs[parent.path].add(slug)
        self._last[parent.path] = path
        return path


def _create(source: Page, parent: Page, places: Places, keys: dict[UUID, UUID]) -> Page | None:
    """The alias, in a place of its own below `parent`; None where the district has a page there.

    Its source was validated when it was published; to do so again for each district takes most of
    the time.
    """
    path = places.below(parent, source.slug)
    if path is None:
        return None
    place = (path, parent.depth + 1)
    alias = source.create_alias(parent=parent, log_action=None, _mpnode_attrs=place)
    Page.objects.filter(pk=parent.pk).update(numchild=F("numchild") + 1)
    key = keys.get(source.translation_key)
    if key is not None:
        Page.objects.filter(pk=alias.pk).update(translation_key=key)
        alias.translation_key = key
    return alias


def _is_stale(alias: Page, source: Page) -> bool:
    return not alias.live or alias.last_published_at != source.last_published_at


def _refresh(source: Page, alias: Page) -> None:
    """Let Wagtail copy the source to this one alias: all others count as done already."""
    others = Page.objects.filter(alias_of=source).exclude(pk=alias.pk)
    # Page's own method: a district page's hands the work to the background.
    Page.update_aliases(source, _updated_ids=list(others.values_list("pk", flat=True)))
