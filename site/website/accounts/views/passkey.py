"""`/masuk/kunci/`: signing in with a passkey alone."""

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from website.accounts.access import READS, private, show
from website.accounts.factors.passkeys import PasskeyRefused, shown_passkey
from website.accounts.next_step import asked_next, next_for
from website.accounts.views.proof import WRONG_PASSKEY, read_answer


@private
@require_http_methods([*READS, "POST"])
def passkey_sign_in(request: HttpRequest) -> HttpResponse:
    """The passkey is enough, since its device asked for finger, face or PIN."""
    if request.user.is_authenticated:
        return redirect(next_for(request, request.user))
    context = {"next": asked_next(request)}
    if request.method != "POST":
        return show(request, "account/passkey.html", context)
    try:
        passkey = shown_passkey(read_answer(request.POST.get("credential", "")))
    except PasskeyRefused:
        return show(request, "account/passkey.html", context | {"fault": WRONG_PASSKEY}, 422)
    record_authentication(
        request, passkey.user, "mfa", id=passkey.pk, type="webauthn", passwordless=True
    )
    login = Login(user=passkey.user, redirect_url=next_for(request, passkey.user))
    return perform_login(request, login)
