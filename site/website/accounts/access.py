"""Who may open which personal page of the house, and the rooms that its own screens are."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from campaigns.services.session_requests import ANSWERERS
from districts.services.memberships import grantable_roles
from districts.services.stand_ins import may_appoint
from districts.workspace import (
    READS,
    Room,
    guard_people,
    member_page,
    not_a_member,
    office_address,
    private,
    register_room,
    roles_of,
    rooms,
    show,
)
from website.accounts.session import gate

__all__ = [
    "READS",
    "appointer_page",
    "inviter_page",
    "may_answer_requests",
    "member_page",
    "not_a_member",
    "office_address",
    "private",
    "rooms",
    "show",
]


def inviter_page(*methods: str) -> Callable:
    """For members who may invite, behind the second factor: they see who is in the team.

    Sets `request.grantable`, the roles they may give.
    """

    def decorate(view: Callable) -> Callable:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not may_invite(request):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return member_page(*methods, sees_people=True)(guarded)

    return decorate


def appointer_page(*methods: str) -> Callable:
    """For who may appoint a stand-in, behind the second factor; the province has no role here."""

    def decorate(view: Callable) -> Callable:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not may_appoint_here(request):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return member_page(*methods, sees_people=True, admits=may_appoint_here)(guarded)

    return decorate


def may_appoint_here(request: HttpRequest) -> bool:
    """Say whether the person may appoint a stand-in for the office of this host."""
    return request.district is not None and may_appoint(request.user, request.district)


def may_invite(request: HttpRequest) -> bool:
    """Say whether the member may give roles here; sets `request.grantable`."""
    if not hasattr(request, "grantable"):
        request.grantable = grantable_roles(request.user, request.district)
    return bool(request.grantable)


def may_answer_requests(request: HttpRequest) -> bool:
    """Say whether the member who asks holds a role that answers requests for a session here."""
    return bool(roles_of(request) & frozenset(ANSWERERS))


def _may_edit(request: HttpRequest) -> bool:
    return request.user.has_perm("wagtailadmin.access_admin")


register_room(Room(10, "ruang", _("My workspace")))
register_room(Room(40, "team", _("Team"), may_invite))
register_room(Room(50, "requests", _("Requests"), may_answer_requests))
register_room(Room(60, "wagtailadmin_home", _("Edit the site"), _may_edit))
register_room(Room(80, "devices", _("My devices")))
register_room(Room(90, "account_logout", _("Sign out")))
guard_people(gate)
