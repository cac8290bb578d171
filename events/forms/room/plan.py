"""The form of a session: what a cadre fills on a phone first, all the rest folded away."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from districts.models import District, Organisation, Region
from districts.places import place_choices
from districts.terms import term_labels
from events.forms.room.choices import offices, organiser_choices, page_choices
from events.forms.room.people import (
    MOST_SPEAKERS,
    InvitedLines,
    invited_in,
    speaker_forms,
    speakers_in,
)
from events.forms.room.plain import LineField, MayBeUnjudged, TextField, whole_number
from events.forms.room.schedule import ScheduleForm
from events.models import MOST_SEATS, Event
from events.services.planning import TEXTS, Company
from events.words import kind_label

# What is folded away: address on the page, heading, fields.
GROUPS = (
    (
        "isi",
        _("What it is about, and for whom"),
        ("summary", "audience_codes", "issue_codes", "indicator_codes", "pages"),
    ),
    (
        "tempat",
        _("How to get there"),
        ("address", "is_home", "coordinates", "materials", "timezone"),
    ),
    ("undang", _("Who organises, who is invited"), ("organiser", "invited", "invited_more")),
    ("pendaftaran", _("Places and registration"), ("seats", "takes_registrations", "is_national")),
)


@dataclass(frozen=True)
class Group:
    """A folded part of the form; open where something in it is wrong."""

    name: str
    title: Any
    fields: list[forms.BoundField]
    is_open: bool


class PlanForm(MayBeUnjudged, ScheduleForm):
    """A session as a member plans it; `values()` and `company()` are what the services take."""

    key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)
    kind = forms.ChoiceField(
        label=_("What kind of session?"),
        error_messages={"required": _("Please choose a kind.")},
    )
    title = LineField(
        label=_("Title"),
        required=False,
        max_length=160,
        help_text=_("Empty: the kind and the name of the group."),
    )
    venue = LineField(
        label=_("Place"),
        required=False,
        max_length=160,
        help_text=_("For example the village hall. Of a home say only “at a member's home”."),
    )
    region = forms.ChoiceField(label=_("Kecamatan and village"), required=False)
    summary = TextField(
        label=_("What it is about"),
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    audience_codes = forms.MultipleChoiceField(
        label=_("For whom"), required=False, widget=forms.CheckboxSelectMultiple
    )
    issue_codes = forms.MultipleChoiceField(
        label=_("About what"), required=False, widget=forms.CheckboxSelectMultiple
    )
    indicator_codes = forms.MultipleChoiceField(
        label=_("KLA indicators"), required=False, widget=forms.CheckboxSelectMultiple
    )
    pages = forms.MultipleChoiceField(
        label=_("Modules and campaigns"), required=False, widget=forms.CheckboxSelectMultiple
    )
    address = LineField(
        label=_("How to get there"),
        required=False,
        max_length=300,
        help_text=_("Only members of this office read it."),
    )
    is_home = forms.BooleanField(label=_("It is in somebody's home"), required=False)
    coordinates = LineField(
        label=_("Point on the map"),
        required=False,
        max_length=40,
        help_text=_("Latitude and longitude, for example -7.70543, 110.60630"),
    )
    materials = LineField(label=_("What is needed"), required=False, max_length=300)
    organiser = forms.ModelChoiceField(
        Organisation.objects.none(), label=_("Organiser or group"), required=False
    )
    invited = forms.ModelMultipleChoiceField(
        Organisation.objects.none(),
        label=_("Invited offices"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    invited_more = InvitedLines(
        label=_("Others who are invited"),
        required=False,
        help_text=_("One organisation a line, no names of people."),
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
    )
    seats = forms.CharField(
        label=_("How many places?"),
        required=False,
        help_text=_("Empty: as many as come."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    takes_registrations = forms.BooleanField(label=_("People can register"), required=False)
    is_national = forms.BooleanField(label=_("Also in the national calendar"), required=False)

    def __init__(
        self,
        *args: Any,
        district: District,
        own: list[Organisation],
        today: date,
        event: Event | None = None,
        is_office: bool = False,
        grows: bool = False,
        **kwargs: Any,
    ):
        """`grows` shows what was sent, unjudged, with one more row for a speaker."""
        super().__init__(*args, today=today, known=event, **kwargs)
        self.is_unjudged = grows
        self.district, self.event = district, event
        kinds = term_labels("event_type")
        self.fields["kind"].choices = _with_known(
            [("", _("Please choose")), *kinds.items()], event.kind if event else ""
        )
        for name, vocabulary in (
            ("audience_codes", "audience"),
            ("issue_codes", "issue_area"),
            ("indicator_codes", "kla_indicator"),
        ):
            self.fields[name].choices = _with_known(
                list(term_labels(vocabulary).items()), *(getattr(event, name) if event else ())
            )
        self.fields["region"].choices = place_choices(district, empty=_("All of the district"))
        listed = offices(district, today)
        if event and event.organiser:
            own = [*own, event.organiser]
        everybody = Organisation.objects.for_district(district)
        for name in ("organiser", "invited"):
            self.fields[name].queryset = everybody
        self.fields["organiser"].choices = organiser_choices(own, listed)
        self.fields["invited"].choices = [(one.pk, one.name) for one in listed]
        self.fields["pages"].choices = _with_known(
            page_choices(district), *(self.initial.get("pages") or ())
        )
        # Each invited organisation is said once: ticked where it is offered, else as a line.
        offered = {one.pk for one in listed}
        lines = [label for pk, label in self.initial.get("invited_labels", ()) if pk not in offered]
        self.initial["invited_more"] = "\n".join(lines)
        if not is_office:
            del self.fields["is_national"]
        for name in ("invited", "pages"):
            if not self.fields[name].choices:
                del self.fields[name]
        self.grows = grows
        self.speakers = speaker_forms(
            self.data if self.is_bound else None,
            self.initial.get("speakers") or [],
            more=int(grows),
        )

    @property
    def most_speakers(self) -> int:
        return MOST_SPEAKERS

    @property
    def takes_more_speakers(self) -> bool:
        return len(self.speakers) < MOST_SPEAKERS

    def clean_region(self) -> Region | None:
        code = self.cleaned_data["region"]
        return Region.objects.select_related("parent").get(pk=code) if code else None

    def clean_seats(self) -> int | None:
        return whole_number(self.cleaned_data["seats"], MOST_SEATS)

    def clean_coordinates(self) -> tuple[Decimal, Decimal] | None:
        typed = self.cleaned_data["coordinates"].replace(";", ",")
        if not typed:
            return None
        try:
            latitude, longitude = (
                Decimal(part.strip()).quantize(Decimal("0.00001")) for part in typed.split(",")
            )
        except (ValueError, InvalidOperation) as error:
            raise ValidationError(
                _("Write two numbers with a comma between: -7.70543, 110.60630.")
            ) from error
        if not (latitude.is_finite() and longitude.is_finite()) or not (
            -90 <= latitude <= 90 and -180 <= longitude <= 180
        ):
            raise ValidationError(_("There is no such point on a map."))
        return latitude, longitude

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not cleaned.get("title") and "title" not in self.errors and cleaned.get("kind"):
            cleaned["title"] = suggested_title(cleaned["kind"], cleaned.get("organiser"))
        return cleaned

    def is_valid(self) -> bool:
        if self.grows:
            return False
        wrong = [form for form in self.speakers if not form.is_valid()]
        fine = super().is_valid()
        if wrong and fine:
            self.add_error(None, _("Please look at the speakers again."))
        return fine and not wrong

    def values(self) -> dict[str, Any]:
        """Fields of Event."""
        cleaned = self.cleaned_data
        place = cleaned["coordinates"] or (None, None)
        kept = {name: cleaned[name] for name in TEXTS if name in cleaned}
        times = {name: cleaned[name] for name in ("starts_at", "minutes", "timezone", "rrule")}
        return kept | times | {"latitude": place[0], "longitude": place[1]}

    def company(self) -> Company:
        cleaned = self.cleaned_data
        return Company(
            speakers=speakers_in(self.speakers, self.district),
            invited=invited_in(
                cleaned.get("invited", ()), cleaned["invited_more"], self.district, self.event
            ),
            pages=[int(pk) for pk in cleaned.get("pages", ())],
        )

    def groups(self) -> Iterator[Group]:
        """The folded parts; the rows of speakers stand in `undang`."""
        for name, title, names in GROUPS:
            fields = [self[field] for field in names if field in self.fields]
            wrong = any(field.errors for field in fields)
            if name == "undang":
                wrong = wrong or self.grows or any(form.errors for form in self.speakers)
            yield Group(name, title, fields, wrong)


def suggested_title(kind: str, organiser: Organisation | None) -> str:
    """ "Pertemuan PKK Dasawisma Melati"."""
    return " ".join(filter(None, [kind_label(kind), organiser and organiser.name]))[:160]


def _with_known(choices: list, *known: Any) -> list:
    """The choices, and what an older session has that is offered no more."""
    offered = {str(value) for value, _label in choices}
    return [*choices, *((value, value) for value in known if value and str(value) not in offered)]
