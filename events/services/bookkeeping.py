"""What every change of an event shares: the lock, the version, the log, and what lists repeat."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import F, Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from districts.models import District
from events import listeners
from events.models import CalendarDay, Event, EventChange, EventState, Occurrence
from events.services.judging import guard

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
    # The days that a change may empty have to be counted again as well.
    row.told_before = spans_of(row)
    return row


def spans_of(event: Event) -> list[tuple[date, date, bool]]:
    """(first day, last day, whether told nationally) of every public date."""
    rows = Occurrence.objects.filter(event=event, is_public=True)
    return list(rows.values_list("day", "last_day", "is_national"))


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

    Whatever was changed is judged here: an event whose words say too much is guarded from now on.

    `schedule` raises SEQUENCE, RFC 5545 section 3.8.7.4: others' calendars take the new version.
    """
    guard(event)
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
    repeat(event, now=now)
    listeners.tell(event, verb=verb, actor=actor, now=now)


def repeat(event: Event, *, now: datetime) -> None:
    """Write into the dates, the days and the feed what they repeat of the event.

    Raises NotPossible where a date to come would have fewer places than were taken.
    """
    from events.services.places import after_change
    from events.services.retelling import retell

    rows = Occurrence.objects.filter(event=event)
    before = [*getattr(event, "told_before", ()), *spans_of(event)]
    public = event.is_public
    rows.update(
        is_public=public,
        is_national=public and is_national(event),
        facets=facets_of(event),
    )
    _set_seats(rows, event.seats, now)
    after = rows.filter(is_public=True).values_list("day", "last_day", "is_national")
    retell(event, [*before, *after])
    after_change(event, now=now)


def _set_seats(rows: Any, seats: int | None, now: datetime) -> None:
    """Only where the taken places fit; a date that is over or cancelled keeps its number."""
    fits = Q() if seats is None else Q(taken__lte=seats)
    rows.filter(fits).update(seats=seats)
    if seats is None:
        return
    full = rows.filter(taken__gt=seats, is_cancelled=False, start__gt=now).order_by("start")
    if first := full.first():
        raise NotPossible(
            _(
                "%(taken)s places of %(day)s are taken already. Choose at least as many, or cancel "
                "registrations first."
            )
            % {"taken": first.taken, "day": date_format(first.day, "j F Y")}
        )


def is_national(event: Event) -> bool:
    """Whether the event stands in the national calendar."""
    return event.is_national or event.district.is_national


def facets_of(event: Event) -> str:
    """`|jenis:rakor|kec:53.04.01|sasaran:guru|tema:KtA|`: what the filters look for.

    Nobody finds a guarded event by what nobody may read of it.
    """
    found = [f"jenis:{event.kind}"]
    if event.region_id and len(event.region_id) >= 8:
        found.append(f"kec:{event.region_id[:8]}")
    if not event.guarded:
        found += [f"sasaran:{code}" for code in event.audience_codes or ()]
        found += [f"tema:{code}" for code in event.issue_codes or ()]
    return f"|{'|'.join(found)}|"[:600]


def count_days(district: District, spans: Iterable[tuple[date, date, bool]]) -> None:
    """Count again the public sessions of these days, here and in the national calendar."""
    spans = list(spans)
    touched = {day for first, last, _nation in spans for day in days_between(first, last)}
    if not touched:
        return
    nationwide = Occurrence.objects.filter(is_public=True, is_national=True)
    # The rows of the national office are the national calendar, in which its own events stand too.
    own = Occurrence.objects.for_district(district).filter(is_public=True)
    _count(district, touched, nationwide if district.is_national else own)
    if any(nation for _first, _last, nation in spans) and not district.is_national:
        nation = District.objects.filter(level=District.Level.NASIONAL).first()
        if nation is not None:
            _count(nation, touched, nationwide)


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
