"""Who may open a personal page, and how personal pages are answered: never cached, by anybody."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.contrib.messages import get_messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from campaigns.services.session_requests import ANSWERERS
from districts.models import Membership
from districts.services.memberships import active_memberships, grantable_roles

READS = ("GET", "HEAD")


def private(view: Callable) -> Callable:
    """Keep what a view answers out of every cache."""

    @wraps(view)
    def kept(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["Cache-Control"] = "private, no-store"
        return response

    return kept


def member_page(*methods: str) -> Callable:
    """For members of the district whose host this is; sets `request.roles`."""

    def decorate(view: Callable) -> Callable:
        @private
        @require_http_methods(methods)
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                # The path alone: a query may name somebody.
                return redirect_to_login(request.path, resolve_url("account_login"))
            request.roles = list(
                active_memberships(request.user, request.district).select_related(
                    "organisation", "region"
                )
            )
            if not request.roles and not request.user.is_superuser:
                return not_a_member(request)
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def inviter_page(*methods: str) -> Callable:
    """For members who may invite; sets `request.grantable`, the roles they may give."""

    def decorate(view: Callable) -> Callable:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            request.grantable = grantable_roles(request.user, request.district)
            if not request.grantable:
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return member_page(*methods)(guarded)

    return decorate


def not_a_member(request: HttpRequest) -> HttpResponse:
    """Say kindly that this office is not theirs, and which ones are. The same for every address."""
    memberships = (
        Membership.objects.filter(user=request.user, ended_at__isnull=True)
        .select_related("district__site")
        .order_by("district__short_name", "role")
    )
    offices = {
        membership.district: office_address(request, membership) for membership in memberships
    }
    return show(request, "ruang/not_a_member.html", {"offices": offices.items()}, status=403)


def office_address(request: HttpRequest, membership: Membership) -> str:
    """The workspace on the host of a membership's district, on the port of this request."""
    _host, _colon, port = request.get_host().rpartition(":")
    suffix = f":{port}" if port.isdecimal() else ""
    return f"{request.scheme}://{membership.district.site.hostname}{suffix}{reverse('ruang')}"


def show(
    request: HttpRequest, template: str, context: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    """Render a page of the workspace with its rooms and with what the last step had to say."""
    return render(
        request,
        template,
        {"rooms": rooms(request), "messages": get_messages(request), "user": request.user}
        | (context or {}),
        status=status,
    )


def may_answer_requests(request: HttpRequest) -> bool:
    """Say whether the member who asks holds a role that answers requests for a session here."""
    if request.user.is_superuser:
        return True
    return any(membership.role in ANSWERERS for membership in request.roles)


def rooms(request: HttpRequest) -> list[dict[str, Any]]:
    """The workspace's navigation, for members only."""
    if not request.user.is_authenticated or not hasattr(request, "roles"):
        return []
    if not hasattr(request, "grantable"):
        request.grantable = grantable_roles(request.user, request.district)
    listed = [(reverse("ruang"), _("My workspace"))]
    if request.grantable:
        listed.append((reverse("team"), _("Team")))
    if may_answer_requests(request):
        listed.append((reverse("requests"), _("Requests")))
    if request.user.has_perm("wagtailadmin.access_admin"):
        listed.append((reverse("wagtailadmin_home"), _("Edit the site")))
    listed.append((reverse("account_logout"), _("Sign out")))
    return [{"url": url, "title": title, "current": url == request.path} for url, title in listed]
