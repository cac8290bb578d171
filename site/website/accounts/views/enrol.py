"""Setting up an authenticator app or a passkey."""

from typing import Any

import segno
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from website.accounts import throttle
from website.accounts.access import READS, show
from website.accounts.device_cookie import device_label
from website.accounts.factor_forms import CodeForm
from website.accounts.factors.codes import CodeRefused, add_app, new_secret
from website.accounts.factors.passkeys import PasskeyRefused, add_passkey, options_to_add
from website.accounts.factors.rules import TOTP
from website.accounts.next_step import asked_next
from website.accounts.views.own_factors import own_factors
from website.accounts.views.proof import TOO_MANY, WRONG_CODE, read_answer
from website.accounts.views.recovery import show_codes

KEPT_AS = "factor_app"
NOT_ADDED = gettext_lazy("The device gave no passkey that works here. Nothing was changed.")


class FirstCodeForm(CodeForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = gettext_lazy("The six digits your app shows now")


@own_factors(*READS, "POST")
def add_authenticator_app(request: HttpRequest) -> HttpResponse:
    """`/ruang/perangkat/aplikasi/`: the code to scan, and the first code to prove it."""
    if Authenticator.objects.filter(user=request.person, type=TOTP).exists():
        return redirect(asked_next(request) or "devices")
    # The same secret until it is used: reloading must not spoil what was scanned.
    secret = request.session.get(KEPT_AS) or new_secret()
    request.session[KEPT_AS] = secret
    form = FirstCodeForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            verdict = throttle.may_try_code(request, request.person.email)
            if not verdict.allowed:
                form.add_error("code", TOO_MANY)
                response = _app_page(request, form, secret, 429)
                response["Retry-After"] = str(verdict.retry_after)
                return response
            try:
                app, codes = add_app(
                    user=request.person,
                    secret=secret,
                    code=form.cleaned_data["code"],
                    site=request.district.site_id,
                )
            except CodeRefused:
                form.add_error("code", WRONG_CODE)
            else:
                del request.session[KEPT_AS]
                throttle.code_succeeded(request, request.person.email)
                return _added(request, app, codes)
    return _app_page(request, form, secret, status)


def _app_page(request: HttpRequest, form: Any, secret: str, status: int) -> HttpResponse:
    url = get_adapter().build_totp_url(request.person, secret)
    context = {
        "form": form,
        "url": url,
        "picture": segno.make(url, error="m", micro=False).svg_data_uri(border=3, light="#fff"),
        "secret": " ".join(secret[i : i + 4] for i in range(0, len(secret), 4)),
        "next": asked_next(request),
    }
    return show(request, "ruang/factor_app.html", context, status=status)


@own_factors(*READS, "POST")
def add_a_passkey(request: HttpRequest) -> HttpResponse:
    """`/ruang/perangkat/kunci/`: the browser makes a passkey; without JavaScript it can't."""
    if request.method != "POST":
        return show(request, "ruang/factor_passkey.html", {"next": asked_next(request)})
    try:
        passkey, codes = add_passkey(
            user=request.person,
            answer=read_answer(request.POST.get("credential", "")),
            label=device_label(request),
            site=request.district.site_id,
        )
    except PasskeyRefused:
        context = {"fault": NOT_ADDED, "next": asked_next(request)}
        return show(request, "ruang/factor_passkey.html", context, status=422)
    return _added(request, passkey, codes)


@own_factors("POST")
def passkey_to_add(request: HttpRequest) -> HttpResponse:
    """`/ruang/perangkat/kunci/soal/`: what the browser needs to make one, as JSON."""
    return JsonResponse(options_to_add(request.person))


def _added(request: HttpRequest, authenticator: Authenticator, codes: list[str]) -> HttpResponse:
    from allauth.account.internal.flows.login import record_authentication

    record_authentication(
        request,
        request.person,
        "mfa",
        id=authenticator.pk,
        type=str(authenticator.type),
    )
    request.session.cycle_key()
    if codes:
        return show_codes(request, codes)
    messages.success(request, _("It is set up."))
    return redirect(asked_next(request) or "devices")
