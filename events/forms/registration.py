"""What somebody tells who wants to come to a date, and what an invited organisation answers."""

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from districts.forms.opened import OpenedField
from districts.private_pages import LONGEST_KEPT
from events.forms.room.plain import LineField
from events.models import InvitedOrganisation, Occurrence, Registration
from events.models.registration import LARGEST_GROUP
from events.moments import moment_of
from safeguards.identifiers import refuse_identity_numbers
from safeguards.phones import LONGEST_TYPED, indonesian_number
from safeguards.tickets import Ticket

Kind = Registration.Kind
Answer = InvitedOrganisation.Answer
LINK = re.compile(r"https?://|www\.", re.IGNORECASE)
MOST_INVITED = 200


class RegistrationTicket(Ticket):
    SALT = "events.form_ticket"


def whole_number(text: str, *, most: int) -> int:
    """The number as typed, from 1 to `most`; raises ValidationError."""
    typed = "".join(text.split())
    # Other scripts have digits as well; int() would take them.
    if not (typed.isascii() and typed.isdecimal()) or len(typed) > 6 or not 1 <= int(typed) <= most:
        raise ValidationError(_("Please write a number from 1 to %(most)s."), params={"most": most})
    return int(typed)


class ContactFields(forms.Form):
    """Who comes, and how to tell them that a date is moved: e-mail or telephone, or both."""

    kind = forms.ChoiceField(
        label=_("Who comes?"),
        choices=Kind.choices,
        initial=Kind.PERSON,
        widget=forms.RadioSelect,
    )
    name = LineField(label=_("Your name"), max_length=120)
    organisation_name = LineField(
        label=_("Organisation (if you come for one)"), required=False, max_length=160
    )
    seats = forms.CharField(
        label=_("How many people?"),
        required=False,
        max_length=6,
        initial="1",
        help_text=_("More than one only for an organisation. No names are needed."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    email = forms.EmailField(
        label=_("E-mail address"),
        required=False,
        max_length=254,
        help_text=_("For a reminder, and if the date is moved."),
        widget=forms.EmailInput(attrs={"inputmode": "email", "autocomplete": "email"}),
        validators=[refuse_identity_numbers],
    )
    phone = forms.CharField(
        label=_("Number for WhatsApp or telephone"),
        required=False,
        max_length=LONGEST_TYPED,
        help_text=_("One of the two is enough."),
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel"}),
        validators=[refuse_identity_numbers],
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["name"].widget.attrs["autocomplete"] = "name"
        self.fields["organisation_name"].widget.attrs["autocomplete"] = "organization"

    def clean_email(self) -> str:
        return self.cleaned_data["email"].lower()

    def clean_phone(self) -> str:
        typed = self.cleaned_data["phone"]
        return indonesian_number(typed) if typed else ""

    def clean_seats(self) -> int:
        typed = self.cleaned_data["seats"]
        return whole_number(typed, most=LARGEST_GROUP) if typed.strip() else 1

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for name in ("name", "organisation_name"):
            if LINK.search(cleaned.get(name, "")):
                self.add_error(name, _("Please leave out addresses of websites."))
        if cleaned.get("kind") == Kind.PERSON and cleaned.get("seats", 1) > 1:
            self.add_error("seats", _("One adult takes one place. For more, choose organisation."))
        if cleaned.get("kind") == Kind.ORGANISATION and not cleaned.get("organisation_name"):
            self._missing("organisation_name", _("Which organisation is it?"))
        contacts = {"email", "phone"}
        if not any(cleaned.get(name) for name in contacts) and not contacts & self.errors.keys():
            self.add_error("email", _("We need an e-mail address or a telephone number."))
        return cleaned

    def _missing(self, name: str, words: Any) -> None:
        if name not in self.errors:
            self.add_error(name, words)

    @property
    def values(self) -> dict[str, Any]:
        """The fields of a Registration."""
        names = ("kind", "name", "organisation_name", "email", "phone", "seats")
        return {name: self.cleaned_data[name] for name in names}


def typed(data: Any) -> list[tuple[Any, str]]:
    """What somebody wrote of themselves in a form that nobody takes any more, with its labels."""
    names = ("name", "organisation_name", "seats", "email", "phone")
    return [
        (ContactFields.base_fields[name].label, text[:LONGEST_KEPT])
        for name in names
        if (text := data.get(name, "").strip())
    ]


class RegistrationForm(ContactFields):
    """The public's form for the dates of one day; `consent` is the version that they were shown."""

    date = forms.ChoiceField(label=_("At which time?"), required=False, widget=forms.RadioSelect)
    adult = forms.BooleanField(
        label=_("I am 18 or older."),
        error_messages={"required": _("Only adults register. Children come with their school.")},
    )
    agrees = forms.BooleanField(
        label=_("I agree."),
        error_messages={"required": _("Without your consent we may not keep what you write.")},
    )

    def __init__(
        self, *args: Any, dates: Sequence[Occurrence], consent_version: int, **kwargs: Any
    ):
        super().__init__(*args, **kwargs)
        self.dates, self.consent_version = {str(row.key): row for row in dates}, consent_version
        if len(self.dates) > 1:
            self.fields["date"].choices = [
                (key, moment_of(row.event, row).hours) for key, row in self.dates.items()
            ]
            self.fields["date"].required = True
        else:
            del self.fields["date"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("agrees") and self.data.get("consent") != str(self.consent_version):
            # They may not have agreed to these words.
            self.add_error("agrees", _("The text has changed. Please read it and tick again."))
        return cleaned

    @property
    def occurrence(self) -> Occurrence:
        return self.dates[self.cleaned_data.get("date") or next(iter(self.dates))]


class OwnWordsForm(ContactFields):
    """Who registered, told anew; who comes, and how many, is decided by registering."""

    opened = OpenedField()

    def __init__(self, data: Any = None, *, mine: Registration, **kwargs: Any):
        super().__init__(data, **kwargs)
        self.kind = mine.kind
        del self.fields["kind"], self.fields["seats"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.kind == Kind.ORGANISATION and not cleaned.get("organisation_name"):
            self._missing("organisation_name", _("Which organisation is it?"))
        return cleaned


class ByHandForm(ContactFields):
    """What the office writes down for somebody who called."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    agrees = forms.BooleanField(
        label=_("They are 18 or older and agree that we keep this."),
        error_messages={"required": _("Please ask them first, then tick this.")},
    )


class AnswerForm(forms.Form):
    """An invited organisation's answer: whether and how many, and by which office or role."""

    answer = forms.ChoiceField(
        label=_("Does somebody come?"),
        choices=[(one.value, one.label) for one in Answer if one.value],
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose one.")},
    )
    people = forms.CharField(
        label=_("How many come?"),
        required=False,
        max_length=6,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    role = LineField(
        label=_("Who comes: an office or role"),
        required=False,
        max_length=80,
        help_text=_("For example head of section, or guidance teacher. Please no person's name."),
    )

    def clean_people(self) -> int | None:
        typed = self.cleaned_data["people"]
        return whole_number(typed, most=MOST_INVITED) if typed.strip() else None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        comes = cleaned.get("answer") in {Answer.COMES, Answer.SENDS}
        if comes and cleaned.get("people") is None and "people" not in self.errors:
            self.add_error("people", _("Please say how many come."))
        if LINK.search(cleaned.get("role", "")):
            self.add_error("role", _("Please leave out addresses of websites."))
        return cleaned

    @property
    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("answer", "people", "role")}
