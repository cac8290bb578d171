"""Who opens the report of a date, its photos and its papers."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

from districts.workspace import roles_of
from events.attendance.access import may_record
from events.models import Event, Occurrence
from events.report_reading import reads
from events.services.inviting import may_host
from events.views.joining.hosting import date_of
from events.views.room.access import event_here


def reported_date(request: HttpRequest, pk: str, date: str) -> Occurrence:
    """404 for what the member does not see, PermissionDenied for what is not theirs to read."""
    event = event_here(request, int(pk))
    if not reads(request.user, roles_of(request), request.roles, event):
        raise PermissionDenied
    return date_of(event, date)


def may_write(request: HttpRequest, event: Event) -> bool:
    return request.user.is_superuser or may_record(request.user, request.roles, event)


def own_date(request: HttpRequest, pk: str, date: str) -> Occurrence:
    """A date that the member reports on."""
    row = reported_date(request, pk, date)
    if not may_write(request, row.event):
        raise PermissionDenied
    return row


def hosted_date(request: HttpRequest, pk: str, date: str) -> Occurrence:
    """A date that the member writes letters for."""
    row = reported_date(request, pk, date)
    if not may_host(request.user, row.event):
        raise PermissionDenied
    return row


def hidden_unless(allowed: Any) -> None:
    """Nobody learns whether there is a photo behind an address that is not theirs."""
    if not allowed:
        raise Http404
