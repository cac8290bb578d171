"""How many people: a table of L/P × age group × disability, as a form has it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _

from districts.forms.opened import Difference
from modules.ages import bands_for
from modules.models import Sex
from modules.models.groups import LARGEST_GROUP
from modules.services.groups import Cell, check_cells

PREFIX = "n"
STEP_FIELD = "ubah"
SEXES = (Sex.MALE, Sex.FEMALE)


@dataclass
class CountField:
    """One number of the table; `value` is what was typed."""

    name: str
    sex: str
    with_disability: bool
    value: str
    is_wrong: bool = False

    @property
    def label(self) -> str:
        return str(Sex(self.sex).label)


@dataclass
class Band:
    """The numbers of one age group."""

    code: str
    label: str
    fields: list[CountField]

    @property
    def plain(self) -> list[CountField]:
        return [field for field in self.fields if not field.with_disability]

    @property
    def disabled(self) -> list[CountField]:
        return [field for field in self.fields if field.with_disability]

    @property
    def counts_disabled(self) -> bool:
        return any(_has(field.value) for field in self.disabled)


class Counts:
    """The table, filled from what was typed or else from known cells."""

    def __init__(
        self,
        *,
        years: tuple[int, int],
        typed: Mapping[str, Any] | None = None,
        cells: Iterable[Cell] = (),
    ):
        known = {(c.sex, c.age_group, c.with_disability): c.number for c in cells}
        used = {code for _sex, code, _disability in known}
        if typed is not None:
            used |= {
                name.split("-", 3)[3] for name in typed if _is_ours(name) and _has(typed[name])
            }
        near, others = bands_for(years, used)
        self.near = [_band(code, label, typed, known) for code, label in near]
        self.others = [_band(code, label, typed, known) for code, label in others]
        self.error = ""
        self.known = known

    @property
    def bands(self) -> list[Band]:
        return [*self.near, *self.others]

    @property
    def total(self) -> int:
        """People in all, as far as numbers stand there."""
        fields = [field for band in self.bands for field in band.fields]
        return sum(_number(field.value) or 0 for field in fields)

    def differences(self) -> list[Difference]:
        """Where what was typed differs from the known cells, in words."""
        return [
            Difference(_label(band, field), str(stands), field.value or "0")
            for band in self.bands
            for field in band.fields
            if (stands := self.known.get((field.sex, band.code, field.with_disability), 0))
            != _number(field.value)
        ]

    def cells(self) -> list[Cell]:
        """What was typed as cells; ValidationError, and `error` says it beside the table."""
        found = []
        try:
            for band in self.bands:
                for field in band.fields:
                    number = _number(field.value)
                    field.is_wrong = number is None
                    found.append(Cell(field.sex, band.code, field.with_disability, number or 0))
            if any(field.is_wrong for band in self.bands for field in band.fields):
                raise ValidationError(
                    _("Please write whole numbers from 0 to %(most)d."),
                    params={"most": LARGEST_GROUP},
                )
            return check_cells(found)
        except ValidationError as error:
            self.error = " ".join(error.messages)
            raise


def stepped(typed: QueryDict) -> QueryDict | None:
    """The form with one number a step up or down, where such a button was pressed.

    Without JavaScript a button of the table sends the form; nothing is kept of it.
    """
    name, _colon, by = typed.get(STEP_FIELD, "").rpartition(":")
    if not _is_ours(name) or by not in {"1", "-1"}:
        return None
    changed = typed.copy()
    number = (_number(typed.get(name, "")) or 0) + int(by)
    changed[name] = str(min(max(number, 0), LARGEST_GROUP))
    return changed


def _band(code: str, label: str, typed: Mapping[str, Any] | None, known: dict) -> Band:
    fields = []
    for with_disability in (False, True):
        for sex in SEXES:
            name = f"{PREFIX}-{sex}-{int(with_disability)}-{code}"
            number = known.get((sex, code, with_disability), 0)
            value = typed.get(name, "") if typed is not None else str(number or "")
            fields.append(CountField(name, str(sex), with_disability, value.strip()[:12]))
    return Band(code, label, fields)


def _label(band: Band, field: CountField) -> str:
    words = f"{band.label}, {field.label}"
    return _("%(group)s, with a disability") % {"group": words} if field.with_disability else words


def _number(value: str) -> int | None:
    """Nothing typed is nobody; None for what is no number of people."""
    text = value.strip()
    if not text:
        return 0
    if not (text.isascii() and text.isdecimal() and len(text) <= 6):
        return None
    number = int(text)
    # One cell over the limit is told as a sum by the service.
    return min(number, 32_000)


def _has(value: str) -> bool:
    return value.strip() not in {"", "0"}


def _is_ours(name: str) -> bool:
    parts = name.split("-", 3)
    return len(parts) == 4 and parts[0] == PREFIX and len(parts[3]) <= 10
