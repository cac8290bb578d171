"""What is written down of one date beside names, as tables: its organisations, its headcount."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext as _

from events.attendance import ages
from events.attendance.organisations import Line
from events.models import Occurrence, Sex
from events.sheets.tables import Column, Table


def organisations_table(lines: Iterable[Line]) -> Table:
    columns = [
        Column(_("Organisation"), 36, _("As it was invited or written down.")),
        Column(_("Invited"), 10, _("“yes” if it was invited, “no” if it came without that.")),
        Column(_("Answer"), 24, _("What it answered to the invitation.")),
        Column(_("Came"), 14, _("Whether it came, as far as somebody wrote that down.")),
        Column(
            _("Represented by (a function)"),
            30,
            _("A function, never a name. Until somebody writes down who came: as it answered."),
        ),
        Column(
            _("People"),
            8,
            _("How many came for it. Until somebody writes that down: as it answered."),
        ),
    ]
    return Table(_("Organisations"), columns, _organisations(lines))


def headcount_table(lines: list[list[Any]]) -> Table:
    columns = [
        Column(_("Age group"), 22, _("Or that nobody asked. “All ages” marks a sum.")),
        Column(_("L/P"), 8, _("L for male, P for female; “All” in a sum of both.")),
        Column(
            _("With a disability"),
            16,
            _("“yes” counts those with a disability, “no” the others; “All” sums up both."),
        ),
        Column(_("People"), 8, _("How many were counted. Empty where nobody counted.")),
    ]
    return Table(_("Headcount"), columns, lines)


def headcount_of(occurrence: Occurrence) -> list[list[Any]]:
    """A line for each cell of the grid, then the sums that stand below it; one query."""
    counted = {
        (row.age_group, row.sex, row.with_disability): row.number
        for row in occurrence.headcounts.all()
    }
    labels = ages.age_groups() | {"": _("age not asked")}
    for age_group, _sex, _disabled in counted:
        labels.setdefault(age_group, age_group)
    cells = [
        [label, str(sex), _yes_or_no(disabled), counted.get((age_group, sex, disabled))]
        for age_group, label in labels.items()
        for sex in Sex.values
        for disabled in (False, True)
    ]
    return cells + _sums(counted)


def _sums(counted: dict[tuple[str, str, bool], int]) -> list[list[Any]]:
    every = _("All")
    sums = [
        [sex, every, sum(number for place, number in counted.items() if place[1] == sex)]
        for sex in Sex.values
    ]
    sums += [
        [every, _yes_or_no(some), sum(n for place, n in counted.items() if place[2] is some)]
        for some in (False, True)
    ]
    sums.append([every, every, sum(counted.values())])
    return [[_("All ages"), *line] for line in sums]


def _organisations(lines: Iterable[Line]) -> Iterator[list[Any]]:
    came = {True: _("came"), False: _("did not come"), None: _("not known")}
    for line in lines:
        invited, told = line.invited, line.attendance
        # As the screen does: what they said beforehand stands until somebody tells otherwise.
        beforehand = invited if told is None else None
        yield [
            line.label,
            _yes_or_no(invited is not None),
            invited.get_answer_display() if invited else None,
            came[line.came],
            (beforehand.role if beforehand else line.represented_by) or None,
            beforehand.people if beforehand else line.people,
        ]


def _yes_or_no(told: bool) -> str:
    return _("yes") if told else _("no")
