"""`…/hadir/impor/`: a sheet is handed in, looked at row by row, and recorded once told."""

import io
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from districts.workspace import READS
from events.models import Occurrence, SheetUpload
from events.services import importing
from events.services.entering import in_words
from events.sheets.reading import MOST_ROWS, SheetRejected
from events.sheets.writing import empty_sheet, write_faulty
from events.views.room.attendance.frame import key_of, page, people_page, why_not
from events.views.room.report_access import own_date
from safeguards import audit
from safeguards.uploads import XLSX, UploadRejected
from safeguards.views import HttpResponseSeeOther

# Of a long sheet so many rows of each kind are shown; the file of faulty rows has all.
SHOWN = 200


@people_page(*READS, "POST", notes=False)
def hand_in(request: HttpRequest, pk: str, date: str) -> HttpResponse:
    row = own_date(request, pk, date)
    if request.method != "POST":
        return _form(request, row)
    if closed := why_not(row, timezone.now()):
        return _form(request, row, status=409, reason=closed)
    file = request.FILES.get("file")
    key = key_of(request.POST.get("key", ""))
    if file is None or key is None:
        return _form(request, row, status=422, reason=_("Please choose a file."))
    try:
        upload = importing.keep(
            occurrence=row, actor=request.user, key=key, file=file, now=timezone.now()
        )
    except SheetRejected as error:
        return _form(request, row, status=error.status, reason=error.message)
    except UploadRejected as error:
        return _form(request, row, status=error.status, reason=" ".join(error.messages))
    return HttpResponseSeeOther(
        reverse("event_attendance_import_rows", args=[row.event_id, row.pk, upload.key])
    )


@people_page(*READS, "POST")
def rows(request: HttpRequest, pk: str, date: str, sheet: str) -> HttpResponse:
    row = own_date(request, pk, date)
    upload = _upload(request, row, sheet)
    if request.method != "POST":
        return _preview(request, row, upload)
    if closed := why_not(row, timezone.now()):
        return _preview(request, row, upload, status=409, reason=closed)
    choices = _choices(request)
    done = importing.record(
        upload=upload, occurrence=row, choices=choices, actor=request.user, now=timezone.now()
    )
    if done.undecided or done.refused:
        return _preview(request, row, upload, status=422, done=done, choices=choices)
    messages.success(request, in_words(done.saved, done.already))
    here = reverse("event_attendance_import_rows", args=[row.event_id, row.pk, upload.key])
    return HttpResponseSeeOther(here)


@people_page(*READS, notes=False)
def faulty(request: HttpRequest, pk: str, date: str, sheet: str) -> HttpResponse:
    """The rows with faults, to be mended and handed in again."""
    row = own_date(request, pk, date)
    upload = _upload(request, row, sheet)
    body = io.BytesIO()
    number = write_faulty(body, importing.judged(upload, row))
    audit.record(
        verb="attendance.faulty_rows_exported",
        actor_id=request.user.pk,
        obj=row,
        site=request.district.site_id,
        rows=number,
    )
    return _file(body.getvalue(), f"baris-salah-{row.day:%Y-%m-%d}.xlsx")


@people_page(*READS, notes=False)
def empty(request: HttpRequest, pk: str, date: str) -> HttpResponse:
    own_date(request, pk, date)
    return _file(empty_sheet(), "daftar-hadir-kosong.xlsx")


def _file(body: bytes, name: str) -> HttpResponse:
    response = HttpResponse(body, content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _upload(request: HttpRequest, row: Occurrence, sheet: str) -> SheetUpload:
    """A sheet that was handed in for this date; PermissionDenied for somebody else's."""
    key = key_of(sheet)
    found = SheetUpload.objects.for_district(request.district).filter(key=key, occurrence=row)
    upload = found.first()
    if upload is None:
        raise Http404
    if upload.uploaded_by_id != request.user.pk:
        raise PermissionDenied
    return upload


def _choices(request: HttpRequest) -> dict[int, str]:
    return {
        int(name[6:]): value[:36]
        for name, value in request.POST.items()
        if name.startswith("siapa-") and name[6:].isascii() and name[6:].isdecimal()
    }


def _form(request: HttpRequest, row: Occurrence, **more: Any) -> HttpResponse:
    context = {"sheet_key": uuid4(), "most": MOST_ROWS}
    return page(request, row, "sheet_import", context, **more)


def _preview(
    request: HttpRequest,
    row: Occurrence,
    upload: SheetUpload,
    *,
    done: importing.Recorded | None = None,
    choices: dict[int, str] | None = None,
    **more: Any,
) -> HttpResponse:
    found = importing.judged(upload, row)
    bad = [one for one in found if not one.is_good]
    asked = [one for one in found if one.needs_deciding]
    chosen = choices or {}
    context = {
        "upload": upload,
        "bad": bad[:SHOWN],
        "bad_count": len(bad),
        "asked": [(one, chosen.get(one.number, one.suggested)) for one in asked],
        "good": [one for one in found if one.is_good and not one.needs_deciding][:SHOWN],
        "good_count": sum(one.is_good and not one.needs_deciding for one in found),
        "there_count": sum(one.there for one in found if one.is_good),
        "done": done,
    }
    if "status" not in more and bad:
        # A sheet with faults is answered as one; what has none can be recorded all the same.
        more["status"] = 422
    return page(request, row, "sheet_rows", context, **more)
