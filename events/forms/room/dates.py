"""What may be done with one date: moved, cancelled with a reason, added."""

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from events.forms.room.plain import DayField, HourField, LineField, check_day
from events.forms.room.schedule import LENGTHS, length_words
from events.guarding import is_a_home, is_sensitive, names_a_school, tells_a_home
from events.models import Event, Occurrence


class VersionForm(forms.Form):
    """The version of the event that the page showed."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, event: Event, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.event = event


class ReadByAll:
    """A form whose texts everybody reads, unless its session is guarded already.

    `title` and `note` are sentences, `venue` is a place. What slips through is guarded when it is
    stored; here who writes it is told what to do instead.
    """

    event: Event

    def clean_title(self) -> str:
        return self._judged("title")

    def clean_venue(self) -> str:
        return self._judged("venue")

    def clean_note(self) -> str:
        return self._judged("note")

    def _judged(self, name: str) -> str:
        text = self.cleaned_data[name]
        if self.event.guarded:
            return text
        if tells_a_home(text) or (name == "venue" and is_a_home(text)):
            raise forms.ValidationError(
                _(
                    "Everybody reads this, so nobody's home may stand here. If it is held in a "
                    "home, say so in the session itself; then only its members learn the place."
                )
            )
        if is_sensitive(self.event.issue_codes) and names_a_school([text]):
            raise forms.ValidationError(
                _(
                    "Everybody reads this, and with this topic no school may be named. Please "
                    "write it without the school; tell it your group yourself."
                )
            )
        return text


class NoteForm(ReadByAll, VersionForm):
    note = LineField(
        label=_("Why? People read this."),
        required=False,
        max_length=200,
        help_text=_("For example: the hall is flooded. No names."),
    )


class ReturnForm(VersionForm):
    note = LineField(
        label=_("What has to be changed?"),
        max_length=500,
        error_messages={"required": _("Please say what has to be changed.")},
    )


class StartForm(VersionForm):
    """A day and an hour in the zone of the event; `start` is the moment in UTC."""

    day = DayField(label=_("Day"))
    hour = HourField(label=_("Begins at"))

    def __init__(self, *args: Any, today: date, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_day(self) -> date:
        day = self.cleaned_data["day"]
        check_day(day, self.today, known=self.initial.get("day"))
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("day") and cleaned.get("hour") is not None:
            wall = datetime.combine(cleaned["day"], cleaned["hour"], ZoneInfo(self.event.timezone))
            cleaned["start"] = wall.astimezone(UTC)
        return cleaned


class MoveForm(ReadByAll, StartForm):
    """Another time or place for one date."""

    length = forms.ChoiceField(label=_("How long?"))
    title = LineField(
        label=_("Another title on this date"),
        required=False,
        max_length=160,
        help_text=_("Empty: as always."),
    )
    venue = LineField(
        label=_("Another place on this date"),
        required=False,
        max_length=160,
        help_text=_("Empty: as always."),
    )
    note = LineField(label=_("Why? People read this."), required=False, max_length=200)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        lengths = {*LENGTHS, self.event.minutes, int(self.initial["length"])}
        self.fields["length"].choices = [(str(n), length_words(n)) for n in sorted(lengths)]


def of_date(row: Occurrence) -> dict[str, Any]:
    """`initial` of `MoveForm`."""
    start = row.start.astimezone(ZoneInfo(row.event.timezone))
    return {
        "version": row.event.version,
        "day": start.date(),
        "hour": start.time(),
        "length": int((row.end - row.start).total_seconds()) // 60,
        "title": row.title,
        "venue": row.venue,
        "note": row.note,
    }
