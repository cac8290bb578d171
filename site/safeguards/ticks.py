"""Periodic work, once a minute: jobs register here, the command ``tick`` runs what is due.

Clocks may run on several machines at once; a row per job decides which of them works.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, Q
from django.utils import timezone

from safeguards.models import TickRun

logger = logging.getLogger(__name__)

MINUTE = timedelta(minutes=1)
# A job that died holds its claim no longer than this.
CLAIM = timedelta(minutes=15)
# A clock that comes a little early must not make a job wait a whole round.
SLACK = timedelta(seconds=10)


@dataclass(frozen=True)
class Tick:
    """A job and how often it is wanted."""

    name: str
    run: Callable[[datetime], object]
    every: timedelta


_ticks: dict[str, Tick] = {}


def register_tick(
    name: str, function: Callable[[datetime], object], *, every: timedelta = MINUTE
) -> None:
    """Have ``function(now)`` run ``every`` so often; a second call replaces the first."""
    _ticks[name] = Tick(name, function, every)


def every_minute(function: Callable[[datetime], object]) -> Callable[[datetime], object]:
    """Register a function of ``now`` under its dotted name."""
    register_tick(f"{function.__module__}.{function.__qualname__}", function)
    return function


def registered() -> list[Tick]:
    """Return the jobs by name."""
    return [_ticks[name] for name in sorted(_ticks)]


def run_due(now: datetime) -> dict[str, bool]:
    """Run what is due at ``now``; return, for each job that ran here, whether it succeeded."""
    ran = {}
    for tick in registered():
        if not _claim(tick, now):
            continue
        try:
            tick.run(now)
        except Exception:
            # One broken job must not stop the clock for the others.
            logger.exception("Periodic job %s failed", tick.name)
            ran[tick.name] = False
        else:
            ran[tick.name] = True
        _release(tick, failed=not ran[tick.name])
    return ran


def _claim(tick: Tick, now: datetime) -> bool:
    rows = TickRun.objects.filter(pk=tick.name)
    slack = min(SLACK, tick.every / 6)
    due = Q(started_at=None) | Q(started_at__lte=now - tick.every + slack)
    free = Q(claimed_until=None) | Q(claimed_until__lte=now)
    claim = {"started_at": now, "claimed_until": now + max(CLAIM, tick.every)}
    if rows.filter(due & free).update(**claim):
        return True
    if rows.exists():
        return False
    TickRun.objects.bulk_create([TickRun(pk=tick.name)], ignore_conflicts=True)
    return rows.filter(due & free).update(**claim) == 1


def _release(tick: Tick, *, failed: bool) -> None:
    TickRun.objects.filter(pk=tick.name).update(
        claimed_until=None,
        finished_at=timezone.now(),
        failures=F("failures") + 1 if failed else 0,
    )
