"""`/ruang/karantina/`: what devices told and somebody has to look at, let through or put away."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from districts.workspace import READS, show
from events.attendance.access import may_judge
from events.models import Occurrence
from events.services import syncing
from events.told_facts import lines_of, people_in
from events.views.room.access import number_in
from events.views.room.attendance.frame import key_of, people_page
from events.views.room.listing import page_of
from safeguards import audit
from safeguards.clocks import told_moment
from safeguards.facts import Refused
from safeguards.services.set_aside import WAITS, waits_until
from safeguards.views import HttpResponseSeeOther

MOST_TYPED = 2_000
KINDS = {
    "hadir": gettext_lazy("somebody came or did not"),
    "hadir-ubah": gettext_lazy("a correction"),
    "hitung": gettext_lazy("a headcount"),
    "hadir-lembaga": gettext_lazy("an organisation"),
    "laporan": gettext_lazy("a report"),
    "laporan-kirim": gettext_lazy("a report that was sent"),
}


@people_page(*READS, "POST", notes=False)
def quarantine(request: HttpRequest) -> HttpResponse:
    if not (request.user.is_superuser or may_judge(request.roles)):
        raise PermissionDenied
    if request.method != "POST":
        return _page(request)
    rows = syncing.waiting(request.district)
    fact = get_object_or_404(rows, pk=number_in(request.POST.get("which", "")))
    now = timezone.now()
    if request.POST.get("do") == "singkirkan":
        note = request.POST.get("note", "")[:MOST_TYPED]
        try:
            syncing.put_away(
                fact=fact, district=request.district, actor=request.user, note=note, now=now
            )
        except Refused as error:
            typed = {fact.pk: note}
            return _page(request, status=error.http, reason=error.reason, typed=typed)
        messages.success(request, _("Put away. The device is told why."))
        return HttpResponseSeeOther(reverse("event_quarantine"))
    outcome = syncing.let_through(fact=fact, district=request.district, actor=request.user, now=now)
    if outcome.status == "created":
        messages.success(request, _("Recorded."))
        return HttpResponseSeeOther(reverse("event_quarantine"))
    return _page(request, status=max(outcome.http, 409), reason=outcome.reason)


def _page(
    request: HttpRequest,
    *,
    status: int = 200,
    reason: str = "",
    typed: dict[int, str] | None = None,
) -> HttpResponse:
    """`typed` are notes by fact, to be shown again."""
    page = page_of(request, syncing.waiting(request.district))
    told = {fact.pk: _told(fact) for fact in page}
    keys = {key for body in told.values() if (key := key_of(str(body.get("occurrence", ""))))}
    dates = Occurrence.objects.for_district(request.district).select_related("event")
    sessions = {str(row.key): row for row in dates.filter(key__in=keys)}
    people = people_in(told, request.district)
    lines = [
        {
            "fact": fact,
            "device_says": told_moment(fact.client_time),
            "waits_until": waits_until(fact),
            "kind": KINDS.get(fact.kind, fact.kind),
            "session": sessions.get(str(told[fact.pk].get("occurrence", ""))),
            "told": lines_of(fact.kind, told[fact.pk], people),
            "note": (typed or {}).get(fact.pk, ""),
        }
        for fact in page
    ]
    audit.record(
        verb="quarantine.read",
        actor_id=request.user.pk,
        obj=None,
        site=request.district.site_id,
        number=len(lines),
    )
    context = {"lines": lines, "page_obj": page, "reason": reason, "district": request.district}
    context["days"] = WAITS.days
    return show(request, "events/room/people/quarantine.html", context, status=status)


def _told(fact: Any) -> dict[str, Any]:
    body = (fact.body or {}).get("body")
    return body if isinstance(body, dict) else {}
