"""The screen of the roll call, with the form for whoever walked in."""

from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from events.attendance.persons import registered_key
from events.attendance.places import places_of
from events.attendance.roll import roll_of
from events.forms.room.attendance import WalkInForm
from events.models import CAME, Occurrence, Registration, Status
from events.services import participants
from events.services.planning import settings_of
from events.views.room.access import number_in
from events.views.room.attendance.frame import key_of, page
from events.views.room.attendance.marking import asks_reason, of_batch

OTHERS = (Status.LATE, Status.EXCUSED, Status.ILL, Status.ABSENT)


def roll_page(
    request: HttpRequest,
    row: Occurrence,
    *,
    form: WalkInForm | None = None,
    candidates: list[Any] | None = None,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    now = timezone.now()
    called = roll_of(row)
    form = form or walk_in_form(row, initial=_from_registration(request, row))
    batch = key_of(request.GET.get("semua", ""))
    context = {
        "lines": [(line, asks_reason(line.attendance, row, now)) for line in called.lines],
        "before": called.before,
        "registered": called.registered,
        "came": sum(line.status in CAME for line in called.lines),
        "open": sum(line.attendance is None for line in called.lines),
        "batch": batch if batch and of_batch(called, batch) else None,
        "others": OTHERS,
        "form": form,
        "candidates": candidates or [],
        "scans": "pindai" in request.GET or "pindai" in request.POST,
    }
    return page(request, row, "roll", context, status=status, **more)


def walk_in_form(row: Occurrence, data: Any = None, initial: dict | None = None) -> WalkInForm:
    told = {"key": uuid4(), "person_key": uuid4()} | (initial or {})
    district = row.event.district
    names = settings_of(district).names_minors
    return WalkInForm(data, initial=told, places=places_of(district), names_minors=names)


def _from_registration(request: HttpRequest, row: Occurrence) -> dict[str, Any]:
    """Who registered for this date is half written down: `?daftar=<number>`.

    The key is theirs until somebody has it; then a human says whether it is the same person.
    """
    if "daftar" not in request.GET:
        return {}
    mine = row.registrations.filter(kind=Registration.Kind.PERSON, state=Registration.State.IN)
    found = mine.filter(pk=number_in(request.GET["daftar"])).first()
    if found is None:
        return {}
    names = ("name", "organisation_name", "phone")
    told = {name: getattr(found, name) for name in names}
    key = registered_key(found)
    return told if participants.find(found.district_id, key) else told | {"person_key": key}


def roll_path(row: Occurrence) -> str:
    return reverse("event_roll", args=[row.event_id, row.pk])
