"""What one person adds to figures that somebody has read already, or takes away, is not told.

The figures of a session can be read when it has ended. Where it is opened again, whoever is sent
out since keeps counting, and who answers since is added where at least five have answered when it
ends, for each question by itself: else the difference between two looks would be the answer of one
pupil. Fewer wait for the next ones. Sheets of the survey: `modules.late_sheets`.
"""

from bisect import bisect_left
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TypeVar

from django.db.models import Q, QuerySet

from modules.figures import SMALL
from modules.models import ClassRun, Participant, Submission

T = TypeVar("T")
# What was sent before the end has been kept or refused by then.
ON_ITS_WAY = timedelta(seconds=10)


def ended_at(run: ClassRun) -> datetime | None:
    """When the figures of a run can be read, or could: whoever closes what was over comes after."""
    return min(filter(None, (run.closed_at, run.closes_at)), default=None)


def may_still_come(run: ClassRun, now: datetime) -> bool:
    """Whether the run has ended by itself just now: an answer may be on its way into its figures.

    Whoever ends a run by hand refuses such answers.
    """
    ended = run.closes_at
    if ended is None or (run.closed_at is not None and run.closed_at < ended):
        return False
    return ended <= now < ended + ON_ITS_WAY


def in_this_sitting(run: ClassRun, now: datetime) -> datetime:
    """`now`, but after the last end: what was sent before it and comes after it is a late one."""
    return max([now, *(end + timedelta.resolution for end in ends_before(run)[-1:])])


def an_end(run: ClassRun, ended: datetime) -> dict[str, object]:
    """Fields of a run that is opened again after `ended`."""
    ends = [*run.earlier_ends, ended.isoformat()]
    return {"first_ended_at": run.first_ended_at or ended, "earlier_ends": ends}


def counted_people(run: ClassRun) -> QuerySet:
    """Whose answers count: all but those who were sent out before anybody read the figures."""
    stays = Q(removed_at__isnull=True)
    if run.first_ended_at is not None:
        stays |= Q(removed_at__gt=run.first_ended_at)
    return Participant.objects.filter(stays, run=run)


def told_people(run: ClassRun) -> int:
    """How many took part, without fewer than five late ones."""
    joined = counted_people(run).values_list("joined_at", flat=True)
    sittings = _by_sitting(run, ((at, at) for at in joined))
    number, late = len(sittings[0]), 0
    for more in sittings[1:]:
        late += len(more)
        if late >= SMALL:
            number, late = number + late, 0
    return number


def submissions_of(run: ClassRun) -> list[Submission]:
    """The first attempts that count, in the order they came."""
    rows = Submission.objects.filter(run=run, participant__in=counted_people(run), attempt=1)
    return list(rows.order_by("pk"))


def told(run: ClassRun, rows: Iterable[Submission]) -> list[Submission]:
    """Those that a figure of these rows may be made of.

    Late ones of whoever skipped are told with five who answered, and never before.
    """
    found, *later = _by_sitting(run, ((row, row.at) for row in rows))
    waiting: list[Submission] = []
    for more in later:
        waiting += more
        who = {row.participant_id for row in waiting if not row.answer.get("skipped")}
        if len(who) >= SMALL:
            found, waiting = found + waiting, []
    return found


def ends_before(run: ClassRun) -> list[datetime]:
    """When the run ended each time before it was opened again."""
    return [datetime.fromisoformat(end) for end in run.earlier_ends]


def _by_sitting(run: ClassRun, rows: Iterable[tuple[T, datetime]]) -> list[list[T]]:
    """The rows, each with its time, by the end at which they could be read: the first one, …"""
    ends = ends_before(run)
    found: list[list[T]] = [[] for _n in range(len(ends) + 1)]
    for row, at in rows:
        found[bisect_left(ends, at)].append(row)
    return found
