"""Mails that are owed: a row each, made with what causes it and sent by the clock.

A row is unique for (date, whom, what, round), so nothing is owed twice; sending takes the row first
(`events.reminder_mail`), so nothing is sent twice. Whether a mail still tells the truth is judged
when it is sent: a date that is cancelled, moved or taken back needs no row to be undone.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from django.db.models import (
    Case,
    DateTimeField,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)

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
# Sent, or about to be.
LIVE = (Reminder.State.WAITING, Reminder.State.SENDING, Reminder.State.SENT)


def owe_cancelled(dates: Iterable[Occurrence], *, now: datetime) -> None:
    """Tell whoever registered for one of these dates that it does not take place."""
    _owe(dates, What.CANCELLED, due_at=lambda _row: now, round_=lambda _row: minutes_of(now))


def owe_approved(event: Event, *, now: datetime) -> None:
    """Tell whoever registered what a change makes of their date, when it is approved."""
    dates = [(row, as_it_stood(row)) for row in event.occurrences.all()]
    # Also where only the hour that they were told is still to come.
    dates = [(row, stood) for row, stood in dates if max(row.start, stood.start) > now]
    gone = [row for row, stood in dates if row.is_cancelled and not stood.is_cancelled]
    owe_cancelled(gone, now=now)
    moved = [row for row, stood in dates if not row.is_cancelled and _reads_otherwise(row, stood)]
    _owe_moved(moved, round_=event.sequence + 1, now=now)


def owe_moved(row: Occurrence, *, round_: int, now: datetime) -> None:
    """Tell whoever registered that the date is another one; the reminder moves with it."""
    owe_all_moved([row], round_=round_, now=now)


def owe_all_moved(rows: Iterable[Occurrence], *, round_: int, now: datetime) -> None:
    """Several dates of one event that were moved together; `round_` numbers the change."""
    _owe_moved([row for row in rows if row.start > now], round_=round_, now=now)


def _owe_moved(rows: list[Occurrence], *, round_: int, now: datetime) -> None:
    if not rows:
        return
    _owe(rows, What.MOVED, due_at=lambda _row: now, round_=lambda _row: round_)
    days = days_of(rows[0].district_id)
    owe_soon([row for row in rows if days and soon_at(row, days) > now], days=lambda _row: days)


def owe_soon(rows: Iterable[Occurrence], *, days: Callable[[Occurrence], int]) -> None:
    """Owe the reminder before these dates to all who have a place, and heard of them earlier."""
    _owe(
        rows,
        What.SOON,
        due_at=lambda row: soon_at(row, days(row)),
        round_=lambda row: minutes_of(row.start),
        only=HAS_PLACE,
        heard_by=lambda row: soon_at(row, days(row)),
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
    told = CalendarSettings.objects.values_list("district", "remind_days")
    chosen = {district: min(days, MOST_DAYS) for district, days in told}
    usual = min(CalendarSettings().remind_days, MOST_DAYS)

    def days(row: Occurrence) -> int:
        return chosen.get(row.district_id, usual)

    _follow_the_offices(chosen, usual, now)
    furthest = max([usual, *chosen.values()])
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


def _follow_the_offices(chosen: dict[int, int], usual: int, now: datetime) -> None:
    """Reminders that wait are due when their office wants it now; one statement for all.

    Who would have heard of the date later than that keeps the day they had.
    """
    offices: dict[int, list[int]] = {}
    for district, days in chosen.items():
        offices.setdefault(days, []).append(district)
    early = Case(
        *[
            When(district__in=districts, then=Value(timedelta(days=days)))
            for days, districts in offices.items()
        ],
        default=Value(timedelta(days=usual)),
        output_field=DurationField(),
    )
    starts = Subquery(
        Occurrence.objects.filter(pk=OuterRef("occurrence")).values("start")[:1],
        output_field=DateTimeField(),
    )
    due = ExpressionWrapper(starts - early, output_field=DateTimeField())
    # What the mail server put off keeps its own delay.
    rows = Reminder.objects.filter(
        what=What.SOON, state=Reminder.State.WAITING, attempts=0, occurrence__start__gt=now
    )
    heard = Q(registration__created_at__lte=F("due")) & (
        Q(registration__promoted_at=None) | Q(registration__promoted_at__lte=F("due"))
    )
    moved = Reminder.objects.filter(
        registration=OuterRef("registration"),
        occurrence=OuterRef("occurrence"),
        what=What.MOVED,
        state__in=LIVE,
        due_at__gt=OuterRef("due"),
    )
    rows = rows.annotate(due=due).exclude(due_at=F("due"))
    rows.filter(Q(registration=None) | heard & ~Exists(moved)).update(due_at=due)


def drop_for(registration: Registration) -> None:
    """Who cancelled is told nothing more."""
    waiting = Reminder.objects.filter(registration=registration, state=Reminder.State.WAITING)
    waiting.update(state=Reminder.State.DROPPED)


def judged() -> QuerySet:
    """Mails with what `still_true` reads; of several changes the last one tells all (`is_old`).

    `is_unwanted`: the office reminds nobody.
    """
    mails = Reminder.objects.select_related("registration", "occurrence__event")
    later = Reminder.objects.filter(
        registration=OuterRef("registration"),
        occurrence=OuterRef("occurrence"),
        what=What.MOVED,
        round__gt=OuterRef("round"),
        state__in=LIVE,
    )
    never = CalendarSettings.objects.filter(district=OuterRef("district"), remind_days=0)
    return mails.annotate(is_old=Exists(later), is_unwanted=Exists(never))


def still_true(reminder: Reminder, now: datetime) -> bool:
    """Whether a mail of `judged` is to be sent as things are now."""
    row, mine = reminder.occurrence, reminder.registration
    event, stood = row.event, as_it_stood(row)
    off = stood.is_cancelled or event.state == EventState.CANCELLED
    if mine is not None and mine.state == Registration.State.CANCELLED:
        return reminder.what == What.REMOVED and not off and row.end > now
    if reminder.what == What.CANCELLED:
        return off and row.end > now
    if off:
        return False
    if max(row.start, stood.start) <= now and not _was_approved_late(reminder):
        return False
    if reminder.what == What.SOON:
        comes = mine is None or mine.state == Registration.State.IN
        is_its = reminder.round in {minutes_of(row.start), minutes_of(stood.start)}
        return comes and is_its and not reminder.is_unwanted
    if reminder.what == What.MOVED:
        return not reminder.is_old
    return True


def waits(reminder: Reminder) -> bool:
    """Whether a mail tells what the office has to read first.

    What stood until then is told as it stood (`events.mail_words`): that a date is off or was
    moved, and that it is near where the change leaves it when it was.
    """
    row = reminder.occurrence
    at_once = (What.CANCELLED, What.REMOVED, What.MOVED)
    if row.event.state in STANDING or reminder.what in at_once:
        return False
    stood = as_it_stood(row)
    return (row.start, row.is_cancelled) != (stood.start, stood.is_cancelled)


def _was_approved_late(reminder: Reminder) -> bool:
    """Whether it tells of a move that was approved only after the hour to which it moves."""
    row = reminder.occurrence
    event, is_its = row.event, reminder.round == row.event.sequence
    return (
        reminder.what == What.MOVED
        and is_its
        and event.approved_at is not None
        and event.approved_at >= row.start
    )


def _reads_otherwise(row: Occurrence, stood: Occurrence) -> bool:
    """Whether people who know it as it stood would come in vain, or to something else."""
    before, after = (
        (one.is_cancelled, one.start, one.end, one.venue or one.event.venue) for one in (stood, row)
    )
    # Nobody reads what a guarded date is called.
    if before != after or (row.title != stood.title and not row.event.guarded):
        return True
    return not row.venue and row.event.region_id != stood.event.region_id


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
    heard_by: Callable[[Occurrence], datetime] | None = None,
) -> None:
    by_pk = {row.pk: row for row in rows}
    if not by_pk:
        return
    registered = (
        Registration.objects.filter(only or Q(), occurrence__in=by_pk)
        .exclude(state=Registration.State.CANCELLED)
        .exclude(email="")
    )
    if heard_by is not None:
        moved = Q(reminders__what=What.MOVED, reminders__state__in=LIVE)
        registered = [
            mine
            for mine in registered.annotate(told_at=Max("reminders__due_at", filter=moved))
            if _heard_at(mine) <= heard_by(by_pk[mine.occurrence_id])
        ]
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


def _heard_at(mine: Registration) -> datetime:
    """When they last read of the date: with their place, or that it was moved."""
    return max(filter(None, (mine.created_at, mine.promoted_at, mine.told_at)))


def _add(*rows: Reminder) -> None:
    Reminder.objects.bulk_create(rows, ignore_conflicts=True)


register_tick("events.owe_what_is_near", owe_what_is_near, every=timedelta(minutes=30))
