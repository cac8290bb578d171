"""Who may open a page of the calendar's workspace, and which sessions they find there."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from districts.models import Membership
from districts.workspace import member_page, roles_of
from events.attendance.access import may_judge
from events.models import Event, Occurrence
from events.services.office import DECIDES
from events.services.planning import APPROVERS, PLANNERS
from events.sessions import dates_for, events_for, may_change

LONGEST_NUMBER = 18


def may_plan(request: HttpRequest) -> bool:
    return bool(roles_of(request) & PLANNERS)


def may_approve(request: HttpRequest) -> bool:
    return bool(roles_of(request) & APPROVERS)


def may_settle(request: HttpRequest) -> bool:
    """Whether the member decides about the office's calendar as such."""
    return bool(roles_of(request) & DECIDES)


def only_judges(request: HttpRequest) -> None:
    """The office's people are for who decides about them; raises PermissionDenied."""
    if not (request.user.is_superuser or may_judge(request.roles)):
        raise PermissionDenied


class DateGone(Http404):
    """A member sent words for a date that the session has not, or no longer."""

    def __init__(self, event: Event):
        super().__init__()
        self.event = event


def _page_for(allowed: Callable[[HttpRequest], bool]) -> Callable:
    def page(*methods: str, sees_people: bool = False) -> Callable:
        def decorate(view: Callable) -> Callable:
            @wraps(view)
            def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
                # Any other member is refused before a row is looked for.
                if not allowed(request):
                    raise PermissionDenied
                return view(request, *args, **kwargs)

            return member_page(*methods, sees_people=sees_people)(guarded)

        return decorate

    return page


planner_page = _page_for(may_plan)
approver_page = _page_for(may_approve)
settler_page = _page_for(may_settle)


def sessions_here(request: HttpRequest) -> QuerySet:
    """All sessions that the member sees."""
    return events_for(request.user, roles_of(request), request.roles, request.district)


def dates_here(request: HttpRequest) -> QuerySet:
    """All dates that the member sees."""
    return dates_for(request.user, roles_of(request), request.roles, request.district)


def event_here(request: HttpRequest, pk: int) -> Event:
    """A session that the member sees; any other is as if it did not exist."""
    return get_object_or_404(sessions_here(request), pk=pk)


def own_event(request: HttpRequest, pk: int) -> Event:
    """A session that the member may change; PermissionDenied for one they only see."""
    event = event_here(request, pk)
    if not may_change(request.user, roles_of(request), event):
        raise PermissionDenied
    return event


def own_date(request: HttpRequest, pk: int, date_pk: int) -> tuple[Event, Occurrence]:
    """A date with the session it belongs to now: of this one, or of one that goes on from it."""
    event = own_event(request, pk)
    row = dates_here(request).filter(pk=date_pk, event__chain=event.chain).first()
    if row is None:
        raise missing_date(request, event)
    if row.event_id != event.pk:
        event = own_event(request, row.event_id)
    row.event = event
    return event, row


def missing_date(request: HttpRequest, event: Event) -> Http404:
    """What to raise: whoever sends words for a date may have opened it while it was planned."""
    return DateGone(event) if request.method == "POST" else Http404()


def date_here(request: HttpRequest, event: Event, date_pk: int) -> Occurrence:
    row = dates_here(request).filter(pk=date_pk, event=event).first()
    if row is None:
        raise missing_date(request, event)
    row.event = event
    return row


def number_in(text: str) -> int:
    """A number of an address's query; Http404 for anything else."""
    if not (text.isascii() and text.isdecimal()) or len(text) > LONGEST_NUMBER:
        raise Http404
    return int(text)


def memberships_of(request: HttpRequest) -> list[Membership]:
    return list(request.roles)
