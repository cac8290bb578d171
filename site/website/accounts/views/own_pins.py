"""`/ruang/perangkat/pin/` and a link for one more device of one's own."""

from urllib.parse import quote

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from districts.services.memberships import NotAllowed
from website.accounts.access import READS, show
from website.accounts.device_cookie import set_pin_here
from website.accounts.factor_forms import NewPinForm
from website.accounts.factors.links import VALID_FOR, make_link
from website.accounts.factors.rules import may_hold_pin
from website.accounts.models import DeviceLink
from website.accounts.next_step import asked_next
from website.accounts.views.own_factors import own_factors


@own_factors(*READS, "POST")
def pin_here(request: HttpRequest) -> HttpResponse:
    """`/ruang/perangkat/pin/`: a PIN on the device in hand, or another one."""
    if not may_hold_pin(request.person):
        raise Http404
    form = NewPinForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        response = redirect(asked_next(request) or "devices")
        try:
            set_pin_here(request, response, request.person, form.cleaned_data["pin"])
        except NotAllowed as error:
            raise Http404 from error
        except ValidationError as full:
            form.add_error("pin", full)
        else:
            messages.success(request, _("From now on you sign in on this device with your PIN."))
            return response
    context = {"form": form, "next": asked_next(request)}
    return show(request, "ruang/device_pin.html", context, status=422 if form.is_bound else 200)


@own_factors("POST")
def another_device(request: HttpRequest) -> HttpResponse:
    """A link for one more device of the member's own; an empty form makes none."""
    if "make" not in request.POST:
        return redirect("devices")
    try:
        link, token = make_link(
            actor=request.person, user=request.person, district=request.district
        )
    except NotAllowed as error:
        raise Http404 from error
    return show_device_link(request, link, token, own=True)


def show_device_link(
    request: HttpRequest, link: DeviceLink, token: str, *, own: bool = False
) -> HttpResponse:
    """The link, this once, with words to send it with."""
    with translation.override(settings.LANGUAGE_CODE):
        url = request.build_absolute_uri(reverse("device_link", args=[token]))
        words = _(
            "Open this link on the phone you want to sign in with at %(office)s, and choose a PIN "
            "of six digits: %(link)s It works once, for %(days)d days. Do not pass it on."
        ) % {"office": request.district.office_name, "link": url, "days": VALID_FOR.days}
    context = {
        "link": url,
        "words": words,
        "whatsapp": f"https://wa.me/?text={quote(words)}",
        "made": link,
        "own": own,
    }
    return show(request, "ruang/device_link_made.html", context, status=201)
