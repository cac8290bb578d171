"""What the minute clock does for the whole site; apps register their own work beside it."""

from datetime import datetime, timedelta

from django.core.management import call_command

from safeguards.services.retention import purge_expired
from safeguards.ticks import every_minute, register_tick

KEEP_TASK_RESULTS = timedelta(days=7)


@every_minute
def publish_scheduled(now: datetime) -> None:
    """Publish and expire what editors have dated."""
    call_command("publish_scheduled", verbosity=0)


def prune_task_results(now: datetime) -> None:
    """Forget background work that has ended."""
    call_command("prune_db_task_results", min_age_days=KEEP_TASK_RESULTS.days, verbosity=0)


def clear_sessions(now: datetime) -> None:
    """Delete the sessions that nobody ended and that have expired."""
    call_command("clearsessions", verbosity=0)


register_tick("website.purge_expired", purge_expired, every=timedelta(days=1))
register_tick("website.prune_task_results", prune_task_results, every=timedelta(days=1))
register_tick("website.clear_sessions", clear_sessions, every=timedelta(days=1))
