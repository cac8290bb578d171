"""Where to go on after signing in: an address of the same host, never one that sends back."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

NEEDS_ADMIN = "wagtailadmin.access_admin"


def asked_next(request: HttpRequest) -> str:
    """The `next` of the form or the address when it stays on this host, else ""."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    # Without a slash it would be taken for the name of a view.
    safe = "/" in wanted and url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if safe else ""


def next_for(request: HttpRequest, user: Any, wanted: str | None = None) -> str:
    """`wanted`, or what the request asks for; the workspace where the user may not enter."""
    url = asked_next(request) if wanted is None else wanted
    # Wagtail sends who may not enter back to the door: stop the circle.
    if url.startswith(reverse("wagtailadmin_home")) and not user.has_perm(NEEDS_ADMIN):
        url = ""
    return url or reverse("ruang")
