"""`/ruang/tim/<number>/masuk/`: a colleague can't get in any more; two taps help."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from districts.models import Membership
from districts.services.memberships import NotAllowed, visible_members
from website.accounts.access import READS, inviter_page, show
from website.accounts.factors.links import check_may_help, reset
from website.accounts.factors.resetting import check_may_reset, reset_factors
from website.accounts.factors.rules import may_hold_pin
from website.accounts.models import User
from website.accounts.views.own_pins import show_device_link


@inviter_page(*READS, "POST")
def member_sign_in(request: HttpRequest, pk: int) -> HttpResponse:
    """A new link for teachers and cadres; for staff, the second factor is taken away."""
    membership = get_object_or_404(
        visible_members(request.user, request.district).select_related("user", "district"), pk=pk
    )
    actor, user = User.objects.get(pk=request.user.pk), membership.user
    by_pin = may_hold_pin(user)
    try:
        if by_pin:
            check_may_help(actor, user, request.district)
        else:
            check_may_reset(actor, user, request.district)
        if request.method != "POST":
            return _ask(request, membership, by_pin)
        if by_pin:
            link, token = reset(actor=actor, user=user, district=request.district)
            return show_device_link(request, link, token)
        reset_factors(actor=actor, user=user, district=request.district)
    except NotAllowed as error:
        raise PermissionDenied from error
    messages.success(
        request,
        _("%(name)s signs in with the password next, and sets up a new second factor.")
        % {"name": user.get_full_name()},
    )
    return redirect("team")


def _ask(request: HttpRequest, membership: Membership, by_pin: bool) -> HttpResponse:
    context = {"membership": membership, "by_pin": by_pin}
    return show(request, "ruang/member_sign_in.html", context)
