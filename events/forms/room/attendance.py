"""Forms of the roll call: somebody who walked in, and a correction afterwards."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from events.forms.checkin import PersonForm
from events.forms.room.plain import LineField
from events.models import Status

REASONS = {
    "salah-ketuk": _("tapped by mistake"),
    "datang-kemudian": _("came later, or left early"),
    "kabar-menyusul": _("word came afterwards"),
    "daftar-kertas": _("the paper list says otherwise"),
    "orang-lain": _("it was somebody else"),
}


class WalkInForm(PersonForm):
    """Somebody who came and is not on the list. `is_new` says that nobody known is meant."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    person_key = forms.UUIDField(widget=forms.HiddenInput)
    position = LineField(label=_("Function (if any)"), required=False, max_length=80)
    guardian = LineField(
        label=_("For a child: where the guardian's signed consent lies"),
        required=False,
        max_length=80,
        help_text=_("The folder or number of the paper, not the guardian's name."),
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if not self.names_minors:
            del self.fields["guardian"]
        self.order_fields(["name", "sex", "age_group", "guardian", "organisation_name"])

    @property
    def consent(self) -> str:
        return self.cleaned_data.get("guardian", "")

    @property
    def more(self) -> list[forms.BoundField]:
        """What is asked of few people."""
        return [self[name] for name in ("position", "phone", "disability")]


class CorrectionForm(forms.Form):
    """What really was, and why it is changed."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    status = forms.ChoiceField(label=_("What is right?"), widget=forms.RadioSelect)
    reason = forms.ChoiceField(
        label=_("Why is it changed?"), choices=list(REASONS.items()), widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        choices = [choice for choice in Status.choices if choice[0] != Status.UNDONE]
        self.fields["status"].choices = [
            *choices,
            (Status.UNDONE, _("does not belong on this list")),
        ]
