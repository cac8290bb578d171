"""Where the review of modules stands in the admin, and what the gate lets through."""

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.urls import include, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.widgets.button import Button
from wagtail.models import Page

import modules.page_hooks  # noqa: F401
from districts.admin_gate.addresses import allow
from districts.admin_gate.scope import as_id
from districts.panels import register_tasks
from districts.scoping import district_for_request, office_of_page
from modules.models import LessonPage, ModulePage
from modules.services.reviewing import keeps_modules
from modules.standing import is_objection, module_of, read_standings
from modules.views.review.panel import review_tasks
from modules.views.review.screens import kept_modules, kept_pages
from modules.views.review.urls import urlpatterns

register_tasks(review_tasks)


def _keeps(request: HttpRequest) -> bool:
    return keeps_modules(request.user, district_for_request(request))


def _office(request: HttpRequest, scope: Any, kwargs: dict) -> bool:
    return _keeps(request)


def _module(request: HttpRequest, scope: Any, kwargs: dict) -> bool:
    number = as_id(kwargs["pk"])
    page = kept_modules(request).filter(pk=number).first() if number is not None else None
    return page is not None and keeps_modules(request.user, office_of_page(page))


def _shown(request: HttpRequest, scope: Any, kwargs: dict) -> bool:
    number, office = as_id(kwargs["pk"]), district_for_request(request)
    pages = kept_pages(request).filter(pk=number) if number is not None else ()
    page = pages.first() if pages else None
    return page is not None and office_of_page(page) == office and _keeps(request)


for _name in ("index", "languages", "signs"):
    allow(f"module_review:{_name}", _office)
for _name in ("sign", "sheet"):
    allow(f"module_review:{_name}", _shown)
for _name in ("withdraw", "lift"):
    allow(f"module_review:{_name}", _module)


class ReviewMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return _keeps(request)


@hooks.register("register_admin_urls")
def review_addresses():
    return [path("modul/", include((urlpatterns, "module_review"), namespace="module_review"))]


@hooks.register("register_admin_menu_item")
def review_in_the_menu() -> MenuItem:
    return ReviewMenuItem(
        _("Review of modules"),
        reverse("module_review:index"),
        name="module-review",
        icon_name="tasks",
        order=262,
    )


@hooks.register("register_page_header_buttons")
def review_buttons(page: Page, user: Any, view_name: str, next_url: str | None = None) -> Iterator:
    if not issubclass(page.specific_class or Page, ModulePage):
        return
    if keeps_modules(user, office_of_page(page)):
        yield Button(
            _("Reviews by specialists"),
            url=reverse("module_review:sign", args=[page.pk]),
            icon_name="edit",
            priority=54,
        )
        if page.alias_of_id:
            return
        withdrawn = ModulePage.objects.filter(pk=page.pk, withdrawn_at__isnull=False).exists()
        yield Button(
            _("May be used again") if withdrawn else _("Withdraw this module"),
            url=reverse("module_review:withdraw", args=[page.pk]),
            icon_name="view" if withdrawn else "warning",
            priority=55,
        )


@hooks.register("before_convert_alias_page")
def stays_under_review(request: HttpRequest, page: Page) -> None:
    """A page of the district's own would outlive the nation's review and its withdrawal.

    And what the district itself objected to: its own page is another module. A lesson stays what
    its module is.
    """
    if isinstance(page, LessonPage | ModulePage):
        module = page if isinstance(page, ModulePage) else page.get_parent().specific
        if module != page and module.alias_of_id:
            raise PermissionDenied
        if module.withdrawn_at is not None or page.approver_roles() is not None:
            raise PermissionDenied
        office = office_of_page(module)
        # As it is written: what is remembered may be of a moment ago.
        if office and is_objection(read_standings(office).get(module_of(module)), office):
            raise PermissionDenied
