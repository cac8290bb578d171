"""Who invites to a session and sees who comes: its proposer, and those who decide."""

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from districts.workspace import roles_of
from events.models import Event, Occurrence
from events.services.planning import APPROVERS
from events.views.room.access import event_here


def hosted_event(request: HttpRequest, pk: Any) -> Event:
    """404 for what the member does not see, PermissionDenied for what they only see."""
    event = event_here(request, int(pk))
    if event.proposed_by_id != request.user.pk and not roles_of(request) & APPROVERS:
        raise PermissionDenied
    return event


def date_of(event: Event, which: str) -> Occurrence:
    """A date of the event by its number or its day; of two on one day the first."""
    if which.isdecimal():
        row = get_object_or_404(event.occurrences, pk=int(which))
    else:
        try:
            day = date.fromisoformat(which)
        except ValueError as error:
            raise Http404 from error
        row = event.occurrences.filter(day=day).order_by("start").first()
        if row is None:
            raise Http404
    row.event = event
    return row
