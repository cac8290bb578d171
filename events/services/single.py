"""What does not repeat has one date: where that was moved, a change of the session changes it.

A form of the session shows its date as it stands, and what is saved holds for it.
"""

from typing import Any

from django.utils.translation import gettext as _

from events.models import Event, Occurrence
from events.services.bookkeeping import NotPossible
from events.services.dates import length_of


def only_date(event: Event) -> Occurrence | None:
    """The date of what does not repeat, where it says something else than its event; else None."""
    if event.rrule:
        return None
    rows = list(event.occurrences.filter(is_extra=False)[:2])
    if len(rows) != 1:
        return None
    [row] = rows
    differs = row.is_moved or row.title or row.venue or length_of(row) != event.minutes
    return row if differs else None


def settle(event: Event, values: dict[str, Any]) -> dict[str, Any]:
    """Make the only date of an event its plan before `values` change it; return them as its own.

    A date that stays where it was moved to stays told as moved. Raises NotPossible.
    """
    row = only_date(event)
    if row is None:
        return values
    stands = {"starts_at": row.start, "minutes": length_of(row)}
    same = stands | {"timezone": event.timezone, "rrule": ""}
    event.title, event.venue = row.title or event.title, row.venue or event.venue
    row.title = row.venue = ""
    if all(values.get(name, was) == was for name, was in same.items()):
        values = values | {"starts_at": event.starts_at, "minutes": event.minutes}
    else:
        if event.occurrences.filter(recurrence_id=row.start).exclude(pk=row.pk).exists():
            raise NotPossible(_("The session has a date at that time already."))
        event.starts_at, event.minutes = stands["starts_at"], stands["minutes"]
        row.recurrence_id = row.start
    row.save()
    return values
