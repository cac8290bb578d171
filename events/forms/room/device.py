"""A device that is registered: what it is called, and at which sessions it may write."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from events.forms.room.plain import LineField
from events.models import Event


class DeviceForm(forms.Form):
    """`sessions` are events with the `day` of their next date (`services.devices.sessions_of`)."""

    label = LineField(
        label=_("What do you call the device?"),
        max_length=60,
        error_messages={"required": _("Please give the device a name, so that you know it again.")},
    )
    sessions = forms.TypedMultipleChoiceField(
        label=_("At which sessions may it write?"),
        help_text=_("Mark none, and it may write at all of yours, also those that you plan later."),
        required=False,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("We know no such session.")},
    )

    def __init__(self, *args: Any, sessions: Iterable[Event], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.known = {event.pk: event for event in sessions}
        self.fields["sessions"].choices = [
            (event.pk, f"{event.title}, {date_format(event.day)}") for event in self.known.values()
        ]
        if not self.known:
            del self.fields["sessions"]

    @property
    def events(self) -> list[Event]:
        return [self.known[pk] for pk in self.cleaned_data.get("sessions", [])]
