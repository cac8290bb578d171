"""A running session as its screens show it: where it is, who is in, how many have answered."""

from dataclasses import dataclass
from datetime import datetime
from string import ascii_uppercase
from typing import Any
from uuid import UUID

from django.db.models import Count

from modules.agenda import Kind, Point, agenda
from modules.editions import Frozen, frozen
from modules.items import Asked, Item
from modules.models import ClassRun, Tally
from modules.models.answers import Phase
from modules.services.runs import is_running

PHASES = {Kind.BEFORE: Phase.BEFORE, Kind.AFTER: Phase.AFTER}


@dataclass(frozen=True)
class Question:
    """A question of the point where the run is; `asked` holds no key."""

    item: Item
    phase: str
    asked: Asked
    answered: int

    @property
    def options(self) -> list[tuple[str, str]]:
        """(letter, text) in the order of the answer sheet; steps to be ordered stay shuffled."""
        if self.item.kind in {"order", "match"}:
            return [("", text) for _number, text in self.asked.options]
        return [(ascii_uppercase[n], choice.text) for n, choice in enumerate(self.item.choices)]


@dataclass(frozen=True)
class Numbers:
    """Counts alone: people in the room, answers a question, sheets of the survey."""

    participants: int
    sheets: int
    answered: dict[UUID, int]


@dataclass(frozen=True)
class Place:
    """Where a run is."""

    run: ClassRun
    content: Frozen
    points: list[Point]
    point: Point

    @property
    def phase(self) -> str:
        return str(PHASES.get(self.point.kind, Tally.QUIZ))

    @property
    def is_survey(self) -> bool:
        return self.point.kind in PHASES

    @property
    def items(self) -> list[Item]:
        if self.is_survey:
            return list(self.content.survey)
        return [self.content.items[item] for item in self.point.items]

    @property
    def next(self) -> Point | None:
        after = self.point.number + 1
        return self.points[after] if after < len(self.points) else None

    @property
    def last(self) -> int:
        return len(self.points) - 1


def place_of(run: ClassRun) -> Place:
    points = agenda(run)
    point = points[min(run.step, len(points) - 1)]
    return Place(run, frozen(run.edition_id), points, point)


def numbers_of(place: Place) -> Numbers:
    """Two queries, however many take part; one where the point asks nothing."""
    there = place.run.participants.filter(removed_at__isnull=True)
    found = there.aggregate(people=Count("pk"), before=Count("before_at"), after=Count("after_at"))
    sheets = found["after"] if place.point.kind == Kind.AFTER else found["before"]
    answered: dict[UUID, int] = {}
    if place.point.items:
        rows = place.run.submissions.filter(
            item__in=place.point.items, attempt=1, participant__removed_at__isnull=True
        )
        counted = rows.values("item").annotate(people=Count("pk")).order_by()
        answered = dict(counted.values_list("item", "people"))
    return Numbers(found["people"], sheets if place.is_survey else 0, answered)


def questions_of(place: Place, numbers: Numbers) -> list[Question]:
    """What the point asks, without a key."""
    return [
        Question(
            item=item,
            phase=place.phase,
            asked=item.asked("screen"),
            answered=numbers.sheets if place.is_survey else numbers.answered.get(item.id, 0),
        )
        for item in place.items
        if item.is_answered
    ]


def told(place: Place, numbers: Numbers, *, now: datetime) -> dict[str, Any]:
    """The state as JSON: counts and times, no nickname and no answer."""
    run = place.run
    return {
        "pulse": run.pulse,
        "running": is_running(run, now),
        "step": run.step,
        "participants": numbers.participants,
        "sheets": numbers.sheets,
        "answered": {
            str(item.id): numbers.answered.get(item.id, 0)
            for item in place.items
            if item.is_answered and not place.is_survey
        },
        "closes_at": run.closes_at,
        "now": now,
    }
