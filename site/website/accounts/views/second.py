"""The second step: after the password at the door, or before the first name of somebody."""

from typing import Any

from allauth.account.internal.decorators import login_stage_required
from allauth.mfa.stages import AuthenticateStage
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, resolve_url
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from website.accounts.access import READS, private, show
from website.accounts.factors.passkeys import options_to_show
from website.accounts.factors.rules import is_fresh, is_strong, may_hold_pin
from website.accounts.models import User
from website.accounts.next_step import asked_next, next_for
from website.accounts.views.proof import Proof


@private
@require_http_methods([*READS, "POST"])
@sensitive_post_parameters()
@login_stage_required(stage=AuthenticateStage.key, redirect_urlname="account_login")
def at_the_door(request: HttpRequest) -> HttpResponse:
    """`/masuk/kode/`: the password was right; now the second factor."""
    stage = request._login_stage
    if request.method == "POST" and "stop" in request.POST:
        return stage.abort()
    proof = Proof(request, stage.login.user)
    # A PIN stands for a sign-in of its own, at its own address.
    proof.pin_form = None
    if request.method == "POST":
        if proof.given(pin_counts=False):
            return stage.exit()
        return _page(request, proof, at_door=True, status=proof.status)
    return _page(request, proof, at_door=True)


@private
@require_http_methods([*READS, "POST"])
@sensitive_post_parameters()
def second_step(request: HttpRequest) -> HttpResponse:
    """`/masuk/langkah-kedua/`: confirm with what is set up, or set something up first."""
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path(), resolve_url("account_login"))
    user = User.objects.get(pk=request.user.pk)
    proof = Proof(request, user)
    if request.method == "POST":
        if proof.held and proof.given():
            request.session.cycle_key()
            return redirect(next_for(request, user))
        return _page(request, proof, status=proof.status)
    if is_strong(request) and is_fresh(request):
        return redirect(next_for(request, user))
    return _page(request, proof)


def _page(
    request: HttpRequest, proof: Proof, *, at_door: bool = False, status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {
        "proof": proof,
        "at_door": at_door,
        "next": asked_next(request),
        "may_hold_pin": may_hold_pin(proof.user),
    }
    response = show(request, "account/second.html", context, status=status)
    if proof.retry_after:
        response["Retry-After"] = str(proof.retry_after)
    return response


@private
@require_http_methods(["POST"])
def passkey_options(request: HttpRequest) -> HttpResponse:
    """`/masuk/kunci/soal/`: what the browser needs to show a passkey, as JSON."""
    user = request.user if request.user.is_authenticated else _at_the_door(request)
    return JsonResponse(options_to_show(user))


def _at_the_door(request: HttpRequest) -> Any:
    from allauth.account.stages import LoginStageController

    stage = LoginStageController.enter(request, AuthenticateStage.key)
    return stage.login.user if stage else None
