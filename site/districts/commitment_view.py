"""What readers see of an office's action plan, and how it is said.

Read in two queries, remembered until something changes; the words follow the language and the day.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import get_language, gettext, ngettext

from districts.addresses import language_prefix
from districts.hours import local_date
from districts.models import Commitment, CommitmentStatus, District
from districts.models.commitment import ENDED
from districts.terms import term_labels
from safeguards import generation

# A question readers may ask besides the five statuses.
OVERDUE = "lewat-tenggat"
ICONS = {
    CommitmentStatus.PLANNED: "calendar",
    CommitmentStatus.RUNNING: "arrow",
    CommitmentStatus.DELAYED: "clock",
    CommitmentStatus.DONE: "check",
    CommitmentStatus.STOPPED: "exit",
    OVERDUE: "warning",
}


@dataclass(frozen=True)
class StepView:
    status: str
    label: str
    day: date
    note: str
    due_before: date | None
    due_after: date | None


@dataclass(frozen=True)
class CommitmentView:
    """One commitment in the words of a language, on one day."""

    anchor: str
    number: str
    measure: str
    description: str
    owner: str
    indicator: str
    issues: tuple[str, ...]
    due: date
    days_late: int
    late: str
    status: str
    label: str
    icon: str
    since: date
    steps: tuple[StepView, ...]


@dataclass(frozen=True)
class Tally:
    """How many commitments have this status; `code` is also the filter's word.

    Those past their due date have a status besides, so they stand `apart`.
    """

    code: str
    label: str
    icon: str
    count: int
    apart: bool


@dataclass(frozen=True)
class Plan:
    """All published commitments of an office, in the order of the plan."""

    rows: tuple[CommitmentView, ...]
    tallies: tuple[Tally, ...]
    changed_on: date | None

    def of(self, status: str) -> tuple[CommitmentView, ...]:
        """Those of one status, of `OVERDUE`, or all of them for an empty word."""
        if status == OVERDUE:
            return tuple(row for row in self.rows if row.days_late)
        return tuple(row for row in self.rows if status in {"", row.status})


def plan_of(district: District, now: datetime | None = None) -> Plan:
    """The plan as readers of the active language see it today, where the office is."""
    now = now or timezone.now()
    today = local_date(now, district.timezone)
    stored = generation.remembered(("commitments", district.pk), lambda: _stored(district))
    return generation.remembered(
        ("plan", district.pk, get_language(), today), lambda: _said(stored, district, today)
    )


def next_midnight(district: District, now: datetime) -> datetime:
    """When the office's next day begins: what is late then was not late before."""
    zone = ZoneInfo(district.timezone)
    tomorrow = local_date(now, district.timezone) + timedelta(days=1)
    return datetime.combine(tomorrow, time(0), tzinfo=zone)


def days_late(commitment: Commitment, today: date) -> int:
    """Days past the due date, or 0 when nothing is owed any more."""
    if commitment.status in ENDED:
        return 0
    return max((today - commitment.due).days, 0)


def late_words(days: int) -> str:
    """“12 days late”, or nothing."""
    if not days:
        return ""
    return ngettext("%(days)d day past its due date", "%(days)d days past its due date", days) % {
        "days": days
    }


def in_plan_order(number: str) -> list[tuple[int, int, str]]:
    """2.2 before 2.10."""
    parts = re.findall(r"[0-9]+|[^0-9]+", number)
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts]


def status_names() -> list[tuple[str, str]]:
    """What a filter can ask for, in words."""
    return [*CommitmentStatus.choices, (OVERDUE, gettext("Past its due date"))]


def tallies(counts: dict[str, int]) -> tuple[Tally, ...]:
    return tuple(
        Tally(code, str(label), ICONS[code], counts.get(code, 0), apart=code == OVERDUE)
        for code, label in status_names()
    )


def plans_elsewhere(district: District, now: datetime | None = None) -> list[dict[str, Any]]:
    """For the national host: each office with published commitments, its page and its figures."""
    if not district.is_national:
        return []
    now = now or timezone.now()
    # Zones differ by two hours at most; the nation counts by its own day.
    today = local_date(now, district.timezone)
    rows = generation.remembered(("plans", today), lambda: _counted(today))
    path = f"{language_prefix(get_language() or settings.LANGUAGE_CODE)}/komitmen/"
    return [
        {
            "name": name,
            "url": f"{root}{path}",
            "total": sum(count for code, count in counts.items() if code != OVERDUE),
            "tallies": [tally for tally in tallies(counts) if tally.count],
        }
        for name, root, counts in rows
    ]


def _counted(today: date) -> list[tuple[str, str, dict[str, int]]]:
    published = Q(
        pk__in=Commitment.objects.published().values("district"),
    )
    offices = District.objects.filter(published).exclude(level=District.Level.NASIONAL)
    found = {
        office.pk: (office.short_name, office.site.root_url, {})
        for office in offices.select_related("site").order_by("short_name")
    }
    late = Q(due__lt=today) & ~Q(status__in=ENDED)
    counted = (
        Commitment.objects.published()
        .filter(district__in=list(found))
        .order_by()
        .values_list("district", "status")
        .annotate(count=Count("pk"), late=Count("pk", filter=late))
    )
    for pk, status, count, overdue in counted:
        counts = found[pk][2]
        counts[status] = count
        counts[OVERDUE] = counts.get(OVERDUE, 0) + overdue
    return list(found.values())


def _stored(district: District) -> list[Commitment]:
    rows = Commitment.objects.published().for_district(district).select_related("owner")
    return sorted(rows.prefetch_related("steps"), key=lambda row: in_plan_order(row.number))


def _said(stored: Iterable[Commitment], district: District, today: date) -> Plan:
    issues = term_labels("issue_area")
    rows = tuple(_view(commitment, today, issues) for commitment in stored)
    counts: dict[str, int] = {}
    for row in rows:
        counts[row.status] = counts.get(row.status, 0) + 1
        counts[OVERDUE] = counts.get(OVERDUE, 0) + bool(row.days_late)
    changed = max((commitment.updated_at for commitment in stored), default=None)
    return Plan(
        rows=rows,
        tallies=tallies(counts),
        changed_on=local_date(changed, district.timezone) if changed else None,
    )


def _view(commitment: Commitment, today: date, issues: dict[str, str]) -> CommitmentView:
    days = days_late(commitment, today)
    return CommitmentView(
        anchor=f"k{commitment.pk}",
        number=commitment.number,
        measure=commitment.measure,
        description=commitment.description,
        owner=commitment.owner.name,
        indicator=commitment.indicator,
        issues=tuple(issues[code] for code in commitment.issue_codes if code in issues),
        due=commitment.due,
        days_late=days,
        late=late_words(days),
        status=commitment.status,
        label=str(CommitmentStatus(commitment.status).label),
        icon=ICONS[commitment.status],
        since=commitment.status_since,
        steps=tuple(
            StepView(
                status=step.status,
                label=str(CommitmentStatus(step.status).label),
                day=step.day,
                note=step.note,
                due_before=step.due_before,
                due_after=step.due_after,
            )
            for step in commitment.steps.all()
        ),
    )
