"""Fields for what members type: words without hidden characters, days and hours as people write."""

import unicodedata
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import ErrorDict
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from safeguards.identifiers import refuse_identity_numbers

TYPED_DATES = ["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y"]
TYPED_TIMES = ["%H:%M", "%H.%M", "%H:%M:%S"]
YEARS_AHEAD = 10
DAYS_BACK = 31
_BREAKS = frozenset({"Cc", "Zl", "Zp"})
# Joins the parts of an emoji; all other characters that only direct the eye are left out.
_JOINER = "\u200d"


class MayBeUnjudged:
    """A form that, once `is_unjudged`, shows what was sent and complains about nothing."""

    is_unjudged = False

    @property
    def errors(self) -> ErrorDict:
        return ErrorDict() if self.is_unjudged else super().errors


def plain_line(text: str) -> str:
    """The text in one line, without control and direction characters."""
    return " ".join(_without_hidden(text, keep="").split())


def plain_text(text: str) -> str:
    """The text with its lines, each of them plain."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n")
    return _without_hidden(text.replace("\u2029", "\n"), keep="\n").strip()


def _without_hidden(text: str, *, keep: str) -> str:
    letters = []
    for letter in text:
        category = unicodedata.category(letter)
        if letter in keep or letter == _JOINER or category not in {*_BREAKS, "Cf", "Cs"}:
            letters.append(letter)
        elif category in _BREAKS:
            letters.append(" ")
    return "".join(letters)


class LineField(forms.CharField):
    """One line of text; it is never cut, too long a one is told."""

    default_validators = (refuse_identity_numbers,)

    def to_python(self, value: Any) -> str:
        return plain_line(super().to_python(value))

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        attrs = super().widget_attrs(widget)
        # A browser cuts what is pasted without a word.
        attrs.pop("maxlength", None)
        return attrs | {"autocomplete": "off"}


class TextField(LineField):
    """Several lines of text."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> str:
        return plain_text(forms.CharField.to_python(self, value))


class DayField(forms.DateField):
    """A day; "25/11/2026" is shown again as a browser's own field wants it."""

    def prepare_value(self, value: Any) -> Any:
        return _as_known(self, value, "%Y-%m-%d")

    def __init__(self, **kwargs: Any):
        super().__init__(
            input_formats=TYPED_DATES,
            widget=forms.DateInput(
                format="%Y-%m-%d", attrs={"type": "date", "autocomplete": "off"}
            ),
            error_messages={
                "invalid": _("We do not know this date. Write it like this: 25/11/2026."),
                "required": _("Please choose a day."),
            },
            **kwargs,
        )


class HourField(forms.TimeField):
    """An hour; "9.30" is shown again as a browser's own field wants it."""

    def prepare_value(self, value: Any) -> Any:
        return _as_known(self, value, "%H:%M")

    def __init__(self, **kwargs: Any):
        super().__init__(
            input_formats=TYPED_TIMES,
            widget=forms.TimeInput(format="%H:%M", attrs={"type": "time", "autocomplete": "off"}),
            error_messages={
                "invalid": _("We do not know this time. Write it like this: 09.30."),
                "required": _("Please choose a time."),
            },
            **kwargs,
        )


def _as_known(field: forms.Field, value: Any, form: str) -> Any:
    """What was typed, as the widget writes it; as it is where nobody understands it."""
    if not isinstance(value, str) or not value:
        return value
    try:
        return field.to_python(value).strftime(form)
    except ValidationError:
        return value


def whole_number(text: str, most: int) -> int | None:
    """The number from 1 to `most` that is typed, None for nothing; raises ValidationError."""
    # Other scripts have digits as well; int() would take them.
    typed = "".join(text.split()).replace(".", "").lstrip("0")
    if not text.strip():
        return None
    if not (typed.isascii() and typed.isdecimal()) or len(typed) > 9 or int(typed) > most:
        raise ValidationError(
            _("Please write a number from 1 to %(most)s."), params={"most": number_format(most)}
        )
    return int(typed)


def check_day(day: date, today: date, *, known: date | None = None) -> None:
    """Refuse a day that is long over or too far away; `known` is one that stands already."""
    if day == known:
        return
    if day < today - timedelta(days=DAYS_BACK):
        raise ValidationError(_("This day is over. Please choose a later one."))
    if day > today + timedelta(days=366 * YEARS_AHEAD - 1):
        raise ValidationError(_("Please choose a day within the next ten years."))
