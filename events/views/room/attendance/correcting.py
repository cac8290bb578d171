"""`…/hadir/panggil/<person>/`: what was written down of one person is corrected, with a reason."""

from dataclasses import replace
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from districts.forms.opened import again, compared
from districts.workspace import READS
from events.attendance.access import may_tell_anew
from events.attendance.persons import Person
from events.forms.room.attendance import REASONS, CorrectionForm
from events.models import Attendance, Occurrence, Status
from events.services import attending, participants
from events.views.room.attendance.frame import KEPT, key_of, page, people_page, source_of
from events.views.room.report_access import own_date
from safeguards.bodies import too_large
from safeguards.lost_updates import Outdated, imprint
from safeguards.models import AuditEntry
from safeguards.views import HttpResponseSeeOther

SHOWN = 20


@people_page(*READS, "POST")
def correct(request: HttpRequest, pk: str, date: str, person: str) -> HttpResponse:
    row = own_date(request, pk, date)
    known = known_here(row, person)
    if request.method != "POST":
        return _page(request, row, known, CorrectionForm(initial=_initial(known)))
    form = CorrectionForm(None if too_large(request) else request.POST, initial=_initial(known))
    if not form.is_bound:
        reason = _("That was more than fits here. Nothing was sent.")
        return _page(request, row, known, form, status=413, reason=reason)
    if not form.is_valid():
        return _page(request, row, known, form, status=422)
    source = source_of(request, form.cleaned_data["reason"])
    try:
        outcome = attending.correct(
            occurrence=row,
            person=Person(known.participant.key),
            status=form.cleaned_data["status"],
            key=form.cleaned_data["key"],
            now=timezone.now(),
            source=replace(source, opened=form.cleaned_data["opened"]),
        )
    except Outdated:
        return _outdated(request, row, known_here(row, person))
    if outcome.status not in KEPT:
        return _page(
            request, row, known, form, status=outcome.http, reason=outcome.reason,
            retry_after=outcome.retry_after,
        )  # fmt: skip
    if outcome.response.get("applied") is False:
        reason = _("Your correction is kept, but a later one holds. Nothing has changed here.")
        return _page(request, row, known_here(row, person), form, status=409, reason=reason)
    messages.success(request, _("Corrected. The office can see what it was before."))
    roll = reverse("event_roll", args=[row.event_id, row.pk])
    return HttpResponseSeeOther(f"{roll}#orang-{known.participant.key}")


def known_here(row: Occurrence, person: str) -> Attendance:
    """Who was written down at this date; raises Http404."""
    key = key_of(person)
    who = participants.known_as(row.district_id, key) if key is not None else None
    if who is None or not who.name:
        raise Http404
    beside = ("participant__organisation", "participant__region", "recorded_by")
    return get_object_or_404(who.attendance.filter(occurrence=row).select_related(*beside))


def _initial(known: Attendance) -> dict[str, Any]:
    opened = imprint(attending.standing_as(known.status))
    return {"key": uuid4(), "status": known.status, "opened": opened}


def _outdated(request: HttpRequest, row: Occurrence, known: Attendance) -> HttpResponse:
    """What stands now beside what was typed, which is kept when it is sent once more."""
    stands = attending.standing_as(known.status)
    form = CorrectionForm(again(request.POST, stands))
    more = {"is_outdated": True, "compared": compared(form, stands)}
    return _page(request, row, known, form, more, status=409)


def _page(
    request: HttpRequest,
    row: Occurrence,
    known: Attendance,
    form: CorrectionForm,
    beside: dict[str, Any] | None = None,
    **more: Any,
) -> HttpResponse:
    entries = AuditEntry.objects.filter(
        object_type=Attendance._meta.label, object_id=str(known.pk), verb="attendance.corrected"
    )
    labels = dict(Status.choices)
    context = {
        "known": known,
        "may_rename": may_tell_anew(request.user, request.roles, known.participant),
        "form": form,
        "corrections": [
            {
                "at": entry.at,
                "before": labels.get(entry.details.get("before"), ""),
                "after": labels.get(entry.details.get("after"), ""),
                "reason": REASONS.get(entry.details.get("reason"), ""),
                "applied": entry.details.get("applied") is not False,
            }
            for entry in entries[:SHOWN]
        ],
    }
    return page(request, row, "person", context | (beside or {}), **more)
