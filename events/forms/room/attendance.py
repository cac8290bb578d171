"""Forms of the roll call: somebody who walked in, and a correction afterwards."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from districts.forms.opened import OpenedField
from events.forms.room.known_person import RecordedPersonForm
from events.models import Status

REASONS = {
    "salah-ketuk": _("tapped by mistake"),
    "datang-kemudian": _("came later, or left early"),
    "kabar-menyusul": _("word came afterwards"),
    "daftar-kertas": _("the paper list says otherwise"),
    "orang-lain": _("it was somebody else"),
}


class WalkInForm(RecordedPersonForm):
    """Somebody who came and is not on the list. `is_new` says that nobody known is meant."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    person_key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.order_fields(["name", "sex", "age_group", "guardian", "organisation_name"])

    @property
    def more(self) -> list[forms.BoundField]:
        """What is asked of few people."""
        names = ("position", "region", "phone", "disability")
        return [self[name] for name in names if name in self.fields]


class CorrectionForm(forms.Form):
    """What really was, and why it is changed."""

    opened = OpenedField()
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
