"""What every page of a date's attendance says and asks, and who opens it."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from districts.workspace import member_page, show
from events.attendance.closing import closes_on, is_closed, is_early
from events.lines import shown
from events.models import Event, EventState, Occurrence
from events.services.attending import Source
from events.views.room.report_access import may_write
from safeguards import audit
from safeguards.bodies import too_large
from safeguards.facts import Outcome

KEPT = frozenset({"created", "already"})
# Statuses of pages with names; a refusal of the whole page shows nobody.
SHOWN = frozenset({200, 409, 410, 413, 422})


def people_page(*methods: str, notes: bool = True) -> Callable:
    """For members; the second factor stands before names of people, and who looked is written down.

    Without `notes` a page has no names, or leaves a fuller line in the audit trail by itself.
    """

    def guarded(view: Callable) -> Callable:
        return member_page(*methods, sees_people=True)(_noted(view) if notes else view)

    return guarded


def _noted(view: Callable) -> Callable:
    @wraps(view)
    def seen(request: HttpRequest, *args: Any, **named: Any) -> HttpResponse:
        response = view(request, *args, **named)
        if _shows(request, response):
            _note_reading(request, named)
        return response

    return seen


def _shows(request: HttpRequest, response: HttpResponse) -> bool:
    """Whether names are read: a page, also one with faults, or a file; a tap gets none."""
    is_page = response.get("Content-Type", "").startswith("text/html")
    return response.status_code in SHOWN and (request.method == "GET" or is_page)


def _note_reading(request: HttpRequest, named: dict[str, Any]) -> None:
    """Which page, of which session, date and person, each by number or key."""
    which = {name: named[name] for name in ("date", "certificate") if name in named}
    people = (named[name] for name in ("person", "key", "other") if name in named)
    if keys := [one if isinstance(one, UUID) else key_of(one) for one in people]:
        which["people"] = keys
    audit.record(
        verb="names.read",
        actor_id=request.user.pk,
        obj=Event(pk=int(named["pk"])) if "pk" in named else None,
        site=request.district.site_id,
        page=request.resolver_match.url_name,
        **which,
    )


def page(
    request: HttpRequest,
    row: Occurrence,
    here: str,
    context: dict[str, Any],
    *,
    status: int = 200,
    reason: str = "",
    retry_after: int | None = None,
) -> HttpResponse:
    """`here` names the template, and where one is among the pages of this date."""
    now = timezone.now()
    around = {
        "district": request.district,
        "event": row.event,
        "row": row,
        "date": shown([row], {})[0],
        "here": here,
        "may_write": may_write(request, row.event),
        "why_not": why_not(row, now),
        "is_early": is_early(row, now),
        "closes": closes_on(row),
        "key": uuid4(),
        "now": now,
        "reason": reason,
    }
    response = show(request, f"events/room/attendance/{here}.html", around | context, status=status)
    if retry_after:
        response["Retry-After"] = str(retry_after)
    return response


def why_not(row: Occurrence, now: datetime) -> str:
    """Why nothing can be written down of this date now, in words; "" while it can."""
    if row.is_cancelled or row.event.state == EventState.CANCELLED:
        return _("This session was cancelled, so nothing can be written down here.")
    if is_closed(row, now):
        return _("The office has closed the attendance of this date. Ask it for a correction.")
    return ""


def source_of(request: HttpRequest, reason: str = "") -> Source:
    return Source(member=request.user, reason=reason)


def key_of(text: str) -> UUID | None:
    try:
        return UUID(text) if len(text) <= 36 else None
    except ValueError:
        return None


def told_time(request: HttpRequest) -> datetime | None:
    """The device's own clock, where a script told it; what can't be read is left out."""
    try:
        told = parse_datetime(request.POST.get("waktu", "")[:40])
    except ValueError:
        return None
    return told if told is not None and timezone.is_aware(told) else None


def unread(request: HttpRequest) -> tuple[int, str] | None:
    """A form that is too large or lost its key: the status to answer with, and why."""
    if too_large(request):
        return 413, _("That was more than fits here. Nothing was sent.")
    if key_of(request.POST.get("key", "")) is None:
        return 422, _("The form was not complete. Please send it once more.")
    return None


def fault_of(outcome: Outcome) -> str:
    """Why a fact was not kept; "" where it was."""
    return "" if outcome.status in KEPT else outcome.reason
