"""Places of a date: taken, freed, and given to who waits; never more than there are.

The row of the date is the lock. Who waits moves up in order of arrival, a group only as a whole,
and nobody overtakes: a smaller group behind a larger one waits with it, and who registers while
others wait joins the end, so that a number in the queue never gets worse. Where that leaves places
empty, a person of the office decides and lets somebody in (`registering.let_in`).
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import (
    DateTimeField,
    DurationField,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
)
from django.db.models.functions import Coalesce

from districts.models import District
from events.models import STANDING, CalendarSettings, Event, Occurrence, Registration
from events.services.reminding import owe_soon_to, owe_to
from safeguards.ticks import register_tick

State = Registration.State
LONGEST_KEPT_DAYS = 365


def held(occurrence: Occurrence) -> Occurrence:
    """The date as it is now, held until the transaction ends."""
    return (
        Occurrence.objects.select_for_update(of=("self",))
        .select_related("event__district__site")
        .get(pk=occurrence.pk)
    )


def take(row: Occurrence, seats: int) -> bool:
    """Take so many places if all are free; one conditional statement, whoever else asks."""
    enough = Q(seats__isnull=True) | Q(seats__gte=F("taken") + seats)
    free = Occurrence.objects.filter(enough, pk=row.pk, is_cancelled=False)
    return free.update(taken=F("taken") + seats) == 1


def give_back(row: Occurrence, seats: int) -> None:
    Occurrence.objects.filter(pk=row.pk, taken__gte=seats).update(taken=F("taken") - seats)


def fill_up(occurrence: Occurrence, now: datetime) -> list[Registration]:
    """Let those who wait move up while the first of them fits; return who got a place."""
    moved = []
    with transaction.atomic():
        row = held(occurrence)
        if row.is_cancelled or row.start <= now or row.event.state not in STANDING:
            return []
        for waiting in row.registrations.filter(state=State.WAITING).order_by("pk"):
            if not take(row, waiting.seats):
                break
            promote(row, waiting, now)
            moved.append(waiting)
    return moved


def promote(row: Occurrence, registration: Registration, now: datetime) -> None:
    """Write down that a place was taken for somebody who waited, and owe the news."""
    registration.state, registration.promoted_at = State.IN, now
    registration.save(update_fields=["state", "promoted_at"])
    owe_to(registration, "naik", due_at=now)
    owe_soon_to(registration, row, now=now)


def after_change(event: Event, *, now: datetime) -> None:
    """Once an event was changed: more places go to who waits, and retention follows the dates."""
    rows = Registration.objects.filter(occurrence__event=event)
    touched = list(
        Occurrence.objects.filter(pk__in=rows.values("occurrence")).order_by("start", "pk")
    )
    if not touched:
        return
    _keep_until(rows, days_kept(event.district))
    for row in touched:
        if row.start > now:
            fill_up(row, now)


def days_kept(district: District) -> int:
    """So many days after a date its registrations are deleted."""
    chosen = CalendarSettings.objects.for_district(district).first()
    return min((chosen or CalendarSettings()).registration_days, LONGEST_KEPT_DAYS)


def keep_as_decided(_now: datetime) -> int:
    """Write into all registrations until when they are kept; an office may have decided anew."""
    chosen = dict(CalendarSettings.objects.values_list("district", "registration_days"))
    usual = CalendarSettings().registration_days
    changed = _keep_until(Registration.objects.exclude(district__in=chosen), usual)
    for district, days in chosen.items():
        rows = Registration.objects.filter(district=district)
        changed += _keep_until(rows, min(days, LONGEST_KEPT_DAYS))
    return changed


def recount(now: datetime) -> int:
    """Free the places of those who were erased, in dates to come; return of how many dates.

    Who waited behind one of them moves up as well.
    """
    come = Sum("registrations__seats", filter=Q(registrations__state=State.IN))
    wrong = (
        Occurrence.objects.filter(taken__gt=0, start__gt=now)
        .annotate(coming=Coalesce(come, 0))
        .exclude(taken=F("coming"))
    )
    dates = list(wrong)
    for occurrence in dates:
        with transaction.atomic():
            row = held(occurrence)
            rows = row.registrations.filter(state=State.IN)
            coming = rows.aggregate(n=Coalesce(Sum("seats"), 0))["n"]
            Occurrence.objects.filter(pk=row.pk).update(taken=coming)
            fill_up(row, now)
    stuck = list(_with_room(now))
    for occurrence in stuck:
        fill_up(occurrence, now)
    return len({one.pk for one in (*dates, *stuck)})


def _with_room(now: datetime) -> QuerySet:
    """Dates to come with as many free places as the first who waits asks for."""
    waiting = Registration.objects.filter(state=State.WAITING)
    first = waiting.filter(occurrence=OuterRef("pk")).order_by("pk").values("seats")[:1]
    room = Q(seats__isnull=True) | Q(seats__gte=F("taken") + F("wanted"))
    return (
        Occurrence.objects.filter(
            pk__in=waiting.values("occurrence"),
            start__gt=now,
            is_cancelled=False,
            event__state__in=STANDING,
        )
        .alias(wanted=Subquery(first))
        .filter(room)
        .order_by("start", "pk")
    )


def _keep_until(rows: QuerySet, days: int) -> int:
    end: Any = Subquery(
        Occurrence.objects.filter(pk=OuterRef("occurrence")).values("end")[:1],
        output_field=DateTimeField(),
    )
    after = Value(timedelta(days=days), output_field=DurationField())
    until = ExpressionWrapper(end + after, output_field=DateTimeField())
    return rows.annotate(until=until).exclude(ends_at=F("until")).update(ends_at=until)


register_tick("events.registrations_kept", keep_as_decided, every=timedelta(hours=6))
register_tick("events.registrations_counted", recount, every=timedelta(hours=6))
