"""The audit trail: opaque, append-only, one function."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Model
from django.utils import timezone

from safeguards.logs import one_line, scrub
from safeguards.models import AuditEntry

LONGEST_DETAIL = 200


def record(
    *,
    verb: str,
    actor_id: int | None,
    obj: Model | None,
    site: Any = None,
    now: datetime | None = None,
    **details: Any,
) -> AuditEntry:
    """Add one entry: who (``actor_id``, ``None`` for the machine) did ``verb`` to ``obj``.

    ``details`` are small facts, such as the names of the fields that changed. No personal text
    belongs there; what looks like an address or a number of a person is struck out, control
    characters become spaces. Runs in the caller's transaction, so that act and trail stand or
    fall together. ``site`` is a Wagtail site or its number.
    """
    return AuditEntry.objects.create(
        at=now or timezone.now(),
        verb=one_line(verb)[:64],
        actor_id=actor_id,
        site_id=getattr(site, "pk", site),
        object_type=obj._meta.label if obj is not None else "",
        object_id=str(obj.pk)[:64] if obj is not None and obj.pk is not None else "",
        details={one_line(str(name))[:64]: _plain(value) for name, value in details.items()},
    )


def _plain(value: Any, depth: int = 0) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, datetime | date | Decimal | UUID):
        return str(value)
    if depth < 3 and isinstance(value, dict):
        return {one_line(str(k))[:64]: _plain(v, depth + 1) for k, v in value.items()}
    if depth < 3 and isinstance(value, list | tuple | set | frozenset):
        return [_plain(item, depth + 1) for item in value]
    return scrub(one_line(str(value)))[:LONGEST_DETAIL]
