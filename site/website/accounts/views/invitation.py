"""`/undangan/<token>/`: somebody who was invited opens the link."""

from datetime import timedelta
from typing import Any

from django.contrib.auth import login
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from districts.models import Invitation
from districts.services.invitations import InvitationGone, accept, accepted_just_now, find
from safeguards import rates
from safeguards.tokens import digest
from website.accounts import throttle
from website.accounts.access import READS, private, show
from website.accounts.device_cookie import count_as_by_pin, device_label, device_token
from website.accounts.factors.rules import FIELD_ROLES
from website.accounts.form_key import key_of, new_key
from website.accounts.forms import AcceptForm
from website.accounts.models import User
from website.accounts.services import AccountExists, join, join_with_pin, joined_by_form
from website.accounts.session import BACKEND
from website.errors import too_many_response

TRIES, TRIES_WITHIN = 20, timedelta(hours=1)


@private
@require_http_methods([*READS, "POST"])
@sensitive_post_parameters()
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Show who invites to what; a POST makes the bearer a member. Opening changes nothing."""
    try:
        found = find(token=token, district=request.district)
        if request.method == "POST":
            verdict = _may_try(token)
            if not verdict.allowed:
                return too_many_response(verdict.retry_after)
            return _accepted(request, token, found)
    except InvitationGone:
        return _again(request, token) or _gone(request)
    if request.user.is_authenticated:
        return show(request, "ruang/accept_as.html", {"invitation": found})
    known = {"name": found.name, "email": found.email, "key": new_key(token)}
    form = AcceptForm(initial=known, by_pin=_by_pin(found))
    return show(request, "ruang/accept.html", {"invitation": found, "form": form})


def _may_try(token: str) -> rates.Verdict:
    """Typing addresses until one is taken would tell who has an account."""
    return rates.allow(scope="invitation", key=digest(token), limit=TRIES, window=TRIES_WITHIN)


def _accepted(request: HttpRequest, token: str, found: Invitation) -> HttpResponse:
    if request.user.is_authenticated:
        accept(token=token, person=request.user, district=request.district)
        return redirect("ruang")
    form = AcceptForm(request.POST, by_pin=_by_pin(found))
    exists = False
    if form.is_valid():
        try:
            return _signed_in(request, *_join(request, token, form.cleaned_data))
        except AccountExists:
            # The same form, sent twice at once, may have made it.
            if again := _again(request, token):
                return again
            exists = True
            form.add_error(
                "email",
                _("This address has an account already. Sign in, then open the link again."),
            )
        except ValidationError as full:
            form.add_error("pin", full)
    return show(
        request,
        "ruang/accept.html",
        {
            "invitation": found,
            "form": form,
            "sign_in": f"{reverse('account_login')}?next={request.path}" if exists else "",
        },
        status=422,
    )


def _join(request: HttpRequest, token: str, told: dict) -> tuple:
    """The new user; with a PIN, then the device and its token."""
    asked = {name: told[name] for name in ("name", "email", "password")}
    asked |= {"token": token, "district": request.district, "key": key_of(request, token)}
    if not told.get("pin"):
        return join(**asked)[:1]
    here = {"device_token": device_token(request), "label": device_label(request)}
    return join_with_pin(pin=told["pin"], **here, **asked)


def _signed_in(request: HttpRequest, user: User, *by_pin: Any) -> HttpResponse:
    login(request, user, backend=BACKEND)
    response = redirect("ruang")
    throttle.remember_device(request, response, user.email)
    if by_pin:
        count_as_by_pin(request, response, *by_pin)
    return response


def _again(request: HttpRequest, token: str) -> HttpResponse | None:
    """The answer once more to the form that just made a member; None for anything else.

    A second tap drops the first answer, and with it the session and the device's cookie.
    """
    if request.method != "POST":
        return None
    key = key_of(request, token)
    try:
        known = accepted_just_now(token=token, district=request.district)
        if request.user.is_authenticated:
            return redirect("ruang") if request.user == known.accepted_by else None
        if key is None:
            return None
        verdict = _may_try(token)
        if not verdict.allowed:
            return too_many_response(verdict.retry_after)
        form = AcceptForm(request.POST, by_pin=_by_pin(known))
        if not form.is_valid():
            return None
        chosen = {name: form.cleaned_data.get(name) or "" for name in ("password", "pin")}
        made = joined_by_form(known, **chosen, key=key, device_token=device_token(request))
    except InvitationGone:
        return None
    return _signed_in(request, *made)


def _by_pin(found: Invitation) -> bool:
    return found.role in FIELD_ROLES


def _gone(request: HttpRequest) -> HttpResponse:
    """The same bytes for a link that was used, taken back, has ended, or never was."""
    response = show(request, "ruang/invitation_gone.html", {"rooms": [], "messages": []}, 404)
    # Django's log of "Not Found" would hold the token.
    response._has_been_logged = True
    return response
