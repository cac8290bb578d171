"""National pages in a district's tree: Wagtail aliases, made and taken away here only.

An index page type with `shares_children = True` shares what stands below it in the national tree.
A district that has the same index page (same type, same place, same language) shows an alias of
each such page. A source that is unpublished takes its aliases offline; a source that is deleted,
or moved out of the shared place, takes them away.
"""

from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Q
from wagtail.models import Page, get_page_models

from districts.models import District
from safeguards import generation


@dataclass
class AliasesSynced:
    """What one pass changed in a district's tree, as numbers of pages."""

    created: int = 0
    refreshed: int = 0
    hidden: int = 0
    removed: int = 0

    def __bool__(self) -> bool:
        return bool(self.created or self.refreshed or self.hidden or self.removed)


@dataclass
class _Place:
    """A shared national index page, the district's counterpart, and the pages below the former."""

    counterpart: Page
    sources: list[Page] = field(default_factory=list)


def national_roots() -> list[Page]:
    """The national office's root page in each language; empty before it is founded."""
    keys = District.objects.filter(level=District.Level.NASIONAL).values(
        "site__root_page__translation_key"
    )
    return list(Page.objects.filter(translation_key__in=keys, depth=2).select_related("locale"))


def is_shared(page: Page) -> bool:
    """Whether the districts show this page: it stands below a national index that shares."""
    if page.depth < 4 or page.alias_of_id:
        return False
    if not any(page.path.startswith(root.path) for root in national_roots()):
        return False
    return any(
        index.path != page.path and page.path.startswith(index.path)
        for index in _sharing_indexes(page.path[: 2 * Page.steplen])
    )


@transaction.atomic
def sync_aliases(district: District) -> AliasesSynced:
    """Bring the district's aliases in line with the national tree; safe to repeat."""
    done = AliasesSynced()
    if district.is_national:
        return done
    places = _places(district)
    keys: dict = {}
    for place in places:
        _sync_place(place, keys, done)
    if done:
        generation.bump("national pages reached a district")
    return done


def sync_everywhere() -> AliasesSynced:
    """Sync every district, each in a transaction of its own."""
    total = AliasesSynced()
    offices = District.objects.exclude(level=District.Level.NASIONAL)
    for district in offices.select_related("site__root_page"):
        done = sync_aliases(district)
        for name in vars(total):
            setattr(total, name, getattr(total, name) + getattr(done, name))
    return total


@transaction.atomic
def remove_aliases(ids: list[int]) -> int:
    """Delete pages that were aliases of a source now deleted; returns how many.

    Wagtail has emptied `alias_of` by then. What somebody has since made a page of their own (it
    has a revision) stays.
    """
    removed = 0
    for page in Page.objects.filter(
        pk__in=ids, alias_of__isnull=True, latest_revision__isnull=True
    ).order_by("-depth"):
        page.delete()
        removed += 1
    if removed:
        generation.bump("national pages deleted")
    return removed


def _sharing_indexes(root_path: str):
    """The pages below a root whose type shares its children."""
    models = [model for model in get_page_models() if getattr(model, "shares_children", False)]
    return Page.objects.filter(path__startswith=root_path).type(*models) if models else []


def _places(district: District) -> list[_Place]:
    own_roots = {
        root.locale_id: root
        for root in Page.objects.filter(
            translation_key=district.site.root_page.translation_key, depth=2
        )
    }
    places = []
    for root in national_roots():
        own = own_roots.get(root.locale_id)
        if own is None:
            continue
        for index in _sharing_indexes(root.path):
            counterpart = Page.objects.filter(
                url_path=own.url_path + index.url_path.removeprefix(root.url_path),
                content_type_id=index.content_type_id,
                alias_of__isnull=True,
            ).first()
            if counterpart is not None:
                sources = Page.objects.descendant_of(index).order_by("path").specific()
                places.append(_Place(counterpart, list(sources)))
    return places


def _sync_place(place: _Place, keys: dict, done: AliasesSynced) -> None:
    """`keys` maps a source's translation key to its aliases', so that languages stay joined."""
    existing = {
        alias.alias_of_id: alias
        for alias in Page.objects.descendant_of(place.counterpart)
        .filter(alias_of__isnull=False)
        .specific()
    }
    parents: dict[str, Page] = {}
    wanted = set()
    for source in place.sources:
        wanted.add(source.pk)
        alias = existing.get(source.pk)
        if alias is None and source.live:
            parent = parents.get(source.path[: -Page.steplen], place.counterpart)
            alias = _create(source, parent, keys)
            done.created += 1
        elif alias is not None and alias.live and not source.live:
            alias.unpublish(log_action=None)
            done.hidden += 1
        elif alias is not None and source.live and _is_stale(alias, source):
            _refresh(source, alias)
            done.refreshed += 1
        if alias is not None:
            keys.setdefault(source.translation_key, alias.translation_key)
            parents[source.path] = alias
    gone = [alias for pk, alias in existing.items() if pk not in wanted]
    for alias in sorted(gone, key=lambda page: -page.depth):
        Page.objects.get(pk=alias.pk).delete()
        done.removed += 1


def _create(source: Page, parent: Page, keys: dict) -> Page:
    # A fresh copy: treebeard counts children on the instance.
    alias = source.create_alias(parent=Page.objects.get(pk=parent.pk), log_action=None)
    key = keys.get(source.translation_key)
    if key is not None:
        Page.objects.filter(pk=alias.pk).update(translation_key=key)
        alias.translation_key = key
    return alias


def _is_stale(alias: Page, source: Page) -> bool:
    return not alias.live or alias.last_published_at != source.last_published_at


def _refresh(source: Page, alias: Page) -> None:
    """Let Wagtail copy the source to this one alias: all others count as done already."""
    others = list(
        Page.objects.filter(~Q(pk=alias.pk), alias_of=source).values_list("pk", flat=True)
    )
    Page.update_aliases(source, _updated_ids=others)
