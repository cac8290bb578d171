"""Somebody who is not on the list: new, or known from another session."""

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from events.attendance.duplicates import candidates_for
from events.models import Occurrence, Status, Way
from events.services import attending
from events.views.room.attendance.frame import KEPT, key_of, source_of
from events.views.room.attendance.marking import mark_known
from events.views.room.attendance.roll_screen import roll_page, roll_path, walk_in_form
from safeguards.views import HttpResponseSeeOther

MOST_CANDIDATES = 5


def add(request: HttpRequest, row: Occurrence, now: datetime) -> HttpResponse:
    form = walk_in_form(row, data=request.POST)
    if not form.is_valid():
        return roll_page(request, row, form=form, status=422)
    told = form.cleaned_data
    alike = []
    if "baru" not in request.POST:
        alike = candidates_for(row.event.district, told["name"], phone=told["phone"])
        alike = [one for one in alike if one.key != told["person_key"]][:MOST_CANDIDATES]
    if alike:
        # Whether it is one of them is for the human who sees the person.
        return roll_page(request, row, form=form, candidates=alike)
    outcome = attending.mark(
        occurrence=row, person=form.person(told["person_key"]), status=Status.PRESENT,
        way=_way(request), key=told["key"], now=now, source=source_of(request),
    )  # fmt: skip
    if outcome.status not in KEPT:
        return roll_page(
            request, row, form=form, status=outcome.http, reason=outcome.reason,
            retry_after=outcome.retry_after,
        )  # fmt: skip
    messages.success(request, _("%(name)s is on the list.") % {"name": told["name"]})
    return _next(request, row, f"{roll_path(row)}#tambah")


def known(request: HttpRequest, row: Occurrence, now: datetime) -> HttpResponse:
    """Whoever walked in is known from before."""
    person = key_of(request.POST.get("orang", ""))
    if person is None:
        reason = _("We did not understand this. Nothing changed.")
        return roll_page(request, row, status=422, reason=reason)
    outcome = mark_known(
        request, row, person, Status.PRESENT, UUID(request.POST["key"]), now, _way(request)
    )
    if outcome.status not in KEPT:
        return roll_page(request, row, status=outcome.http, reason=outcome.reason)
    return _next(request, row, f"{roll_path(row)}#orang-{person}")


def _way(request: HttpRequest) -> str:
    return Way.SCAN if "pindai" in request.POST else Way.ROLL_CALL


def _next(request: HttpRequest, row: Occurrence, roll: str) -> HttpResponse:
    """Whoever was scanned is followed by the next one at the door."""
    scan = reverse("event_scan", args=[row.event_id, row.pk])
    return HttpResponseSeeOther(scan if "pindai" in request.POST else roll)
