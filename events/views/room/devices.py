"""`/ruang/perangkat/kirim/`: devices that send entries; a new one's token is shown once."""

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import timezone

from districts.workspace import READS, show
from events.forms.room.device import DeviceForm
from events.models import Device
from events.services import devices as services
from events.views.room.access import may_plan, planner_page
from safeguards.facts import Refused


@planner_page(*READS, "POST")
def devices(request: HttpRequest) -> HttpResponse:
    """Those that the member may revoke; that asks first, at an address of its own."""
    if request.method != "POST":
        return _page(request)
    form = _form(request, request.POST)
    if not form.is_valid():
        return _page(request, status=422, form=form)
    try:
        device, token = services.register(
            member=request.user,
            district=request.district,
            label=form.cleaned_data["label"],
            events=form.events,
            now=timezone.now(),
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
    rows = services.revocable(
        member=request.user, memberships=request.roles, district=request.district
    )
    return rows.select_related("member").prefetch_related("events")


def _page(request: HttpRequest, *, status: int = 200, **more: object) -> HttpResponse:
    if not may_plan(request):
        raise PermissionDenied
    more.setdefault("form", _form(request))
    context = {"rows": _rows(request), "district": request.district} | more
    return show(request, "events/room/people/devices.html", context, status=status)
