"""Whom an office sends to a session: one person a line."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events.forms.room.plain import DayField, TextField

MOST_PEOPLE = 30
LONGEST_LINE = 200


class DutyForm(forms.Form):
    """Names and functions for one letter of duty; nothing of it is kept."""

    people = TextField(
        label=gettext_lazy("Whom do you send? One person a line: name, function"),
        help_text=gettext_lazy(
            "The names are printed and kept nowhere. Leave it empty for lines to write on."
        ),
        required=False,
        max_length=MOST_PEOPLE * LONGEST_LINE,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    day = DayField(label=gettext_lazy("Date of the letter"), required=False)

    def clean_people(self) -> list[tuple[str, str]]:
        lines = [line.strip() for line in self.cleaned_data["people"].splitlines()]
        lines = [line for line in lines if line]
        if len(lines) > MOST_PEOPLE:
            raise ValidationError(
                _("At most %(most)d people fit on one letter."), params={"most": MOST_PEOPLE}
            )
        if too_long := next((line for line in lines if len(line) > LONGEST_LINE), ""):
            raise ValidationError(
                _("A line is too long: “%(line)s…”."), params={"line": too_long[:40]}
            )
        return [_split(line) for line in lines]


def _split(line: str) -> tuple[str, str]:
    name, _comma, position = line.partition(",")
    return name.strip(), position.strip()
