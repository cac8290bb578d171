"""The base of every page under a district's host.

A page reads everything around it (its ancestors, children, translations, the pages its text links
to, the menu) in one query, so that the number of queries never depends on how much was written.
"""

import operator
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet
from django.db.models.functions import Now
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page, PageViewRestriction, Revision

from districts.addresses import language_prefix
from districts.admin_gate.references import OwnReferencesForm
from districts.held_back import BY_ITSELF, hold_back
from districts.scoping import district_for_request
from districts.sharing.share import Share, share_of
from districts.workflow import TwoPersonsTester
from safeguards import generation
from safeguards.compiled import CompiledQuery

PAGE_LINK = re.compile(
    r"""linktype="page"[^>]*?\bid="(\d+)|\bid="(\d+)"[^>]*?linktype="page"|'page': (\d+)"""
)
# What the menu says of the pages with an address of the contract; others show their title.
MENU_LABELS = {
    "kampanye": _("Campaign"),
    "topik": _("Topics"),
    "berita": _("News"),
    "modul": _("Modules"),
    "materi": _("Materials"),
    "komitmen": _("Commitments"),
    "kalender": _("Calendar"),
    "bantuan": _("Help"),
}
# The root of every host stands here; above it is only Wagtail's own root.
ROOT_DEPTH = 2
CARD_FIELDS = (
    "id",
    "path",
    "depth",
    "title",
    "slug",
    "url_path",
    "search_description",
    "first_published_at",
    "show_in_menus",
    "translation_key",
    "locale__language_code",
)


def is_restricted() -> Exists:
    """For `.annotate()` or `.filter()`: a view restriction stands on the page or above it."""
    reader_path = ExpressionWrapper(OuterRef("path"), output_field=CharField())
    return Exists(
        PageViewRestriction.objects.annotate(reader_path=reader_path).filter(
            reader_path__startswith=F("page__path")
        )
    )


def not_expired() -> Q:
    """Pages whose last day has not come, by the database's clock."""
    return Q(expire_at__isnull=True) | Q(expire_at__gt=Now())


def readable_by_all(pages: QuerySet) -> QuerySet:
    """Live pages under no view restriction, without the extra query of `.public()`."""
    return pages.filter(not_expired(), ~is_restricted(), live=True)


def page_address(page: Page) -> str:
    """The page's path on its own host, without a query.

    The root of every host stands at depth 2, so the first segment of `url_path` is the host's.
    """
    return address_of(page.url_path, page.locale.language_code)


def address_of(url_path: str, language_code: str) -> str:
    """The public path of a page, from Wagtail's `url_path` and its language."""
    inner = url_path.split("/", 2)[2]
    return f"{language_prefix(language_code)}/{inner}"


@dataclass(frozen=True)
class PageLink:
    """A page as others show it: title, address, teaser."""

    id: int
    path: str
    depth: int
    title: str
    slug: str
    url: str
    teaser: str
    published: Any
    in_menu: bool
    translation_key: Any
    language_code: str


@dataclass(frozen=True)
class Family:
    """The pages around one page, each list in tree order."""

    ancestors: list[PageLink]
    children: list[PageLink]
    translations: list[PageLink]
    menu: list[PageLink]
    linked: dict[int, str]


def page_link_of(row: tuple) -> PageLink:
    """From the columns of `CARD_FIELDS`."""
    pk, path, depth, title, slug, url_path, teaser, published, in_menu, key, language_code = row
    return PageLink(
        id=pk,
        path=path,
        depth=depth,
        title=title,
        slug=slug,
        url=address_of(url_path, language_code),
        teaser=teaser,
        published=published,
        in_menu=in_menu,
        translation_key=key,
        language_code=language_code,
    )


def page_link(page: Page) -> PageLink:
    return page_link_of(
        tuple(operator.attrgetter(field.replace("__", "."))(page) for field in CARD_FIELDS)
    )


@cache
def family_query(ancestors: int, linked: int, with_children: bool) -> CompiledQuery:
    """The pages around one page: so many above it, those below it, its menu, its links."""
    slots: dict[str, type] = {f"ancestor{n}": str for n in range(ancestors)}
    slots |= {f"linked{n}": int for n in range(linked)}
    slots |= {"root_first": str, "root_last": str, "key": UUID}
    if with_children:
        slots |= {"first": str, "last": str, "below": int}

    def build(root_first, root_last, key, first="", last="", below=0, **more) -> QuerySet:
        wanted = Q(path__range=(root_first, root_last), depth=ROOT_DEPTH + 1, show_in_menus=True)
        wanted |= Q(translation_key=key)
        if ancestors:
            wanted |= Q(path__in=[more[f"ancestor{n}"] for n in range(ancestors)])
        if linked:
            wanted |= Q(pk__in=[more[f"linked{n}"] for n in range(linked)])
        if with_children:
            wanted |= Q(path__range=(first, last), depth=below)
        pages = readable_by_all(Page.objects.all()).filter(wanted).order_by("path")
        return pages.values_list(*CARD_FIELDS)

    return CompiledQuery(build, **slots)


