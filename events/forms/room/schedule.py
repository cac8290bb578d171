"""When a session is: its first day, its hours, and how it repeats."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext as now_gettext
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from districts.models.district import TIMEZONES
from events.forms.room.plain import DayField, HourField, LineField, check_day, whole_number
from events.models import LONGEST_DAYS, Event
from events.recurrence import MOST_DATES, BadRule, expand, normalised, written

OTHER_LENGTH = "lain"
LENGTHS = (30, 45, 60, 90, 120, 150, 180, 240, 300, 360, 480)
OWN_RULE = "aturan"
REPEATS = [
    ("", _("Does not repeat")),
    ("mingguan", _("Every week")),
    ("hari", _("Every month on the same weekday, such as the second Thursday")),
    ("tanggal", _("Every month on the same date, such as the 12th")),
    ("harian", _("Every day")),
    (OWN_RULE, _("Another way, as a rule of RFC 5545")),
]
# How often it takes place where nobody says so.
USUAL_TIMES = 12


def length_words(minutes: int) -> str:
    """ "1½ hours" and the like."""
    if minutes < 60 or minutes % 30:
        return now_gettext("%(number)s minutes") % {"number": minutes}
    hours = f"{minutes // 60}{'½' if minutes % 60 else ''}".removeprefix("0")
    return ngettext_lazy("%(number)s hour", "%(number)s hours", 1 if minutes == 60 else 2) % {
        "number": hours
    }


@dataclass(frozen=True)
class Repeat:
    """A rule as the form shows it."""

    repeat: str = ""
    times: int | None = None
    until: date | None = None
    rule: str = ""


def repeat_of(rule: str, day: date, tz: str) -> Repeat:
    """How the form shows this rule, of which `day` is the first date."""
    if not rule:
        return Repeat()
    parts = dict(piece.split("=", 1) for piece in rule.split(";"))
    count, until = parts.pop("COUNT", None), parts.pop("UNTIL", None)
    bare = ";".join(f"{name}={value}" for name, value in parts.items())
    for name, _label in REPEATS[1:-1]:
        made = written(name, day, count=None, until=None)
        if set(made.split(";")) == set(bare.split(";")):
            moment = (
                datetime.strptime(until, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC) if until else None
            )
            last = moment.astimezone(ZoneInfo(tz)).date() if moment else None
            return Repeat(name, int(count) if count else None, last)
    return Repeat(OWN_RULE, rule=rule)


class ScheduleForm(forms.Form):
    """`starts_at` (UTC), `minutes`, `timezone` and `rrule` of an event, once it is valid."""

    day = DayField(label=_("Day"))
    hour = HourField(label=_("Begins at"))
    length = forms.ChoiceField(label=_("How long?"))
    end_day = DayField(label=_("Ends on"), required=False, help_text=_("Empty: on the same day."))
    end_hour = HourField(label=_("Ends at"), required=False)
    repeat = forms.ChoiceField(label=_("Does it repeat?"), choices=REPEATS, required=False)
    times = forms.CharField(
        label=_("How many times?"),
        required=False,
        help_text=_("Both empty: twelve times."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    until = DayField(label=_("Or until when?"), required=False)
    rule = LineField(
        label=_("Rule"),
        required=False,
        max_length=300,
        help_text="FREQ=MONTHLY;BYDAY=1MO,3MO;COUNT=12",
    )
    timezone = forms.ChoiceField(label=_("Time zone"), choices=TIMEZONES)

    def __init__(self, *args: Any, today: date, known: Event | None = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.today, self.known = today, known
        lengths = set(LENGTHS)
        for asked in (self.initial.get("length"), self.data.get("length") if self.data else None):
            if str(asked or "").isascii() and str(asked or "").isdecimal() and len(str(asked)) < 6:
                lengths.add(int(asked))
        longest = LONGEST_DAYS * 24 * 60
        self.fields["length"].choices = [
            *((str(n), length_words(n)) for n in sorted(lengths) if 0 < n <= longest),
            (OTHER_LENGTH, _("Say when it ends")),
        ]

    def clean_day(self) -> date:
        day = self.cleaned_data["day"]
        # The day of a series that is known already may be long over.
        check_day(day, self.today, known=self.initial.get("day"))
        return day

    def clean_times(self) -> int | None:
        return whole_number(self.cleaned_data["times"], MOST_DATES)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        day, hour = cleaned.get("day"), cleaned.get("hour")
        if day is None or hour is None or "timezone" not in cleaned:
            return cleaned
        zone = ZoneInfo(cleaned["timezone"])
        wall = datetime.combine(day, hour)
        cleaned["starts_at"] = wall.replace(tzinfo=zone).astimezone(UTC)
        cleaned["minutes"] = self._minutes(cleaned, wall)
        cleaned["rrule"] = self._rule(cleaned, day)
        return cleaned

    def _minutes(self, cleaned: dict[str, Any], wall: datetime) -> int | None:
        if "length" not in cleaned or {"end_day", "end_hour"} & set(self.errors):
            return None
        if cleaned["length"] != OTHER_LENGTH:
            return int(cleaned["length"])
        end_hour: time | None = cleaned.get("end_hour")
        if end_hour is None:
            self.add_error("end_hour", _("Please say when it ends."))
            return None
        end = datetime.combine(cleaned.get("end_day") or wall.date(), end_hour)
        if end <= wall:
            field = "end_day" if end.date() < wall.date() else "end_hour"
            self.add_error(field, _("The end is before the start. Please look at both again."))
            return None
        if end - wall > timedelta(days=LONGEST_DAYS):
            self.add_error("end_day", _("A session lasts 14 days at most. Let it repeat instead."))
            return None
        return int((end - wall).total_seconds()) // 60

    def _rule(self, cleaned: dict[str, Any], day: date) -> str:
        repeat, times, until = (cleaned.get(name) for name in ("repeat", "times", "until"))
        if not repeat or {"times", "until", "rule"} & set(self.errors):
            return ""
        if repeat == OWN_RULE:
            rule, field = cleaned.get("rule", ""), "rule"
        else:
            field = "until" if until else "times"
            if times and until:
                self.add_error("until", _("Say either how often or until when, not both."))
                return ""
            if until and until < day:
                self.add_error("until", _("The last day is before the first one."))
                return ""
            count = None if until else times or USUAL_TIMES
            rule = written(repeat, day, count=count, until=until)
        try:
            rule = normalised(rule, tz=cleaned["timezone"])
            expand(rule, start=cleaned["starts_at"], tz=cleaned["timezone"])
        except BadRule as error:
            self.add_error(field, error.message)
            return ""
        return rule
