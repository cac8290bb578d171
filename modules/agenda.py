"""The agenda of a run: waiting room, survey, the steps of its lessons, survey, farewell."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from modules.editions import Frozen, Step, frozen
from modules.items import Item
from modules.models import ClassRun


class Kind(StrEnum):
    WAITING = "waiting"
    BEFORE = "sebelum"
    STEP = "step"
    AFTER = "sesudah"
    FAREWELL = "farewell"


@dataclass(frozen=True)
class Point:
    """One point of the agenda; `step` and `lesson` are set where kind is STEP."""

    number: int
    kind: Kind
    lesson: int = 0
    lesson_title: str = ""
    step: Step | None = None

    @property
    def minutes(self) -> int:
        return self.step.minutes if self.step else 0

    @property
    def items(self) -> list[UUID]:
        return self.step.items if self.step else []


def agenda(run: ClassRun) -> list[Point]:
    """The points of a run, in order; at least a waiting room and a farewell."""
    return agenda_of(
        frozen(run.edition_id),
        lessons=run.lessons,
        asks_before=run.asks_before,
        asks_after=run.asks_after,
    )


def agenda_of(
    content: Frozen, *, lessons: list[int], asks_before: bool, asks_after: bool
) -> list[Point]:
    parts: list[tuple] = [(Kind.WAITING,)]
    if asks_before and content.survey:
        parts.append((Kind.BEFORE,))
    for number in lessons:
        lesson = content.lessons[number]
        parts += [(Kind.STEP, number, lesson.title, step) for step in lesson.steps]
    if asks_after and content.survey:
        parts.append((Kind.AFTER,))
    parts.append((Kind.FAREWELL,))
    return [Point(number, *part) for number, part in enumerate(parts)]


def question_of(run: ClassRun, item: UUID) -> Item | None:
    """The question of this id in the lessons that the run teaches; None where it is not asked."""
    content = frozen(run.edition_id)
    if any(item in content.lessons[number].items for number in run.lessons):
        return content.items[item]
    return None


def point_of(run: ClassRun) -> Point:
    """Where the run is; past the end is the farewell."""
    points = agenda(run)
    return points[min(run.step, len(points) - 1)]
