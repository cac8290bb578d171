"""`/ruang/kelas/klaim/`: counts of a device become runs of whoever has an account now."""

import json
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from districts.workspace import READS, show
from modules.finding import module_at
from modules.services.claiming import Claimed, Unreadable, claim, read_kept
from modules.views.access import facilitator_page, own_runs
from safeguards.views import HttpResponseSeeOther

LARGEST = 128 * 1024


@facilitator_page(*READS, "POST")
def claim_device(request: HttpRequest) -> HttpResponse:
    """Lists what this device keeps (JavaScript reads it); a POST takes one record over."""
    if request.method != "POST":
        return show(request, "modules/openly/claim.html", _taken(request))
    if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST:
        return _again(request, _("That is more than one session holds. Nothing was taken."), 413)
    try:
        kept = read_kept(json.loads(request.POST.get("kept", "")))
    except (Unreadable, ValueError):
        return _again(request, _("These counts can't be read. They are still on your device."), 422)
    try:
        module = module_at(request, kept.slug)
    except Http404:
        reason = _(
            "This module stands on these pages no more, so its counts can't be taken over. They "
            "are still on your device."
        )
        return _again(request, reason, 410)
    claimed = claim(
        district=request.district,
        facilitator=request.user,
        module=module,
        kept=kept,
        now=timezone.now(),
    )
    if claimed.run is None:
        return _again(request, claimed.outcome.reason, claimed.outcome.http)
    if claimed.refused or not claimed.is_taken:
        # Without `taken`: what was refused stands on the device alone, and must stay there.
        context = {"run": claimed.run, "refused": _refused(claimed)}
        if not claimed.is_taken:
            context["reason"] = claimed.outcome.reason
        return show(request, "modules/openly/claim.html", context, status=422)
    return HttpResponseSeeOther(f"{reverse('module_claim')}?diambil={kept.key}")


def _taken(request: HttpRequest) -> dict[str, Any]:
    """The run that was just made; the page deletes from the device only what the server has."""
    try:
        key = UUID(request.GET.get("diambil", ""))
    except ValueError:
        return {}
    run = own_runs(request).filter(key=key).first()
    return {"run": run, "taken": key} if run else {}


def _again(request: HttpRequest, reason: str, status: int) -> HttpResponse:
    return show(request, "modules/openly/claim.html", {"reason": reason}, status=status)


def _refused(claimed: Claimed) -> list[dict[str, Any]]:
    """Each count that was not taken, by its place on the device, with the reason."""
    return [
        {"number": number, "reason": outcome.reason}
        for number, outcome in enumerate(claimed.tallies, start=1)
        if outcome.status not in {"created", "already"}
    ]
