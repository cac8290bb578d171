from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from campaigns.forms.plain_text import PlainTextField
from campaigns.forms.session_request import TYPED_DATES
from campaigns.models import RequestState, SessionRequest
from campaigns.services import session_requests as services

TYPED_TIMES = ["%H:%M", "%H.%M", "%H:%M:%S"]
ACTS: dict[str, tuple[Any, Callable]] = {
    RequestState.ACCEPTED: (_("We come"), services.accept_request),
    RequestState.ASKED: (_("We have a question"), services.ask_back),
    RequestState.DECLINED: (_("We cannot do it"), services.decline),
    RequestState.DONE: (_("The session took place"), services.finish),
}
NEEDS_WORDS = {
    RequestState.ASKED: _("Please write your question."),
    RequestState.DECLINED: _("Please say why, and what else they can do."),
}


class OfficeAnswerForm(forms.Form):
    """The office's next step; only the steps that are possible now are offered."""

    act = forms.ChoiceField(label=_("What do you answer?"), widget=forms.RadioSelect)
    agreed_day = forms.DateField(
        label=_("Agreed day (if you come)"),
        required=False,
        input_formats=TYPED_DATES,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "autocomplete": "off"}),
    )
    agreed_time = forms.TimeField(
        label=_("Agreed time"),
        required=False,
        input_formats=TYPED_TIMES,
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time", "autocomplete": "off"}),
    )
    message = PlainTextField(
        label=_("Your words to who asked"),
        required=False,
        max_length=1000,
        help_text=_(
            "They read this on their private page. With a no: why, and what else they can do."
        ),
        widget=forms.Textarea(attrs={"rows": 6, "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, asked: SessionRequest, now: datetime, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.zone, self.now = ZoneInfo(asked.district.timezone), now
        possible = services.STEPS.get(asked.state, ())
        self.fields["act"].choices = [
            (state, label) for state, (label, _act) in ACTS.items() if state in possible
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        act = cleaned.get("act")
        if act in NEEDS_WORDS and not cleaned.get("message") and "message" not in self.errors:
            self.add_error("message", NEEDS_WORDS[act])
        if act == RequestState.ACCEPTED:
            cleaned["agreed_at"] = self._agreed_at(
                cleaned.get("agreed_day"), cleaned.get("agreed_time")
            )
        return cleaned

    def _agreed_at(self, day: date | None, hour: time | None) -> datetime | None:
        if "agreed_day" in self.errors or "agreed_time" in self.errors or not (day or hour):
            return None
        if day is None or hour is None:
            missing = "agreed_day" if day is None else "agreed_time"
            self.add_error(missing, _("Day and time belong together. Or leave both empty."))
            return None
        agreed = datetime.combine(day, hour, tzinfo=self.zone)
        if agreed < self.now:
            self.add_error("agreed_day", _("This day is over. Please choose a later one."))
        return agreed

    def take(self, *, asked: SessionRequest, actor: Any, seen_step: int) -> None:
        """Take the step; raises what the service raises, words it refuses as ValidationError."""
        act = self.cleaned_data["act"]
        words = {"message": self.cleaned_data["message"], "seen_step": seen_step, "now": self.now}
        if act == RequestState.ACCEPTED:
            words["agreed_at"] = self.cleaned_data["agreed_at"]
        _label, service = ACTS[act]
        service(request=asked, actor=actor, **words)


def seen_step(text: str) -> int:
    """The number of the step that stood last when the form was made."""
    if not text.isascii() or not text.isdecimal() or len(text) > 18:
        raise ValidationError("no number of a step")
    return int(text)
