"""`…/hadir/daftar/` and its files: just what is on the screen, all rows, long lists later."""

import io
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.core.paginator import InvalidPage, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language

from districts.workspace import READS, show
from events.attendance import ages
from events.lines import chosen
from events.models import Occurrence, Sex, SheetExport, Way
from events.services import exporting
from events.sheets.lists import STATUSES, Wanted
from events.sheets.tables import TYPES
from events.sheets.writing import csv_of, write_list
from events.views.room.attendance.frame import page, people_page
from events.views.room.report_access import own_date
from safeguards import audit
from safeguards.files import private_response
from safeguards.views import HttpResponseSeeOther

ON_A_PAGE = 100
# Whoever waits longer for a file than this many rows take is told how far it is.
AT_ONCE = 5_000


@people_page(*READS, notes=False)
def listing(request: HttpRequest, pk: str, date: str) -> HttpResponse:
    row = own_date(request, pk, date)
    wanted = Wanted.of(request.GET)
    rows = wanted.rows(row).select_related("participant__organisation", "participant__region")
    try:
        page_obj = Paginator(rows, ON_A_PAGE).page(request.GET.get("page", 1))
    except InvalidPage as error:
        raise Http404 from error
    audit.record(
        verb="attendance.read", actor_id=request.user.pk, obj=row, site=request.district.site_id
    )
    labels = ages.age_groups()
    context: dict[str, Any] = {
        "wanted": wanted,
        "query": wanted.query,
        "page_obj": page_obj,
        "lines": [(one, labels.get(one.participant.age_group, "")) for one in page_obj],
        "statuses": chosen(STATUSES, wanted.status),
        "ways": chosen(Way.choices, wanted.cara),
        "sexes": chosen(Sex.choices, wanted.jk),
        "ages": chosen(labels.items(), wanted.umur),
    }
    return page(request, row, "sheet_list", context)


@people_page(*READS, notes=False)
def sheet(request: HttpRequest, pk: str, date: str, form: str) -> HttpResponse:
    row = own_date(request, pk, date)
    wanted = Wanted.of(request.GET)
    found = wanted.rows(row)
    total = found.count()
    if total > AT_ONCE:
        # Whoever asks again gets the file that is being written already.
        job = exporting.ask(
            occurrence=row,
            actor=request.user,
            form=form,
            asked=wanted.asked,
            total=total,
            language=get_language() or "id",
            now=timezone.now(),
        )
        return HttpResponseSeeOther(reverse("event_export", args=[job.key]))
    if form == "xlsx":
        body = io.BytesIO()
        number = write_list(body, found, row)
        content = body.getvalue()
    else:
        content = "".join(csv_of(found, row)).encode()
        number = total
    exporting.note(row, request.user.pk, number, form)
    response = HttpResponse(content, content_type=TYPES[form])
    response["Content-Disposition"] = f'attachment; filename="{_name(row, form)}"'
    return response


@people_page(*READS, notes=False)
def progress(request: HttpRequest, export: UUID) -> HttpResponse:
    """How far a long list is; the page asks again by itself until it is there."""
    job = _job(request, export)
    waits = job.state in {SheetExport.State.WAITING, SheetExport.State.RUNNING}
    context = {"job": job, "waits": waits, "district": request.district}
    response = show(request, "events/room/people/export.html", context)
    if waits:
        response["Refresh"] = "3"
    return response


@people_page(*READS, notes=False)
def fetch(request: HttpRequest, export: UUID) -> HttpResponse:
    job = _job(request, export)
    if job.state != SheetExport.State.DONE:
        raise Http404
    exporting.note(job.occurrence, request.user.pk, job.written, job.kind)
    return private_response(job.file.open("rb"), filename=_name(job.occurrence, job.kind))


def _job(request: HttpRequest, export: UUID) -> SheetExport:
    rows = SheetExport.objects.for_district(request.district)
    job = get_object_or_404(rows.select_related("occurrence__event__district"), key=export)
    if job.asked_by_id != request.user.pk:
        raise PermissionDenied
    return job


def _name(row: Occurrence, form: str) -> str:
    return f"daftar-hadir-{row.day:%Y-%m-%d}.{form}"
