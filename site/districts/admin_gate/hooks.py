"""Wagtail's hooks: what lists, choosers, menus and downloads show of the districts."""

from django.http import Http404, HttpRequest
from wagtail import hooks
from wagtail.models import Page

from districts.admin_gate import filters, panels  # noqa: F401
from districts.admin_gate.scope import scope_of
from districts.models import District
from districts.scoping import district_for_request

# Menu entries of Wagtail that lead staff of a district to lists of all districts.
NOT_FOR_STAFF = frozenset({"reports", "settings", "snippets", "help", "collections", "redirects"})


@hooks.register("construct_explorer_page_queryset")
def own_pages_in_the_explorer(parent_page: Page, pages, request: HttpRequest):
    return scope_of(request).pages(pages)


@hooks.register("construct_page_chooser_queryset")
def own_pages_in_the_chooser(pages, request: HttpRequest):
    return scope_of(request).pages(pages)


@hooks.register("construct_image_chooser_queryset")
def own_pictures_in_the_chooser(images, request: HttpRequest):
    return scope_of(request).files(images)


@hooks.register("construct_document_chooser_queryset")
def own_documents_in_the_chooser(documents, request: HttpRequest):
    return scope_of(request).files(documents)


@hooks.register("construct_homepage_summary_items", order=1_000)
def no_totals_over_all_districts(request: HttpRequest, items: list) -> None:
    if not scope_of(request).everything:
        items.clear()


@hooks.register("construct_homepage_panels", order=1_000)
def only_what_is_mine(request: HttpRequest, homepage_panels: list) -> None:
    for place, panel in enumerate(homepage_panels):
        own = panels.OWN.get(type(panel))
        if own is not None:
            homepage_panels[place] = own()


@hooks.register("construct_main_menu", order=1_000)
def only_what_opens(request: HttpRequest, menu_items: list) -> None:
    if not scope_of(request).everything:
        menu_items[:] = [item for item in menu_items if item.name not in NOT_FOR_STAFF]


@hooks.register("before_serve_document")
def not_from_another_office(document, request: HttpRequest) -> None:
    """A document lies in its own office's collection, in the national one, or in nobody's."""
    here = district_for_request(request)
    path = document.collection.path
    owners = District.objects.filter(collection__isnull=False).select_related("collection")
    for owner in owners:
        if path.startswith(owner.collection.path) and not owner.is_national and owner != here:
            raise Http404