def _slots_for(count: int) -> int:
    """Linked pages are asked in eights, so that few shapes of the query exist."""
    return -(-count // 8) * 8


class DistrictPage(Page):
    """A page with an address of the contract, its surroundings, and the district it speaks for."""

    # In the admin a page can't point into another district.
    base_form_class = OwnReferencesForm
    # A slug of the address book that this type of page must have, or "".
    locked_slug = ""
    # Index pages that list their children themselves leave them out of the family.
    lists_own_children = False
    # Help pages leave no topic in a browser's history.
    is_discreet = False
    # The end of the page offers to send it on.
    offers_sharing = False
    open_graph_type = "website"
    # Districts show aliases of what stands below a national page of this type.
    shares_children = False

    class Meta:
        abstract = True

    def clean(self) -> None:
        super().clean()
        if self.locked_slug and self.slug != self.locked_slug:
            raise ValidationError(
                {
                    "slug": _("This address is fixed: it must be “%(slug)s”.")
                    % {"slug": self.locked_slug}
                }
            )

    def update_aliases(self, **kwargs) -> None:
        """Wagtail calls this while it publishes. With 500 districts, aliases are work for later.

        Their signal handler has sent the page to the districts in the background.
        """
        from districts.services.aliases import is_shared

        if not is_shared(self):
            super().update_aliases(**kwargs)

    update_aliases.alters_data = True

    def publish(
        self, revision: Revision, *args: Any, log_action: Any = True, **kwargs: Any
    ) -> None:
        """What goes out by itself, though it may no longer, is held back."""
        if log_action == BY_ITSELF and hold_back(self, revision):
            return
        super().publish(revision, *args, log_action=log_action, **kwargs)

    publish.alters_data = True

    @cached_property
    def family(self) -> Family:
        depth = self.depth
        ancestor_paths = [self.path[: n * Page.steplen] for n in range(ROOT_DEPTH, depth)]
        root = self.path[: ROOT_DEPTH * Page.steplen]
        linked_ids = self.linked_page_ids()
        with_children = not self.lists_own_children
        query = family_query(len(ancestor_paths), _slots_for(len(linked_ids)), with_children)
        first, last = Page._get_children_path_interval(root)
        values = {"root_first": first, "root_last": last, "key": self.translation_key}
        values |= {f"ancestor{n}": path for n, path in enumerate(ancestor_paths)}
        padded = [*linked_ids, *[0] * (_slots_for(len(linked_ids)) - len(linked_ids))]
        values |= {f"linked{n}": pk for n, pk in enumerate(padded)}
        if with_children:
            first, last = Page._get_children_path_interval(self.path)
            values |= {"first": first, "last": last, "below": depth + 1}
        links = [page_link_of(row) for row in query.rows(**values)]
        return Family(
            ancestors=[link for link in links if link.path in ancestor_paths],
            children=[
                link
                for link in links
                if link.depth == depth + 1 and link.path.startswith(self.path)
            ],
            translations=[
                link
                for link in links
                if link.translation_key == self.translation_key and link.id != self.pk
            ],
            menu=_menu(
                link
                for link in links
                if link.depth == ROOT_DEPTH + 1 and link.in_menu and link.path.startswith(root)
            ),
            linked={link.id: link.url for link in links if link.id in linked_ids},
        )

    @property
    def shared_title(self) -> str:
        """The title as it travels: where a label must go with it, it does."""
        return self.title

    def own_query(self, request: HttpRequest) -> str:
        """What of the query is part of this page's own address: "" or "?page=2"."""
        return ""

    def share(self, request: HttpRequest) -> Share | None:
        """The page's addresses and words for others; None for what not everybody may read."""
        district = district_for_request(request)
        closed = getattr(request, "is_preview", False) or getattr(self, "is_restricted", False)
        if district is None or closed:
            return None
        return share_of(
            self,
            district=district,
            path=page_address(self),
            translations=self.family.translations,
            query=self.own_query(request),
        )

    def permissions_for_user(self, user) -> TwoPersonsTester:
        return TwoPersonsTester(user, self)

    def approver_roles(self) -> frozenset[str] | None:
        """The roles of which the second person must hold one; None for whom the workflow names."""
        return None

    def linked_page_ids(self) -> set[int]:
        """Ids of the pages that the StreamField text links to; read from its raw JSON."""
        stream = getattr(self, "body", None)
        if stream is None:
            return set()
        raw = "".join(str(part) for part in getattr(stream, "raw_data", []))
        return {int(next(filter(None, found))) for found in PAGE_LINK.findall(raw)}

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        context["district"] = district_for_request(request)
        context["breadcrumbs"] = self.family.ancestors
        context["children"] = self.family.children
        context["translations"] = self.family.translations
        context["menu"] = self.family.menu
        context["linked_pages"] = self.family.linked
        context["share"] = self.share(request)
        return context


def surroundings(request: HttpRequest, *, title: str) -> dict[str, Any]:
    """What `base.html` shows around a view that is no page of the tree: menu, crumbs, title.

    One query, remembered until something is published.
    """
    district = district_for_request(request)
    root = getattr(district, "root_url_path", None)
    links = generation.remembered(("around", root), lambda: _menu_below(root)) if root else []
    crumbs = [link for link in links if link.depth == ROOT_DEPTH]
    return {
        "page": {"title": title},
        "breadcrumbs": crumbs,
        "menu": _menu([link for link in links if link.depth > ROOT_DEPTH]),
        "district": district,
    }


def _menu_below(root: str) -> list[PageLink]:
    pages = Page.objects.filter(
        Q(url_path=root) | Q(url_path__startswith=root, depth=ROOT_DEPTH + 1, show_in_menus=True)
    )
    return [
        page_link_of(row)
        for row in readable_by_all(pages).order_by("path").values_list(*CARD_FIELDS)
    ]


def _menu(links: Iterable[PageLink]) -> list[PageLink]:
    return [replace(link, title=str(MENU_LABELS.get(link.slug, link.title))) for link in links]
