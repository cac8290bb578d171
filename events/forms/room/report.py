"""The form of a session report, and what the office and the photos ask."""

import re
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from districts.forms.opened import OpenedField
from districts.models import Commitment, District
from districts.models.commitment import ENDED
from districts.regulations import by_rank
from events.forms.room.outline import chapter_fields, laws_field
from events.forms.room.plain import DayField, LineField, TextField
from events.models import CHAPTERS, Event, ReportFile, SessionReport
from events.models.report import LONGEST_MINUTES, LONGEST_TEXT, MOST_COST
from events.outlines import Chapters, chapters_of
from events.services.reporting import MOST_FOLLOW_UPS

PARTS = ("what", "owner", "due")
SPARE_ROWS = 2
COST = re.compile(r"(?:rp\.?)?\s*([0-9][0-9.\s]*)(?:,-|,00)?", re.IGNORECASE)


class CostField(forms.CharField):
    """Whole rupiah as people write them: "1.250.000", "Rp 1.250.000,-"."""

    def __init__(self, **kwargs: Any):
        widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
        super().__init__(widget=widget, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return f"{value:,}".replace(",", ".") if isinstance(value, int) else value

    def clean(self, value: Any) -> int | None:
        typed = super().clean(value)
        if not typed:
            return None
        found = COST.fullmatch(typed)
        digits = re.sub(r"\D", "", found[1]) if found and found[1].isascii() else ""
        if not digits or len(digits) > 15 or int(digits) > MOST_COST:
            raise ValidationError(
                _("Please write whole rupiah, for example 1.250.000."), code="invalid"
            )
        return int(digits)


class FollowUpForm(forms.Form):
    """One row: what is to be done, by whom, until when."""

    what = LineField(label=gettext_lazy("What is to be done?"), required=False, max_length=300)
    owner = LineField(
        label=gettext_lazy("Who does it? An office or a function"), required=False, max_length=120
    )
    due = DayField(label=gettext_lazy("Until when?"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.errors and not cleaned["what"] and (cleaned["owner"] or cleaned["due"]):
            self.add_error("what", _("What is it that has to be done?"))
        return cleaned


class ReportForm(forms.Form):
    """The whole report; `rows` are its follow-ups. `report` is what stands, None for nothing.

    Its chapters begin with what the office says of this kind of session.
    """

    key = forms.UUIDField(widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)
    minutes = TextField(
        label=gettext_lazy("What was said and decided?"),
        help_text=gettext_lazy(
            "Lines with “- ” become a list, “1. ” a numbered one, “## ” a heading, **two stars** "
            "bold words. An empty line begins a paragraph. Write functions, not names of children."
        ),
        required=False,
        max_length=LONGEST_MINUTES,
    )
    results = TextField(
        label=gettext_lazy("What came of it?"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    challenges = TextField(
        label=gettext_lazy("What was difficult?"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    solutions = TextField(
        label=gettext_lazy("What did you do about it?"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    commitments = forms.MultipleChoiceField(
        label=gettext_lazy("Which measures of the action plan (RAD) does it serve?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    cost = CostField(label=gettext_lazy("Cost in rupiah (optional)"), required=False, max_length=30)
    cost_source = LineField(
        label=gettext_lazy("Paid from (optional)"),
        help_text=gettext_lazy("For example: APBD, Dana Desa, self-help."),
        required=False,
        max_length=120,
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        event: Event,
        report: SessionReport | None = None,
    ):
        chapters = chapters_of(event, report)
        super().__init__(data, initial=initial_of(report) | chapters)
        self.event = event
        self.fields |= chapter_fields(CHAPTERS)
        self.fields["laws"] = laws_field(chapters["laws"])
        known = list(report.commitments.all()) if report else []
        self.fields["commitments"].choices = _offered(event.district, known)
        rows = _rows_of(report)
        number = min(max(len(rows), _typed_rows(data)) + SPARE_ROWS, MOST_FOLLOW_UPS)
        self.rows = [
            FollowUpForm(data, prefix=f"f{n}", initial=rows[n] if n < len(rows) else None)
            for n in range(number)
        ]

    def is_valid(self) -> bool:
        # Every row is judged, so that each says what is wrong with it.
        return all([super().is_valid(), *(row.is_valid() for row in self.rows)])

    @property
    def values(self) -> dict[str, Any]:
        """What `reporting.save_report` takes."""
        words = self.cleaned_data
        return {
            **{name: words[name] for name in ("minutes", "results", "challenges", "solutions")},
            "cost": words["cost"],
            "cost_source": words["cost_source"],
            "commitments": [int(pk) for pk in words["commitments"]],
            "chapters": self.chapters,
            "follow_ups": [
                {part: row.cleaned_data[part] for part in PARTS}
                for row in self.rows
                if row.cleaned_data["what"]
            ],
        }

    @property
    def chapters(self) -> Chapters:
        words = self.cleaned_data
        return {name: words[name] for name in CHAPTERS} | {"laws": by_rank(words["laws"])}

    @property
    def chapter_rows(self) -> list[forms.BoundField]:
        """The fields of the chapters, in the order of print."""
        first, *rest = CHAPTERS
        return [self[name] for name in (first, "laws", *rest)]

    @property
    def chapter_faults(self) -> bool:
        return any(field.errors for field in self.chapter_rows)

    @property
    def faulty_rows(self) -> list[FollowUpForm]:
        return [row for row in self.rows if row.is_bound and row.errors]


def initial_of(report: SessionReport | None) -> dict[str, Any]:
    """What the form shows of a report; a key of its own, so that to send it is told once."""
    if report is None:
        return {"key": uuid4(), "version": 0}
    return {
        "key": uuid4(),
        "version": report.version,
        "commitments": [str(one.pk) for one in report.commitments.all()],
        **{
            name: getattr(report, name)
            for name in (*("minutes", "results", "challenges", "solutions", "cost", "cost_source"),)
        },
    }


def _rows_of(report: SessionReport | None) -> list[dict[str, Any]]:
    rows = report.follow_ups.all() if report else ()
    return [{part: getattr(row, part) for part in PARTS} for row in rows]


def _typed_rows(data: Mapping[str, Any] | None) -> int:
    if data is None:
        return 0
    typed = [n for n in range(MOST_FOLLOW_UPS) if any(data.get(f"f{n}-{part}") for part in PARTS)]
    return max(typed, default=-1) + 1


def _offered(district: District, known: Iterable[Commitment]) -> list[tuple[str, str]]:
    """Measures that are still owed, and those that the report names already."""
    rows = {
        row.pk: row
        for row in Commitment.objects.for_district(district)
        .exclude(status__in=ENDED)
        .only("number", "measure", "district_id")
    }
    rows |= {row.pk: row for row in known}
    named = sorted(rows.values(), key=lambda row: _in_order(row.number))
    return [(str(row.pk), f"{row.number} {row.measure}") for row in named]


def _in_order(number: str) -> list[tuple[bool, int, str]]:
    """2.10 comes after 2.9."""
    parts = re.findall(r"\d+|\D+", number)
    return [(not p.isdecimal(), int(p) if p.isdecimal() else 0, p) for p in parts]


class DecisionForm(forms.Form):
    """The office accepts a report, or says what is to be changed."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)
    note = TextField(
        label=gettext_lazy("What should be changed?"),
        help_text=gettext_lazy("Whoever wrote the report reads this."),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class PhotoField(forms.FileField):
    """One photo or several; each is judged by itself, by `report_files.add_file`."""

    widget = ManyFiles

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        files = [one for one in (data if isinstance(data, list | tuple) else [data]) if one]
        if not files:
            raise ValidationError(_("Please choose a photo first."), code="required")
        if len(files) > 10:
            raise ValidationError(_("Please send at most ten photos at once."))
        return files


class DescriptionForm(forms.Form):
    """What a photo shows, and whether a child can be recognised."""

    caption = LineField(
        label=gettext_lazy("What is seen?"),
        help_text=gettext_lazy("For people who can't see it, too. No names of children."),
        required=False,
        max_length=200,
    )
    shows_child_face = forms.BooleanField(
        label=gettext_lazy("A child's face can be recognised"), required=False
    )
    consent_reference = LineField(
        label=gettext_lazy("Where is the written consent of the guardian kept?"),
        help_text=gettext_lazy("For example: folder of consents 2026, sheet 14."),
        required=False,
        max_length=120,
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("shows_child_face") and not cleaned.get("consent_reference", "x"):
            self.add_error(
                "consent_reference",
                _("A photo with a child's face needs the consent of the guardian."),
            )
        return cleaned


class DescribedForm(DescriptionForm):
    """What a photo that is kept already shows, said anew."""

    opened = OpenedField()


class PhotoForm(DescriptionForm):
    key = forms.UUIDField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(
        label=gettext_lazy("What is it?"),
        choices=ReportFile.Kind.choices,
        widget=forms.RadioSelect,
        initial=ReportFile.Kind.PHOTO,
    )
    photo = PhotoField(
        label=gettext_lazy("Photos"),
        help_text=gettext_lazy(
            "JPEG, PNG, WebP or AVIF, up to 20 megapixels. Place and time that a telephone writes "
            "into a photo are removed."
        ),
    )
    field_order = ("key", "photo", "kind", "caption", "shows_child_face", "consent_reference")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["photo"].widget.attrs["accept"] = "image/jpeg,image/png,image/webp,image/avif"
