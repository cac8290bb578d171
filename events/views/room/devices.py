"""`/ruang/perangkat/kirim/`: devices that send entries; a new one's token is shown once."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from districts.workspace import READS, show
from events.attendance.access import may_judge
from events.forms.room.device import DeviceForm
from events.models import Device
from events.services import devices as services
from events.views.room.access import may_plan, number_in, planner_page, see
from safeguards.facts import Refused


@planner_page(*READS, "POST")
def devices(request: HttpRequest) -> HttpResponse:
    """One's own; those of others too for whoever decides."""
    if request.method != "POST":
        return _page(request)
    now = timezone.now()
    if request.POST.get("do") == "cabut":
        rows = _rows(request)
        device = get_object_or_404(rows, pk=number_in(request.POST.get("which", "")))
        services.revoke(device=device, actor=request.user, now=now)
        messages.success(request, _("The device can send nothing any more."))
        return see(reverse("event_devices"))
    form = _form(request, request.POST)
    if not form.is_valid():
        return _page(request, status=422, form=form)
    try:
        device, token = services.register(
            member=request.user,
            district=request.district,
            label=form.cleaned_data["label"],
            events=form.events,
            now=now,
        )
    except Refused as error:
        return _page(request, status=error.http, reason=error.reason, form=form)
    # On this answer alone: it is kept nowhere.
    return _page(request, status=201, made=device, token=token)


def _form(request: HttpRequest, typed: QueryDict | None = None) -> DeviceForm:
    sessions = services.sessions_of(
        member=request.user,
        memberships=request.roles,
        district=request.district,
        now=timezone.now(),
    )
    return DeviceForm(typed, sessions=sessions)


def _rows(request: HttpRequest) -> QuerySet[Device]:
    rows = Device.objects.for_district(request.district).active()
    rows = rows.select_related("member").prefetch_related("events")
    if request.user.is_superuser or may_judge(request.roles):
        return rows
    return rows.filter(member=request.user)


def _page(request: HttpRequest, *, status: int = 200, **more: object) -> HttpResponse:
    if not may_plan(request):
        raise PermissionDenied
    more.setdefault("form", _form(request))
    context = {"rows": _rows(request), "district": request.district} | more
    return show(request, "events/room/people/devices.html", context, status=status)
