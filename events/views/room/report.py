"""`/ruang/kalender/<pk>/<date>/laporan/`: a report is written, sent, read and decided about."""

from typing import Any
from uuid import uuid4, uuid5

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from districts.regulations import laws_named
from districts.workspace import READS, member_page, show
from events.attendance.came import who_came
from events.forms.room.report import DecisionForm, ReportForm
from events.forms.room.report_comparing import differences
from events.lines import shown
from events.models import Occurrence, ReportState, SessionReport, Sex
from events.outlines import chapters_of, filled
from events.report_reading import MARKS, NEXT, cost_in_words, report_of
from events.services import report_decisions, reporting
from events.services.bookkeeping import NotPossible
from events.views.room.access import may_approve
from events.views.room.report_access import may_write, own_date, reported_date
from safeguards.facts import Refused
from safeguards.views import HttpResponseSeeOther

# A form of this size holds every field at its longest.
LARGEST_BODY = 512 * 1024


@member_page(*READS, "POST", sees_people=True)
def report(request: HttpRequest, pk: str, date: str) -> HttpResponse:
    """The form for whoever reports while it is open, else what was reported.

    Who decides about sessions reads those of others first; `?tulis` writes, `?baca` reads.
    """
    if request.method == "POST":
        return _save(request, own_date(request, pk, date))
    row = reported_date(request, pk, date)
    known = report_of(row)
    writes = may_write(request, row.event) and (known is None or known.is_open)
    closed = reporting.why_not_yet(row, timezone.now()) if writes else ""
    if writes and not closed and _begins_writing(request, row, known):
        form = ReportForm(event=row.event, report=known)
        return _form_page(request, row, known, form)
    return _read_page(request, row, known, reason=closed)


def _begins_writing(request: HttpRequest, row: Occurrence, known: SessionReport | None) -> bool:
    if "baca" in request.GET or "tulis" in request.GET:
        return "tulis" in request.GET
    wrote = known is not None and known.author_id == request.user.pk
    return wrote or row.event.proposed_by_id == request.user.pk or not may_approve(request)


def _save(request: HttpRequest, row: Occurrence) -> HttpResponse:
    known = report_of(row)
    form = ReportForm(request.POST, event=row.event, report=known)
    if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST_BODY:
        reason = _("This is more than a report holds. Nothing was saved.")
        return _form_page(request, row, known, form, status=413, reason=reason)
    if not form.is_valid():
        return _form_page(request, row, known, form, status=422)
    sends = request.POST.get("do") == "kirim"
    words = form.cleaned_data
    key = uuid5(words["key"], "kirim") if sends else words["key"]
    outcome = reporting.save_report(
        occurrence=row,
        actor=request.user,
        key=key,
        values=form.values,
        now=timezone.now(),
        version=words["version"],
        send=sends,
    )
    if outcome.status not in {"created", "already"}:
        return _not_saved(request, row, outcome)
    if sends:
        messages.success(request, _("The report is sent. The office reads it."))
        return HttpResponseSeeOther(address(row))
    messages.success(request, _("The report is saved. You can go on later, also elsewhere."))
    return HttpResponseSeeOther(address(row) + "#tersimpan")


def _not_saved(request: HttpRequest, row: Occurrence, outcome: Any) -> HttpResponse:
    """Everything that was typed once more, with why it was not kept."""
    stands = report_of(row)
    more: dict[str, Any] = {"reason": outcome.reason}
    data = request.POST.copy()
    differs = stands is not None and (
        (outcome.http == 409 and outcome.retry_after is None) or outcome.status == "conflict"
    )
    if differs:
        data["version"] = str(stands.version)
    if outcome.status == "conflict" and outcome.retry_after is None:
        # The form was sent before with other words; what is typed now is told anew.
        data["key"] = str(uuid4())
    form = ReportForm(data, event=row.event, report=stands)
    form.is_valid()
    if differs and outcome.retry_after is None:
        more["compared"] = differences(form, stands)
        more["stands"] = stands
    response = _form_page(request, row, stands, form, status=outcome.http, **more)
    if outcome.retry_after is not None:
        response["Retry-After"] = str(outcome.retry_after)
    return response


