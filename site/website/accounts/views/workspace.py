"""`/ruang/`: what a member can do here."""

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from campaigns.models import RequestState, SessionRequest
from campaigns.models.session_request import OPEN_STATES
from districts.models import Membership, Role
from districts.workspace import EVERYBODY, Door, doors_for, register_door, roles_of
from website.accounts.access import READS, may_answer_requests, member_page, office_address, show

EDITS = frozenset({Role.EDITOR, Role.MODERATOR, Role.ADMIN})


@member_page(*READS)
def workspace(request: HttpRequest) -> HttpResponse:
    others = (
        Membership.objects.filter(user=request.user, ended_at__isnull=True)
        .exclude(district=request.district)
        .select_related("district__site")
        .order_by("district__short_name", "role")
    )
    return show(
        request,
        "ruang/workspace.html",
        {
            "doors": [
                {
                    "path": door.path,
                    "title": door.title,
                    "text": door.text,
                    "badge": door.badge(request) if door.badge else "",
                }
                for door in doors_for(roles_of(request))
            ],
            "roles": request.roles,
            "elsewhere": {
                membership.district: office_address(request, membership) for membership in others
            }.items(),
        },
    )


def waiting_requests(request: HttpRequest) -> str:
    """How many requests are open, and how many of them wait for an answer; "" for none."""
    if not may_answer_requests(request):
        return ""
    counts = SessionRequest.objects.for_district(request.district).aggregate(
        open=Count("pk", filter=Q(state__in=OPEN_STATES)),
        waiting=Count("pk", filter=Q(state=RequestState.NEW)),
    )
    if not counts["open"]:
        return ""
    waiting = counts["waiting"]
    told = ngettext("%(count)d open", "%(count)d open", counts["open"]) % {"count": counts["open"]}
    if waiting:
        told += ", " + ngettext(
            "%(count)d waits for an answer", "%(count)d wait for an answer", waiting
        ) % {"count": waiting}
    return told


register_door(
    Door(
        10,
        EDITS,
        "/ruang/permintaan/",
        _("Who asks for a session?"),
        _("Schools, villages and groups that want you to come. Answer them, or ask back."),
        waiting_requests,
    )
)
register_door(
    Door(
        50,
        EDITS,
        "/admin/",
        _("Edit the site"),
        _("Pages, pictures and help channels of this office. A second person lets them out."),
    )
)
register_door(
    Door(
        60,
        frozenset({Role.ADMIN, Role.KOORDINATOR}),
        "/ruang/tim/",
        _("Who belongs to the team?"),
        _("Invite people by a link, see who is in, end a role."),
    )
)
register_door(
    Door(
        80,
        EVERYBODY,
        "/bantuan/",
        _("Whom to call for a child"),
        _("The numbers of your kecamatan, with opening hours. Good to know before you need them."),
    )
)
register_door(
    Door(
        90,
        EVERYBODY,
        "/kampanye/",
        _("Read the campaign"),
        _("What the office says in public, to share with parents and neighbours."),
    )
)
