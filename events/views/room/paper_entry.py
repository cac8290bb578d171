"""`…/hadir/kertas/`: the photo of the signed sheet, and beside it rows to type it into."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from districts.workspace import READS
from events.attendance import ages
from events.attendance.places import places_of
from events.models import Occurrence, ReportFile, Sex
from events.services import report_files
from events.services.bookkeeping import NotPossible
from events.services.entering import enter, in_words
from events.sheets.judging import Judged
from events.sheets.reading import Line
from events.views.room.attendance.frame import key_of, page, people_page, why_not
from events.views.room.report_access import own_date
from safeguards.bodies import too_large
from safeguards.uploads import UploadRejected
from safeguards.views import HttpResponseSeeOther

ROWS = 12
# Name of a box in the form → column of a sheet.
BOXES = {
    "nama": "nama",
    "jk": "l/p",
    "umur": "kelompok umur",
    "lembaga": "lembaga",
    "jabatan": "jabatan",
    "desa": "wilayah",
    "wali": "persetujuan wali",
}
LONGEST_TYPED = 500


@people_page(*READS, "POST")
def paper(request: HttpRequest, pk: str, date: str) -> HttpResponse:
    row = own_date(request, pk, date)
    if request.method != "POST":
        return _page(request, row, [])
    now = timezone.now()
    if request.POST.get("do") == "foto":
        return _photo(request, row)
    if too_large(request):
        reason = _("That was more than fits here. Nothing was sent.")
        return _page(request, row, [], status=413, reason=reason)
    lines = _lines(request)
    if closed := why_not(row, now):
        return _page(request, row, [Judged(line) for line in lines], status=409, reason=closed)
    recorded, already, left = enter(
        occurrence=row, lines=lines, choices=_choices(request), actor=request.user, now=now
    )
    said = in_words(recorded, already)
    if left:
        return _page(request, row, left, status=422, said=said if recorded else "")
    messages.success(request, said)
    return HttpResponseSeeOther(reverse("event_attendance_paper", args=[row.event_id, row.pk]))


def _photo(request: HttpRequest, row: Occurrence) -> HttpResponse:
    """Rows that are half typed stay typed, whatever becomes of the photo."""
    upload, key = request.FILES.get("photo"), key_of(request.POST.get("key", ""))
    typed = [Judged(line) for line in _lines(request)]
    if upload is None or key is None:
        return _page(
            request, row, typed, typing=True, status=422, reason=_("Please choose a photo.")
        )
    try:
        report_files.add_file(
            occurrence=row,
            actor=request.user,
            form_key=key,
            upload=upload,
            kind=ReportFile.Kind.SCAN,
            caption=_("Attendance list"),
            shows_child_face=False,
            consent_reference="",
            now=timezone.now(),
        )
    except UploadRejected as error:
        return _page(
            request, row, typed, typing=True, status=error.status, reason=" ".join(error.messages)
        )
    except NotPossible as error:
        return _page(request, row, typed, typing=True, status=409, reason=error.message)
    if typed:
        return _page(request, row, typed, typing=True, kept_photo=True)
    return HttpResponseSeeOther(reverse("event_attendance_paper", args=[row.event_id, row.pk]))


def _lines(request: HttpRequest) -> list[Line]:
    """Rows in which something was typed."""
    found = []
    for number in range(1, ROWS + 1):
        cells = {
            column: " ".join(request.POST.get(f"{box}-{number}", "")[:LONGEST_TYPED].split())
            for box, column in BOXES.items()
        }
        # What is chosen is nothing typed.
        if any(cells[column] for column in ("nama", "lembaga", "jabatan", "wilayah")):
            found.append(Line(number, cells, repeat=_repeat(request, number)))
    return found


def _repeat(request: HttpRequest, number: int) -> int:
    """How often these words were typed in rows above, which may be recorded and gone."""
    text = request.POST.get(f"ulang-{number}", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 4 else 0


def _choices(request: HttpRequest) -> dict[int, str]:
    return {number: request.POST.get(f"siapa-{number}", "")[:36] for number in range(1, ROWS + 1)}


def _page(
    request: HttpRequest,
    row: Occurrence,
    left: list[Judged],
    *,
    said: str = "",
    typing: bool = False,
    kept_photo: bool = False,
    **more: Any,
) -> HttpResponse:
    """`said` is what was recorded, in words. `typing`: nobody has judged what is left yet, it was
    on the way to be typed."""
    boxes: list[dict[str, Any]] = [
        {
            "number": number,
            "typed": {box: one.line.cells.get(column, "") for box, column in BOXES.items()},
            "repeat": one.line.repeat,
            "faults": one.faults,
            "proposed": one.proposed if one.is_good else [],
            "suggested": one.suggested if one.is_good else "",
        }
        for number, one in enumerate(left, start=1)
    ]
    for number in range(len(boxes) + 1, ROWS + 1):
        boxes.append({"number": number, "typed": {}, "faults": {}, "proposed": []})
    photos = ReportFile.objects.for_district(row.district_id).filter(
        report__occurrence=row, kind=ReportFile.Kind.SCAN, shows_child_face=False
    )
    context = {
        "boxes": boxes,
        "left": [] if typing else left,
        "said": said,
        "kept_photo": kept_photo,
        "photos": photos.order_by("-created_at", "-pk")[:10],
        "photo_key": uuid4(),
        "ages": ages.age_groups().items(),
        "sexes": Sex.choices,
        "places": places_of(request.district).offers,
    }
    return page(request, row, "sheet_paper", context, **more)