@member_page("POST", sees_people=True)
def decide(request: HttpRequest, pk: str, date: str) -> HttpResponse:
    """The office accepts a report or sends it back with a note."""
    row = reported_date(request, pk, date)
    known = report_of(row)
    form = DecisionForm(request.POST)
    returns = request.POST.get("do") == "kembalikan"
    if known is None or request.POST.get("do") not in {"terima", "kembalikan"}:
        reason = _("We did not understand this. Nothing changed.")
        return _read_page(request, row, known, status=400, reason=reason)
    if form.is_valid() and returns and not form.cleaned_data["note"]:
        form.add_error("note", _("Please say what should be changed."))
    if form.errors:
        return _read_page(request, row, known, status=422, decision=form)
    words = {
        "report": known,
        "actor": request.user,
        "version": form.cleaned_data["version"],
        "now": timezone.now(),
    }
    try:
        if returns:
            report_decisions.send_back(**words, reason=form.cleaned_data["note"])
        else:
            report_decisions.accept(**words)
    except Refused as stale:
        return _stale_decision(request, row, stale.reason)
    except NotPossible as error:
        return _read_page(request, row, known, status=409, reason=str(error.message))
    said = _("The report is sent back.") if returns else _("The report is accepted.")
    messages.success(request, said)
    return HttpResponseSeeOther(address(row))


def _stale_decision(request: HttpRequest, row: Occurrence, reason: str) -> HttpResponse:
    """The report as it stands now, with the note that was typed."""
    stands = report_of(row)
    data = request.POST.copy()
    data["version"] = str(stands.version)
    form = DecisionForm(data)
    form.is_valid()
    return _read_page(request, row, stands, status=409, reason=reason, decision=form)


def address(row: Occurrence) -> str:
    """By its number: an event may have two dates on one day."""
    return reverse("event_report", args=[row.event_id, row.pk])


def _form_page(
    request: HttpRequest,
    row: Occurrence,
    known: SessionReport | None,
    form: ReportForm,
    *,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    context = {**_around(request, row, known), "form": form, **more}
    return show(request, "events/room/report_form.html", context, status=status)


def _read_page(
    request: HttpRequest,
    row: Occurrence,
    known: SessionReport | None,
    *,
    status: int = 200,
    reason: str = "",
    decision: DecisionForm | None = None,
) -> HttpResponse:
    decides = (
        known is not None
        and may_approve(request)
        and known.sent_by_id != request.user.pk
        and known.state in {ReportState.SENT, ReportState.ACCEPTED}
    )
    if known is not None and decision is None:
        decision = DecisionForm(initial={"version": known.version})
    chapters = chapters_of(row.event, known) if known else None
    context = {
        **_around(request, row, known),
        "chapters": filled(chapters) if chapters else [],
        "laws": laws_named(chapters["laws"]) if chapters else [],
        "reason": reason,
        "decision": decision,
        "may_decide": decides,
        "waits_for_another": known is not None
        and known.state == ReportState.SENT
        and may_approve(request)
        and not decides,
        "cost": cost_in_words(known) if known else "",
    }
    return show(request, "events/room/report.html", context, status=status)


def _came(row: Occurrence) -> dict[str, Any]:
    came = who_came(row)
    found = came.totals
    return {
        "organisations": came.organisations,
        "number": came.number,
        "known": found.number,
        "difference": came.difference,
        "male": found.of_sex(Sex.MALE),
        "female": found.of_sex(Sex.FEMALE),
        "faults": found.faults,
    }


def _around(request: HttpRequest, row: Occurrence, known: SessionReport | None) -> dict[str, Any]:
    writes = may_write(request, row.event)
    return {
        "district": request.district,
        "event": row.event,
        "row": row,
        "date": shown([row])[0],
        "report": known,
        "mark": MARKS[ReportState(known.state)] if known else "",
        "next": NEXT[ReportState(known.state)] if known else "",
        "files": list(known.files.all()) if known else [],
        "came": _came(row),
        "may_write": writes and (known is None or known.is_open),
        "may_open": writes,
    }
