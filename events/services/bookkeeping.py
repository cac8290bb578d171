"""What every change of an event shares: the lock, the version, the log, and what lists repeat."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import F

from districts.models import District
from events.models import CalendarDay, Event, EventChange, EventState, Occurrence
from safeguards import generation

ROUND_UP = timedelta(seconds=1)


class Stale(Exception):
    """Somebody changed the event since the form was opened; `event` is how it is now."""

    def __init__(self, event: Event):
        super().__init__(str(event.pk))
        self.event = event


class NotPossible(ValueError):
    """The event is in no state for this; `message` says so in words."""

    def __init__(self, message: Any):
        super().__init__(str(message))
        self.message = message


def locked(event: Event, *, version: int | None = None) -> Event:
    """The event as it is now, held until the transaction ends; raises Stale."""
    row = (
        Event.objects.select_for_update(of=("self",))
        .select_related("district__site", "organiser", "region__parent")
        .get(pk=event.pk)
    )
    if version is not None and row.version != version:
        raise Stale(row)
    return row


def noted(
    event: Event,
    *,
    verb: str,
    actor: Any,
    now: datetime,
    day: date | None = None,
    values: dict[str, list[str]] | None = None,
    note: str = "",
    schedule: bool = True,
) -> None:
    """Save a changed event with its log entry; afterwards every list tells the same.

    `schedule` raises SEQUENCE, RFC 5545 section 3.8.7.4: others' calendars take the new version.
    """
    event.version += 1
    if schedule:
        event.sequence += 1
    # A clock that was set back must not make a change look old.
    event.modified_at = max(now, event.modified_at + ROUND_UP)
    event.save()
    EventChange.objects.create(
        district_id=event.district_id,
        event=event,
        verb=verb,
        day=day,
        values=values or {},
        note=note,
        actor=actor,
        at=now,
    )
    repeat(event)


def repeat(event: Event) -> None:
    """Write into the dates, the days and the feed what they repeat of the event."""
    from events.services.feed_entries import write_entry

    rows = Occurrence.objects.filter(event=event)
    before = list(rows.filter(is_public=True).values_list("day", "last_day", "is_national"))
    public = event.is_public
    rows.update(
        is_public=public,
        is_national=public and is_national(event),
        facets=facets_of(event),
        seats=event.seats,
    )
    after = rows.filter(is_public=True).values_list("day", "last_day", "is_national")
    count_days(event.district, [*before, *after])
    write_entry(event)
    generation.bump("event")


def is_national(event: Event) -> bool:
    """Whether the event stands in the national calendar."""
    return event.is_national or event.district.is_national


def facets_of(event: Event) -> str:
    """`|jenis:rakor|kec:53.04.01|sasaran:guru|tema:KtA|`: what the filters look for."""
    found = [f"jenis:{event.kind}"]
    if event.region_id and len(event.region_id) >= 8:
        found.append(f"kec:{event.region_id[:8]}")
    found += [f"sasaran:{code}" for code in event.audience_codes or ()]
    if not event.guarded:
        found += [f"tema:{code}" for code in event.issue_codes or ()]
    return f"|{'|'.join(found)}|"[:600]


def count_days(district: District, spans: Iterable[tuple[date, date, bool]]) -> None:
    """Count again the public sessions of these days, here and in the national calendar."""
    spans = list(spans)
    touched = {day for first, last, _nation in spans for day in days_between(first, last)}
    if not touched:
        return
    _count(district, touched, Occurrence.objects.for_district(district).filter(is_public=True))
    if any(nation for _first, _last, nation in spans) and not district.is_national:
        nation = District.objects.filter(level=District.Level.NASIONAL).first()
        if nation is not None:
            _count(nation, touched, Occurrence.objects.filter(is_public=True, is_national=True))


def days_between(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _count(district: District, touched: set[date], rows: Any) -> None:
    from events.models import LONGEST_DAYS

    low, high = min(touched) - timedelta(days=LONGEST_DAYS), max(touched)
    found: Counter[date] = Counter()
    for first, last in rows.filter(day__range=(low, high)).values_list("day", "last_day"):
        found.update(day for day in days_between(first, last) if day in touched)
    CalendarDay.objects.for_district(district).filter(day__in=touched).delete()
    CalendarDay.objects.bulk_create(
        [
            CalendarDay(district=district, day=day, number=number)
            for day, number in sorted(found.items())
        ],
        update_conflicts=True,
        unique_fields=["district", "day"],
        update_fields=["number"],
    )


def lower_taken(occurrence: Occurrence, seats: int) -> None:
    Occurrence.objects.filter(pk=occurrence.pk).update(taken=F("taken") - seats)


def is_settled(event: Event) -> bool:
    """Whether the event takes place as far as anybody knows."""
    return event.state in (EventState.APPROVED, EventState.PUBLISHED)
