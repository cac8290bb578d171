"""One date of a series: moved, cancelled, taken back, added or left out."""

from copy import copy
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from events.models import Event, EventChange, EventState, Occurrence
from events.recurrence import MOST_DATES
from events.services.bookkeeping import NotPossible, locked, noted
from events.services.dates import hangs_on, new_row, placed
from events.services.deciding import is_approver
from events.services.reminding import owe_cancelled, owe_moved
from events.services.returning import back_to_the_office, hold_at_once, snapshot
from events.stood import as_it_stood

Verb = EventChange.Verb


def move_date(
    *,
    occurrence: Occurrence,
    actor: Any,
    version: int,
    start: datetime,
    minutes: int,
    now: datetime,
    title: str = "",
    venue: str = "",
    note: str = "",
) -> Occurrence:
    """Put one date elsewhere in time or place; the rest of the series stays.

    Time and place hold at once, whoever moves it: people are on their way. Another title waits for
    the office as every other change of words does.
    """
    with transaction.atomic():
        event, row = _held(occurrence, actor, version)
        stood = snapshot(event)
        was, told = copy(row), _told(row)
        words = {"title": title, "venue": venue}
        changed = {
            name: [getattr(row, name), word]
            for name, word in words.items()
            if getattr(row, name) != word
        }
        placed(row, start=start, minutes=minutes, tz=event.timezone)
        row.title, row.venue, row.note = title, venue, note
        row.changed_at, row.is_cancelled, row.was_left_over = now, False, False
        row.save()
        if "title" in changed:
            back_to_the_office(event, actor, stood=stood)
        hold_at_once(event, was, row)
        if _told(row) != told:
            owe_moved(row, round_=event.sequence + 1, now=now)
        noted(
            event,
            verb=Verb.DATE_MOVED,
            actor=actor,
            now=now,
            day=row.original_day,
            values={"start": [was.start.isoformat(), row.start.isoformat()]} | changed,
            note=note,
        )
        return row


def cancel_date(
    *, occurrence: Occurrence, actor: Any, version: int, note: str, now: datetime
) -> Occurrence:
    """Cancel one date; it stays visible, with the reason.

    One that a waiting change leaves out is on as far as anybody was told, so that it can be.
    """
    with transaction.atomic():
        event, row = _held(occurrence, actor, version)
        if as_it_stood(row).is_cancelled:
            raise NotPossible(_("This date is cancelled already."))
        was = copy(row)
        row.is_cancelled, row.note, row.changed_at = True, note, now
        # Off whatever the rule becomes.
        row.was_left_over = False
        row.save()
        hold_at_once(event, was, row)
        owe_cancelled(event.occurrences.filter(pk=row.pk), now=now)
        noted(
            event, verb=Verb.DATE_CANCELLED, actor=actor, now=now, day=row.original_day, note=note
        )
        return row


def restore_date(*, occurrence: Occurrence, actor: Any, version: int, now: datetime) -> Occurrence:
    """Let a cancelled date take place after all."""
    with transaction.atomic():
        event, row = _held(occurrence, actor, version)
        if not row.is_cancelled:
            raise NotPossible(_("This date is not cancelled."))
        was, was_told = copy(row), as_it_stood(row).is_cancelled
        row.is_cancelled, row.note, row.changed_at = False, "", now
        # Who cancels it after this means it, whatever the rule becomes.
        row.was_left_over = False
        row.save()
        hold_at_once(event, was, row)
        if was_told:
            owe_moved(row, round_=event.sequence + 1, now=now)
        noted(event, verb=Verb.DATE_RESTORED, actor=actor, now=now, day=row.original_day)
        return row


def add_date(
    *, event: Event, actor: Any, version: int, start: datetime, now: datetime
) -> Occurrence:
    """Add one date to the series, perhaps a second one on the same day."""
    with transaction.atomic():
        event = locked(event, version=version)
        _may(actor, event)
        if event.occurrences.count() >= MOST_DATES:
            raise NotPossible(_("That is more than 1,000 dates. Choose an earlier end."))
        stood = snapshot(event)
        row = new_row(event, start, extra=True)
        try:
            with transaction.atomic():
                row.save()
        except IntegrityError as error:
            raise NotPossible(_("The session has a date at that time already.")) from error
        back_to_the_office(event, actor, stood=stood)
        noted(event, verb=Verb.DATE_ADDED, actor=actor, now=now, day=row.day)
        return row


def remove_date(*, occurrence: Occurrence, actor: Any, version: int, now: datetime) -> None:
    """Leave one date out as if it had never been; not where somebody hangs on it."""
    with transaction.atomic():
        event, row = _held(occurrence, actor, version)
        if event.occurrences.count() == 1:
            raise NotPossible(_("This is the only date. Cancel the session instead."))
        if row.start <= now or hangs_on(row):
            raise NotPossible(_("This date has to stay visible. Cancel it instead."))
        day = row.original_day
        row.delete()
        noted(event, verb=Verb.DATE_REMOVED, actor=actor, now=now, day=day)


def _told(row: Occurrence) -> tuple[Any, ...]:
    """What whoever registered reads of a date by itself, while a change waits as well."""
    one = as_it_stood(row)
    # Nobody reads what a guarded date is called.
    title = "" if one.event.guarded else one.title
    return one.start, one.end, title, one.venue, one.note, one.is_cancelled


def _held(occurrence: Occurrence, actor: Any, version: int) -> tuple[Event, Occurrence]:
    event = locked(occurrence.event, version=version)
    _may(actor, event)
    return event, event.occurrences.get(pk=occurrence.pk)


def _may(actor: Any, event: Event) -> None:
    """Who proposed it and the office move dates: that a meeting is off must be told at once."""
    if event.proposed_by_id != actor.pk and not is_approver(actor, event.district):
        raise PermissionDenied
    if event.state == EventState.CANCELLED:
        raise NotPossible(_("A cancelled session can't be changed. Copy it instead."))
