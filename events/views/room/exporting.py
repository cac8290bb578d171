"""`…/hadir/daftar/` and files of lists: just what is on the screen, all rows, long ones later."""

import io
from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.core.paginator import InvalidPage, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language

from districts.workspace import READS, kept_out, member_page, show
from events.attendance import ages
from events.lines import chosen
from events.models import Occurrence, Sex, SheetExport, Way
from events.services import exporting
from events.sheets.lists import STATUSES, Wanted
from events.sheets.offered import EVENT, LISTS, List, Offer, number_of
from events.sheets.tables import TYPES, written
from events.sheets.writing import csv_of, write_list
from events.views.room.access import only_judges
from events.views.room.attendance.frame import page, people_page
from events.views.room.report_access import own_date
from safeguards import audit
from safeguards.files import private_response
from safeguards.views import HttpResponseSeeOther

ON_A_PAGE = 100


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
    if total > exporting.AT_ONCE:
        return _asked(
            request, SheetExport.ATTENDANCE, form, total, now=timezone.now(), asked=wanted.asked,
            occurrence=row,
        )  # fmt: skip
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


def taken(request: HttpRequest, offer: Offer, form: str) -> HttpResponse:
    """The file to be kept, and a line in the audit trail that somebody took it; long ones later."""
    rows = offer.rows
    total = number_of(rows)
    if total > exporting.AT_ONCE:
        return _asked(
            request, offer.what, form, total, now=offer.now, asked=offer.asked,
            occurrence=offer.occurrence,
        )  # fmt: skip
    content, number = written(offer.table(rows), form)
    exporting.note_list(offer, number, form)
    response = HttpResponse(content, content_type=TYPES[form])
    response["Content-Disposition"] = f'attachment; filename="{offer.name}.{form}"'
    return response


def _asked(
    request: HttpRequest, what: str, form: str, total: int, **more: Any
) -> HttpResponseSeeOther:
    """Whoever asks again gets the file that is being written already."""
    job = exporting.ask(
        district=request.district,
        what=what,
        actor=request.user,
        form=form,
        total=total,
        language=get_language() or "id",
        **more,
    )
    return HttpResponseSeeOther(reverse("event_export", args=[job.key]))


def _job_page(view: Callable) -> Callable:
    """For whoever asked for the list, while they may read it."""

    @member_page(*READS)
    @wraps(view)
    def guarded(request: HttpRequest, export: UUID) -> HttpResponse:
        rows = SheetExport.objects.for_district(request.district)
        found = rows.select_related("occurrence__event__district", "district", "asked_by")
        job = get_object_or_404(found, key=export)
        if job.asked_by_id != request.user.pk:
            raise PermissionDenied
        offer = exporting.offer_of(job)
        if (offer is None or offer.names_people) and (answer := kept_out(request)) is not None:
            return answer
        if offer is not None:
            _only_its_readers(request, LISTS[offer.what])
        return view(request, job, offer)

    return guarded


@_job_page
def progress(request: HttpRequest, job: SheetExport, offer: Offer | None) -> HttpResponse:
    """How far a long list is; the page asks again by itself until it is there."""
    waits = job.state in {SheetExport.State.WAITING, SheetExport.State.RUNNING}
    context = {
        "job": job,
        "waits": waits,
        "back": _screen(job),
        "names_people": offer is None or offer.names_people,
        "district": request.district,
    }
    response = show(request, "events/room/people/export.html", context)
    if waits:
        response["Refresh"] = "3"
    return response


@_job_page
def fetch(request: HttpRequest, job: SheetExport, offer: Offer | None) -> HttpResponse:
    if job.state != SheetExport.State.DONE:
        raise Http404
    if offer is None:
        name = _name(job.occurrence, job.kind)
        exporting.note(job.occurrence, request.user.pk, job.written, job.kind)
    else:
        name = f"{offer.name}.{job.kind}"
        exporting.note_list(offer, job.written, job.kind)
    return private_response(job.file.open("rb"), filename=name)


def _only_its_readers(request: HttpRequest, offered: List) -> None:
    if offered.judged:
        only_judges(request)
    if offered.opens is not None and not offered.opens(request):
        raise PermissionDenied


def _screen(job: SheetExport) -> str:
    """Where the list is on the screen."""
    if job.what == SheetExport.ATTENDANCE:
        screen = "event_attendance_list"
    else:
        screen = LISTS[job.what].screen
    if job.occurrence_id is not None:
        return reverse(screen, args=[job.occurrence.event_id, job.occurrence_id])
    return reverse(screen, args=[job.asked[EVENT]] if EVENT in job.asked else [])


def _name(row: Occurrence, form: str) -> str:
    return f"daftar-hadir-{row.day:%Y-%m-%d}.{form}"
