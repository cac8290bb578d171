"""Reports as members read them: whose they see, and how one is said."""

from collections.abc import Iterable
from typing import Any

from django.db.models import F, Prefetch, Q, QuerySet
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext_lazy

from districts.models import District, Membership, Role
from events.attendance.access import groups_of
from events.models import STANDING, Event, Occurrence, ReportState, SessionReport
from events.services.planning import APPROVERS
from events.sessions import WAITING

# Who keeps the office's records; everybody else reads what they reported themselves.
READERS = APPROVERS | {Role.MONEV}
# How the state of an office reads elsewhere in the house: open, closed, unknown.
MARKS = {
    ReportState.DRAFT: "unknown",
    ReportState.SENT: "unknown",
    ReportState.RETURNED: "closed",
    ReportState.ACCEPTED: "open",
}
NEXT = {
    ReportState.DRAFT: gettext_lazy("Only you and your office see it. Send it when it is done."),
    ReportState.SENT: gettext_lazy("The office reads it. There is nothing to do for you now."),
    ReportState.RETURNED: gettext_lazy(
        "The office asks you to change something. Change it, and send it again."
    ),
    ReportState.ACCEPTED: gettext_lazy("The office has accepted it. It stays as it is."),
}


def reads_all(roles: frozenset[str]) -> bool:
    return bool(roles & READERS)


def reads(
    user: Any, roles: frozenset[str], memberships: Iterable[Membership], event: Event
) -> bool:
    """Whether the member reads the report: who planned or organises it, and the office."""
    return (
        reads_all(roles)
        or event.proposed_by_id == user.pk
        or event.organiser_id in groups_of(memberships)
    )


def past_dates(
    user: Any,
    roles: frozenset[str],
    memberships: Iterable[Membership],
    district: District,
    now: Any,
) -> QuerySet:
    """Dates that took place, of which the member reads the reports; each with its own.

    Of a session that still waits they are listed for whoever planned it, and for the office once a
    report says that it was held.
    """
    stood = Q(event__state__in=STANDING) | Q(event__cancelled_at__gte=F("start"))
    stood &= Q(event__approved_at__isnull=False)
    waits = Q(event__state__in=WAITING)
    mine = Q(event__proposed_by=user) | Q(event__organiser__in=groups_of(memberships))
    rows = Occurrence.objects.for_district(district).filter(start__lte=now, is_cancelled=False)
    if not reads_all(roles):
        rows = rows.filter(mine)
    elif not roles & APPROVERS:
        # What others propose is nobody's but theirs and of those who decide.
        rows = rows.filter(~waits | mine)
    return (
        # A report stays in sight when its session is being planned anew.
        rows.filter(stood | waits & mine | Q(reports__isnull=False))
        .select_related("event__organiser", "event__region__parent", "event__proposed_by")
        .prefetch_related(
            Prefetch("reports", SessionReport.objects.only("state", "occurrence", "sent_at"))
        )
    )


def report_of(occurrence: Occurrence) -> SessionReport | None:
    """The report of a date with what hangs on it."""
    row = (
        SessionReport.objects.filter(occurrence=occurrence)
        .select_related("author", "sent_by", "decided_by", "district__site")
        .prefetch_related("follow_ups", "commitments", "files")
        .first()
    )
    if row is not None:
        row.occurrence = occurrence
    return row


def cost_in_words(report: SessionReport) -> str:
    """ "Rp1.250.000 (APBD)", or ""."""
    if report.cost is None:
        return ""
    money = f"Rp{number_format(report.cost, decimal_pos=0, force_grouping=True)}"
    return f"{money} ({report.cost_source})" if report.cost_source else money


def day_in_words(day: Any) -> str:
    return date_format(day, "j F Y") if day else ""
