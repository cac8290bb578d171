"""The dates of an event as rows: laid out from its rule, and kept when the rule changes."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from events.models import Event, Occurrence
from events.recurrence import MOST_DATES, BadRule, expand
from events.services.reminding import owe_all_moved, owe_cancelled

# Dates that others hang on are never deleted by a change of the rule.
KEEPS = (
    "registrations",
    "reminders",
    "reports",
    "attendance",
    "headcounts",
    "organisation_attendance",
)


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
    if len(starts) + len(more) > MOST_DATES:
        raise BadRule(_("That is more than 1,000 dates. Choose an earlier end."))
    rows = [new_row(event, start) for start in starts]
    rows += [new_row(event, start, extra=True) for start in more]
    return Occurrence.objects.bulk_create(rows)


def lay_out_again(
    event: Event,
    *,
    before: Iterable[datetime],
    minutes: int,
    tz: str,
    now: datetime,
    tells: bool = True,
) -> None:
    """Fit the rows to a changed rule, so that what hangs on a date goes with it.

    `before` are the starts, `minutes` the length and `tz` the zone until now. The same start
    keeps its row, then the same day, then the nth of what is left takes the nth new date. A date
    that was left out stays out. What remains without a date is cancelled where somebody registered,
    else it goes; it comes back when the rule has its start again. Dates that were moved or added
    one by one stay where somebody put them. Who registered for a date that is elsewhere or off is
    owed a mail where it `tells`; else its approval owes it (`reminding.owe_approved`).
    """
    before = list(before)
    starts = expand(event.rrule, start=event.starts_at, tz=event.timezone)
    rows = list(event.occurrences.order_by("recurrence_id"))
    moved = _taken_back(rows, set(starts))
    # The address of a single date, which was told and printed, goes on leading to it.
    keeps_day = not event.rrule and len(before) == 1 and event.is_public
    extras = [row for row in rows if row.is_extra]
    if len(starts) + len(extras) > MOST_DATES:
        raise BadRule(_("That is more than 1,000 dates. Choose an earlier end."))
    by_hand, kept = {row.recurrence_id for row in extras}, {row.recurrence_id for row in rows}
    gaps = [_on_day_of(new_row(event, start), tz) for start in before if start not in kept]
    ruled = sorted([*gaps, *set(rows).difference(extras)], key=lambda row: row.recurrence_id)
    wanted = [start for start in starts if start not in by_hand]
    pairs, left, free = _paired(ruled, wanted, event.timezone)
    if not free and not extras and all(row.pk is None for row, _start in pairs):
        # Only dates that were left out: whoever writes such a rule wants them after all.
        pairs, free = [], wanted
    pairs = [(row, start) for row, start in pairs if row.pk is not None]
    # Two steps, so that a row can take the start that another one leaves.
    shifted = [row for row, start in pairs if row.recurrence_id != start]
    for number, row in enumerate(shifted):
        Occurrence.objects.filter(pk=row.pk).update(
            recurrence_id=datetime(1900, 1, 1, tzinfo=now.tzinfo) + timedelta(seconds=number)
        )
    for row, start in pairs:
        was, stays = row.start, row.is_moved
        row.recurrence_id = start
        if not keeps_day:
            _on_day_of(row, event.timezone)
        length = length_of(row)
        placed(
            row,
            start=row.start if stays else start,
            minutes=event.minutes if length == minutes else length,
            tz=event.timezone,
        )
        row.save()
        if row.start != was and not row.is_cancelled:
            moved.append(row)
    if tells:
        owe_all_moved(moved, round_=event.sequence + 1, now=now)
    for row in left:
        if row.pk is not None:
            _left_over(row, tz=event.timezone, now=now, tells=tells)
    for row in extras:
        length = length_of(row)
        follows = length == minutes and row.start > now and not row.changed_at
        length = event.minutes if follows else length
        placed(row, start=row.start, minutes=length, tz=event.timezone)
        _on_day_of(row, event.timezone).save()
    Occurrence.objects.bulk_create([new_row(event, start) for start in free])


def length_of(row: Occurrence) -> int:
    """Minutes."""
    return int((row.end - row.start).total_seconds()) // 60


def _on_day_of(row: Occurrence, tz: str) -> Occurrence:
    """The day on which the rule had it, as this zone counts days."""
    row.original_day = row.recurrence_id.astimezone(ZoneInfo(tz)).date()
    return row


def _taken_back(rows: list[Occurrence], starts: set[datetime]) -> list[Occurrence]:
    """Of dates that a rule had left out, those that it has again."""
    found = [row for row in rows if row.was_left_over and row.recurrence_id in starts]
    for row in found:
        row.is_extra = row.is_cancelled = row.was_left_over = False
        row.note = ""
    return found


def _left_over(row: Occurrence, *, tz: str, now: datetime, tells: bool) -> None:
    """Delete a date that the rule has no more, or keep it as one that was added by itself."""
    took_place = row.start <= now
    if not took_place and not _is_kept(row):
        row.delete()
        return
    if not took_place and not row.is_cancelled:
        if tells:
            owe_cancelled(Occurrence.objects.filter(pk=row.pk), now=now)
        row.is_cancelled, row.was_left_over, row.changed_at = True, True, now
        row.note = row.note or _("The way it repeats was changed.")
    row.is_extra = True
    placed(row, start=row.start, minutes=length_of(row), tz=tz)
    _on_day_of(row, tz).save()


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


def hangs_on(row: Occurrence) -> bool:
    """Whether somebody registered, came or wrote about this date."""
    return any(getattr(row, name).exists() for name in KEEPS)


def _is_kept(row: Occurrence) -> bool:
    return row.is_cancelled or hangs_on(row)
