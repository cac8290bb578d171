"""How a session reads in the workspace: one date as a line, its state, and what happens next."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import FieldDoesNotExist
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events.models import Event, EventChange, EventState, Occurrence
from events.stood import as_it_stood
from events.warnings import Caution
from events.words import kind_label

CHANGES_TOLD = 5
# How the state of an office reads elsewhere in the house: open, closed, unknown.
MARKS = {
    EventState.PROPOSED: "unknown",
    EventState.CHANGES: "unknown",
    EventState.APPROVED: "open",
    EventState.PUBLISHED: "open",
    EventState.CANCELLED: "closed",
}
NEXT = {
    EventState.PROPOSED: gettext_lazy(
        "The office reads it. Go on preparing; you can still change it."
    ),
    EventState.CHANGES: gettext_lazy(
        "The office asks you to change something. Change it, and it is read again."
    ),
    EventState.APPROVED: gettext_lazy(
        "It takes place. Members of this office see it; it is not in the public calendar."
    ),
    EventState.PUBLISHED: gettext_lazy(
        "It takes place, and stands in the public calendar. Whoever subscribed sees each change."
    ),
    EventState.CANCELLED: gettext_lazy(
        "It does not take place. To plan it for another day, copy it."
    ),
}


@dataclass(frozen=True)
class ShownDate:
    """A date in words; `start` and `end` are wall clock times of the event's zone."""

    row: Occurrence
    event: Event
    kind: str
    title: str
    place: str
    start: datetime
    end: datetime
    zone: str
    state: str
    mark: str
    warnings: Sequence[Caution] = ()

    @property
    def is_one_day(self) -> bool:
        return self.row.day == self.row.last_day

    @property
    def is_on(self) -> bool:
        """Whether people are told that it takes place, whatever waits."""
        return not as_it_stood(self.row).is_cancelled

    @property
    def moved_from(self) -> datetime | None:
        """Where the rule had put it, if it is elsewhere."""
        if not self.row.is_moved:
            return None
        return self.row.recurrence_id.astimezone(ZoneInfo(self.event.timezone))


def shown(
    rows: Iterable[Occurrence], warnings: dict[int, list[Caution]] | None = None
) -> list[ShownDate]:
    """Lines of a list; the rows come with event and region."""
    return [_shown(row, (warnings or {}).get(row.pk, ())) for row in rows]


def _shown(row: Occurrence, warnings: Sequence[Caution]) -> ShownDate:
    event, zone = row.event, ZoneInfo(row.event.timezone)
    region = event.region.name if event.region else ""
    off = row.is_cancelled or event.state == EventState.CANCELLED
    return ShownDate(
        row=row,
        event=event,
        kind=kind_label(event.kind),
        title=row.title or event.title,
        place=", ".join(filter(None, [row.venue or event.venue, region])),
        start=row.start.astimezone(zone),
        end=row.end.astimezone(zone),
        zone=event.zone_suffix,
        state=str(EventState.CANCELLED.label if off else event.get_state_display()),
        mark="closed" if off else MARKS[EventState(event.state)],
        warnings=warnings,
    )


@dataclass(frozen=True)
class ShownChange:
    """One entry of the log in words; `values` are (what, before, after)."""

    change: EventChange
    values: list[tuple[str, str, str]] = field(default_factory=list)


def changes_since(event: Event, version: int) -> list[ShownChange]:
    """What became of a session since it stood at this version, the newest first; one at least."""
    number = min(max(event.version - version, 1), CHANGES_TOLD)
    return shown_changes(event.changes.select_related("actor")[:number], event)


def shown_changes(changes: Iterable[EventChange], event: Event) -> list[ShownChange]:
    return [
        ShownChange(
            change,
            [
                (_label(name), _said(name, before, event), _said(name, after, event))
                for name, (before, after) in change.values.items()
            ],
        )
        for change in changes
    ]


def _label(name: str) -> str:
    if name == "start":
        return _("date and time")
    try:
        return str(getattr(Event._meta.get_field(name), "verbose_name", name))
    except FieldDoesNotExist:
        return name


def _said(name: str, text: str, event: Event) -> str:
    """A value of the log, which holds text, in words."""
    if name in {"start", "starts_at"} and (moment := parse_datetime(text)) is not None:
        wall = moment.astimezone(ZoneInfo(event.timezone))
        return f"{date_format(wall, 'j F Y, H.i')} {event.zone_suffix}"
    if name == "kind":
        return kind_label(text)
    if name.endswith("_codes"):
        return ", ".join(re.findall(r"'([^']*)'", text)) or "–"
    return {"True": _("yes"), "False": _("no"), "": "–"}.get(text, text)


def chosen(choices: Iterable[tuple[Any, Any]], wanted: str) -> list[dict[str, Any]]:
    """The choices of a filter: [{value, label, chosen}]."""
    return [
        {"value": value, "label": label, "chosen": str(value) == wanted} for value, label in choices
    ]
