"""What the office decides about a report: another person than who sent it accepts it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from events.attendance.came import came_to
from events.models import ReportState, SessionReport
from events.services.bookkeeping import NotPossible
from events.services.deciding import is_approver
from events.services.reporting import StaleReport, note, touch
from safeguards import generation
from safeguards.identifiers import refuse_identity_numbers


def may_decide(actor: Any, report: SessionReport) -> bool:
    """Whether the actor decides about this report: nobody about one that they sent."""
    return report.sent_by_id != actor.pk and is_approver(actor, report.occurrence.event.district)


def accept(*, report: SessionReport, actor: Any, version: int, now: datetime) -> SessionReport:
    """Accept a report that was sent; nobody changes it any more. A second time changes nothing."""

    def act(row: SessionReport) -> None:
        if row.state != ReportState.SENT:
            raise NotPossible(_("Only a report that was sent can be accepted."))
        row.state, row.accepted_at, row.decided_by = ReportState.ACCEPTED, now, actor
        row.people = came_to(row.occurrence) or None

    return _decided(report, actor, version, now, ReportState.ACCEPTED, act, "report.accepted")


def send_back(
    *, report: SessionReport, actor: Any, version: int, reason: str, now: datetime
) -> SessionReport:
    """Give a report back to be changed, with the reason; one that was accepted as well."""
    refuse_identity_numbers(reason)

    def act(row: SessionReport) -> None:
        if row.state not in {ReportState.SENT, ReportState.ACCEPTED}:
            raise NotPossible(_("Only a report that was sent can be sent back."))
        row.state, row.returned_at, row.return_note = ReportState.RETURNED, now, reason
        row.accepted_at, row.people, row.decided_by = None, None, actor

    return _decided(report, actor, version, now, ReportState.RETURNED, act, "report.returned")


def _decided(
    report: SessionReport,
    actor: Any,
    version: int,
    now: datetime,
    state: str,
    act: Callable[[SessionReport], None],
    verb: str,
) -> SessionReport:
    with transaction.atomic():
        row = (
            SessionReport.objects.select_for_update(of=("self",))
            .select_related("occurrence__event__district")
            .get(pk=report.pk)
        )
        if not may_decide(actor, row):
            raise PermissionDenied
        if row.state == state and row.decided_by_id == actor.pk and row.version == version + 1:
            # The same form, sent twice.
            return row
        if row.version != version:
            raise StaleReport
        act(row)
        touch(row, now)
        note(row, actor, now, verb)
        if row.occurrence.is_public:
            generation.bump("report decided")
        return row
