"""Which organisations came to a session, and in which function somebody stood for them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from districts.models import Organisation
from events.attendance import closing, order
from events.attendance.persons import plain
from events.models import InvitedOrganisation, Occurrence, OrganisationAttendance
from events.services.attending import Source, answered
from safeguards import audit, facts
from safeguards.identifiers import refuse_identity_numbers

KIND = "hadir-lembaga"
MOST_PEOPLE = 500
LONGEST_LABEL, LONGEST_ROLE = 160, 80


@dataclass(frozen=True)
class Came:
    """`label` is how the organisation was invited, or is called; `came` None takes the entry back.

    `represented_by` is a function, such as "Kasi Perlindungan Anak", not a name.
    """

    label: str
    came: bool | None
    organisation: int | None = None
    represented_by: str = ""
    people: int | None = None


def note(
    *,
    occurrence: Occurrence,
    told_of: Came,
    key: UUID,
    now: datetime,
    source: Source,
    client_time: datetime | None = None,
    seen: Mapping[str, Came] | None = None,
) -> facts.Outcome:
    """Record whether an organisation came. `response` is {"organisation", "came", "applied"}.

    The latest telling by (client_time, key) holds, one told live at once; a changed one leaves an
    audit line. `seen` is what whoever tells this saw, by label. Refused: 422 for what does not fit,
    409 for a closed or cancelled session, and for what is no longer as it was seen.
    """
    item = facts_item(
        occurrence=occurrence,
        told_of=told_of,
        key=key,
        now=now,
        source=source,
        client_time=client_time,
        seen=seen,
    )
    return answered(item, now)


def facts_item(
    *,
    occurrence: Occurrence,
    told_of: Came,
    key: UUID,
    now: datetime,
    source: Source,
    client_time: datetime | None = None,
    seen: Mapping[str, Came] | None = None,
) -> facts.Item:
    told = order.telling(key, client_time, now)
    label, role = plain(told_of.label), plain(told_of.represented_by)
    fault = _fault(occurrence, told_of, label, role)
    doubt = ""
    if not (fault or source.insists):
        doubt = closing.doubt(occurrence, told, now, came=told_of.came is True)

    def apply() -> dict[str, Any]:
        if fault:
            raise facts.Refused(fault)
        if doubt:
            raise facts.Doubtful(doubt) if source.is_queued else facts.Refused(doubt, http=409)
        values = {
            "organisation_id": told_of.organisation,
            "came": told_of.came,
            "represented_by": role if told_of.came else "",
            "people": told_of.people if told_of.came else None,
        }
        return _put(occurrence, label, values, told, source, now, seen)

    return facts.Item(
        kind=KIND,
        key=key,
        body={
            "occurrence": str(occurrence.key),
            "label": label,
            "organisation": told_of.organisation,
            "came": told_of.came,
            "represented_by": role,
            "people": told_of.people,
            "at": told.client_time,
        },
        site=occurrence.event.district.site_id,
        apply=apply,
        client_time=client_time,
        aside=source.aside,
    )


def came_of(row: OrganisationAttendance) -> Came:
    return Came(row.label, row.came, row.organisation_id, row.represented_by, row.people)


def _said(came: Came | None) -> Came | None:
    """An entry that was taken back says as little as none."""
    return came if came is not None and came.came is not None else None


def _fault(occurrence: Occurrence, told_of: Came, label: str, role: str) -> str:
    if not label or len(label) > LONGEST_LABEL or len(role) > LONGEST_ROLE:
        return _("Please write the name of the organisation, and in which function somebody came.")
    try:
        refuse_identity_numbers(f"{label} {role}")
    except ValidationError as fault:
        return " ".join(fault.messages)
    if not isinstance(told_of.came, bool | None):
        return _("Please say whether the organisation came.")
    people = told_of.people
    if people is not None and (
        isinstance(people, bool) or not isinstance(people, int) or not 1 <= people <= MOST_PEOPLE
    ):
        return _("Please write a number of people from 1 to %(most)d.") % {"most": MOST_PEOPLE}
    if told_of.organisation is not None:
        number = told_of.organisation
        is_number = isinstance(number, int) and not isinstance(number, bool)
        own = Organisation.objects.for_district(occurrence.district_id).filter(pk=number)
        # An office invites those of its province too.
        invited = occurrence.event.invited.filter(organisation_id=number)
        if not is_number or not 0 < number < 2**63 or not (own.exists() or invited.exists()):
            return _("This organisation is not in the directory of the office.")
    return ""


def _put(
    occurrence: Occurrence,
    label: str,
    values: dict[str, Any],
    told: order.Telling,
    source: Source,
    now: datetime,
    seen: Mapping[str, Came] | None,
) -> dict[str, Any]:
    Occurrence.objects.select_for_update().get(pk=occurrence.pk)
    rows = OrganisationAttendance.objects.for_district(occurrence.district_id)
    row = rows.filter(occurrence=occurrence, label=label).first()
    before = row.came if row else None
    was = came_of(row) if row else None
    if seen is not None and _said(seen.get(label)) != _said(came_of(row) if row else None):
        raise facts.Refused(_("Somebody else has just saved something here."), http=409)
    if row is not None and source.is_live(told.client_time):
        told = order.just_after(told, row.told_at, row.key)
    if row is None:
        row = OrganisationAttendance(
            district_id=occurrence.district_id,
            occurrence=occurrence,
            label=label,
            invited=InvitedOrganisation.objects.filter(
                event=occurrence.event_id, label=label
            ).first(),
        )
    elif (row.told_at, row.key) >= (told.at, told.key):
        return {"organisation": label, "came": before, "applied": False}
    values |= {
        "told_at": told.at,
        "key": told.key,
        "client_time": told.client_time,
        "server_time": now,
        "skewed": told.skewed,
        "recorded_by_id": getattr(source.member, "pk", None),
    }
    for name, value in values.items():
        setattr(row, name, value)
    row.save()
    if was is not None and was != came_of(row):
        audit.record(
            verb="organisation_attendance.changed",
            actor_id=row.recorded_by_id,
            obj=row,
            site=occurrence.event.district.site_id,
            now=now,
            before=before,
            after=row.came,
            people_before=was.people,
            people=row.people,
            another_function=was.represented_by != row.represented_by,
        )
    return {"organisation": label, "came": row.came, "applied": True}
