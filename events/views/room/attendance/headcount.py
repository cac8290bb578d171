"""`…/hadir/hitung/`: how many were there, by sex, age group and disability; nobody is named."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from districts.workspace import READS
from events.attendance.totals import totals_of
from events.forms.room.attendance_count import Grid, grid_of
from events.models import Occurrence
from events.services import headcounting
from events.views.room.attendance.frame import KEPT, page, people_page, source_of, unread
from events.views.room.report_access import own_date
from safeguards.views import HttpResponseSeeOther


@people_page(*READS, "POST", notes=False)
def headcount(request: HttpRequest, pk: str, date: str) -> HttpResponse:
    row = own_date(request, pk, date)
    rows = list(row.headcounts.all())
    if request.method != "POST":
        return _page(request, row, grid_of(rows))
    if fault := unread(request):
        return _page(request, row, grid_of(rows), status=fault[0], reason=fault[1])
    grid = grid_of(rows, request.POST)
    if "ubah" in request.POST:
        grid.step(request.POST["ubah"])
        return _page(request, row, grid)
    if not grid.is_valid:
        reason = _("Please look at the marked numbers again. Nothing was saved yet.")
        return _page(request, row, grid, status=422, reason=reason)
    if grid.is_outdated:
        return _outdated(request, row, grid)
    cells = grid.cells()
    if not cells:
        messages.info(request, _("Nothing was different from what is known."))
        return HttpResponseSeeOther(_path(row))
    outcome = headcounting.count(
        occurrence=row, cells=cells, key=UUID(request.POST["key"]), now=timezone.now(),
        source=source_of(request), seen=grid.known,
    )  # fmt: skip
    if outcome.http == 409:
        # Perhaps because somebody saved a number between our look and our writing.
        grid = grid_of(row.headcounts.all(), request.POST)
        if grid.is_outdated:
            return _outdated(request, row, grid)
    if outcome.status not in KEPT:
        return _page(
            request, row, grid, status=outcome.http, reason=outcome.reason,
            retry_after=outcome.retry_after,
        )  # fmt: skip
    if outcome.response.get("applied") is False:
        messages.warning(request, _("Kept, but a later count holds. Please look at the numbers."))
        return HttpResponseSeeOther(_path(row))
    messages.success(
        request, _("Saved: %(total)d people were counted.") % {"total": outcome.response["total"]}
    )
    return HttpResponseSeeOther(_path(row))


def _outdated(request: HttpRequest, row: Occurrence, grid: Grid) -> HttpResponse:
    grid.shows_both()
    reason = _(
        "Somebody else saved numbers since you opened this page. Nothing of yours is lost or saved "
        "yet: please look at the marked numbers and save once more."
    )
    return _page(request, row, grid, status=409, reason=reason)


def _page(request: HttpRequest, row: Occurrence, grid: Grid, **more: Any) -> HttpResponse:
    return page(request, row, "headcount", {"grid": grid, "totals": totals_of(row)}, **more)


def _path(row: Occurrence) -> str:
    return reverse("event_headcount", args=[row.event_id, row.pk])
