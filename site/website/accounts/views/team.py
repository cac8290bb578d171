"""`/ruang/tim/`: who belongs to the office, and inviting them."""

from typing import Any
from urllib.parse import quote
from uuid import uuid4

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import InvalidPage, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from districts.models import Invitation, Role
from districts.services import memberships
from districts.services.invitations import InvitationGone, invite, renew, revoke
from districts.services.memberships import (
    InvalidGrant,
    reachable_organisations,
    visible_invitations,
    visible_members,
)
from districts.services.same_name import ANOTHER, SameNameWaits
from districts.workspace import roles_of
from website.accounts.access import READS, inviter_page, may_appoint_here, show
from website.accounts.forms import InviteForm, plain_line

ON_A_PAGE = 30
FOUND_AT_MOST = 100
LONGEST_SEARCH = 80
ANSWERED = gettext_lazy(
    "The invitation of this form was answered, taken back or has ended. Send the form again to "
    "make a new one."
)


def page_of(request: HttpRequest, rows: Any) -> Any:
    try:
        return Paginator(rows, ON_A_PAGE).page(request.GET.get("page", 1))
    except InvalidPage as error:
        raise Http404 from error


@inviter_page(*READS, "POST")
def team(request: HttpRequest) -> HttpResponse:
    """The members. A search is a POST that changes nothing: names stay out of addresses."""
    members = (
        visible_members(request.user, request.district)
        .select_related("user", "organisation", "region", "district")
        .order_by("user__name", "role", "pk")
    )
    wanted = request.GET.get("peran", "")
    if wanted:
        if wanted not in Role.values:
            raise Http404
        members = members.filter(role=wanted)
    context: dict[str, Any] = {"wanted": wanted, "choices": Role.choices}
    context["may_appoint"] = may_appoint_here(request)
    if request.method == "POST":
        asked = plain_line(request.POST.get("q", ""))[:LONGEST_SEARCH]
        found = list(members.filter(user__name__icontains=asked)[: FOUND_AT_MOST + 1])
        context |= {
            "asked": asked,
            "members": found[:FOUND_AT_MOST],
            "too_many": len(found) > FOUND_AT_MOST,
        }
    else:
        page = page_of(request, members)
        context |= {"page_obj": page, "members": page.object_list}
    for member in context["members"]:
        member.may_end = member.role in request.grantable
        member.may_help = member.user_id != request.user.pk and (
            member.may_end or Role.ADMIN in roles_of(request)
        )
    return show(request, "ruang/team.html", context)


def waiting_invitations(request: HttpRequest) -> Any:
    """What was not answered yet, ended links included: they can be renewed."""
    return visible_invitations(
        Invitation.objects.for_district(request.district)
        .filter(accepted_at__isnull=True, revoked_at__isnull=True)
        .select_related("organisation", "region", "district"),
        request.user,
        request.district,
    )


@inviter_page(*READS)
def invitations(request: HttpRequest) -> HttpResponse:
    page = page_of(request, waiting_invitations(request))
    now = timezone.now()
    for invitation in page.object_list:
        invitation.has_ended = invitation.expires_at <= now
    return show(request, "ruang/invitations.html", {"page_obj": page, "waiting": page.object_list})


@inviter_page(*READS, "POST")
def invite_one(request: HttpRequest) -> HttpResponse:
    form = InviteForm(
        request.POST if request.method == "POST" else None,
        district=request.district,
        roles=request.grantable,
        organisations=reachable_organisations(request.user, request.district),
        bound=not memberships.reaches_everybody(request.user, request.district),
    )
    waiting = []
    if request.method == "POST" and form.is_valid():
        try:
            invitation, token = _invited(request, form.cleaned_data)
        except SameNameWaits as same:
            waiting = same.waiting
        except InvitationGone:
            form.add_error(None, ANSWERED)
            # Sent once more it is another form.
            form.data = form.data.copy()
            form.data["key"] = str(uuid4())
        except InvalidGrant as error:
            form.add_error(error.field, error.message)
        except ValidationError as error:
            form.add_error("name", error)
        else:
            return show_link(request, invitation, token, status=201)
    status = 409 if waiting else 422 if form.is_bound else 200
    return show(request, "ruang/invite.html", {"form": form, "waiting": waiting}, status=status)


def _invited(request: HttpRequest, asked: dict[str, Any]) -> tuple[Invitation, str]:
    """The invitation of a form: a new one, or the new link of the same person's that waits."""
    same = request.POST.get("same", "")
    if not (same.isdecimal() and len(same) < 19):
        return invite(
            actor=request.user, district=request.district, another=same == ANOTHER, **asked
        )
    invitation = waiting_invitations(request).filter(pk=same).first()
    if invitation is None:
        raise InvitationGone
    return invitation, renew(actor=request.user, invitation=invitation, key=asked["key"])


def show_link(
    request: HttpRequest, invitation: Invitation, token: str, status: int = 200
) -> HttpResponse:
    """The link, this once: it is kept nowhere, so there is no page to come back to."""
    return show(request, "ruang/link.html", passed_on(request, invitation, token), status=status)


def passed_on(request: HttpRequest, invitation: Invitation, token: str) -> dict[str, Any]:
    """The link of an invitation and the words to send it with, as text and for WhatsApp."""
    with translation.override(settings.LANGUAGE_CODE):
        link = request.build_absolute_uri(reverse("invitation", args=[token]))
        words = _(
            "You are invited by %(office)s as %(role)s. Open this link to join: %(link)s "
            "It is for one person."
        ) % {
            "office": request.district.office_name,
            "role": invitation.get_role_display(),
            "link": link,
        }
    return {
        "invitation": invitation,
        "link": link,
        "words": words,
        "whatsapp": f"https://wa.me/?text={quote(words)}",
    }


@inviter_page("POST")
def new_link(request: HttpRequest, pk: int) -> HttpResponse:
    invitation = get_object_or_404(waiting_invitations(request), pk=pk)
    try:
        token = renew(actor=request.user, invitation=invitation)
    except InvitationGone as error:
        raise Http404 from error
    return show_link(request, invitation, token)


@inviter_page(*READS, "POST")
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    invitation = get_object_or_404(waiting_invitations(request), pk=pk)
    memberships.check_may_grant(
        request.user, request.district, invitation.role, invitation.organisation
    )
    if request.method != "POST":
        return show(request, "ruang/take_back.html", {"invitation": invitation})
    revoke(actor=request.user, invitation=invitation)
    messages.success(request, _("The invitation is taken back. Its link no longer works."))
    return redirect("invitations")


@inviter_page(*READS, "POST")
def end_role(request: HttpRequest, pk: int) -> HttpResponse:
    membership = get_object_or_404(
        visible_members(request.user, request.district).select_related(
            "user", "district", "organisation"
        ),
        pk=pk,
    )
    memberships.check_may_grant(
        request.user, request.district, membership.role, membership.organisation
    )
    if request.method != "POST":
        return show(request, "ruang/end_role.html", {"membership": membership})
    memberships.end(actor=request.user, membership=membership)
    messages.success(
        request,
        _("%(name)s no longer holds this role and is signed out.")
        % {"name": membership.user.get_full_name()},
    )
    return redirect("team")
