from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.widgets import AdminDateInput

from modules.models import SignOff
from modules.services.signing import LIMITS, Specialist, Text, check

Verdict = SignOff.Verdict


class SignForm(forms.Form):
    """What a specialist wrote on the review sheet. `after`: the newest entry its writer saw."""

    entry = forms.UUIDField(widget=forms.HiddenInput)
    after = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)
    verdict = forms.ChoiceField(label=gettext_lazy("Judgement"), widget=forms.RadioSelect)
    text = forms.ChoiceField(
        label=gettext_lazy("Which text was read?"),
        widget=forms.RadioSelect,
        required=False,
        help_text=gettext_lazy("The review sheet carries the same mark."),
    )
    signed_name = forms.CharField(
        label=gettext_lazy("Name of the specialist"),
        max_length=LIMITS["signed_name"],
        required=False,
        help_text=gettext_lazy("Readers see it beside the module. Ask before you write it down."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    signed_office = forms.CharField(
        label=gettext_lazy("Office"),
        max_length=LIMITS["signed_office"],
        required=False,
    )
    signed_role = forms.CharField(
        label=gettext_lazy("Field of work"),
        max_length=LIMITS["signed_role"],
        required=False,
        help_text=gettext_lazy("For example: psychologist. May stay empty."),
    )
    day = forms.DateField(label=gettext_lazy("Day of the signature"), widget=AdminDateInput)
    note = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=LIMITS["note"],
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy(
            "One sentence for members, where it may not be used or is taken back. No name of a "
            "person."
        ),
    )

    def __init__(
        self,
        data: Any = None,
        *,
        texts: Sequence[Text],
        newest: SignOff | None,
        today: date,
    ):
        initial = {"entry": uuid4(), "after": newest.number if newest else 0, "day": today}
        initial |= {"text": texts[0].digest if len(texts) == 1 else ""}
        super().__init__(data, initial=initial)
        self.today = today
        choices = [Verdict.SIGNED, Verdict.OBJECTS] if texts else []
        # What was sent may be sent twice: the service says whether there is anything to take back.
        sent = data is not None and data.get("verdict") == Verdict.WITHDRAWN
        if sent or (newest is not None and newest.verdict != Verdict.WITHDRAWN):
            choices.append(Verdict.WITHDRAWN)
        self.fields["verdict"].choices = [(one.value, one.label) for one in choices]
        self.fields["text"].choices = [(one.digest, _text_in_words(one)) for one in texts]

    def clean(self) -> dict[str, Any]:
        words = super().clean()
        if "verdict" in words:
            try:
                check(
                    verdict=words["verdict"],
                    specialist=self.specialist,
                    text=words.get("text", ""),
                    day=words.get("day", self.today),
                    note=words.get("note", ""),
                    today=self.today,
                )
            except ValidationError as error:
                self.add_faults(error)
        return words

    @property
    def specialist(self) -> Specialist:
        names = ("signed_name", "signed_office", "signed_role")
        return Specialist(*(self.cleaned_data.get(name, "") for name in names))

    def add_faults(self, error: ValidationError) -> None:
        """Beside their fields; a field that could not be read has said so already."""
        for name, messages in error.message_dict.items():
            if name not in self.errors:
                self.add_error(name if name in self.fields else None, messages)


def _text_in_words(text: Text) -> str:
    day = date_format(text.day, "j F Y") if text.day else "–"
    said = (
        _("Version %(version)s as readers have it, of %(day)s (mark %(mark)s)")
        if text.is_published
        else _("Version %(version)s as it was saved last, on %(day)s (mark %(mark)s)")
    )
    return said % {"version": text.version, "day": day, "mark": text.mark}
