"""Two versions of one session side by side: the one that stands now and the one being sent."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from events.forms.room.plan import PlanForm

NOTHING = "–"


@dataclass(frozen=True)
class Difference:
    label: str
    theirs: str
    mine: str


def compared(form: PlanForm, theirs: dict[str, Any]) -> list[Difference]:
    """Where a bound form differs from the values that stand now, in words."""
    found = []
    for field in form.visible_fields():
        stands, typed = (
            _said(field, value) for value in (form.initial.get(field.name), field.value())
        )
        if stands != typed:
            found.append(Difference(str(field.label), stands, typed))
    stands = _speakers(theirs.get("speakers") or ())
    typed = _speakers(
        {part: row[part].value() or "" for part in ("name", "org", "topic")}
        for row in form.speakers
    )
    if stands != typed:
        found.append(Difference(_("Speakers"), stands, typed))
    return found


def _said(field: forms.BoundField, value: Any) -> str:
    kind = field.field
    if isinstance(kind, forms.BooleanField):
        return _("yes") if value and value != "False" else _("no")
    if isinstance(kind, forms.ChoiceField | forms.ModelChoiceField):
        labels = _labels(field.field.choices)
        values = value if isinstance(value, list | tuple) else [value]
        words = [labels.get(str(one), str(one)) for one in values if one not in (None, "")]
        empty = labels.get("", NOTHING) if not isinstance(value, list | tuple) else NOTHING
        return ", ".join(words) or str(empty)
    try:
        value = kind.to_python(value) if isinstance(value, str) and value else value
    except forms.ValidationError:
        return str(value)
    if isinstance(value, date):
        return date_format(value, "l, j F Y")
    if isinstance(value, time):
        return date_format(value, "H.i")
    if isinstance(value, list):
        return ", ".join(value) or NOTHING
    return str(value or NOTHING)


def _labels(choices: Iterable[tuple[Any, Any]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for value, label in choices:
        if isinstance(label, list | tuple):
            found |= _labels(label)
        else:
            found[str(value)] = str(label)
    return found


def _speakers(rows: Iterable[dict[str, str]]) -> str:
    lines = [
        ", ".join(filter(None, [row["name"], row["org"], row["topic"]]))
        for row in rows
        if row["name"]
    ]
    return "; ".join(lines) or NOTHING
