"""The dates of an event as rows: laid out from its rule, and kept when the rule changes."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from events.models import Event, Occurrence
from events.recurrence import expand

# Dates that others hang on are never deleted by a change of the rule.
KEEPS = ("registrations", "reminders")


def placed(row: Occurrence, *, start: datetime, minutes: int, tz: str) -> Occurrence:
    """Put a date at this moment (UTC), with the days that are computed of it."""
    zone = ZoneInfo(tz)
    end = start + timedelta(minutes=minutes)
    row.start, row.end = start, end
    row.day = start.astimezone(zone).date()
    # What ends at midnight belongs to the day before.
    row.last_day = max(row.day, (end - timedelta(seconds=1)).astimezone(zone).date())
    return row


def new_row(event: Event, start: datetime, *, extra: bool = False) -> Occurrence:
    row = Occurrence(
        district_id=event.district_id,
        event=event,
        recurrence_id=start,
        is_extra=extra,
        seats=event.seats,
    )
    placed(row, start=start, minutes=event.minutes, tz=event.timezone)
    row.original_day = row.day
    return row


def lay_out(event: Event, *, extra: Iterable[datetime] = ()) -> list[Occurrence]:
    """Make the rows of a new event; raises BadRule."""
    starts = expand(event.rrule, start=event.starts_at, tz=event.timezone)
    more = sorted(set(extra) - set(starts))
    rows = [new_row(event, start) for start in starts]
    rows += [new_row(event, start, extra=True) for start in more]
    return Occurrence.objects.bulk_create(rows)


def lay_out_again(event: Event, *, now: datetime) -> None:
    """Fit the rows to a changed rule, so that what hangs on a date goes with it.

    The same start keeps its row, then the same day, then the nth of what is left takes the nth new
    date. What remains without a date is cancelled where somebody registered, else it goes. Dates
    that were moved or added one by one stay where somebody put them.
    """
    starts = expand(event.rrule, start=event.starts_at, tz=event.timezone)
    rows = list(event.occurrences.order_by("recurrence_id"))
    extras = [row for row in rows if row.is_extra]
    by_hand = {row.recurrence_id for row in extras}
    wanted = [start for start in starts if start not in by_hand]
    pairs, left, free = _paired([row for row in rows if not row.is_extra], wanted, event.timezone)
    # Two steps, so that a row can take the start that another one leaves.
    shifted = [(row, start) for row, start in pairs if row.recurrence_id != start]
    for number, (row, _start) in enumerate(shifted):
        Occurrence.objects.filter(pk=row.pk).update(
            recurrence_id=datetime(1900, 1, 1, tzinfo=now.tzinfo) + timedelta(seconds=number)
        )
    for row, start in pairs:
        was_moved = row.is_moved
        row.recurrence_id = start
        row.original_day = start.astimezone(ZoneInfo(event.timezone)).date()
        if not was_moved:
            placed(row, start=start, minutes=event.minutes, tz=event.timezone)
        row.save()
    for row in left:
        if _is_kept(row):
            row.is_extra, row.is_cancelled, row.changed_at = True, True, now
            row.note = row.note or _("The way it repeats was changed.")
            row.save()
        else:
            row.delete()
    Occurrence.objects.bulk_create([new_row(event, start) for start in free])


def _paired(
    rows: list[Occurrence], starts: list[datetime], tz: str
) -> tuple[list[tuple[Occurrence, datetime]], list[Occurrence], list[datetime]]:
    """(row and its new start), rows left over, starts without a row."""
    zone = ZoneInfo(tz)
    pairs: list[tuple[Occurrence, datetime]] = []
    free = list(starts)

    def take(key_of_row, key_of_start) -> None:
        known = {}
        for start in free:
            known.setdefault(key_of_start(start), start)
        for row in list(rows):
            start = known.pop(key_of_row(row), None)
            if start is not None:
                pairs.append((row, start))
                rows.remove(row)
                free.remove(start)

    rows = list(rows)
    take(lambda row: row.recurrence_id, lambda start: start)
    take(lambda row: row.original_day, lambda start: start.astimezone(zone).date())
    rest = min(len(rows), len(free))
    pairs += list(zip(rows[:rest], free[:rest], strict=True))
    return pairs, rows[rest:], free[rest:]


def _is_kept(row: Occurrence) -> bool:
    return row.is_cancelled or any(getattr(row, name).exists() for name in KEEPS)
