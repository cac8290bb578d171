"""How many came to a date, whoever wrote it down: by name, by count, or for organisations."""

from dataclasses import dataclass

from django.utils.translation import ngettext

from events.attendance.organisations import Line, organisations_of, people_of
from events.attendance.totals import Totals, totals_of
from events.models import Occurrence


@dataclass(frozen=True)
class Came:
    """`totals` of names and headcount beside what organisations `told`.

    Whoever is named or counted may be one of those that came for an organisation: nobody is counted
    twice, and the larger number stands.
    """

    totals: Totals
    told: list[Line]

    @property
    def for_organisations(self) -> int:
        return people_of(self.told)

    @property
    def organisations(self) -> int:
        return sum(bool(line.came) for line in self.told)

    @property
    def number(self) -> int:
        return max(self.totals.number, self.for_organisations)

    @property
    def unknown(self) -> int:
        """Where some are named or counted: so many more came for organisations."""
        return self.number - self.totals.number if self.totals.number else 0

    @property
    def difference(self) -> str:
        """That in words; "" where there are none."""
        if not self.unknown:
            return ""
        return ngettext(
            "Organisations told of %(told)d people, and %(known)d is named or counted: "
            "the larger number is taken.",
            "Organisations told of %(told)d people, and %(known)d are named or counted: "
            "the larger number is taken.",
            self.totals.number,
        ) % {"told": self.for_organisations, "known": self.totals.number}


def who_came(occurrence: Occurrence) -> Came:
    """Four queries."""
    return Came(totals_of(occurrence), organisations_of(occurrence))


def came_to(occurrence: Occurrence) -> int:
    return who_came(occurrence).number
