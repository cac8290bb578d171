"""How many came to a date, whoever wrote it down: by name, by count, or for organisations."""

from events.attendance.organisations import organisations_of, people_of
from events.attendance.totals import totals_of
from events.models import Occurrence


def came_to(occurrence: Occurrence) -> int:
    return totals_of(occurrence).number or people_of(organisations_of(occurrence))
