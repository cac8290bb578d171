"""What is asked of a person who comes: at the door by themselves, and by staff of a walk-in."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from events.attendance import ages
from events.attendance.persons import Person
from events.attendance.places import Places
from events.forms.room.plain import LineField
from events.models import Sex
from events.services.participants import no_consent
from safeguards.facts import Refused
from safeguards.identifiers import refuse_identity_numbers
from safeguards.phones import LONGEST_TYPED, e164

# Where a page lists what may be chosen.
LIST = "wilayah"
DISABILITY = {"": None, "ya": True, "tidak": False}


class PersonForm(forms.Form):
    """Name, L/P, age group, organisation; village, telephone, disability only if the person likes.

    `places` are the villages that are understood, and offered where a page lists them by `LIST`.
    A child's name is refused in the one sentence for it, unless a form takes a guardian's consent.
    """

    name = LineField(label=_("Name"), max_length=120)
    sex = forms.ChoiceField(
        label=_("Male or female?"), choices=Sex.choices, widget=forms.RadioSelect
    )
    age_group = forms.ChoiceField(label=_("Age"), widget=forms.RadioSelect)
    organisation_name = LineField(label=_("Organisation (if any)"), required=False, max_length=160)
    region = LineField(
        label=_("Village or kecamatan (if you like)"),
        required=False,
        max_length=160,
        widget=forms.TextInput(attrs={"list": LIST}),
    )
    phone = forms.CharField(
        label=_("Telephone (if you like)"),
        required=False,
        max_length=LONGEST_TYPED,
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "off"}),
        validators=[refuse_identity_numbers],
    )
    disability = forms.ChoiceField(
        label=_("Disability (if you like)"),
        required=False,
        choices=[("", _("not told")), ("tidak", _("no")), ("ya", _("yes"))],
    )
    disability_agreed = forms.BooleanField(
        label=_("Yes, this may be written down, to plan sessions everybody can take part in."),
        required=False,
    )

    def __init__(self, *args: Any, places: Places, names_minors: bool = False, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.places, self.names_minors = places, names_minors
        if not places.labels:
            del self.fields["region"]
        groups = list(ages.age_groups().items())
        field = self.fields["age_group"]
        # A child's group is understood in any case, so that it is refused in the right words.
        field.choices = groups
        field.widget.choices = self.offered(groups)

    def offered(self, groups: list[tuple[str, str]]) -> list[tuple[str, str]]:
        """The groups that are shown; adults first, who are most of those who are named."""
        adults = [group for group in groups if not ages.is_minors(group[0])]
        minors = [group for group in groups if ages.is_minors(group[0])]
        return adults + (minors if self.names_minors else [])

    def clean_region(self) -> str:
        try:
            return self.places.code_of(self.cleaned_data["region"])
        except Refused as refusal:
            raise forms.ValidationError(refusal.reason) from refusal

    def clean_phone(self) -> str:
        typed = self.cleaned_data["phone"].strip()
        if typed and not e164(typed):
            raise forms.ValidationError(
                _("This is not a telephone number. Write it as you dial it, or leave it out.")
            )
        return typed

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("disability") and not cleaned.get("disability_agreed"):
            words = _("A disability is written down only if the person agrees to that.")
            self.add_error("disability_agreed", words)
        code = cleaned.get("age_group")
        if code and ages.is_minors(code) and not self.consent:
            self.add_error("age_group", no_consent().reason)
        if (name := cleaned.get("name")) and not any(sign.isalpha() for sign in name):
            self.add_error("name", _("Please write a name."))
        return cleaned

    @property
    def consent(self) -> str:
        """Where the guardian's consent lies; nobody brings it to the door."""
        return ""

    def person(self, key: UUID) -> Person:
        told = self.cleaned_data
        return Person(
            key=key,
            name=told["name"],
            sex=told["sex"],
            age_group=told["age_group"],
            organisation_name=told["organisation_name"],
            position=told.get("position", ""),
            region=told.get("region", ""),
            phone=told["phone"],
            disability=DISABILITY[told["disability"]],
            disability_agreed=told["disability_agreed"],
            consent=self.consent,
        )


class CheckInForm(PersonForm):
    """At the door: no more than the attendance list holds, and the consent to it."""

    agrees = forms.BooleanField(
        label=_("Yes, the office may keep this for the attendance list."),
        error_messages={"required": _("Without your consent nothing is kept. Please tick it.")},
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Your name")
        self.fields["name"].widget.attrs["autocomplete"] = "name"
        # Hundreds of villages are too much for a cheap phone: what is typed is understood.
        del self.fields["region"].widget.attrs["list"]

    def offered(self, groups: list[tuple[str, str]]) -> list[tuple[str, str]]:
        """Children are one answer here: they are counted, not named."""
        adults = [group for group in groups if not ages.is_minors(group[0])]
        minors = [code for code, _label in groups if ages.is_minors(code)]
        return adults + ([(minors[-1], _("younger than 18"))] if minors else [])
