"""What its proposer changes after approval waits for the office again.

What stood until then is kept in `Event.stood`: people go by it while the change waits
(`events.stood`), and a session that is cancelled meanwhile is told as cancelled with the words and
the dates that were approved. Names of speakers are not copied; those of a refused change go.
"""

from datetime import datetime, timedelta
from typing import Any

from events.guarding import members_kinds
from events.models import STANDING, Event, EventState, Occurrence
from events.services.dates import hangs_on
from events.stood import DATE, MOMENTS, WORDS, tell, waits_again

PARKED = timedelta(days=36_500)


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


def _dates_again(event: Event, told: list[dict[str, Any]], now: datetime) -> None:
    rows = {row.pk: row for row in event.occurrences.all()}
    for row in rows.values():
        made_since = row.pk not in {one["pk"] for one in told}
        if made_since and not hangs_on(row):
            row.delete()
    again = []
    for one in told:
        row = rows.get(one["pk"]) or Occurrence(
            pk=one["pk"], district_id=event.district_id, event=event, seats=event.seats
        )
        was_left_over, start = row.was_left_over, row.start
        tell(row, one, DATE)
        row.was_left_over = False
        row.is_cancelled = one["is_cancelled"] or (row.is_cancelled and not was_left_over)
        if max(row.start, start or row.start) > now:
            again.append(row)
    # Two steps, so that a date can take the start that another one leaves.
    for number, row in enumerate(again):
        parked = now - PARKED + timedelta(seconds=number)
        event.occurrences.filter(pk=row.pk).update(recurrence_id=parked)
    for row in again:
        row.save()
