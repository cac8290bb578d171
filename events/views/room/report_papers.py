"""`…/laporan/dokumen/` and the papers of a date, as PDF on A4 or F4."""

from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from districts.workspace import READS, member_page, show
from events.documents.activity import activity_pdf
from events.documents.attendance_list import (
    MOST_ROWS,
    USUAL_ROWS,
    blank_list_pdf,
    filled_list_pdf,
)
from events.documents.duty import duty_pdf
from events.documents.frame import size_in
from events.documents.records import minutes_pdf, record_pdf
from events.forms.invitation import LetterForm
from events.forms.room.duty import DutyForm
from events.lines import shown
from events.models import Attendance, Letter, Occurrence
from events.report_reading import report_of
from events.services import inviting
from events.services.bookkeeping import NotPossible
from events.services.inviting import may_host
from events.views.room.report_access import hosted_date, may_write, reported_date
from safeguards import audit
from safeguards.views import HttpResponseSeeOther

NUMBERED = (Letter.Kind.DUTY, Letter.Kind.MINUTES)


@member_page(*READS, sees_people=True)
def papers(request: HttpRequest, pk: str, date: str) -> HttpResponse:
    """What can be printed of a date, and the numbers that its papers have."""
    return _page(request, reported_date(request, pk, date))


@member_page("POST", sees_people=True)
def numbers(request: HttpRequest, pk: str, date: str) -> HttpResponse:
    """Take the next number of the year for a letter of duty or an official record."""
    row = hosted_date(request, pk, date)
    kind = request.POST.get("kind", "")
    if kind not in NUMBERED:
        reason = _("We did not understand this. Nothing changed.")
        return _page(request, row, status=400, reason=reason)
    form = _number_form(request, kind, request.POST)
    if not form.is_valid():
        return _page(request, row, status=422, forms={kind: form}, faulty=form)
    newest = _letters(row).filter(kind=kind).first()
    if str(newest.pk if newest else "") != request.POST.get("seen", ""):
        # Sent twice, or somebody else was faster: no second number for one paper.
        return HttpResponseSeeOther(_address(row))
    try:
        made = inviting.write_letter(
            occurrence=row,
            actor=request.user,
            kind=kind,
            now=timezone.now(),
            **({"agenda": ""} | form.values),
        )
    except NotPossible as error:
        return _page(request, row, status=409, reason=str(error.message), forms={kind: form})
    messages.success(request, _("The paper has the number %(number)s.") % {"number": made})
    return HttpResponseSeeOther(_address(row))


@member_page(*READS, sees_people=True)
def paper(request: HttpRequest, pk: str, date: str, paper_kind: str) -> HttpResponse:
    """One paper; a list with names leaves an entry in the audit trail."""
    row = reported_date(request, pk, date)
    size = size_in(request)
    if paper_kind == "daftar-hadir-kosong":
        content = blank_list_pdf(row, rows=_rows_in(request), size=size)
    elif paper_kind == "daftar-hadir":
        # Whoever reads figures alone reads no names here either.
        if not may_write(request, row.event):
            raise PermissionDenied
        content = filled_list_pdf(row, size=size)
        audit.record(
            verb="attendance.printed",
            actor_id=request.user.pk,
            obj=row,
            site=request.district.site_id,
            rows=Attendance.objects.filter(occurrence=row).came().count(),
        )
    else:
        made = {"notula": minutes_pdf, "berita-acara": record_pdf, "kegiatan": activity_pdf}
        content = made[paper_kind](row, report_of(row), size=size)
    return _pdf(content, f"{paper_kind}-{row.day:%Y-%m-%d}.pdf")


@member_page(*READS, "POST", sees_people=True)
def duty(request: HttpRequest, pk: str, date: str) -> HttpResponse:
    """A letter of duty: with lines to write on, or with the names that are sent, kept nowhere."""
    row = hosted_date(request, pk, date)
    size = size_in(request)
    if request.method != "POST":
        return _pdf(duty_pdf(row, [], size=size), f"surat-tugas-{row.day:%Y-%m-%d}.pdf")
    form = DutyForm(request.POST)
    if not form.is_valid():
        return _page(request, row, status=422, duty_form=form, faulty=form)
    size = "f4" if request.POST.get("kertas") == "f4" else "a4"
    words = form.cleaned_data
    content = duty_pdf(row, words["people"], day=words["day"], size=size)
    return _pdf(content, f"surat-tugas-{row.day:%Y-%m-%d}.pdf")


def _rows_in(request: HttpRequest) -> int:
    typed = request.GET.get("baris", str(USUAL_ROWS))
    if not (typed.isascii() and typed.isdecimal()) or len(typed) > 4:
        raise Http404
    if not 1 <= int(typed) <= MOST_ROWS:
        raise Http404
    return int(typed)


def _letters(row: Occurrence) -> Any:
    return Letter.objects.for_district(row.district_id).filter(occurrence=row).order_by("-pk")


def _number_form(request: HttpRequest, kind: str, data: Any = None) -> LetterForm:
    today = timezone.localdate(timezone.now(), ZoneInfo(request.district.timezone))
    last = Letter.objects.for_district(request.district).order_by("-pk").first()
    form = LetterForm(
        data,
        initial={
            "day": today,
            # What this office typed last time.
            "classification": last.classification if last else "",
            "unit": last.unit if last else "",
        },
        number_format=request.district.number_format,
        today=today,
        auto_id=f"id_{kind}_%s",
    )
    # What a letter alone says, which these papers are not.
    del form.fields["agenda"], form.fields["urgency"]
    return form


def _address(row: Occurrence) -> str:
    return reverse("event_papers", args=[row.event_id, row.pk]) + "#nomor"


def _pdf(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _page(
    request: HttpRequest,
    row: Occurrence,
    *,
    status: int = 200,
    reason: str = "",
    forms: dict[str, LetterForm] | None = None,
    duty_form: DutyForm | None = None,
    faulty: Any = None,
) -> HttpResponse:
    letters = list(_letters(row))
    newest = {}
    for one in letters:
        newest.setdefault(one.kind, one)
    taken = forms or {}
    context = {
        "district": request.district,
        "event": row.event,
        "row": row,
        "date": shown([row])[0],
        "report": report_of(row),
        "people": Attendance.objects.filter(occurrence=row).came().count(),
        "invitation": newest.get(Letter.Kind.INVITATION),
        "numbered": [
            {
                "kind": kind,
                "label": kind.label,
                "letter": newest.get(kind),
                "form": taken.get(kind) or _number_form(request, kind),
            }
            for kind in NUMBERED
        ],
        "duty_form": duty_form or DutyForm(),
        "may_write": may_host(request.user, row.event),
        "usual_rows": USUAL_ROWS,
        "faulty": faulty,
        "reason": reason,
    }
    return show(request, "events/room/report_papers.html", context, status=status)
