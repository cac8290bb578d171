"""What the office types to invite: one more organisation, and the number of a letter."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from districts.forms.opened import OpenedField
from events.forms.registration import whole_number
from events.forms.room.plain import DayField, LineField, TextField, check_day
from events.letter_numbers import asks_for
from events.models import Letter

HIGHEST_NUMBER = 99_999


class InvitedForm(forms.Form):
    label = LineField(label=_("Name of the organisation"), max_length=160)


class LetterForm(forms.Form):
    """A letter's date and what its number is made of; asks only for what the format names."""

    day = DayField(label=_("Date of the letter"))
    classification = LineField(label=_("Classification code"), max_length=40)
    unit = LineField(label=_("Code of the unit"), max_length=40)
    number = forms.CharField(
        label=_("Running number (if your register gives one)"),
        required=False,
        max_length=6,
        help_text=_("Leave it empty for the next free one of the year."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    urgency = forms.ChoiceField(
        label=_("How urgent is it?"),
        choices=Letter.Urgency.choices,
        initial=Letter.Urgency.ORDINARY,
        required=False,
        widget=forms.RadioSelect,
    )
    agenda = TextField(
        label=_("What it is about (if the title does not say it)"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, number_format: str, today: date, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.today = today
        for name in {"classification", "unit"} - asks_for(number_format):
            del self.fields[name]

    def clean_day(self) -> date:
        day = self.cleaned_data["day"]
        check_day(day, self.today)
        return day

    def clean_number(self) -> int | None:
        typed = self.cleaned_data["number"]
        return whole_number(typed, most=HIGHEST_NUMBER) if typed.strip() else None

    def clean_urgency(self) -> str:
        return self.cleaned_data["urgency"] or Letter.Urgency.ORDINARY

    @property
    def values(self) -> dict[str, Any]:
        return {"classification": "", "unit": ""} | self.cleaned_data


class ConsentForm(forms.Form):
    """A new version of what people agree to."""

    opened = OpenedField()
    text_id = TextField(
        label=_("In Indonesian"), max_length=2_000, widget=forms.Textarea(attrs={"rows": 6})
    )
    text_en = TextField(
        label=_("In English (if you like)"),
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )

    def clean_text_id(self) -> str:
        text = self.cleaned_data["text_id"]
        if len(text) < 40:
            raise ValidationError(_("Please say what is kept, what for, and for how long."))
        return text
