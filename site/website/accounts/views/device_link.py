"""`/masuk/perangkat/<token>/`: somebody opens the link that sets a PIN."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from safeguards import rates
from safeguards.tokens import digest
from website.accounts.access import READS, private, show
from website.accounts.device_cookie import device_label, device_token, keep_device
from website.accounts.factor_forms import NewPinForm
from website.accounts.factors.links import LinkGone, find_link, use_link
from website.accounts.session import sign_in_by_pin
from website.accounts.views.invitation import TRIES, TRIES_WITHIN
from website.errors import too_many_response


@private
@require_http_methods([*READS, "POST"])
@sensitive_post_parameters()
def device_link(request: HttpRequest, token: str) -> HttpResponse:
    """`/masuk/perangkat/<token>/`: set the PIN of this device. Opening changes nothing."""
    try:
        link = find_link(token=token, district=request.district)
        form = NewPinForm(request.POST if request.method == "POST" else None)
        if request.method == "POST":
            verdict = rates.allow(
                scope="device-link", key=digest(token), limit=TRIES, window=TRIES_WITHIN
            )
            if not verdict.allowed:
                return too_many_response(verdict.retry_after)
            if form.is_valid():
                try:
                    return _pin_set(request, token, form.cleaned_data["pin"])
                except ValidationError as full:
                    form.add_error("pin", full)
    except LinkGone:
        context = {"rooms": [], "messages": []}
        response = show(request, "account/device_link_gone.html", context, 404)
        # Django's log of "Not Found" would hold the token.
        response._has_been_logged = True
        return response
    return show(
        request,
        "account/device_link.html",
        {"form": form, "link": link, "rooms": []},
        status=422 if form.is_bound else 200,
    )


def _pin_set(request: HttpRequest, token: str, pin: str) -> HttpResponse:
    device, kept = use_link(
        token=token,
        district=request.district,
        pin=pin,
        device_token=device_token(request),
        label=device_label(request),
    )
    sign_in_by_pin(request, device)
    messages.success(request, _("From now on you sign in on this device with your PIN."))
    response = redirect("ruang")
    keep_device(response, kept)
    return response
