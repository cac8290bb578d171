"""Taking one's own devices, passkeys and app away; each asks first."""

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from events.services import devices as senders
from website.accounts.access import READS, member_page, show
from website.accounts.factors.devices import revoke
from website.accounts.factors.resetting import remove_own
from website.accounts.factors.rules import PASSKEY, TOTP
from website.accounts.models import SignInDevice
from website.accounts.session import own_device
from website.accounts.views.own_factors import own_factors


@own_factors(*READS, "POST")
def remove_device(request: HttpRequest, pk: int) -> HttpResponse:
    device = get_object_or_404(
        SignInDevice.objects.for_district(request.district)
        .filter(revoked_at__isnull=True, user=request.person)
        .select_related("district"),
        pk=pk,
    )
    if request.method != "POST":
        context = {"what": device.label, "is_this": own_device(request) == device.pk}
        return show(request, "ruang/factor_remove.html", context)
    revoke(actor=request.person, device=device)
    messages.success(request, _("This device no longer signs in."))
    return redirect("devices")


@member_page(*READS, "POST")
def remove_sender(request: HttpRequest, pk: int) -> HttpResponse:
    """A device that sends entries: it signs nobody in, so no factor is asked for."""
    known = senders.revocable(
        member=request.user, memberships=request.roles, district=request.district
    )
    device = get_object_or_404(known, pk=pk)
    back = "event_devices" if request.GET.get("dari") == "kirim" else "devices"
    if request.method != "POST":
        context = {"what": device.label, "sends": True, "back": back}
        return show(request, "ruang/factor_remove.html", context)
    senders.revoke(device=device, actor=request.user, now=timezone.now())
    messages.success(request, _("The device can send nothing any more."))
    return redirect(back)


@own_factors(*READS, "POST")
def remove_passkey(request: HttpRequest, pk: int) -> HttpResponse:
    passkey = get_object_or_404(Authenticator, pk=pk, user=request.person, type=PASSKEY)
    return _remove(request, passkey, passkey.data.get("name", ""))


@own_factors(*READS, "POST")
def remove_app(request: HttpRequest) -> HttpResponse:
    app = get_object_or_404(Authenticator, user=request.person, type=TOTP)
    return _remove(request, app, _("Authenticator app"))


def _remove(request: HttpRequest, authenticator: Authenticator, what: str) -> HttpResponse:
    if request.method != "POST":
        return show(request, "ruang/factor_remove.html", {"what": what})
    remove_own(user=request.person, authenticator=authenticator, site=request.district.site_id)
    messages.success(request, _("It is taken away."))
    return redirect("devices")
