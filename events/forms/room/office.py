"""The settings of an office's calendar, and its own days."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from districts.forms.opened import OpenedField
from events.forms.room.plain import DayField, LineField, check_day
from events.models import CalendarSettings


class SettingsForm(forms.ModelForm):
    opened = OpenedField()
    remind_days = forms.IntegerField(
        label=_("Days before a session on which people are reminded"),
        min_value=0,
        max_value=30,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    registration_days = forms.IntegerField(
        label=_("Days after a session on which registrations are deleted"),
        min_value=1,
        max_value=365,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    class Meta:
        model = CalendarSettings
        fields = ("trusts_members", "publishes_guarded", "remind_days", "registration_days")


class AttendanceSettingsForm(forms.ModelForm):
    """Whether children are named, when attendance closes, and when people are forgotten."""

    opened = OpenedField()
    corrects_days = forms.IntegerField(
        label=_("Days after a session on which its attendance is closed"),
        min_value=1,
        max_value=365,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    closed_until = DayField(
        label=_("Attendance up to and including this day is closed"),
        required=False,
        help_text=_("Leave it empty while nothing is handed in yet."),
    )
    person_days = forms.IntegerField(
        label=_("Days after their last session on which people are forgotten"),
        min_value=30,
        max_value=1825,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    class Meta:
        model = CalendarSettings
        fields = ("names_minors", "corrects_days", "closed_until", "person_days")

    def __init__(self, *args: Any, today: date, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_closed_until(self) -> date | None:
        day = self.cleaned_data["closed_until"]
        if day is not None and day > self.today:
            raise forms.ValidationError(_("Only days that are over can be closed."))
        return day


class LocalDayForm(forms.Form):
    """A day that people are warned of, or a holiday that is none here."""

    opened = OpenedField()
    day = DayField(label=_("Day"))
    label = LineField(
        label=_("What day is it?"),
        max_length=120,
        help_text=_("For example: anniversary of the regency."),
    )
    is_ordinary = forms.BooleanField(
        label=_("No holiday here, although the national list says so"), required=False
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_day(self) -> date:
        day = self.cleaned_data["day"]
        check_day(day, self.today)
        return day
