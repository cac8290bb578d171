"""Forms of the channel screens: what people type, beside what was wrong with it."""

import re
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from districts.models import Channel, District, Organisation, Region, Term
from districts.services.channel_values import EXTENSION, NUMBERED, TEXTS
from districts.services.village_roles import is_village, village_roles

HOURS_KINDS = [
    ("unknown", _("We do not know")),
    ("always", _("Day and night")),
    ("days", _("On these days")),
]
SPAN = re.compile(r"(\d{1,2})[.:](\d{2})\s*(?:-|–|—|s/?d|sampai)\s*(\d{1,2})[.:](\d{2})")
DAYS = range(1, 8)


class ChannelForm(forms.Form):
    """A new channel, or other values for one; saved only as a proposal."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    organisation = forms.ModelChoiceField(Organisation.objects.none(), label=_("Organisation"))
    kind = forms.ChoiceField(label=_("Kind"), choices=Channel.Kind.choices)
    label = forms.CharField(
        label=_("Label"),
        max_length=120,
        required=False,
        help_text=_("How people know this channel. In one village only: choose a role below."),
    )
    value = forms.CharField(
        label=_("Number or address"),
        max_length=300,
        help_text=_("A number of an office or a role, never of a private person."),
    )
    display = forms.CharField(
        label=_("As people read it"),
        max_length=300,
        required=False,
        help_text=_("Leave empty to show it as it was typed."),
    )
    region = forms.ChoiceField(label=_("Serves only"), required=False)
    village_role = forms.ChoiceField(
        label=_("Role in the village"),
        required=False,
        help_text=_("For a channel of one village: its label is this role, never a name."),
    )
    issues = forms.MultipleChoiceField(
        label=_("Issues"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: for all issues."),
    )
    is_emergency = forms.BooleanField(label=_("For immediate danger"), required=False)
    timezone = forms.ChoiceField(
        label=_("Time zone"), choices=Channel._meta.get_field("timezone").choices
    )
    hours_kind = forms.ChoiceField(label=_("Open"), choices=HOURS_KINDS, widget=forms.RadioSelect)
    audience = forms.CharField(label=_("For whom"), max_length=200, required=False)
    cost = forms.CharField(label=_("Cost"), max_length=120, required=False)
    confidentiality = forms.CharField(label=_("Confidentiality"), max_length=300, required=False)
    label_en = forms.CharField(label=_("Label in English"), max_length=120, required=False)
    audience_en = forms.CharField(label=_("For whom, in English"), max_length=200, required=False)
    cost_en = forms.CharField(label=_("Cost, in English"), max_length=120, required=False)
    confidentiality_en = forms.CharField(
        label=_("Confidentiality, in English"), max_length=300, required=False
    )
    source = forms.CharField(
        label=_("Source"), max_length=200, help_text=_("Who told us, such as a letter or a call.")
    )
    position = forms.IntegerField(
        label=_("Position"), min_value=0, max_value=32767, help_text=_("Lower comes first.")
    )
    active = forms.BooleanField(label=_("Active"), required=False)

    def __init__(self, *args: Any, district: District, channel: Channel | None = None, **kwargs):
        self.channel = channel
        kwargs.setdefault("initial", _initial(district, channel))
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = Organisation.objects.for_district(district)
        self.fields["region"].choices = _regions(district)
        self.fields["village_role"].choices = [
            ("", "–"),
            *((role.code, role.label) for role in village_roles()),
        ]
        self.fields["issues"].choices = [
            (term.code, term.label) for term in Term.objects.of("issue_area")
        ]
        at = list(self.fields).index("hours_kind") + 1
        days = {
            f"day_{day}": forms.CharField(
                label=WEEKDAYS[day - 1],
                required=False,
                max_length=100,
                help_text=_("For example 08.00–12.00, 13.00–16.00; empty when closed.")
                if day == 1
                else "",
            )
            for day in DAYS
        }
        fields = list(self.fields.items())
        self.fields = dict([*fields[:at], *days.items(), *fields[at:]])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        cleaned["hours"] = {}
        if cleaned.get("hours_kind") == "always":
            cleaned["hours"] = {"always": True}
        elif cleaned.get("hours_kind") == "days":
            days = {}
            for day in DAYS:
                try:
                    spans = read_spans(cleaned.get(f"day_{day}") or "")
                except ValidationError as error:
                    self.add_error(f"day_{day}", error)
                    continue
                if spans:
                    days[str(day)] = spans
            if days:
                cleaned["hours"] = {"days": days}
            elif not self.errors:
                self.add_error("hours_kind", _("Write the hours of at least one day."))
        return cleaned

    @property
    def proposal(self) -> dict[str, Any]:
        """The fields as the service wants them."""
        names = ("organisation", "kind", "value", "issues", "is_emergency", "hours", "timezone")
        data = self.cleaned_data
        texts = [name for name in TEXTS if name in self.fields]
        proposed = {name: data[name] for name in (*names, "position", "active", *texts)}
        if is_village(data["region"]):
            proposed["label"] = data["village_role"] or data["label"]
        return proposed | {"region": data["region"] or None}

    def add_faults(self, error: ValidationError) -> None:
        """Put what the service refused beside the fields."""
        if not hasattr(error, "error_dict"):
            self.add_error(None, error)
            return
        for name, faults in error.error_dict.items():
            name = "hours_kind" if name == "hours" else name
            if name == "label" and is_village(self.cleaned_data.get("region")):
                name = "village_role"
            self.add_error(name if name in self.fields else None, faults)


class ReasonForm(forms.Form):
    """Why a channel is hidden or a change refused."""

    reason = forms.CharField(
        label=_("Why"),
        min_length=3,
        max_length=300,
        help_text=_("One sentence; no name of a person."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


def read_spans(text: str) -> list[list[str]]:
    """Read "08.00–12.00, 13.00–16.00"; raise ValidationError for anything else."""
    spans = []
    for part in filter(None, (part.strip() for part in re.split(r"[,;]| dan ", text))):
        match = SPAN.fullmatch(part)
        if match is None:
            raise ValidationError(_("Write hours as 08.00–16.00."))
        hours = [f"{int(match[1]):02d}:{match[2]}", f"{int(match[3]):02d}:{match[4]}"]
        if any(not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d|24:00", hour) for hour in hours):
            raise ValidationError(_("Write hours between 00.00 and 24.00."))
        spans.append(hours)
    return spans


def _initial(district: District, channel: Channel | None) -> dict[str, Any]:
    initial: dict[str, Any] = {"key": uuid4()}
    if channel is None:
        return initial | {
            "timezone": district.timezone,
            "hours_kind": "unknown",
            "position": 100,
            "active": True,
        }
    initial |= {name: getattr(channel, name) for name in (*TEXTS, "kind", "value", "timezone")}
    initial |= {name: getattr(channel, name) for name in ("issues", "position", "active")}
    initial |= {
        "organisation": channel.organisation_id,
        "region": channel.region_id or "",
        "village_role": next(
            (role.code for role in village_roles() if role.label_id == channel.label), ""
        ),
        "is_emergency": channel.is_emergency,
        "hours_kind": "always" if channel.hours.get("always") else "unknown",
    }
    if channel.value:
        # E.164 reads badly; what people read is what they correct.
        is_whole = channel.kind in NUMBERED and not EXTENSION.search(channel.display)
        initial["value"] = (is_whole and channel.display) or channel.value
    else:
        initial["display"] = ""
    if channel.hours.get("days"):
        initial["hours_kind"] = "days"
        for day, spans in channel.hours["days"].items():
            initial[f"day_{day}"] = ", ".join(
                f"{opens.replace(':', '.')}–{closes.replace(':', '.')}" for opens, closes in spans
            )
    return initial


def _regions(district: District) -> list[tuple[str, Any]]:
    """The whole area, or one kecamatan or village of it."""
    choices: list[tuple[str, Any]] = [("", _("The whole area"))]
    if district.region_id is None or district.level != District.Level.KABUPATEN:
        return choices
    below = Region.objects.filter(
        code__startswith=f"{district.region_id}.", valid_until__isnull=True
    ).order_by("code")
    return choices + [
        (region.code, region.name if len(region.code) == 8 else f"– {region.name}")
        for region in below
    ]
