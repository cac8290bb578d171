from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from campaigns.forms.plain_text import PlainLineField, PlainTextField, count_links
from campaigns.models import SessionRequest
from campaigns.models.session_request import MOST_PEOPLE
from districts.models import District, Region, Term
from districts.places import place_choices
from safeguards import generation
from safeguards.identifiers import refuse_identity_numbers
from safeguards.phones import indonesian_number
from safeguards.tickets import Ticket

MOST_LINKS = 2
DAYS_AHEAD = 365
WISHED = ("date_1", "date_2", "date_3")
TYPED_DATES = ["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y"]
Kind = SessionRequest.ContactKind

# Parts of the form: address on the page, heading, fields.
GROUPS = (
    ("siapa", _("Who asks?"), ("asker_kind", "asker", "asker_role")),
    (
        "kontak",
        _("How do we reach you?"),
        ("contact_kind", "contact_phone", "contact_email"),
    ),
    ("tempat", _("Where shall it be?"), ("region", "place")),
    ("sasaran", _("Who will come?"), ("audience_codes", "people")),
    ("kapan", _("When would it suit you?"), WISHED),
    ("isi", _("What is it about?"), ("issue_codes", "note")),
)


class ContactFields(forms.Form):
    """How the office may answer; a form of its own, and a part of the whole one."""

    contact_kind = forms.ChoiceField(
        label=_("How shall we answer?"),
        choices=Kind.choices,
        initial=Kind.WHATSAPP,
        widget=forms.RadioSelect,
    )
    contact_phone = forms.CharField(
        label=_("Number for WhatsApp or telephone"),
        required=False,
        max_length=40,
        help_text=_("Best a number of the school, the office or the group."),
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel"}),
        validators=[refuse_identity_numbers],
    )
    contact_email = forms.EmailField(
        label=_("E-mail address"),
        required=False,
        max_length=254,
        help_text=_("With an address you get our answer by mail, whatever you chose above."),
        widget=forms.EmailInput(attrs={"inputmode": "email", "autocomplete": "email"}),
        validators=[refuse_identity_numbers],
    )

    def clean_contact_phone(self) -> str:
        typed = self.cleaned_data["contact_phone"]
        return indonesian_number(typed) if typed else ""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        kind = cleaned.get("contact_kind")
        wanted = "contact_email" if kind == Kind.EMAIL else "contact_phone"
        if kind and not cleaned.get(wanted) and wanted not in self.errors:
            self.add_error(wanted, _("We need this to answer you."))
        return cleaned


class SessionRequestForm(ContactFields):
    """What a school, a village or a group tells the office; `values()` are the model's fields."""

    asker_kind = forms.ChoiceField(
        label=_("Which kind is it?"),
        choices=[("", _("Please choose")), *SessionRequest.Asker.choices],
    )
    asker = PlainLineField(
        label=_("Name of the school, office or group"),
        max_length=160,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    asker_role = PlainLineField(
        label=_("Your role there (if you like)"),
        required=False,
        max_length=80,
        help_text=_("A role, such as head teacher or chair of the PKK. Please no person's name."),
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
    )
    region = forms.ChoiceField(label=_("Kecamatan and village"))
    place = PlainLineField(
        label=_("Place (if you know it)"),
        required=False,
        max_length=160,
        help_text=_("For example the school hall or the village office."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    audience_codes = forms.MultipleChoiceField(
        label=_("For whom is it?"), widget=forms.CheckboxSelectMultiple
    )
    people = forms.CharField(
        label=_("About how many people?"),
        max_length=12,
        help_text=_("A guess is enough, from 1 to 5,000."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    issue_codes = forms.MultipleChoiceField(
        label=_("Topics you wish for"),
        required=False,
        help_text=_("Leave it open if you do not know yet."),
        widget=forms.CheckboxSelectMultiple,
    )
    note = PlainTextField(
        label=_("What else should we know? (if you like)"),
        required=False,
        max_length=1000,
        help_text=_("Please nothing about a child or a case: for that, call the help lines."),
        widget=forms.Textarea(attrs={"rows": 5, "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, district: District, today: date, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.district, self.today = district, today
        places, audience, issues = generation.remembered(
            ("session request", district.pk, get_language()), lambda: _choices(district)
        )
        self.fields["region"].choices = places
        self.fields["audience_codes"].choices = audience
        self.fields["issue_codes"].choices = issues
        for number, name in enumerate(WISHED, start=1):
            self.fields[name] = self._wished(number)
        # Faults are told in the order in which the page asks.
        self.order_fields([name for _id, _title, names in GROUPS for name in names])

    def _wished(self, number: int) -> forms.DateField:
        labels = (_("First wish"), _("Second wish"), _("Third wish"))
        bounds = {"min": self.today, "max": self.today + timedelta(days=DAYS_AHEAD)}
        field = forms.DateField(
            label=labels[number - 1],
            required=False,
            input_formats=TYPED_DATES,
            widget=forms.DateInput(
                format="%Y-%m-%d",
                attrs={"type": "date", "autocomplete": "off"}
                | {name: day.isoformat() for name, day in bounds.items()},
            ),
            error_messages={
                "invalid": _("We do not know this date. Write it like this: 25/11/2026.")
            },
        )
        field.validators.append(self._within_a_year)
        return field

    def _within_a_year(self, day: date) -> None:
        if day < self.today:
            raise ValidationError(_("This day is over. Please choose a later one."))
        if day > self.today + timedelta(days=DAYS_AHEAD):
            raise ValidationError(_("Please choose a day within the next twelve months."))

    def clean_region(self) -> Region | None:
        return Region.objects.get(pk=self.cleaned_data["region"])

    def clean_people(self) -> int:
        typed = "".join(self.cleaned_data["people"].split()).replace(".", "").replace(",", "")
        # Other scripts have digits as well; int() would take them.
        if not (typed.isascii() and typed.isdecimal()) or not 1 <= int(typed) <= MOST_PEOPLE:
            raise ValidationError(_("Please write a number from 1 to 5,000."))
        return int(typed)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        texts = [text for text in cleaned.values() if isinstance(text, str)]
        if count_links(*texts) > MOST_LINKS:
            raise ValidationError(
                _("There are too many links in it. Leave two at most, then send it again.")
            )
        return cleaned

    def values(self) -> dict[str, Any]:
        """The fields of a SessionRequest; the wished dates as ISO text, once each, in order."""
        cleaned = dict(self.cleaned_data)
        days = {cleaned.pop(name) for name in WISHED} - {None}
        return cleaned | {"wished_dates": [day.isoformat() for day in sorted(days)]}

    def groups(self) -> Iterator[tuple[str, Any, list[forms.BoundField]]]:
        """The fields by what they are about, in the order a person would tell it."""
        for name, title, names in GROUPS:
            yield name, title, [self[field] for field in names]


class AnswerForm(forms.Form):
    """The asker's answer to a question of the office."""

    message = PlainTextField(
        label=_("Your answer"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4})
    )

    def clean_message(self) -> str:
        message = self.cleaned_data["message"]
        if count_links(message) > MOST_LINKS:
            raise ValidationError(
                _("There are too many links in it. Leave two at most, then send it again.")
            )
        return message


class RequestTicket(Ticket):
    SALT = "campaigns.form_ticket"


def _choices(district: District) -> tuple[list, list, list]:
    return (
        place_choices(district, empty=_("Please choose")),
        [(term.code, term.label) for term in Term.objects.of("audience")],
        [(term.code, term.label) for term in Term.objects.of("issue_area")],
    )
