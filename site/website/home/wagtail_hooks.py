"""Makes an office's first pages, and keeps those whose address is a promise where they are."""

from django.shortcuts import redirect
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin import messages
from wagtail.models import Page

from districts.pages import DistrictPage
from website.home.models import HomePage
from website.home.tree import build_tree

REMOVING = {"delete", "move", "unpublish"}

hooks.register("build_district_tree", build_tree)


def is_promised(page: Page) -> bool:
    """Whether readers, links and printed codes rely on this page: a home or a fixed address."""
    page_type = page.specific_class
    if page_type is None or not issubclass(page_type, DistrictPage):
        return False
    return issubclass(page_type, HomePage) or bool(page_type.locked_slug)


def refuse(request, page: Page):
    messages.error(request, _("This page is part of every office. It stays where it is."))
    return redirect("wagtailadmin_explore", page.get_parent().pk)


@hooks.register("before_delete_page")
@hooks.register("before_unpublish_page")
def keep_page(request, page):
    if is_promised(page):
        return refuse(request, page)
    return None


@hooks.register("before_move_page")
def keep_place(request, page, destination):
    return keep_page(request, page)


@hooks.register("before_bulk_action")
def keep_pages(request, action_type, objects, view):
    if action_type not in REMOVING:
        return None
    for page in objects:
        if isinstance(page, Page) and is_promised(page):
            return refuse(request, page)
    return None
