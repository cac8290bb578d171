"""What stood of a session whose change waits for approval, as `Event.stood` keeps it."""

from copy import copy
from typing import Any

from events.models import Event, EventState, Occurrence

WORDS = (
    *("kind", "title", "summary", "organiser_id", "audience_codes", "issue_codes", "region_id"),
    *("venue", "address", "is_home", "latitude", "longitude", "materials"),
    *("starts_at", "minutes", "timezone", "rrule"),
)
MOMENTS = ("approved_at", "published_at")
DATE = (
    *("key", "recurrence_id", "original_day", "start", "end", "day", "last_day", "is_extra"),
    *("title", "venue"),
)
WAITING = (EventState.PROPOSED, EventState.CHANGES)


def waits_again(event: Event) -> bool:
    return event.state in WAITING and bool(event.stood)


def as_it_stood(row: Occurrence) -> Occurrence:
    """A date, with its event, as people were told of it; copies, where a change of it waits."""
    if not waits_again(row.event):
        return row
    shown = copy(row)
    shown.event = event_as_it_stood(row.event)
    one = next((one for one in row.event.stood["dates"] if one["pk"] == row.pk), None)
    if one is not None:
        tell(shown, one, DATE)
        if row.was_left_over and not one["is_cancelled"]:
            # Nobody was told of the rule that has it no more.
            shown.is_cancelled, shown.note = False, ""
    return shown


def event_as_it_stood(event: Event) -> Event:
    """The words that people were told; a copy, where others wait."""
    if not waits_again(event):
        return event
    shown = copy(event)
    tell(shown, event.stood, WORDS)
    shown.guarded = event.guarded or event.stood["guarded"]
    return shown


def tell(row: Any, told: dict[str, Any], names: tuple[str, ...]) -> None:
    """Set fields from what was kept as JSON."""
    for name in names:
        setattr(row, name, row._meta.get_field(name).to_python(told[name]))
