"""Somebody the office knows, told anew because they asked for it."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from districts.forms.opened import OpenedField
from events.attendance.persons import LONGEST, Person
from events.attendance.places import Places
from events.forms.checkin import PersonForm
from events.forms.room.choices import named
from events.forms.room.plain import LineField, plain_line
from events.models import Participant
from events.services.participants import words_of
from safeguards.lost_updates import imprint


class RecordedPersonForm(PersonForm):
    """A person whom a member writes down: a child too, where a guardian's consent is kept."""

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

    @property
    def consent(self) -> str:
        return self.cleaned_data.get("guardian", "")


class KnownPersonForm(RecordedPersonForm):
    """Of somebody `known`; a place that is none of the office's stays until another is written.

    So does the organisation of the directory; other words stand for another one, or for none.
    """

    opened = OpenedField()

    def __init__(self, data: Any = None, *, known: Participant, places: Places, **kwargs: Any):
        code = known.region_id or ""
        initial = initial_of(known) | {"region": places.labels.get(code, code)}
        initial |= {"opened": imprint(words_of(known))}
        super().__init__(data, initial=initial, places=places, **kwargs)
        self.known, self.known_region = known, code

    def clean_region(self) -> str:
        if "region" not in self.changed_data:
            return self.known_region
        return super().clean_region()

    def person(self, key: UUID) -> Person:
        told = replace(super().person(key), **self._organisation())
        return told if "region" in self.fields else replace(told, region=self.known_region)

    def _organisation(self) -> dict[str, Any]:
        if "organisation_name" not in self.changed_data:
            stands = self.known.organisation_name
            return {"organisation": self.known.organisation_id, "organisation_name": stands}
        typed = self.cleaned_data["organisation_name"]
        found = named(self.known.district_id, [typed]).get(typed.lower())
        return {"organisation": found and found.pk, "organisation_name": typed}


def initial_of(known: Participant) -> dict[str, Any]:
    """As lists show them: the organisation as the directory calls it by now."""
    listed = known.organisation.name if known.organisation else known.organisation_name
    return {
        "name": known.name,
        "sex": known.sex,
        "age_group": known.age_group,
        "organisation_name": plain_line(listed)[: LONGEST["organisation_name"]].strip(),
        "position": known.position,
        "phone": known.phone,
        "disability": {True: "ya", False: "tidak"}.get(known.disability, ""),
        "disability_agreed": known.disability is not None,
        "guardian": known.consent,
    }


class SearchForm(forms.Form):
    """Sent, not asked for by an address: a name in an address is kept by browsers and servers."""

    name = LineField(label=_("Name"), required=False, max_length=120)
