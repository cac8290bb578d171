"""The roll of a date: whoever is on it, and who will probably come because they did last time."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from events.models import CAME, Attendance, Occurrence, Participant, Registration

# So many merges may stand between somebody and who stays.
MOST_MERGES = 20
# Whoever is on a date, and down from them who was merged into them; UNION ends a circle.
_LINES = """
WITH RECURSIVE line (id, stays) AS (
    SELECT p.id, p.id FROM events_attendance a
    JOIN events_participant p ON p.id = a.participant_id
    WHERE a.occurrence_id = %s AND p.merged_into_id IS NULL
    UNION
    SELECT p.id, line.stays FROM events_participant p JOIN line ON p.merged_into_id = line.id
)
SELECT p.id, p.key, line.stays FROM line JOIN events_participant p ON p.id = line.id
ORDER BY p.key
"""


@dataclass(frozen=True)
class Line:
    """A person of the roll; `attendance` is None for somebody who is only suggested.

    `status` is "" where nothing was said, or what was said was taken back.
    """

    participant: Participant
    attendance: Attendance | None

    @property
    def status(self) -> str:
        known = self.attendance
        return known.status if known is not None and known.status != "batal" else ""


@dataclass(frozen=True)
class Roll:
    """`lines` by name; `before` is the session whose people are suggested, `registered` those who
    said that they would come and have not been written down yet."""

    lines: tuple[Line, ...]
    before: Occurrence | None
    registered: tuple[Registration, ...]


def roll_of(occurrence: Occurrence) -> Roll:
    """Four queries, however many are on it."""
    rows = list(
        occurrence.attendance.select_related("participant", "participant__organisation").order_by()
    )
    there = {row.participant_id for row in rows}
    before = last_held(occurrence)
    suggested = (
        Participant.objects.known()
        .for_district(occurrence.district_id)
        .filter(attendance__occurrence=before, attendance__status__in=CAME)
        .exclude(pk__in=there)
        .select_related("organisation")
        if before is not None
        else Participant.objects.none()
    )
    lines = [Line(row.participant, row) for row in rows]
    lines += [Line(participant, None) for participant in suggested]
    lines.sort(key=lambda line: (line.participant.folded, line.participant.pk))
    return Roll(tuple(lines), before, tuple(_registered(occurrence, lines)))


def merged_keys(occurrence: Occurrence) -> dict[UUID, UUID]:
    """The keys of those who were merged into somebody of this date, each with the key of who stays
    in the end; one query, whatever else was merged in the office."""
    rows = list(Participant.objects.raw(_LINES, [occurrence.pk]))
    keys = {row.pk: row.key for row in rows}
    return {row.key: keys[row.stays] for row in rows if row.stays != row.pk}


def last_held(occurrence: Occurrence) -> Occurrence | None:
    """The latest date of the same series before this one on which somebody was named."""
    return (
        Occurrence.objects.for_district(occurrence.district_id)
        .filter(
            event__chain=occurrence.event.chain,
            start__lt=occurrence.start,
            attendance__status__in=CAME,
        )
        .order_by("-start", "-pk")
        .first()
    )


def _registered(occurrence: Occurrence, lines: list[Line]) -> QuerySet | list[Registration]:
    from events.attendance.persons import folded

    known = {line.participant.folded for line in lines}
    waiting = occurrence.registrations.filter(
        kind=Registration.Kind.PERSON, state=Registration.State.IN
    ).order_by("name", "pk")
    return [row for row in waiting if folded(row.name) not in known]
