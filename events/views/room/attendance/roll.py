"""`…/hadir/panggil/`: the roll call, one tap a person, or all of them with one."""

import json
from datetime import datetime
from hashlib import sha256
from uuid import UUID, uuid5

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from districts.workspace import READS
from events.attendance.persons import Person
from events.attendance.roll import merged_keys, roll_of
from events.models import Occurrence, Status, Way
from events.services import attending
from events.views.room.attendance.frame import (
    KEPT,
    fault_of,
    key_of,
    people_page,
    source_of,
    unread,
)
from events.views.room.attendance.marking import key_in, mark_known, of_batch
from events.views.room.attendance.roll_screen import roll_page, roll_path
from events.views.room.attendance.walk_in import add, known
from events.views.room.report_access import own_date
from safeguards.facts import Outcome, judge_batch
from safeguards.views import HttpResponseSeeOther


@people_page(*READS, "POST")
def roll(request: HttpRequest, pk: str, date: str) -> HttpResponse:
    row, now = own_date(request, pk, date), timezone.now()
    if request.method != "POST":
        return roll_page(request, row)
    if fault := unread(request):
        return _refused(request, row, Outcome("rejected", fault[0], reason=fault[1]))
    if "tandai" in request.POST:
        return _mark(request, row, now)
    acts = {"semua": _all, "batal-semua": _none, "tambah": add, "dikenal": known}
    act = acts.get(request.POST.get("do", ""))
    if act is None:
        reason = _("We did not understand this. Nothing changed.")
        return roll_page(request, row, status=400, reason=reason)
    return act(request, row, now)


@people_page(*READS, notes=False)
def state(request: HttpRequest, pk: str, date: str) -> HttpResponse:
    """What holds of each person by key, and who was merged into them, for a roll call that is open
    elsewhere; 304 where it is what that one has. No name, and nothing that a browser keeps."""
    row = own_date(request, pk, date)
    rows = row.attendance.order_by("participant__key").values_list("participant__key", "status")
    people = {str(key): "" if status == Status.UNDONE else status for key, status in rows}
    stays = {str(old): str(new) for old, new in merged_keys(row).items()}
    told = {"people": people, "merged": stays}
    etag = quote_etag(sha256(json.dumps(told).encode()).hexdigest()[:32])
    response = get_conditional_response(request, etag=etag) or JsonResponse(told)
    response["ETag"] = etag
    return response


def _mark(request: HttpRequest, row: Occurrence, now: datetime) -> HttpResponse:
    told, _colon, status = request.POST["tandai"].partition(":")
    person = key_of(told)
    if person is None or status not in Status.values:
        reason = _("We did not understand this. Nothing changed.")
        return _refused(request, row, Outcome("rejected", 422, reason=reason))
    # One form holds all people: each has a key of its own that follows from the form's.
    key = uuid5(UUID(request.POST["key"]), request.POST["tandai"])
    outcome = mark_known(request, row, person, status, key, now)
    if outcome.status not in KEPT:
        return _refused(request, row, outcome)
    if _wants_json(request):
        return JsonResponse(outcome.response, status=outcome.http)
    return HttpResponseSeeOther(f"{roll_path(row)}#orang-{person}")


def _refused(request: HttpRequest, row: Occurrence, outcome: Outcome) -> HttpResponse:
    if not _wants_json(request):
        return roll_page(
            request, row, status=outcome.http, reason=outcome.reason,
            retry_after=outcome.retry_after,
        )  # fmt: skip
    response = JsonResponse({"reason": outcome.reason}, status=outcome.http)
    if outcome.retry_after:
        response["Retry-After"] = str(outcome.retry_after)
    return response


def _all(request: HttpRequest, row: Occurrence, now: datetime) -> HttpResponse:
    """Everybody of whom nothing was said came."""
    batch = UUID(request.POST["key"])
    outcomes = judge_batch(
        [
            attending.facts_item(
                kind=attending.KIND, occurrence=row, person=Person(line.participant.key),
                status=Status.PRESENT, way=Way.ROLL_CALL, key=key_in(batch, line), now=now,
                source=source_of(request),
            )
            for line in roll_of(row).lines
            if line.attendance is None
        ],
        now=now,
    )  # fmt: skip
    if faults := list(dict.fromkeys(filter(None, map(fault_of, outcomes)))):
        http = max(outcome.http for outcome in outcomes)
        return roll_page(request, row, status=http, reason=" ".join(faults))
    number = len(outcomes)
    messages.success(
        request,
        ngettext(
            "%(number)d person is written down as present. Now change who is missing.",
            "%(number)d people are written down as present. Now change who is missing.",
            number,
        )
        % {"number": number},
    )
    return HttpResponseSeeOther(f"{roll_path(row)}?semua={batch}")


def _none(request: HttpRequest, row: Occurrence, now: datetime) -> HttpResponse:
    """Take back what was marked with one tap, as far as nothing else was said since."""
    batch = key_of(request.POST.get("semua", ""))
    lines = of_batch(roll_of(row), batch) if batch else []
    key = UUID(request.POST["key"])
    outcomes = [
        attending.correct(
            occurrence=row, person=Person(line.participant.key), status=Status.UNDONE,
            key=key_in(key, line), now=now, source=source_of(request),
        )
        for line in lines
    ]  # fmt: skip
    faults = list(dict.fromkeys(filter(None, map(fault_of, outcomes))))
    if faults or not lines:
        reason = " ".join(faults) or _("There is nothing left to take back.")
        return roll_page(request, row, status=409, reason=reason)
    messages.success(request, _("Taken back. Nobody of them is written down now."))
    return HttpResponseSeeOther(roll_path(row))


def _wants_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "").startswith("application/json")
