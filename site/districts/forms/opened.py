"""Two who write at once: what a form was opened with, and both versions side by side."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from safeguards.lost_updates import imprint

NOTHING = "–"


class OpenedField(forms.CharField):
    """The imprint of the values that the form was opened with; a form without it knows nothing."""

    widget = forms.HiddenInput

    def __init__(self, **kwargs: Any):
        super().__init__(required=False, max_length=64, **kwargs)


@dataclass(frozen=True)
class Difference:
    label: str
    theirs: str
    mine: str


def again(data: QueryDict, stands: Mapping[str, Any]) -> QueryDict:
    """What was typed, for a form over the values that stand now: sent once more, it holds."""
    typed = data.copy()
    typed["opened"] = imprint(stands)
    return typed


def compared(form: forms.BaseForm, theirs: Mapping[str, Any]) -> list[Difference]:
    """Where a bound form differs from the values that stand now, in words."""
    found = []
    for field in form.visible_fields():
        if field.name in theirs:
            stands, typed = said(field, theirs[field.name]), said(field, field.value())
            if stands != typed:
                found.append(Difference(str(field.label), stands, typed))
    return found


def said(field: forms.BoundField, value: Any) -> str:
    """A value of this field in words, typed or known."""
    kind = field.field
    if isinstance(kind, forms.BooleanField):
        return _("yes") if value and value != "False" else _("no")
    if isinstance(kind, forms.ChoiceField | forms.ModelChoiceField):
        labels = _labels(kind.choices)
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
    return str(NOTHING if value in (None, "") else value)


def _labels(choices: Iterable[tuple[Any, Any]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for value, label in choices:
        if isinstance(label, list | tuple):
            found |= _labels(label)
        else:
            found[str(value)] = str(label)
    return found
