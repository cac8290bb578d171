"""What is unusual about a proposal, so that the office reads those first and passes the rest."""

from collections.abc import Sequence
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from districts.models import District, Membership
from events.models import Event, Occurrence
from events.sessions import of_new_members, waiting
from events.stood import waits_again
from events.warnings import CONFLICT, HOLIDAY, LOCAL, Caution

OPENS, CLOSES = time(7), time(17)
WORKDAYS = range(5)
# The most unusual first; a proposal stands in the first group that fits.
REASONS: dict[str, Any] = {
    "lagi": _("Changed after it was approved: people wait for it"),
    "bentrok": _("Something else is at the same time"),
    "libur": _("On a holiday"),
    "rumah": _("In somebody's home"),
    "luar": _("Outside the kecamatan of who proposes"),
    "baru": _("The first session of a new member"),
    "nasional": _("For the national calendar"),
    "jam": _("Outside Monday to Friday, 07.00 to 17.00"),
}
USUAL = ""


def reasons_of(
    events: Sequence[Event],
    dates: Sequence[Occurrence],
    warnings: dict[int, list[Caution]],
    *,
    district: District,
) -> dict[int, list[str]]:
    """{pk of an event: the reasons, most unusual first}; the queries are the same for any number.

    `dates` are all dates of these events with their event, `warnings` those of the dates.
    """
    found: dict[int, set[str]] = {event.pk: set() for event in events}
    for row in dates:
        kinds = {warning.kind for warning in warnings.get(row.pk, ())}
        if CONFLICT in kinds:
            found[row.event_id].add("bentrok")
        if kinds & {HOLIDAY, LOCAL}:
            found[row.event_id].add("libur")
    for row in dates:
        if is_outside_hours(row.start, row.end, row.event.timezone):
            found[row.event_id].add("jam")
    new = of_new_members(waiting(district).filter(pk__in=[event.pk for event in events]))
    homes = _kecamatan_of_proposers(events, district)
    for event in events:
        if event.pk in new:
            found[event.pk].add("baru")
        if waits_again(event):
            found[event.pk].add("lagi")
        if event.is_home:
            found[event.pk].add("rumah")
        if event.is_national:
            found[event.pk].add("nasional")
        allowed = homes.get(event.proposed_by_id)
        if allowed and event.region_id and event.region_id[:8] not in allowed:
            found[event.pk].add("luar")
    return {pk: [name for name in REASONS if name in names] for pk, names in found.items()}


def is_outside_hours(start: datetime, end: datetime, tz: str) -> bool:
    """Whether an office is closed then, in the event's own zone."""
    zone = ZoneInfo(tz)
    first, last = start.astimezone(zone), end.astimezone(zone)
    if first.weekday() not in WORKDAYS or last.weekday() not in WORKDAYS:
        return True
    return first.time() < OPENS or last.time() > CLOSES


def _kecamatan_of_proposers(
    events: Sequence[Event], district: District
) -> dict[int | None, set[str]]:
    """{member: the kecamatan of their roles}; whoever acts for the whole district is left out."""
    people = {event.proposed_by_id for event in events}
    rows = Membership.objects.for_district(district).filter(user__in=people, ended_at__isnull=True)
    found: dict[int | None, set[str]] = {}
    everywhere = set()
    for row in rows.select_related("organisation"):
        code = row.region_id or (row.organisation.region_id if row.organisation else None) or ""
        if len(code) < 8:
            everywhere.add(row.user_id)
        found.setdefault(row.user_id, set()).add(code[:8])
    return {user: codes for user, codes in found.items() if user not in everywhere}
