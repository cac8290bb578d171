"""Which of several tellings of the same thing holds, in whatever order they arrive.

Each telling has a moment and a key. A correction beats every mark, and the later of two corrections
holds. Of marks, one that says somebody came beats one that says they did not: the door and the
roll call do not wait for each other. The first of two arrivals holds, and the last of two absences.
All of it is the maximum of one order, so that any order, repetition and split of the tellings ends
in the same place.

What somebody says live on a screen, looking at what holds, is later than that by definition: where
the clock of a device ran ahead, its moment is put just after (`just_after`).
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from events.models import CAME
from safeguards.clocks import told_moment

AWAY, CAME_RANK, CORRECTED = 0, 1, 2
# A clock that is further ahead than this would win over everything told until then.
AHEAD_AT_MOST = timedelta(days=1)
SKEW_AT_MOST = timedelta(minutes=5)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True)
class Telling:
    """When something was told, under which key; `client_time` is None where no device said so."""

    key: UUID
    at: datetime
    client_time: datetime | None
    skewed: bool


def telling(key: UUID, client_time: datetime | None, now: datetime) -> Telling:
    """The moment is the device's, or ours where it told none (or none that a calendar has)."""
    told = told_moment(client_time)
    if told is None:
        return Telling(key, now, None, client_time is not None)
    return Telling(key, told, told, abs(now - told) > SKEW_AT_MOST)


def is_far_ahead(told: Telling, now: datetime) -> bool:
    return told.at - now > AHEAD_AT_MOST


def just_after(told: Telling, moment: datetime, key: UUID) -> Telling:
    """The telling at a moment that beats (moment, key): its own, or one tick after the other's."""
    if (told.at, told.key) > (moment, key):
        return told
    try:
        return replace(told, at=moment + _MICROSECOND)
    except OverflowError:
        # The last microsecond of all calendars: nothing comes after it.
        return told


def rank_of(status: str, *, is_correction: bool) -> int:
    if is_correction:
        return CORRECTED
    return CAME_RANK if status in CAME else AWAY


def weight(rank: int, at: datetime, key: UUID) -> tuple[int, int, int]:
    """What is compared: the heavier telling holds."""
    moment, number = (at - _EPOCH) // _MICROSECOND, key.int
    if rank == CAME_RANK:
        return rank, -moment, -number
    return rank, moment, number
