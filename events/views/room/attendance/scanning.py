"""`…/hadir/pindai/`: staff scans what a person shows: their registration, or their own code.

A telephone's camera fills the one field, a reader that types does so by itself, and so does a hand.
"""

import re
from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from districts.workspace import READS
from events.attendance.persons import registered_key
from events.models import Attendance, Occurrence, Registration, Status, Way
from events.services import participants, registering
from events.views.room.attendance.frame import KEPT, page, people_page, unread
from events.views.room.attendance.marking import mark_known
from events.views.room.report_access import own_date
from safeguards.views import HttpResponseSeeOther

LONGEST = 400
TOKEN = re.compile(r"(?:/kalender/pendaftaran/|\A)([-a-zA-Z0-9_]{32})(?:/|\Z)")
WALL = re.compile(r"/hadir/[0-9a-zA-Z-]+/?\Z")
KEY = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z")
LATEST = 5


@people_page(*READS, "POST")
def scan(request: HttpRequest, pk: str, date: str) -> HttpResponse:
    row, now = own_date(request, pk, date), timezone.now()

    def again(reason: str, status: int, typed: str = "", **more: object) -> HttpResponse:
        latest = Attendance.objects.filter(occurrence=row, way=Way.SCAN).came()
        latest = latest.select_related("participant").order_by("-server_time")[:LATEST]
        told = {"typed": typed[:60], "latest": latest}
        return page(request, row, "scan", told, reason=reason, status=status, **more)

    if request.method != "POST":
        return again("", 200)
    typed = request.POST.get("kode", "").strip()
    if fault := unread(request):
        return again(fault[1], fault[0])
    if not typed or len(typed) > LONGEST:
        return again(_("Please scan or type a code."), 422)
    if KEY.search(typed.lower()):
        known = participants.known_as(request.district.pk, UUID(typed[-36:]))
        if known is None or not known.name:
            return again(_("Nobody of this office has this code."), 404, typed)
        key = UUID(request.POST["key"])
        outcome = mark_known(request, row, known.key, Status.PRESENT, key, now, Way.SCAN)
        if outcome.status not in KEPT:
            return again(outcome.reason, outcome.http, typed, retry_after=outcome.retry_after)
        return _greeted(request, row, known.name, is_new=outcome.http != 200)
    if found := TOKEN.search(typed):
        return _registered(request, row, found[1], again)
    if WALL.search(typed):
        reason = _("This is the code on the wall. People scan it with their own phone.")
        return again(reason, 422, typed)
    return again(_("This is no code of a person or of a registration."), 422, typed)


def _registered(request: HttpRequest, row: Occurrence, token: str, again: Callable) -> HttpResponse:
    """Who registered is half written down; sex and age are asked on the roll."""
    try:
        mine = registering.find(district=request.district, token=token)
    except Registration.DoesNotExist:
        return again(_("Nobody of this office has this code."), 404)
    if mine.occurrence_id != row.pk:
        return again(_("This registration is for another session."), 404)
    if mine.state == Registration.State.CANCELLED:
        reason = _("This registration was cancelled. If they came all the same, add them by name.")
        return again(reason, 410)
    if mine.kind == Registration.Kind.ORGANISATION:
        messages.info(request, _("%(name)s has registered.") % {"name": mine.organisation_name})
        return HttpResponseSeeOther(reverse("event_organisations", args=[row.event_id, row.pk]))
    known = participants.known_as(row.district_id, registered_key(mine))
    if known is not None and known.attendance.filter(occurrence=row).came().exists():
        return _greeted(request, row, mine.name, is_new=False)
    if mine.state == Registration.State.WAITING:
        reason = _("%(name)s is on the waiting list. If there is room, add them by name.")
        return again(reason % {"name": mine.name}, 409)
    roll = reverse("event_roll", args=[row.event_id, row.pk])
    return HttpResponseSeeOther(f"{roll}?daftar={mine.pk}&pindai#tambah")


def _greeted(request: HttpRequest, row: Occurrence, name: str, *, is_new: bool) -> HttpResponse:
    words = _("Welcome, %(name)s.") if is_new else _("%(name)s was there already.")
    messages.success(request, words % {"name": name})
    return HttpResponseSeeOther(reverse("event_scan", args=[row.event_id, row.pk]))
