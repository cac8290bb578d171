"""`/ruang/`: what a member can do here."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from districts.models import Membership, Role
from website.accounts.access import READS, member_page, office_address, show

EVERYBODY = frozenset(Role)
EDITS = frozenset({Role.EDITOR, Role.MODERATOR, Role.ADMIN})


@dataclass(frozen=True)
class Door:
    """Something to do in the workspace, for those who hold one of these roles."""

    roles: frozenset[str]
    path: str
    title: object
    text: object


DOORS = (
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
    return show(
        request,
        "ruang/workspace.html",
        {
            "doors": [door for door in DOORS if held & door.roles],
            "roles": request.roles,
            "elsewhere": {
                membership.district: office_address(request, membership) for membership in others
            }.items(),
        },
    )
