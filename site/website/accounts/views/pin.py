"""`/masuk/pin/`: signing in with the PIN of a device."""

from allauth.account.adapter import get_adapter
from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from website.accounts import throttle
from website.accounts.access import READS, private, show
from website.accounts.device_cookie import device_token, keep_device
from website.accounts.factor_forms import PersonPinForm, PinForm
from website.accounts.factors.devices import on_device
from website.accounts.factors.guesses import PinLocked, WrongPin, try_pin
from website.accounts.next_step import asked_next, next_for
from website.accounts.session import sign_in_by_pin
from website.accounts.views.proof import TOO_MANY, WRONG_PIN
from website.errors import too_many_response


@private
@require_http_methods([*READS, "POST"])
@sensitive_post_parameters("pin")
def pin_sign_in(request: HttpRequest) -> HttpResponse:
    """`/masuk/pin/`. Wrong PIN, ended device and unknown device are answered alike."""
    if request.user.is_authenticated:
        return redirect(next_for(request, request.user))
    people = list(on_device(device_token(request), request.district))
    if request.method != "POST":
        return _pin_page(request, _pin_form(people), known=bool(people))
    address = get_adapter().get_client_ip(request)
    verdict = throttle.address_may_go_on(address)
    if not verdict.allowed:
        return too_many_response(verdict.retry_after)
    form = _pin_form(people, request.POST)
    if not form.is_valid():
        return _pin_page(request, form, status=422)
    try:
        device = try_pin(
            token=device_token(request),
            district=request.district,
            pin=form.cleaned_data["pin"],
            person=int(form.cleaned_data["person"]) if "person" in form.fields else None,
        )
    except PinLocked as locked:
        form.add_error("pin", TOO_MANY)
        response = _pin_page(request, form, status=429)
        response["Retry-After"] = str(locked.retry_after)
        return response
    except WrongPin:
        throttle.wrong_pin_from(address)
        form.add_error("pin", WRONG_PIN)
        return _pin_page(request, form, status=422)
    sign_in_by_pin(request, device)
    response = redirect(next_for(request, device.user))
    keep_device(response, device_token(request))
    return response


def _pin_form(people: list, data: dict | None = None) -> forms.Form:
    if len(people) < 2:
        return PinForm(data)
    form = PersonPinForm(data)
    form.fields["person"].choices = [
        (str(device.pk), device.user.get_short_name()) for device in people
    ]
    return form


def _pin_page(
    request: HttpRequest, form: forms.Form, *, known: bool = True, status: int = 200
) -> HttpResponse:
    context = {"form": form, "known": known, "next": asked_next(request)}
    return show(request, "account/pin.html", context, status=status)
