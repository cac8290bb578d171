"""The workspace of members: who may open its pages, what they find there, and never a cache.

Each app puts its rooms (the navigation) and doors (the cards of the first page) here::

    register_room(Room(20, "module_runs", _("My classes")))
    register_door(Door(40, frozenset({Role.GURU}), "/ruang/kelas/", _("…"), _("…")))

A page that shows names of people says so, and the project's second factor stands before it::

    @member_page("GET", sees_people=True)

Templates extend `ruang/base.html`: the project's own, or the plain one of this app.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_http_methods

from districts.come_back import kept_words, told_again
from districts.models import Membership, Role
from districts.scoping import district_for_request
from districts.services.memberships import active_memberships

READS = ("GET", "HEAD")
EVERYBODY = frozenset(Role)


def _always(_request: HttpRequest) -> bool:
    return True


@dataclass(frozen=True)
class Room:
    """An entry of the workspace's navigation: a view's name, for those `opens` lets in."""

    position: int
    view: str
    title: Any
    opens: Callable[[HttpRequest], bool] = _always


@dataclass(frozen=True)
class Door:
    """Something to do in the workspace, for those who hold one of these roles.

    `badge(request)` is a word on what waits behind it, "" for nothing.
    """

    position: int
    roles: frozenset[str]
    path: str
    title: Any
    text: Any
    badge: Callable[[HttpRequest], str] | None = None


_rooms: dict[str, Room] = {}
_doors: dict[str, Door] = {}


_people_guards: list[Callable[[HttpRequest], HttpResponse | None]] = []


def guard_people(guard: Callable[[HttpRequest], HttpResponse | None]) -> None:
    """Ask `guard(request)` before every page that shows people: its answer, or None to go on.

    The project's second factor hooks in here; this app has none of its own.
    """
    if guard not in _people_guards:
        _people_guards.append(guard)


def kept_out(request: HttpRequest) -> HttpResponse | None:
    """What a guard answers instead of a page that shows people; None to go on."""
    return next((answer for guard in _people_guards if (answer := guard(request))), None)


def register_room(room: Room) -> None:
    """Add a room; a second one of the same view replaces the first."""
    _rooms[room.view] = room


def register_door(door: Door) -> None:
    """Add a door; a second one of the same path replaces the first."""
    _doors[door.path] = door


def doors_for(roles: frozenset[str] | set[str]) -> list[Door]:
    found = [door for door in _doors.values() if roles & door.roles]
    return sorted(found, key=lambda door: door.position)


def rooms(request: HttpRequest) -> list[dict[str, Any]]:
    """The navigation, for members only: [{url, title, current}]."""
    if not request.user.is_authenticated or not hasattr(request, "roles"):
        return []
    if not request.roles and not request.user.is_superuser:
        return []
    listed = [
        (reverse(room.view), room.title)
        for room in sorted(_rooms.values(), key=lambda room: room.position)
        if room.opens(request)
    ]
    return [{"url": url, "title": title, "current": url == request.path} for url, title in listed]


def private(view: Callable) -> Callable:
    """Keep what a view answers out of every cache."""

    @wraps(view)
    def kept(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["Cache-Control"] = "private, no-store"
        return response

    return kept


def member_page(
    *methods: str,
    sees_people: bool = False,
    admits: Callable[[HttpRequest], bool] | None = None,
) -> Callable:
    """For members of the district whose host this is; sets `request.roles`.

    `sees_people` marks a page with names of people: the guards are asked first. `admits` lets in
    who holds no role here as well, such as the province.
    """

    def decorate(view: Callable) -> Callable:
        @private
        @require_http_methods(methods)
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return sent_back(request, _to_sign_in(request))
            district = district_for_request(request)
            request.roles = list(
                active_memberships(request.user, district).select_related("organisation", "region")
                if district is not None
                else ()
            )
            known = request.roles or request.user.is_superuser or (admits and admits(request))
            if district is None or not known:
                return not_a_member(request)
            if sees_people and (answer := kept_out(request)) is not None:
                return sent_back(request, answer)
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    # The address of a form that was sent may show nothing.
    back = request.get_full_path() if request.method in READS else _front()
    return redirect_to_login(back, resolve_url(settings.LOGIN_URL))


def sent_back(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    """`answer` leads away from a form; where somebody sent one, it comes back with that door."""
    leads_away = 300 <= answer.status_code < 400
    if request.method in READS or not leads_away or not (words := kept_words(request)):
        return answer
    return come_back(request, words, door=answer["Location"])


def come_back(request: HttpRequest, words: list[tuple[str, str]], *, door: str) -> HttpResponse:
    """Say that nothing was sent, and offer to send `words` again, after `door` was passed."""
    return show(request, "ruang/come_back.html", told_again(request, words, door), status=403)


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
    return f"{request.scheme}://{membership.district.site.hostname}{suffix}{_front()}"


def _front() -> str:
    """The first page of the workspace, where the project has one."""
    try:
        return reverse("ruang")
    except NoReverseMatch:
        return "/"


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


def roles_of(request: HttpRequest) -> frozenset[str]:
    """The roles that the member holds here; all for the national administrator."""
    if request.user.is_superuser:
        return EVERYBODY
    return frozenset(membership.role for membership in request.roles)


__all__ = [
    "EVERYBODY",
    "READS",
    "Door",
    "Room",
    "doors_for",
    "guard_people",
    "kept_out",
    "member_page",
    "not_a_member",
    "office_address",
    "private",
    "register_door",
    "register_room",
    "roles_of",
    "rooms",
    "sent_back",
    "show",
    "come_back",
]
