"""The base of every page under a district's host.

A page reads everything around it (its ancestors, children, translations, the pages its text links
to, the menu) in one query, so that the number of queries never depends on how much was written.
"""

import re
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page, PageViewRestriction

from districts.scoping import district_for_request
from districts.workflow import TwoPersonsTester

PAGE_LINK = re.compile(
    r"""linktype="page"[^>]*?\bid="(\d+)|\bid="(\d+)"[^>]*?linktype="page"|'page': (\d+)"""
)
# What the menu says of the pages with an address of the contract; others show their title.
MENU_LABELS = {
    "kampanye": _("Campaign"),
    "topik": _("Topics"),
    "berita": _("News"),
    "modul": _("Modules"),
    "bantuan": _("Help"),
}
CARD_FIELDS = (
    "id",
    "path",
    "depth",
    "numchild",
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


def readable_by_all(pages: QuerySet) -> QuerySet:
    """Live pages under no view restriction, without the extra query of `.public()`."""
    return pages.filter(~is_restricted(), live=True)


def language_prefix(language_code: str) -> str:
    """`""` for the default language, `"/en"` for others."""
    default = settings.LANGUAGE_CODE.split("-")[0]
    if not getattr(settings, "WAGTAIL_I18N_ENABLED", False) or language_code == default:
        return ""
    return f"/{language_code}"


def page_address(page: Page) -> str:
    """The page's path on its own host, without a query.

    The root of every host stands at depth 2, so the first segment of `url_path` is the host's.
    """
    inner = page.url_path.split("/", 2)[2]
    return f"{language_prefix(page.locale.language_code)}/{inner}"


@dataclass(frozen=True)
class PageLink:
    """A page as others show it: title, address, teaser."""

    id: int
    title: str
    slug: str
    url: str
    teaser: str
    published: Any
    path: str
    language_code: str


@dataclass(frozen=True)
class Family:
    """The pages around one page, each list in tree order."""

    ancestors: list[PageLink]
    children: list[PageLink]
    translations: list[PageLink]
    menu: list[PageLink]
    linked: dict[int, str]


def page_link(page: Page) -> PageLink:
    return PageLink(
        id=page.pk,
        title=page.title,
        slug=page.slug,
        url=page_address(page),
        teaser=page.search_description,
        published=page.first_published_at,
        path=page.path,
        language_code=page.locale.language_code,
    )


class DistrictPage(Page):
    """A page with an address of the contract, its surroundings, and the district it speaks for."""

    # A slug of the address book that this type of page must have, or "".
    locked_slug = ""
    # Index pages that list their children themselves leave them out of the family.
    lists_own_children = False
    # Help pages leave no topic in a browser's history.
    is_discreet = False
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

    @cached_property
    def family(self) -> Family:
        steplen = Page.steplen
        ancestor_paths = [self.path[: n * steplen] for n in range(2, self.depth)]
        root = self.path[: 2 * steplen]
        wanted = Q(path__in=[*ancestor_paths, root]) | Q(
            path__range=Page._get_children_path_interval(root), depth=3, show_in_menus=True
        )
        if not self.lists_own_children:
            wanted |= Q(
                path__range=Page._get_children_path_interval(self.path), depth=self.depth + 1
            )
        if getattr(settings, "WAGTAIL_I18N_ENABLED", False):
            wanted |= Q(translation_key=self.translation_key)
        linked_ids = self.linked_page_ids()
        if linked_ids:
            wanted |= Q(pk__in=linked_ids)
        pages = list(
            readable_by_all(Page.objects.all())
            .filter(wanted)
            .select_related("locale")
            .only(*CARD_FIELDS)
            .order_by("path")
        )
        links = [(page, page_link(page)) for page in pages]
        return Family(
            ancestors=[link for page, link in links if page.path in ancestor_paths],
            children=[
                link
                for page, link in links
                if page.depth == self.depth + 1 and page.path.startswith(self.path)
            ],
            translations=[
                link
                for page, link in links
                if page.translation_key == self.translation_key and page.pk != self.pk
            ],
            menu=[
                replace(link, title=str(MENU_LABELS.get(link.slug, link.title)))
                for page, link in links
                if page.depth == 3 and page.show_in_menus and page.path.startswith(root)
            ],
            linked={link.id: link.url for _page, link in links if link.id in linked_ids},
        )

    def permissions_for_user(self, user) -> TwoPersonsTester:
        return TwoPersonsTester(user, self)

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
        return context
