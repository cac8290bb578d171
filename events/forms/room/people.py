"""Who speaks and who is invited, as rows and lines of a form."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from districts.models import District, Organisation
from events.forms.room.choices import named
from events.forms.room.plain import LineField, MayBeUnjudged, plain_line
from events.models import Event
from safeguards.identifiers import contains_identity_number

MOST_SPEAKERS = 12
MOST_INVITED = 200
LONGEST_NAME = 160
PARTS = ("name", "org", "topic")


class SpeakerForm(MayBeUnjudged, forms.Form):
    """One row: an adult in a public function."""

    name = LineField(label=_("Name and office"), required=False, max_length=120)
    org = LineField(label=_("Organisation"), required=False, max_length=160)
    topic = LineField(label=_("Topic"), required=False, max_length=160)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.errors and not cleaned["name"] and (cleaned["org"] or cleaned["topic"]):
            self.add_error("name", _("Who is it? A name or an office."))
        return cleaned


def speaker_forms(
    data: Mapping[str, Any] | None, initial: list[dict[str, str]], *, more: int = 0
) -> list[SpeakerForm]:
    """The rows that are known or were sent, some empty ones, and so many more: then unjudged."""
    number = min(max(3, len(initial) + 2, _sent_rows(data)) + more, MOST_SPEAKERS)
    rows = [
        SpeakerForm(data, prefix=f"s{n}", initial=initial[n] if n < len(initial) else None)
        for n in range(number)
    ]
    for row in rows:
        row.is_unjudged = more > 0
    return rows


def _sent_rows(data: Mapping[str, Any] | None) -> int:
    if data is None:
        return 0
    sent = [n for n in range(MOST_SPEAKERS) if any(f"s{n}-{part}" in data for part in PARTS)]
    return max(sent, default=-1) + 1


def speakers_in(forms_: Iterable[SpeakerForm], district: District) -> list[dict[str, Any]]:
    """Mappings for `planning.Company`; an organisation of the directory is linked."""
    rows = [form.cleaned_data for form in forms_ if form.cleaned_data.get("name")]
    known = named(district, (row["org"] for row in rows))
    return [
        {
            "name": row["name"],
            "organisation": known.get(row["org"].lower()),
            "organisation_name": row["org"],
            "topic": row["topic"],
        }
        for row in rows
    ]


class InvitedLines(forms.CharField):
    """One organisation a line."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> list[str]:
        lines = (plain_line(line) for line in super().to_python(value).splitlines())
        return list(dict.fromkeys(line for line in lines if line))

    def validate(self, value: list[str]) -> None:
        super().validate(value)
        if len(value) > MOST_INVITED:
            raise forms.ValidationError(
                _("At most %(most)s organisations can be invited."), params={"most": MOST_INVITED}
            )
        for line in value:
            if len(line) > LONGEST_NAME:
                raise forms.ValidationError(
                    _("A line is too long: “%(line)s…”. Write one organisation a line."),
                    params={"line": line[:40]},
                )
            if contains_identity_number(line):
                raise forms.ValidationError(
                    _("“%(line)s” looks like a person's number. Names of organisations only."),
                    params={"line": line[:4] + "…"},
                )

    def run_validators(self, value: list[str]) -> None:
        """Each line was judged."""


def invited_in(
    ticked: Iterable[Organisation], lines: Iterable[str], district: District, event: Event | None
) -> list[dict[str, Any]]:
    """Mappings for `planning.Company`: who is invited already keeps the label that was used."""
    lines = list(lines)
    labels = dict(event.invited.values_list("organisation_id", "label")) if event else {}
    known = named(district, lines)
    rows: dict[str, dict[str, Any]] = {}
    for one in ticked:
        label = labels.get(one.pk, one.name)[:LONGEST_NAME]
        rows.setdefault(label, {"organisation": one, "label": label})
    for line in lines:
        one = known.get(line.lower())
        label = labels.get(one.pk, line) if one is not None else line
        rows.setdefault(label, {"organisation": one, "label": label})
    return list(rows.values())
