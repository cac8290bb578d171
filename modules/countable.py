"""What hands or paper can be counted for in a run, in the order of its agenda."""

from dataclasses import dataclass
from string import ascii_uppercase
from uuid import UUID

from modules.agenda import Kind, Point, agenda
from modules.editions import frozen
from modules.items import Item
from modules.models import ClassRun, Tally

SURVEYS = {Kind.BEFORE: "sebelum", Kind.AFTER: "sesudah"}


@dataclass(frozen=True)
class Countable:
    """A question with the point of the agenda that asks it; `number` as on the answer sheet."""

    phase: str
    item: Item
    point: int
    number: int

    @property
    def is_quiz(self) -> bool:
        return self.phase == Tally.QUIZ

    @property
    def address(self) -> str:
        return f"{self.phase}/{self.item.id}"

    @property
    def may_choose_several(self) -> bool:
        return self.item.kind == "multiple"

    @property
    def options(self) -> list[tuple[str, str, str]]:
        """(key in a tally, mark on the answer sheet, text); a scale is marked 1 to 5."""
        if self.item.kind == "likert":
            return [(key, key, "") for key, _text in self.item.counted_options]
        return [
            (key, ascii_uppercase[number], text)
            for number, (key, text) in enumerate(self.item.counted_options)
        ]


def countable_of(run: ClassRun) -> list[Countable]:
    content = frozen(run.edition_id)
    found: list[Countable] = []
    for point in agenda(run):
        phase = SURVEYS.get(point.kind, Tally.QUIZ)
        numbers = content.numbers if phase == Tally.QUIZ else content.survey_numbers
        for item in _items(point, content.items, content.survey):
            if item.is_counted:
                found.append(Countable(phase, item, point.number, numbers[item.id]))
    return found


def _items(point: Point, items: dict[UUID, Item], survey: tuple[Item, ...]) -> list[Item]:
    if point.kind in SURVEYS:
        return list(survey)
    return [items[item] for item in point.items]


def next_of(questions: list[Countable], this: Countable, *, within_point: bool) -> Countable | None:
    """The question after this one, of the same point of the agenda where `within_point`."""
    after = questions[questions.index(this) + 1 :]
    if not after or (within_point and after[0].point != this.point):
        return None
    return after[0]
