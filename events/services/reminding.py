"""Mails that are owed: a row each, made with what causes it and sent by the clock.

A row is unique for (date, whom, what, round), so nothing is owed twice; sending takes the row first
(`events.reminder_mail`), so nothing is sent twice.
"""

from datetime import datetime, timedelta

from django.db.models import QuerySet

from events.models import Occurrence, Registration, Reminder

What = Reminder.What


def owe_cancelled(dates: QuerySet, *, now: datetime) -> None:
    """Tell whoever registered for one of these dates that it does not take place."""
    for row in dates:
        _drop_waiting(row)
        _owe(row, What.CANCELLED, due_at=now, round_=0)


def owe_moved(row: Occurrence, *, round_: int, now: datetime) -> None:
    """Tell whoever registered that the date is another one; the reminder moves with it."""
    _owe(row, What.MOVED, due_at=now, round_=round_)


def owe_soon(row: Occurrence, *, days: int) -> None:
    """Owe the reminder before the date to all who have a place."""
    _owe(row, What.SOON, due_at=row.start - timedelta(days=days), round_=_minutes(row.start))


def owe_to(registration: Registration, what: str, *, due_at: datetime, round_: int = 0) -> None:
    Reminder.objects.bulk_create(
        [
            Reminder(
                district_id=registration.district_id,
                occurrence_id=registration.occurrence_id,
                registration=registration,
                what=what,
                due_at=due_at,
                round=round_,
            )
        ],
        ignore_conflicts=True,
    )


def _owe(row: Occurrence, what: str, *, due_at: datetime, round_: int) -> None:
    registered = row.registrations.exclude(state=Registration.State.CANCELLED).exclude(email="")
    Reminder.objects.bulk_create(
        [
            Reminder(
                district_id=row.district_id,
                occurrence=row,
                registration=registration,
                what=what,
                due_at=due_at,
                round=round_,
            )
            for registration in registered
        ],
        ignore_conflicts=True,
    )


def _drop_waiting(row: Occurrence) -> None:
    waiting = row.reminders.filter(what=What.SOON, state=Reminder.State.WAITING)
    waiting.update(state=Reminder.State.DROPPED)


def _minutes(moment: datetime) -> int:
    """A date that is moved is reminded of again."""
    return int(moment.timestamp()) // 60 % 1_000_000_000
