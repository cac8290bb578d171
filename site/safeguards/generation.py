"""The number that every page-cache key holds; raising it empties the cache for all workers."""

import threading
import time
from collections.abc import Callable, Hashable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from safeguards.models import Generation

REREAD_AFTER_SECONDS = 1.0

REMEMBERED_SECONDS = 60.0

_lock = threading.Lock()
_told: list[Callable[[], None]] = []
_known: tuple[int, float] | None = None
_remembered: dict[Hashable, tuple[int, float, Any]] = {}


def current() -> int:
    """Return the generation, read from the database at most once a second per process."""
    global _known
    known = _known
    if known is not None and time.monotonic() - known[1] < REREAD_AFTER_SECONDS:
        return known[0]
    asked_at = time.monotonic()
    stored = Generation.objects.filter(pk=1).values_list("number", flat=True).first()
    number = stored or 1
    with _lock:
        # A slower thread must not put back a number it read earlier.
        if _known is None or _known[1] <= asked_at:
            _known = (number, asked_at)
    return number


def last() -> tuple[int, datetime | None]:
    """The generation and since when it is the one, read now: not even a second old."""
    stored = Generation.objects.filter(pk=1).values_list("number", "changed_at").first()
    return stored or (1, None)


def remembered(key: Hashable, build: Callable[[], Any]) -> Any:
    """Return what `build` made in this process, until the generation changes or a minute passes.

    For small reference data that every page asks for: the office of a host, its channels.
    """
    number = current()
    known = _remembered.get(key)
    if known is not None and known[0] == number and time.monotonic() < known[1]:
        return known[2]
    value = build()
    if len(_remembered) > 5_000:
        _remembered.clear()
    _remembered[key] = (number, time.monotonic() + REMEMBERED_SECONDS, value)
    return value


def bump(reason: str) -> None:
    """Make every cached page stale as soon as the surrounding transaction commits.

    ``reason`` says which kind of change it was; it holds no personal data.
    """
    transaction.on_commit(lambda: _advance(reason), robust=True)


def on_advance(tell: Callable[[], None]) -> None:
    """Call `tell` in this process whenever it has made every cached page stale."""
    if tell not in _told:
        _told.append(tell)


def forget() -> None:
    """Make the next ``current()`` read the database: after a fork, and between tests."""
    global _known
    with _lock:
        _known = None
        _remembered.clear()


def _advance(reason: str) -> None:
    changed = {"number": F("number") + 1, "reason": reason[:100], "changed_at": timezone.now()}
    if not Generation.objects.filter(pk=1).update(**changed):
        Generation.objects.bulk_create([Generation(pk=1)], ignore_conflicts=True)
        Generation.objects.filter(pk=1).update(**changed)
    forget()
    for tell in _told:
        tell()
