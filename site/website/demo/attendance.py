"""Who came to the demo's past sessions, told through the services that real lists go through.

Every past date is counted, so that its report has a number; at the newest dates of some kinds the
adults have names, and the organisations that were invited to a meeting came or did not. The very
last dates wait for somebody to call the roll. To repeat is harmless: nothing is added twice.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db.models import QuerySet

from events.attendance.persons import Person
from events.models import Headcount, Occurrence, Sex, Status
from events.services import attending, headcounting, organisations_attending
from website.demo.outcomes import kept
from website.demo.texts import read_data

BACK = timedelta(days=270)
UNCALLED = timedelta(hours=20)
NEWEST = timedelta(days=45)
# Of those on the list: most came, one late, one excused.
STATUSES = (Status.PRESENT,) * 7 + (Status.LATE, Status.EXCUSED, Status.ABSENT)


def load_attendance(*, now: datetime, unfinished: bool = False) -> int:
    """Tell who came in the past nine months; return at how many dates.

    Once only, so that nobody is invented for what was planned since; `unfinished` goes on with a
    load that was cut.
    """
    if Headcount.objects.exists() and not unfinished:
        return 0
    told, dates = read_data("attendance"), list(_past(now))
    for row in dates:
        named = row.event.kind in told["named"] and now - row.end < NEWEST
        here = list(_people(row, told["people"])) if named else []
        for person, status in here:
            outcome = attending.mark(
                occurrence=row,
                person=person,
                status=status,
                way="panggil",
                key=_key(row, person.name),
                now=row.start,
                source=_by_planner(row),
            )
            kept(outcome)
        if not named:
            outcome = headcounting.count(
                occurrence=row,
                cells=_cells(row, told["counts"]),
                key=_key(row, "hitung"),
                now=row.end,
                source=_by_planner(row),
            )
            kept(outcome)
        _organisations(row, told["roles"])
    return len(dates)


def _past(now: datetime) -> QuerySet:
    return (
        Occurrence.objects.filter(
            start__gt=now - BACK,
            end__lt=now - UNCALLED,
            is_cancelled=False,
            event__approved_at__isnull=False,
            event__proposed_by__isnull=False,
        )
        .select_related("event__district__site", "event__organiser", "event__proposed_by")
        .prefetch_related("event__invited")
        .order_by("start", "pk")
    )


def _by_planner(row: Occurrence) -> attending.Source:
    return attending.Source(member=row.event.proposed_by)


def _key(row: Occurrence, what: str) -> UUID:
    return uuid5(NAMESPACE_URL, f"contoh-hadir-{what}-{row.event.key}-{row.original_day}")


def _chosen(row: Occurrence, what: str, many: int) -> int:
    """A number below `many` that is the same each time."""
    return _key(row, what).int % many


def _people(row: Occurrence, people: list[dict[str, Any]]) -> Iterator[tuple[Person, str]]:
    """Of an office's people those who go to this series; the same ones each time."""
    series = uuid5(NAMESPACE_URL, f"contoh-hadir-{row.event.key}").int
    for number, who in enumerate(people):
        if series >> number & 1:
            person = uuid5(NAMESPACE_URL, f"contoh-orang-{row.event.district.slug}-{who['name']}")
            status = STATUSES[_chosen(row, who["name"], len(STATUSES))]
            yield Person(key=person, **who), status


def _cells(row: Occurrence, counts: dict[str, Any]) -> list[headcounting.Cell]:
    groups = counts.get(row.event.kind) or counts["umum"]
    return [
        headcounting.Cell(sex, group, False, least + _chosen(row, sex + group, most - least + 1))
        for group, (least, most) in groups.items()
        for sex in Sex.values
    ]


def _organisations(row: Occurrence, roles: list[str]) -> None:
    for one in row.event.invited.all():
        came = _chosen(row, one.label, 6) > 0
        outcome = organisations_attending.note(
            occurrence=row,
            told_of=organisations_attending.Came(
                label=one.label,
                came=came,
                organisation=one.organisation_id,
                represented_by=roles[_chosen(row, one.label, len(roles))] if came else "",
                people=1 + _chosen(row, one.label, 3) if came else None,
            ),
            key=_key(row, one.label),
            now=row.end,
            source=_by_planner(row),
        )
        kept(outcome)
