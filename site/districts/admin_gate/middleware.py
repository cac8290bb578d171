"""The gate: stands after sign-in and before every view of the admin."""

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.urls import reverse
from wagtail.models import Page

from districts.admin_gate import tags
from districts.admin_gate.addresses import rule_for
from districts.admin_gate.scope import Scope, as_id, scope_of
from districts.scoping import district_for_request
from districts.services.second_person import Via, standing

# Wagtail's own doors know no throttle; there is one door, the site's.
SIGN_IN = "wagtailadmin_login"
SECOND_DOORS = frozenset(
    {
        "wagtailadmin_password_reset",
        "wagtailadmin_password_reset_done",
        "wagtailadmin_password_reset_confirm",
        "wagtailadmin_password_reset_complete",
        "wagtailadmin_error_test",
        # A password shared among readers is switched off, for pages and for files.
        "wagtaildocs_authenticate_with_password",
        # A number to call stands in a help channel, which two persons check.
        "wagtailadmin_choose_page_phone_link",
    }
)
# Queries that are words, whatever stands in them.
SEARCHES = frozenset({"q", "term", "search"})


class AdminGateMiddleware:
    """Raises the site's own 404 for what is not the person's, before Wagtail looks at it.

    Anonymous visitors go on to Wagtail, which sends all of them to sign in without looking
    anything up. Superusers are the national office and see everything. Anybody else must work for
    the district whose host this is, and passes only where `addresses` has a rule that says yes.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: tuple, kwargs: dict
    ) -> HttpResponse | None:
        name = request.resolver_match.view_name
        if name in SECOND_DOORS:
            raise Http404
        if not request.path_info.startswith(reverse("wagtailadmin_home")):
            return None
        if name == SIGN_IN:
            return self._site_sign_in(request)
        if not request.user.is_authenticated:
            return None
        if _asks_for_too_large_a_key(request):
            raise Http404
        if request.user.is_superuser:
            return None
        scope = scope_of(request)
        rule = rule_for(name, view) if self._may_enter(request, scope) else None
        if rule is None or args or not rule(request, scope, kwargs):
            raise Http404
        return self._instead(request, name, scope)

    @staticmethod
    def _may_enter(request: HttpRequest, scope: Scope) -> bool:
        """Whether the person works for this host's office, or stands in for its channels today.

        A stand-in's scope stays their own: here they reach help channels and no page or file.
        """
        here = district_for_request(request)
        return scope.works_for(here) or (
            here is not None and standing(request.user, here) == Via.STAND_IN
        )

    @staticmethod
    def _site_sign_in(request: HttpRequest) -> HttpResponse:
        wanted = request.GET.get("next", "")
        query = "?" + urlencode({"next": wanted}) if wanted else ""
        return redirect(resolve_url(settings.LOGIN_URL) + query)

    @staticmethod
    def _instead(request: HttpRequest, name: str, scope: Scope) -> HttpResponse | None:
        """Our answer where Wagtail's own can't be narrowed by a hook."""
        if name == "wagtailadmin_tag_autocomplete":
            return tags.autocomplete(request, scope)
        if name == "wagtailadmin_choose_page" and request.GET.get("page_type"):
            # Wagtail starts at the common ancestor of all pages of a type: anybody's.
            start = Page.objects.filter(path__in=scope.page_paths).order_by("path")
            first = start.first() if len(scope.page_paths) == 1 else Page.get_first_root_node()
            if first is None:
                raise Http404
            address = reverse("wagtailadmin_choose_page_child", args=[first.pk])
            return redirect(f"{address}?{request.GET.urlencode()}")
        return None


def _asks_for_too_large_a_key(request: HttpRequest) -> bool:
    """A number that no table can hold; the admin's filters would hand it to the database."""
    return any(
        value.isdigit() and as_id(value) is None
        for name, values in request.GET.lists()
        if name not in SEARCHES
        for value in values
    )
