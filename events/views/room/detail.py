"""`/ruang/kalender/<pk>/`: a session with its dates, its log, and what can be done."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from districts.terms import term_labels
from districts.workspace import READS, member_page, roles_of, show
from events.forms.room.dates import ReturnForm
from events.lines import MARKS, NEXT, ShownChange, shown, shown_changes
from events.models import STANDING, Event, EventState, Occurrence
from events.report_reading import reads
from events.services.certifying import may_certify
from events.services.planning import settings_of
from events.sessions import WAITING, hidden_from, may_change
from events.unsent import unsent_to_proposer
from events.views.room.access import dates_here, event_here, may_approve, may_plan
from events.views.room.listing import page_of
from events.warnings import warnings_of
from events.words import member_wording, public_wording

DATES_ON_A_PAGE = 30
CHANGES_SHOWN = 30


@member_page(*READS)
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    return page(request, event_here(request, pk))


def page(
    request: HttpRequest,
    event: Event,
    *,
    status: int = 200,
    reason: str = "",
    latest: Sequence[ShownChange] = (),
    return_form: ReturnForm | None = None,
) -> HttpResponse:
    """The page of a session; `reason` says what could not be done, `latest` what others did."""
    now, roles = timezone.now(), roles_of(request)
    rows = list(dates_here(request).filter(event=event).order_by("start", "pk"))
    warnings = warnings_of(
        [row for row in rows if row.end > now],
        district=request.district,
        hidden=hidden_from(request.user, roles, request.roles),
    )
    wanted = page_of(request, _from_now(rows, now, request), DATES_ON_A_PAGE)
    changes = event.changes.select_related("actor")[:CHANGES_SHOWN]
    changeable = may_change(request.user, roles, event)
    decides = may_approve(request) and event.proposed_by_id != request.user.pk
    past = sum(row.end <= now for row in rows)
    context = {
        "district": request.district,
        "event": event,
        "words": member_wording(event),
        "public_words": public_wording(event) if event.guarded else None,
        "mark": MARKS[EventState(event.state)],
        "next": NEXT[EventState(event.state)],
        "now": now,
        "page_obj": wanted,
        "dates": shown(wanted.object_list, warnings),
        "first": shown(rows[:1], warnings)[0] if rows else None,
        "number": len(rows),
        "past": past,
        "shows_past": "semua" in request.GET,
        "warned": shown([row for row in rows if row.pk in warnings][:10], warnings),
        "warned_number": len(warnings),
        "changes": shown_changes(changes, event),
        "speakers": event.speakers.all(),
        "invited": event.invited.all(),
        "pages": event.pages.select_related("page"),
        "audience": _labels("audience", event.audience_codes),
        "issues": _labels("issue_area", event.issue_codes),
        "indicators": _labels("kla_indicator", event.indicator_codes),
        "may_change": changeable,
        "may_report": reads(request.user, roles, request.roles, event),
        "may_copy": may_plan(request),
        # Nobody has earned one before a date is over.
        "may_certify": past > 0 and may_certify(request.user, event),
        "is_mine": event.proposed_by_id == request.user.pk,
        "may_decide": decides and event.state in WAITING,
        "may_publish": may_approve(request) and event.state == EventState.APPROVED,
        "may_hide": may_approve(request) and event.state == EventState.PUBLISHED,
        "publishes": not event.guarded or settings_of(request.district).publishes_guarded,
        "return_form": return_form or ReturnForm(initial={"version": event.version}, event=event),
        "links": _links(event),
        "unsent": unsent_to_proposer(event) if may_approve(request) else (),
        "public_path": _path("event", event.slug) if event.is_public else "",
        "reason": reason,
        "latest": latest,
    }
    return show(request, "events/room/detail.html", context, status=status)


def _from_now(rows: list[Occurrence], now: datetime, request: HttpRequest) -> list[Occurrence]:
    if "semua" in request.GET:
        return rows
    coming = [row for row in rows if row.end > now]
    return coming or rows


def _labels(vocabulary: str, codes: list[str] | None) -> list[str]:
    known = term_labels(vocabulary)
    return [known.get(code, code) for code in codes or ()]


def _path(name: str, *arguments: Any) -> str:
    """The address of another part of the calendar, where there is one."""
    try:
        return reverse(name, args=arguments)
    except NoReverseMatch:
        return ""


def _links(event: Event) -> dict[str, str]:
    """Papers and lists of a session that takes place."""
    if event.state not in (*STANDING, *WAITING):
        return {}
    names = ("event_invite", "event_registrations")
    return {name: path for name in names if (path := _path(name, event.pk))}
