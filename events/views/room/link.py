"""`/ruang/kalender/langganan/`: the private address of a member's calendar."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from districts.workspace import READS, member_page, show
from events.services import calendar_links
from safeguards.views import HttpResponseSeeOther


@member_page(*READS, "POST")
def link(request: HttpRequest) -> HttpResponse:
    """Make an address, which is shown this one time, or end the one there is."""
    now = timezone.now()
    active = calendar_links.active_of(request.user, request.district)
    if request.method == "POST" and request.POST.get("act") == "buat":
        token = calendar_links.make(member=request.user, district=request.district, now=now)
        address = request.build_absolute_uri(f"/ruang/kalender/{token}.ics")
        context = {"address": address, "webcal": f"webcal:{address.partition(':')[2]}"}
        return _page(request, context | {"known": active.first()}, status=201)
    if request.method == "POST" and request.POST.get("act") == "akhiri":
        for row in active.select_related("district"):
            calendar_links.revoke(link=row, now=now)
        messages.success(request, _("The address is ended. Nobody can read it any more."))
        return HttpResponseSeeOther(reverse("event_link"))
    status = 400 if request.method == "POST" else 200
    return _page(request, {"known": active.first()}, status=status)


def _page(request: HttpRequest, context: dict, status: int) -> HttpResponse:
    context = {"district": request.district} | context
    return show(request, "events/room/link.html", context, status=status)
