"""Organisations at a date: who was invited, what they answered, who came, who stood in."""

from collections.abc import Iterable
from dataclasses import dataclass

from events.models import InvitedOrganisation, Occurrence, OrganisationAttendance


@dataclass(frozen=True)
class Line:
    """`invited` is None for one that came without being asked, `attendance` where nobody said."""

    label: str
    invited: InvitedOrganisation | None
    attendance: OrganisationAttendance | None

    @property
    def came(self) -> bool | None:
        return self.attendance.came if self.attendance is not None else None

    @property
    def represented_by(self) -> str:
        return self.attendance.represented_by if self.attendance is not None else ""

    @property
    def people(self) -> int | None:
        return self.attendance.people if self.attendance is not None else None


def organisations_of(occurrence: Occurrence) -> list[Line]:
    """The invited ones first, each by name; two queries."""
    told = {row.label: row for row in occurrence.organisation_attendance.all()}
    invited = InvitedOrganisation.objects.filter(event=occurrence.event_id).order_by("label", "pk")
    lines = [Line(one.label, one, told.pop(one.label, None)) for one in invited]
    others = (row for row in told.values() if row.came is not None)
    return lines + [Line(row.label, None, row) for row in others]


def people_of(lines: Iterable[Line]) -> int:
    """How many came for organisations, where that was told; who is named may be among them."""
    return sum(line.people or 0 for line in lines if line.came)
