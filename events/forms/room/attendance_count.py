"""The headcount as a grid: of each age group females and males, and how many have a disability.

Two people may count at once. The form says of each box what it was opened with, so that only boxes
that were changed here are told, and one that somebody else changed meanwhile is asked about.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from events.attendance import ages
from events.models import LARGEST_CELL, Headcount, Sex
from events.services.headcounting import Cell

ALL, DISABLED = "semua", "disabilitas"
OPENED = "lama-"


@dataclass
class Box:
    """One number as typed; "" where nobody counted. `opened` is what the form was opened with,
    `known` what is saved now."""

    name: str
    label: str
    typed: str
    opened: str = ""
    known: str = ""
    fault: str = ""

    @property
    def number(self) -> int | None:
        """None for an empty box or a fault."""
        return _number(self.typed)

    @property
    def is_changed(self) -> bool:
        return not _same(self.typed, self.opened)

    @property
    def is_outdated(self) -> bool:
        """Whether it was changed here, and otherwise somewhere else since the form was opened."""
        told = self.typed.strip() or "0"
        return (
            self.is_changed and not _same(self.known, self.opened) and not _same(self.known, told)
        )


@dataclass
class Line:
    """An age group; boxes by sex."""

    age_group: str
    label: str
    all: dict[str, Box]
    disabled: dict[str, Box]

    @property
    def total(self) -> int:
        return sum(box.number or 0 for box in self.all.values())


@dataclass
class Grid:
    lines: list[Line]
    known: dict[tuple[str, str, bool], int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return sum(line.total for line in self.lines)

    @property
    def total_disabled(self) -> int:
        return sum(box.number or 0 for line in self.lines for box in line.disabled.values())

    @property
    def sums(self) -> list[tuple[str, str, int]]:
        """(code, label, sum) of each sex."""
        return [
            (code, str(label), sum(line.all[code].number or 0 for line in self.lines))
            for code, label in Sex.choices
        ]

    @property
    def is_valid(self) -> bool:
        for line in self.lines:
            for code in line.all:
                _judge(line.all[code], line.disabled[code])
        return not any(box.fault for box in self.boxes)

    @property
    def boxes(self) -> list[Box]:
        return [
            box
            for line in self.lines
            for boxes in (line.all, line.disabled)
            for box in boxes.values()
        ]

    @property
    def is_outdated(self) -> bool:
        return any(box.is_outdated for box in self.boxes)

    def shows_both(self) -> None:
        """Beside what was typed, what somebody else saved; sent once more, what was typed holds."""
        for box in self.boxes:
            if box.is_outdated:
                box.fault = _(
                    "Somebody else saved %(number)s here meanwhile. Your number stands in the box; "
                    "saving once more keeps yours."
                ) % {"number": box.known or "0"}
            box.opened = box.known

    def cells(self) -> list[Cell]:
        """What was changed here and differs from what is known; an emptied box means nobody."""
        found = []
        for line in self.lines:
            for sex, box in line.all.items():
                if not (box.is_changed or line.disabled[sex].is_changed):
                    continue
                disabled = line.disabled[sex].number
                told = box.number if box.number is not None or not disabled else disabled
                numbers = {False: _less(told, disabled), True: disabled}
                for with_disability, number in numbers.items():
                    place = (sex, line.age_group, with_disability)
                    before = self.known.get(place)
                    if number is None and before:
                        number = 0
                    # That nobody has a disability need not be said where nobody said otherwise.
                    is_told = number or not with_disability or before is not None
                    if number is not None and number != before and is_told:
                        found.append(Cell(*place, number))
        return found

    def step(self, told: str) -> None:
        """One more or less in a box, as a button without a script asks: "<name>:1"."""
        name, _colon, by = told.rpartition(":")
        for box in self.boxes:
            if box.name == name and by in {"1", "-1"}:
                box.typed = str(min(max((box.number or 0) + int(by), 0), LARGEST_CELL))


def grid_of(rows: Iterable[Headcount], data: Mapping[str, str] | None = None) -> Grid:
    """The grid as it is known, or as it was typed; a box nobody touched shows what is known now."""
    known = {(row.sex, row.age_group, row.with_disability): row.number for row in rows}
    labels = ages.age_groups() | {"": _("age not asked")}
    for _sex, age_group, _disabled in known:
        labels.setdefault(age_group, age_group)
    lines = []
    for number, (code, label) in enumerate(labels.items()):
        boxes: dict[str, dict[str, Box]] = {ALL: {}, DISABLED: {}}
        for sex, sex_label in Sex.choices:
            for what in boxes:
                name = f"{what}-{number}-{sex}"
                saved = typed = opened = _known(known, sex, code, what)
                if data is not None:
                    told, before = data.get(name, "")[:9], data.get(OPENED + name, "")[:9]
                    if not _same(told, before):
                        typed, opened = told, before
                words = f"{label}, {sex_label}"
                if what == DISABLED:
                    words = _("%(group)s, with a disability") % {"group": words}
                boxes[what][sex] = Box(name, words, typed, opened, saved)
        lines.append(Line(code, label, boxes[ALL], boxes[DISABLED]))
    return Grid(lines, known)


def _number(text: str) -> int | None:
    text = text.strip()
    fits = text.isascii() and text.isdecimal() and len(text) <= 4
    return int(text) if fits and int(text) <= LARGEST_CELL else None


def _same(one: str, other: str) -> bool:
    number = _number(one)
    return one.strip() == other.strip() or (number is not None and number == _number(other))


def _known(known: dict, sex: str, age_group: str, what: str) -> str:
    disabled = known.get((sex, age_group, True))
    if what == DISABLED:
        return "" if disabled is None else str(disabled)
    others = known.get((sex, age_group, False))
    both = [number for number in (others, disabled) if number is not None]
    return str(sum(both)) if both else ""


def _judge(box: Box, disabled: Box) -> None:
    for one in (box, disabled):
        if one.typed.strip() and one.number is None:
            words = _("Please write whole numbers from 0 to %(most)d.")
            one.fault = words % {"most": LARGEST_CELL}
    if box.number is not None and (disabled.number or 0) > box.number:
        disabled.fault = _("Of %(all)d people there can't be %(some)d with a disability.") % {
            "all": box.number,
            "some": disabled.number,
        }


def _less(told: int | None, disabled: int | None) -> int | None:
    return None if told is None else told - (disabled or 0)
