"""Forms of the commitment screens."""

from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminDateInput

from districts.models import Commitment, CommitmentStatus, District, Organisation, Term
from districts.services.commitments import FIELDS

NAMES = {
    "number": _("number"),
    "measure": _("measure"),
    "description": _("what readers should know"),
    "owner": _("owner"),
    "indicator": _("how it is measured"),
    "issue_codes": _("issue areas"),
    "due": _("due"),
}


class FaultyFields:
    """Puts a service's faults beside the fields they are about."""

    def add_faults(self, error: ValidationError) -> None:
        for name, messages in getattr(error, "message_dict", {None: error.messages}).items():
            self.add_error(name if name in self.fields else None, messages)


class StepForm(FaultyFields, forms.Form):
    """How far a commitment is, since which day, and what to tell readers about it."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)
    key = forms.UUIDField(widget=forms.HiddenInput)
    status = forms.ChoiceField(
        label=_("Status"), choices=CommitmentStatus.choices, widget=forms.RadioSelect
    )
    day = forms.DateField(label=_("Since which day"), widget=AdminDateInput)
    note = forms.CharField(
        label=_("Note for readers"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What has happened, in a sentence or two. No names of persons."),
    )

    def __init__(self, data: Any = None, *, commitment: Commitment, today: Any):
        initial = {
            "version": commitment.version,
            "key": uuid4(),
            "status": commitment.status,
            "day": today,
        }
        super().__init__(data, initial=initial)


class CommitmentForm(FaultyFields, forms.Form):
    """A commitment of the office; a new one also says how far it is already."""

    version = forms.IntegerField(
        widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1, required=False
    )
    key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    number = forms.CharField(
        label=_("Number"), max_length=20, help_text=_("As in the plan, e.g. 2.3")
    )
    measure = forms.CharField(
        label=_("Measure"),
        max_length=300,
        help_text=_("What will be done, in words everybody understands."),
    )
    owner = forms.ModelChoiceField(
        Organisation.objects.none(),
        label=_("Who answers for it"),
        help_text=_("The organisation that owes it. One missing? Add it under “Organisations”."),
    )
    due = forms.DateField(
        label=_("Due"),
        widget=AdminDateInput,
        help_text=_("Moved later, the move is shown to readers in the history."),
    )
    indicator = forms.CharField(label=_("How it is measured"), max_length=300, required=False)
    description = forms.CharField(
        label=_("What readers should know"),
        required=False,
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    issue_codes = forms.MultipleChoiceField(
        label=_("Issue areas"), required=False, widget=forms.CheckboxSelectMultiple
    )
    status = forms.ChoiceField(
        label=_("Status"), choices=CommitmentStatus.choices, widget=forms.RadioSelect
    )
    day = forms.DateField(label=_("Since which day"), widget=AdminDateInput)

    def __init__(
        self,
        data: Any = None,
        *,
        district: District,
        commitment: Commitment | None = None,
        today: Any = None,
    ):
        if commitment is None:
            initial = {"key": uuid4(), "status": CommitmentStatus.PLANNED, "day": today}
        else:
            initial = {name: getattr(commitment, name) for name in FIELDS}
            initial |= {"version": commitment.version}
        super().__init__(data, initial=initial)
        owners = Organisation.objects.for_district(district).order_by("name")
        self.fields["owner"].queryset = owners
        self.fields["issue_codes"].choices = [
            (term.code, term.label) for term in Term.objects.of("issue_area")
        ]
        if commitment is not None:
            del self.fields["status"], self.fields["day"]

    @property
    def values(self) -> dict[str, Any]:
        """What the service takes."""
        return {name: self.cleaned_data[name] for name in FIELDS}


class PlanForm(forms.Form):
    """A plan as a spreadsheet."""

    file = forms.FileField(
        label=_("The plan as a spreadsheet"), help_text=_("XLSX or CSV, at most 500 rows.")
    )
