import re
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from districts.forms.opened import OpenedField
from districts.models import District, Organisation
from modules.ages import USUAL
from modules.forms.counts import Counts
from modules.models import Group
from modules.services.groups import Cell
from safeguards.identifiers import refuse_identity_numbers

# Of a district with more schools than this, only those of the member are listed.
MOST_LISTED = 200
KINDS_OF = {
    Group.Kind.SCHOOL: [Organisation.Kind.SEKOLAH],
    Group.Kind.PKK: [Organisation.Kind.PKK],
}
_PERIOD = re.compile(r"^(\d{4})(?:/(\d{4}))?\Z")


class GroupForm(forms.Form):
    """A group: what it is called, and how many people it has; `counts` is the table."""

    opened = OpenedField()
    kind = forms.ChoiceField(choices=Group.Kind.choices, widget=forms.HiddenInput)
    label = forms.CharField(
        label=_("What do you call it?"),
        help_text=_("For example 8B. No name of a person."),
        max_length=60,
        validators=[refuse_identity_numbers],
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    period = forms.CharField(
        label=_("Year"),
        required=False,
        max_length=9,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "text"}),
    )
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(),
        label=_("Where?"),
        required=False,
        empty_label=_("Nowhere in particular"),
    )

    def __init__(
        self,
        *args: Any,
        district: District,
        kind: str,
        own: list[Organisation],
        today: date,
        cells: list[Cell] | None = None,
        **kwargs: Any,
    ):
        super().__init__(*args, **kwargs)
        self.counts = Counts(
            years=USUAL[Group.Kind(kind)],
            typed=self.data if self.is_bound else None,
            cells=cells or (),
        )
        here = Organisation.objects.for_district(district).active_on(today)
        field = self.fields["organisation"]
        field.queryset = here
        field.choices = _places(here, kind, own)
        self.fields["kind"].initial = kind
        if kind == Group.Kind.SCHOOL:
            self.fields["label"].label = _("What is the class called?")
            self.fields["period"].label = _("School year")

    def clean_period(self) -> str:
        period = self.cleaned_data["period"].replace(" ", "").replace("-", "/")
        found = _PERIOD.match(period)
        if period and (
            found is None or (found[2] is not None and int(found[2]) != int(found[1]) + 1)
        ):
            raise ValidationError(_("Write a year as 2026, or a school year as 2026/2027."))
        return period

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        try:
            cleaned["cells"] = self.counts.cells()
        except ValidationError as error:
            self.add_error(None, error)
        return cleaned

    @property
    def values(self) -> dict[str, Any]:
        return {
            name: self.cleaned_data[name] for name in ("kind", "label", "period", "organisation")
        }


def _places(here: Any, kind: str, own: list[Organisation]) -> list:
    """The member's own places first, then those of the district that such a group belongs to."""
    others = here.exclude(pk__in=[place.pk for place in own]).order_by("name")
    if kind in KINDS_OF:
        others = others.filter(kind__in=KINDS_OF[Group.Kind(kind)])
    listed = list(others.values_list("pk", "name")[: MOST_LISTED + 1])
    choices: list = [("", _("Nowhere in particular"))]
    if own:
        choices.append((_("Yours"), [(place.pk, place.name) for place in own]))
    if listed and len(listed) <= MOST_LISTED:
        choices.append((_("Others of the district"), listed))
    return choices
