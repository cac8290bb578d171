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
    shown, told = copy(row), row.event.stood
    shown.event = copy(row.event)
    tell(shown.event, told, WORDS)
    shown.event.guarded = row.event.guarded or told["guarded"]
    one = next((one for one in told["dates"] if one["pk"] == row.pk), None)
    if one is not None:
        tell(shown, one, DATE)
    return shown


def tell(row: Any, told: dict[str, Any], names: tuple[str, ...]) -> None:
    """Set fields from what was kept as JSON."""
    for name in names:
        setattr(row, name, row._meta.get_field(name).to_python(told[name]))
