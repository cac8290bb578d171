"""What days and feeds repeat of an event: written with each change, or once for many of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date

from django.db import transaction

from districts.models import District
from events.models import Event
from events.services.bookkeeping import count_days
from events.services.feed_entries import write_entry
from safeguards import generation

Spans = list[tuple[date, date, bool]]
_waiting: ContextVar[dict[int, tuple[Event, Spans]] | None] = ContextVar("waiting", default=None)


def retell(event: Event, spans: Spans) -> None:
    """Count the days of these spans again and write the feed entry; later inside `together`."""
    waiting = _waiting.get()
    if waiting is None:
        count_days(event.district, spans)
        write_entry(event)
        generation.bump("event")
        return
    _before, known = waiting.get(event.pk, (event, []))
    waiting[event.pk] = (event, known + spans)


@contextmanager
def together() -> Iterator[None]:
    """One transaction in which many changes are told once at its end: an import, a first load."""
    waiting: dict[int, tuple[Event, Spans]] = {}
    with transaction.atomic():
        token = _waiting.set(waiting)
        try:
            yield
        finally:
            _waiting.reset(token)
        offices: dict[int, tuple[District, Spans]] = {}
        for event, spans in waiting.values():
            write_entry(event)
            offices.setdefault(event.district_id, (event.district, []))[1].extend(spans)
        for district, spans in offices.values():
            count_days(district, spans)
        if waiting:
            generation.bump("event")
