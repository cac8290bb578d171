"""The nightly purge: what was kept as long as it was needed for, and no longer."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models, transaction

from safeguards import audit, registry
from safeguards.models import AuditEntry, RateWindow
from safeguards.services.persons import Erasure, erase_resurrected, erase_rows

CHUNK = 1_000
AUDIT_DAYS = 5 * 365

Progress = Callable[[str, int, int], None]


def purge_expired(now: datetime, *, progress: Progress | None = None) -> dict[str, int]:
    """Delete or blank all registered rows older than their retention; return counts by model.

    Rows that end sooner than others of their model are counted by a name of their own.

    Goes in pieces of 1,000 rows, each its own transaction, so that people can go on working and
    a run cut short resumes where it stopped. ``progress(label, done, total)`` is told of each.
    """
    purged = {}
    for entry in registry.entries():
        if entry.sooner is not None and (count := _end(entry, entry.sooner, now, progress)):
            purged[entry.sooner.name] = count
        if entry.retention is not None and (count := _purge(entry, now, progress)):
            purged[entry.model_label] = count
    windows, _ = RateWindow.objects.filter(expires_at__lt=now).delete()
    days = getattr(settings, "SAFEGUARDS_AUDIT_DAYS", AUDIT_DAYS)
    expired = AuditEntry.objects.expire(now - timedelta(days=days))
    people = erase_resurrected(now=now)
    own = {
        "safeguards.RateWindow": windows,
        "safeguards.AuditEntry": expired,
        "erased again": people,
    }
    purged |= {label: count for label, count in own.items() if count}
    if purged:
        audit.record(verb="retention.purged", actor_id=None, obj=None, now=now, **purged)
    return purged


def _purge(entry: registry.Entry, now: datetime, progress: Progress | None) -> int:
    old = _before(entry, entry.clock, now - entry.retention)
    if entry.abandoned:
        since, after = entry.abandoned
        old |= _before(entry, since, now - after) & models.Q(**{f"{entry.clock}__isnull": True})
    pks = list(entry.model._base_manager.filter(old).values_list("pk", flat=True))
    count = 0
    for start in range(0, len(pks), CHUNK):
        piece = entry.model._base_manager.filter(pk__in=pks[start : start + CHUNK])
        with transaction.atomic():
            count += erase_rows(entry, piece, Erasure())
        if progress:
            progress(entry.model_label, min(start + CHUNK, len(pks)), len(pks))
    return count


def _end(
    entry: registry.Entry, sooner: registry.Sooner, now: datetime, progress: Progress | None
) -> int:
    old = _before(entry, entry.clock, now - sooner.after) & models.Q(**sooner.rows)
    pks = list(entry.model._base_manager.filter(old).values_list("pk", flat=True))
    count = 0
    for start in range(0, len(pks), CHUNK):
        piece = entry.model._base_manager.filter(pk__in=pks[start : start + CHUNK])
        with transaction.atomic():
            count += sum(sooner.end(row, now) for row in piece.order_by("pk"))
        if progress:
            progress(sooner.name, min(start + CHUNK, len(pks)), len(pks))
    return count


def _before(entry: registry.Entry, clock: str, limit: datetime) -> models.Q:
    column = entry.model._meta.get_field(clock.split("__")[0])
    is_day = isinstance(column, models.DateField) and not isinstance(column, models.DateTimeField)
    return models.Q(**{f"{clock}__lt": limit.date() if is_day else limit})
