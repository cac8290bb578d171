"""What invited organisations answered, as a list with its sums."""

from dataclasses import dataclass

from events.models import Event, InvitedOrganisation

Answer = InvitedOrganisation.Answer


@dataclass(frozen=True)
class Count:
    """So many organisations gave this answer, for so many people."""

    label: str
    organisations: int
    people: int


@dataclass(frozen=True)
class Answers:
    rows: list[InvitedOrganisation]
    counts: list[Count]

    @property
    def people(self) -> int:
        return sum(count.people for count in self.counts)


def answers_of(event: Event) -> Answers:
    """All invited organisations by name, in one query."""
    rows = list(event.invited.order_by("label", "pk"))
    counts = []
    for answer in (Answer.COMES, Answer.SENDS, Answer.DECLINES, Answer.NONE):
        given = [row for row in rows if row.answer == answer.value]
        people = sum(row.people or 0 for row in given)
        counts.append(Count(str(answer.label), len(given), people))
    return Answers(rows, counts)
