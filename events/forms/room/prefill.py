"""What the form of a session holds before anybody types: of the member, of a session, of the last.

All functions return `initial` for `PlanForm`.
"""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from districts.models import District, Membership, Organisation
from events.forms.room.plan import suggested_title
from events.forms.room.schedule import repeat_of
from events.models import Event, Occurrence
from events.recurrence import count_of, counted, day_after, expand
from events.services.dates import length_of
from events.services.single import only_date

USUAL_MINUTES = 120
# What a new session takes over from the member's last one without being asked.
HABITS = ("kind", "organiser", "region", "venue", "address", "is_home", "length", "hour")


def own_organisations(memberships: list[Membership]) -> list[Organisation]:
    return [one.organisation for one in memberships if one.organisation is not None]


def for_member(
    district: District, memberships: list[Membership], last: Event | None
) -> dict[str, Any]:
    """A new session: where the member works, and what they did the last time."""
    organisation = next(iter(own_organisations(memberships)), None)
    regions = [one.region_id for one in memberships if one.region_id]
    if organisation is not None and organisation.region_id:
        regions.append(organisation.region_id)
    initial: dict[str, Any] = {
        "key": uuid4(),
        "timezone": district.timezone,
        "length": USUAL_MINUTES,
        "organiser": organisation.pk if organisation else None,
        "region": next((code for code in regions if len(code) >= 8), ""),
    }
    if last is not None:
        habits = of_event(last)
        initial |= {name: habits[name] for name in HABITS if habits[name] not in (None, "")}
    return initial


def of_event(event: Event, *, since: Occurrence | None = None) -> dict[str, Any]:
    """A session as its form shows it; with `since`, the rest of the series from that date on."""
    zone = ZoneInfo(event.timezone)
    starts_at, rule = event.starts_at, event.rrule
    if since is not None:
        starts_at, rule = since.recurrence_id, rest_of(event, since)
    wall = starts_at.astimezone(zone)
    shown = repeat_of(rule, wall.date(), event.timezone)
    point = event.latitude is not None and event.longitude is not None
    return {
        "version": event.version,
        "kind": event.kind,
        "title": event.title,
        "day": wall.date(),
        "hour": wall.time(),
        "length": str(event.minutes),
        "repeat": shown.repeat,
        "times": shown.times or "",
        "until": shown.until,
        "rule": shown.rule,
        "timezone": event.timezone,
        "venue": event.venue,
        "region": event.region_id or "",
        "address": event.address,
        "is_home": event.is_home,
        "coordinates": f"{event.latitude}, {event.longitude}" if point else "",
        "materials": event.materials,
        "summary": event.summary,
        "audience_codes": event.audience_codes,
        "issue_codes": event.issue_codes,
        "indicator_codes": event.indicator_codes,
        "organiser": event.organiser_id,
        "pages": [row.page_id for row in event.pages.all()],
        "invited": [row.organisation_id for row in event.invited.all() if row.organisation_id],
        "invited_labels": [(row.organisation_id, row.label) for row in event.invited.all()],
        "seats": event.seats or "",
        "takes_registrations": event.takes_registrations,
        "is_national": event.is_national,
        "speakers": [
            {"name": row.name, "org": row.organisation_name, "topic": row.topic}
            for row in event.speakers.all()
        ],
    }


def to_change(event: Event, *, since: Occurrence | None = None) -> dict[str, Any]:
    """As `of_event`, with the only date of what does not repeat as it stands by now."""
    initial = of_event(event, since=since)
    row = only_date(event) if since is None else None
    if row is None:
        return initial
    wall = row.start.astimezone(ZoneInfo(event.timezone))
    return initial | {
        "day": wall.date(),
        "hour": wall.time(),
        "length": str(length_of(row)),
        "title": row.title or event.title,
        "venue": row.venue or event.venue,
    }


def copied(event: Event, today: date) -> dict[str, Any]:
    """The same session again, on the next date it would have."""
    day = next_day(event, today)
    initial = of_event(event) | {"key": uuid4(), "version": None, "day": day}
    if event.rrule:
        # As many dates again, whatever the last day was. "Every month on the same date" says
        # something else of another day.
        dates = expand(event.rrule, start=event.starts_at, tz=event.timezone)
        shown = repeat_of(counted(event.rrule, len(dates)), day, event.timezone)
        initial |= {"until": None, "times": shown.times or "", "rule": shown.rule}
        initial["repeat"] = shown.repeat
    # Its own title goes on; one that only repeats kind and group stays a suggestion.
    if event.title == suggested_title(event.kind, event.organiser):
        initial["title"] = ""
    return initial


def next_day(event: Event, today: date) -> date:
    """The first day after the last date, and after today, in the rhythm of the session.

    A single one is thought of as monthly: on the same weekday of the month.
    """
    zone = ZoneInfo(event.timezone)
    if event.rrule:
        last = expand(event.rrule, start=event.starts_at, tz=event.timezone)[-1]
        after = max(last.astimezone(zone).date(), today)
        later = day_after(event.rrule, start=event.starts_at, tz=event.timezone, after=after)
        return later or today
    day = event.starts_at.astimezone(zone).date()
    number, found, months = (day.day - 1) // 7, day, 0
    while found <= today or found <= day:
        months += 1
        first = day.replace(day=1) + relativedelta(months=months)
        found = first + timedelta(days=(day.weekday() - first.weekday()) % 7 + 7 * number)
        if found.month != first.month:
            # There is no fifth one: the last.
            found -= timedelta(days=7)
    return found


def rest_of(event: Event, since: Occurrence) -> str:
    """The rule of the dates from `since` on."""
    if "COUNT" not in event.rrule:
        return event.rrule
    starts: list[datetime] = expand(event.rrule, start=event.starts_at, tz=event.timezone)
    left = sum(start >= since.recurrence_id for start in starts)
    return counted(event.rrule, max(left, 1))


def as_whole(event: Event, since: Occurrence, values: dict[str, Any]) -> dict[str, Any]:
    """What a form of the rest of a series says, as `planning.edit` wants it of the whole one.

    Its COUNT counts the dates before as well. A start that goes back from `since` is told by the
    first start that goes back as far, so that it can't be taken for another date of the series.
    """
    starts = expand(event.rrule, start=event.starts_at, tz=event.timezone)
    passed = sum(start < since.recurrence_id for start in starts)
    rule, shift = values["rrule"], values["starts_at"] - since.recurrence_id
    number = count_of(rule)
    if count_of(event.rrule) and number:
        rule = counted(rule, number + passed)
    first = event.starts_at + shift if shift < timedelta(0) else values["starts_at"]
    return values | {"rrule": rule, "starts_at": first}
