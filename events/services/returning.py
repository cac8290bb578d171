"""What its proposer changes after approval waits for the office again.

What stood until then is kept in `Event.stood`: people go by it while the change waits
(`events.stood`), and a session that is cancelled meanwhile is told as cancelled with the words and
the dates that were approved. Names of speakers are not copied; those of a refused change go.
"""

from datetime import datetime, timedelta
from typing import Any

from events.guarding import members_kinds
from events.models import STANDING, Event, EventState, Occurrence
from events.recurrence import counted, expand
from events.services.dates import hangs_on, length_of, placed
from events.stood import DATE, MOMENTS, WORDS, tell, waits_again

PARKED = timedelta(days=36_500)
# What a date that is over gets back, and what holds at once whatever waits.
PLAN = ("recurrence_id", "original_day", "is_extra", "title", "venue")
AT_ONCE = ("start", "end", "day", "last_day", "venue", "is_cancelled")


def snapshot(event: Event) -> dict[str, Any]:
    """What stands of an event, before it is changed; four queries, none where nothing stands."""
    if event.state not in STANDING:
        return {}
    told: dict[str, Any] = {name: getattr(event, name) for name in (*WORDS, *MOMENTS, "guarded")}
    return told | {
        "dates": list(event.occurrences.values("pk", "is_cancelled", *DATE)),
        "speakers": list(event.speakers.values_list("pk", flat=True)),
        "pages": list(event.pages.values_list("pk", flat=True)),
    }


def needs_approval(event: Event, actor: Any) -> bool:
    """Whether other words of this member have to be approved before they stand."""
    if event.is_trusted:
        return event.kind not in members_kinds()
    return event.approved_at is not None and actor.pk == event.proposed_by_id


def back_to_the_office(event: Event, actor: Any, *, stood: dict[str, Any]) -> None:
    """Let a changed event wait where it has to; `stood` is its `snapshot` before the change."""
    if not needs_approval(event, actor):
        if event.state == EventState.CHANGES and actor.pk == event.proposed_by_id:
            event.state = EventState.PROPOSED
        return
    event.is_trusted = False
    event.state = EventState.PROPOSED
    event.approved_by = event.approved_at = event.published_at = None
    event.stood = stood or None


def stand_again(event: Event, now: datetime) -> dict[str, list[str]]:
    """Give an event that waits again what it stood in; {field: [typed, approved]}.

    Dates that are over stay as they are; one that was called off meanwhile stays off.
    """
    if not waits_again(event):
        return {}
    told, changed = event.stood, {}
    before = {name: getattr(event, name) for name in WORDS}
    tell(event, told, (*WORDS, *MOMENTS))
    for name, was in before.items():
        if was != getattr(event, name):
            label = name.removesuffix("_id")
            changed[label] = [str(was or ""), str(getattr(event, name) or "")]
    event.guarded = event.guarded or told["guarded"]
    event.speakers.exclude(pk__in=told["speakers"]).delete()
    event.pages.exclude(pk__in=told["pages"]).delete()
    _dates_again(event, told["dates"], now)
    event.state = EventState.PUBLISHED if event.published_at else EventState.APPROVED
    event.stood = None
    return changed


def hold_at_once(event: Event, was: Occurrence, row: Occurrence) -> None:
    """Time and place of a date, and whether it is off, wait for nobody: people are on their way.

    `was` is the date before; what is the same in both is as the waiting change has it, and waits.
    """
    if not waits_again(event):
        return
    for one in event.stood["dates"]:
        if one["pk"] != row.pk:
            continue
        here = Occurrence(is_cancelled=row.is_cancelled)
        tell(here, one, DATE)
        start = row.start if row.start != was.start else here.start
        minutes = length_of(row if length_of(row) != length_of(was) else here)
        placed(here, start=start, minutes=minutes, tz=event.stood["timezone"])
        here.venue = row.venue if row.venue != was.venue else here.venue
        one |= {name: getattr(here, name) for name in AT_ONCE}


