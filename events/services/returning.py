"""What its proposer changes after approval waits for the office again.

What everybody could read until then is kept in `Event.stood`, because a session that is cancelled
while it waits has to be told as cancelled, in the words that were approved. Who speaks is not kept:
a cancelled session names no speaker.
"""

from datetime import datetime
from typing import Any

from events.guarding import members_kinds
from events.models import Event, EventState

WORDS = (
    *("kind", "title", "summary", "organiser_id", "audience_codes", "issue_codes", "region_id"),
    *("venue", "is_home", "latitude", "longitude", "materials"),
)
MOMENTS = ("approved_at", "published_at")
WAITING = (EventState.PROPOSED, EventState.CHANGES)


def words_of(event: Event) -> dict[str, Any]:
    """What everybody reads of it now, and since when it stands."""
    return {name: getattr(event, name) for name in (*WORDS, *MOMENTS)}


def needs_approval(event: Event, actor: Any) -> bool:
    """Whether other words of this member have to be approved before they stand."""
    if event.is_trusted:
        return event.kind not in members_kinds()
    return event.approved_by_id is not None and actor.pk == event.proposed_by_id


def back_to_the_office(event: Event, actor: Any, *, stood: dict[str, Any], now: datetime) -> None:
    """Let a changed event wait where it has to; `stood` are its `words_of` before the change."""
    if not needs_approval(event, actor):
        if event.state == EventState.CHANGES and actor.pk == event.proposed_by_id:
            event.state = EventState.PROPOSED
        return
    event.is_trusted = False
    event.state = EventState.PROPOSED
    event.approved_by = event.approved_at = event.published_at = None
    event.stood = stood | {"since": now}


def stand_again(event: Event) -> dict[str, list[str]]:
    """Give an event that waits again the words it stood in; {field: [typed, approved]}."""
    if event.state not in WAITING or not event.stood:
        return {}
    changed = {}
    for name in (*WORDS, *MOMENTS):
        field = Event._meta.get_field(name.removesuffix("_id"))
        was = field.to_python(event.stood[name])
        if name in WORDS and was != getattr(event, name):
            changed[field.name] = [str(getattr(event, name) or ""), str(was or "")]
        setattr(event, name, was)
    since = Event._meta.get_field("modified_at").to_python(event.stood["since"])
    event.occurrences.filter(changed_at__gte=since).update(title="")
    event.state = EventState.PUBLISHED if event.published_at else EventState.APPROVED
    event.stood = None
    return changed
