"""Mails that are owed: a row each, made with what causes it and sent by the clock.

A row is unique for (date, whom, what, round), so nothing is owed twice; sending takes the row first
(`events.reminder_mail`), so nothing is sent twice. Whether a mail still tells the truth is judged
when it is sent: a date that is cancelled, moved or taken back needs no row to be undone.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from events.models import (
    STANDING,
    CalendarSettings,
    Event,
    EventState,
    Occurrence,
    Registration,
    Reminder,
)
from events.stood import as_it_stood
from safeguards.ticks import register_tick

What = Reminder.What
HAS_PLACE = Q(state=Registration.State.IN)
MOST_DAYS = 60
AT_A_TIME = 500


def owe_cancelled(dates: QuerySet, *, now: datetime) -> None:
    """Tell whoever registered for one of these dates that it does not take place."""
    _owe(dates, What.CANCELLED, due_at=lambda _row: now, round_=lambda _row: minutes_of(now))


def owe_left_over(event: Event, *, now: datetime) -> None:
    """Tell whoever registered of dates that an approved change of the rule has no more."""
    dates = event.occurrences.filter(was_left_over=True, is_cancelled=True, start__gt=now)
    owe_cancelled(dates.exclude(reminders__what=What.CANCELLED), now=now)


def owe_moved(row: Occurrence, *, round_: int, now: datetime) -> None:
    """Tell whoever registered that the date is another one; the reminder moves with it."""
    owe_all_moved([row], round_=round_, now=now)


def owe_all_moved(rows: Iterable[Occurrence], *, round_: int, now: datetime) -> None:
    """Several dates of one event that were moved together; `round_` numbers the change."""
    rows = [row for row in rows if row.start > now]
    if not rows:
        return
    _owe(rows, What.MOVED, due_at=lambda _row: now, round_=lambda _row: round_)
    days = days_of(rows[0].district_id)
    owe_soon([row for row in rows if days and soon_at(row, days) > now], days=lambda _row: days)


def owe_soon(rows: Iterable[Occurrence], *, days: Callable[[Occurrence], int]) -> None:
    """Owe the reminder before these dates to all who have a place."""
    _owe(
        rows,
        What.SOON,
        due_at=lambda row: soon_at(row, days(row)),
        round_=lambda row: minutes_of(row.start),
        only=HAS_PLACE,
    )


def owe_soon_to(registration: Registration, row: Occurrence, *, now: datetime) -> None:
    """Owe the reminder to one who has a place; not where the day is so near that they know."""
    days = days_of(row.district_id)
    if days and soon_at(row, days) > now:
        due_at = soon_at(row, days)
        owe_to(registration, What.SOON, due_at=due_at, round_=minutes_of(row.start))


def owe_to(registration: Registration, what: str, *, due_at: datetime, round_: int = 0) -> None:
    """Owe one mail; to who gave no address nothing is owed."""
    if registration.email:
        _add(
            Reminder(
                district_id=registration.district_id,
                occurrence_id=registration.occurrence_id,
                registration=registration,
                what=what,
                due_at=due_at,
                round=round_,
            )
        )


def owe_what_is_near(now: datetime) -> int:
    """Owe the reminders of all dates that are near, to who registered and to who proposed them.

    Doing it again owes nothing again, so a clock that stood still catches up. Says how many dates.
    """
    chosen = dict(CalendarSettings.objects.values_list("district", "remind_days"))
    usual = CalendarSettings().remind_days

    def days(row: Occurrence) -> int:
        return min(chosen.get(row.district_id, usual), MOST_DAYS)

    furthest = min(max([usual, *chosen.values()]), MOST_DAYS)
    rows = (
        Occurrence.objects.filter(start__gt=now, start__lte=now + timedelta(days=furthest))
        .filter(is_cancelled=False, event__state__in=STANDING)
        .select_related("event__proposed_by")
    )
    near = [row for row in rows if days(row) and soon_at(row, days(row)) <= now]
    for start in range(0, len(near), AT_A_TIME):
        some = near[start : start + AT_A_TIME]
        owe_soon(some, days=days)
        _add(*[_to_proposer(row, days(row)) for row in some if _can_write_to(row)])
    return len(near)


def drop_for(registration: Registration) -> None:
    """Who cancelled is told nothing more."""
    waiting = Reminder.objects.filter(registration=registration, state=Reminder.State.WAITING)
    waiting.update(state=Reminder.State.DROPPED)


def judged() -> QuerySet:
    """Mails with what `still_true` reads; of several changes the last one tells all (`is_old`)."""
    mails = Reminder.objects.select_related("registration", "occurrence__event")
    later = Reminder.objects.filter(
        registration=OuterRef("registration"),
        occurrence=OuterRef("occurrence"),
        what=What.MOVED,
        round__gt=OuterRef("round"),
        state__in=(Reminder.State.WAITING, Reminder.State.SENDING, Reminder.State.SENT),
    )
    return mails.annotate(is_old=Exists(later))


def still_true(reminder: Reminder, now: datetime) -> bool:
    """Whether a mail of `judged` is to be sent as things are now."""
    row, mine = reminder.occurrence, reminder.registration
    event, stood = row.event, as_it_stood(row)
    off = row.is_cancelled or event.state == EventState.CANCELLED
    if mine is not None and mine.state == Registration.State.CANCELLED:
        return reminder.what == What.REMOVED and not off and row.end > now
    if reminder.what == What.CANCELLED:
        return off and row.end > now
    if off or max(row.start, stood.start) <= now:
        return False
    if reminder.what == What.SOON:
        comes = mine is None or mine.state == Registration.State.IN
        return comes and reminder.round in {minutes_of(row.start), minutes_of(stood.start)}
    if reminder.what == What.MOVED:
        return not reminder.is_old
    return True


def waits(reminder: Reminder) -> bool:
    """Whether a mail tells what the office has to read first.

    What stood until then is told as it stood (`events.mail_words`): that a date is off, and that it
    is near where the change leaves it when it was.
    """
    row = reminder.occurrence
    if row.event.state in STANDING or reminder.what in (What.CANCELLED, What.REMOVED):
        return False
    return reminder.what == What.MOVED or row.start != as_it_stood(row).start


def days_of(district_id: int) -> int:
    """So many days before a date people are reminded; 0 for never."""
    chosen = CalendarSettings.objects.filter(district=district_id).first()
    return min((chosen or CalendarSettings()).remind_days, MOST_DAYS)


def soon_at(row: Occurrence, days: int) -> datetime:
    return row.start - timedelta(days=days)


def minutes_of(moment: datetime) -> int:
    """The number of a moment: a date that is moved is reminded of again."""
    return int(moment.timestamp()) // 60 % 1_000_000_000


def _can_write_to(row: Occurrence) -> bool:
    proposer = row.event.proposed_by
    return (
        proposer is not None
        and proposer.is_active
        and getattr(proposer, "has_email", bool(proposer.email))
    )


def _to_proposer(row: Occurrence, days: int) -> Reminder:
    return Reminder(
        district_id=row.district_id,
        occurrence=row,
        member_id=row.event.proposed_by_id,
        what=What.SOON,
        due_at=soon_at(row, days),
        round=minutes_of(row.start),
    )


def _owe(
    rows: Iterable[Occurrence],
    what: str,
    *,
    due_at: Callable[[Occurrence], datetime],
    round_: Callable[[Occurrence], int],
    only: Q | None = None,
) -> None:
    by_pk = {row.pk: row for row in rows}
    if not by_pk:
        return
    registered = (
        Registration.objects.filter(only or Q(), occurrence__in=by_pk)
        .exclude(state=Registration.State.CANCELLED)
        .exclude(email="")
    )
    _add(
        *[
            Reminder(
                district_id=registration.district_id,
                occurrence_id=registration.occurrence_id,
                registration=registration,
                what=what,
                due_at=due_at(by_pk[registration.occurrence_id]),
                round=round_(by_pk[registration.occurrence_id]),
            )
            for registration in registered
        ]
    )


def _add(*rows: Reminder) -> None:
    Reminder.objects.bulk_create(rows, ignore_conflicts=True)


register_tick("events.owe_what_is_near", owe_what_is_near, every=timedelta(minutes=30))