def share_out(
    event: Event, follower: Event, *, at: datetime, speakers: dict[int, int], pages: dict[int, int]
) -> None:
    """Where a series that waits is parted, what stood goes on in both parts.

    Each takes the dates that it has; one that the change left out goes by its start. `speakers` and
    `pages` are the keys that the follower's copies have. What has no such date never stood.
    """
    if not waits_again(event):
        return
    told, ours, theirs = event.stood, [], []
    mine = set(event.occurrences.values_list("pk", flat=True))
    others = set(follower.occurrences.values_list("pk", flat=True))
    for one in told["dates"]:
        later = one["pk"] in others or (one["pk"] not in mine and _planned(one) >= at)
        (theirs if later else ours).append(one)
    event.stood, follower.stood = _stood_of(told, ours), _stood_of(told, theirs)
    if follower.stood:
        for name, copies in (("speakers", speakers), ("pages", pages)):
            follower.stood[name] = [copies[pk] for pk in told[name] if pk in copies]


def _stood_of(told: dict[str, Any], dates: list[dict[str, Any]]) -> dict[str, Any] | None:
    """What stood, of these dates alone, with as much of the rule as reaches over them."""
    if not dates:
        return None
    ruled = sorted(_planned(one) for one in dates if not one["is_extra"])
    if not ruled:
        # Only dates that were added one by one: the first of them is the plan.
        first = min(dates, key=_planned)
        first["is_extra"], ruled = False, [_planned(first)]
    begins = Event._meta.get_field("starts_at").to_python(told["starts_at"])
    starts = expand(told["rrule"], start=begins, tz=told["timezone"])
    number = sum(ruled[0] <= start <= ruled[-1] for start in starts)
    rule = counted(told["rrule"], number) if number > 1 else ""
    return told | {"dates": dates, "starts_at": ruled[0], "rrule": rule}


def _dates_again(event: Event, told: list[dict[str, Any]], now: datetime) -> None:
    rows = {row.pk: row for row in event.occurrences.all()}
    stood = {one["pk"]: one for one in told}
    taken = set()
    for row in [row for pk, row in rows.items() if pk not in stood]:
        if hangs_on(row):
            Occurrence.objects.filter(pk=row.pk).update(is_extra=True)
            taken.add(row.recurrence_id)
        else:
            row.delete()
    # What is a date of another part of the series by now is that part's.
    others = Occurrence.objects.filter(pk__in=stood).exclude(event=event)
    for pk in others.values_list("pk", flat=True):
        del stood[pk]
    while clash := [pk for pk, one in stood.items() if _planned(one) in taken]:
        # Its start was given to a date that somebody came to; it stays where the change put it.
        for row in [rows[pk] for pk in clash if pk in rows]:
            Occurrence.objects.filter(pk=row.pk).update(is_extra=True)
            taken.add(row.recurrence_id)
        stood = {pk: one for pk, one in stood.items() if pk not in clash}
    again = [_as_told(rows.get(pk), one, event, now) for pk, one in stood.items()]
    again = [row for row in again if row is not None]
    # Two steps, so that a date can take the start that another one leaves.
    for number, row in enumerate(again):
        parked = now - PARKED + timedelta(seconds=number)
        event.occurrences.filter(pk=row.pk).update(recurrence_id=parked)
    for row in again:
        row.save()


def _as_told(
    row: Occurrence | None, one: dict[str, Any], event: Event, now: datetime
) -> Occurrence | None:
    """A date as it stood; one that is over at the time at which it was held."""
    made = Occurrence(pk=one["pk"], district_id=event.district_id, event=event, seats=event.seats)
    tell(made, one, DATE)
    if made.is_moved or made.title or made.venue or length_of(made) != event.minutes:
        made.changed_at = now
    if max(made.start, row.start if row else made.start) <= now:
        if row is None:
            return None
        tell(row, one, PLAN)
        if (row.start, row.end) != (made.start, made.end):
            row.changed_at = row.changed_at or now
    else:
        off = one["is_cancelled"] or (
            row is not None and row.is_cancelled and not row.was_left_over
        )
        row = row or made
        tell(row, one, DATE)
        row.is_cancelled = off
    row.was_left_over = False
    return row


def _planned(one: dict[str, Any]) -> datetime:
    return Occurrence._meta.get_field("recurrence_id").to_python(one["recurrence_id"])
