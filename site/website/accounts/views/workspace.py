"""`/ruang/`: what a member can do here."""

from dataclasses import dataclass, replace

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from campaigns.models import RequestState, SessionRequest
from campaigns.models.session_request import OPEN_STATES
from districts.models import Membership, Role
from website.accounts.access import (
    READS,
    may_answer_requests,
    member_page,
    office_address,
    show,
)

EVERYBODY = frozenset(Role)
EDITS = frozenset({Role.EDITOR, Role.MODERATOR, Role.ADMIN})


@dataclass(frozen=True)
class Door:
    """Something to do in the workspace, for those who hold one of these roles."""

    roles: frozenset[str]
    path: str
    title: object
    text: object
    badge: str = ""


REQUESTS = Door(
    EDITS,
    "/ruang/permintaan/",
    _("Who asks for a session?"),
    _("Schools, villages and groups that want you to come. Answer them, or ask back."),
)
DOORS = (
    REQUESTS,
    Door(
        EDITS,
        "/admin/",
        _("Edit the site"),
        _("Pages, pictures and help channels of this office. A second person lets them out."),
    ),
    Door(
        frozenset({Role.ADMIN, Role.KOORDINATOR}),
        "/ruang/tim/",
        _("Who belongs to the team?"),
        _("Invite people by a link, see who is in, end a role."),
    ),
    Door(
        EVERYBODY,
        "/bantuan/",
        _("Whom to call for a child"),
        _("The numbers of your kecamatan, with opening hours. Good to know before you need them."),
    ),
    Door(
        EVERYBODY,
        "/kampanye/",
        _("Read the campaign"),
        _("What the office says in public, to share with parents and neighbours."),
    ),
)


@member_page(*READS)
def workspace(request: HttpRequest) -> HttpResponse:
    held = {membership.role for membership in request.roles}
    if request.user.is_superuser:
        held = EVERYBODY
    others = (
        Membership.objects.filter(user=request.user, ended_at__isnull=True)
        .exclude(district=request.district)
        .select_related("district__site")
        .order_by("district__short_name", "role")
    )
    doors = [door for door in DOORS if held & door.roles]
    if may_answer_requests(request):
        doors = [_with_count(door, request) if door is REQUESTS else door for door in doors]
    return show(
        request,
        "ruang/workspace.html",
        {
            "doors": doors,
            "roles": request.roles,
            "elsewhere": {
                membership.district: office_address(request, membership) for membership in others
            }.items(),
        },
    )


def _with_count(door: Door, request: HttpRequest) -> Door:
    counts = SessionRequest.objects.for_district(request.district).aggregate(
        open=Count("pk", filter=Q(state__in=OPEN_STATES)),
        waiting=Count("pk", filter=Q(state=RequestState.NEW)),
    )
    if not counts["open"]:
        return door
    waiting = counts["waiting"]
    told = ngettext("%(count)d open", "%(count)d open", counts["open"]) % {"count": counts["open"]}
    if waiting:
        told += ", " + ngettext(
            "%(count)d waits for an answer", "%(count)d wait for an answer", waiting
        ) % {"count": waiting}
    return replace(door, badge=told)
