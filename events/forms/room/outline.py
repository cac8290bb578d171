"""The chapters of a report as fields: for an office that says how they begin, and for a report."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from districts.forms.opened import OpenedField
from districts.regulations import by_rank, citable
from events.forms.room.plain import TextField
from events.models import CHAPTERS, OUTLINED
from events.models.report import LONGEST_TEXT

HELP = {
    "background": _("Why the session was held: what the situation is, and what was decided."),
    "purpose": _("What it is for. One line for each purpose."),
    "scope": _("Which area and which groups it is about."),
    "committee": _("Which offices and functions prepared and held it. No names are needed."),
    "materials": _("What was taught or presented. Topics of the speakers are added by themselves."),
    "evaluation": _("What went well, what did not, and how you know it."),
    "conclusion": _("What the session comes to, in a few sentences."),
    "suggestions": _("What should be done differently or next. One line for each."),
}


def chapter_fields(names: Iterable[str]) -> dict[str, forms.Field]:
    """A field of several lines for each of these chapters."""
    return {
        name: TextField(
            label=CHAPTERS[name],
            help_text=HELP[name],
            required=False,
            max_length=LONGEST_TEXT,
            widget=forms.Textarea(attrs={"rows": 3}),
        )
        for name in names
    }


def laws_field(cited: Iterable[str]) -> forms.MultipleChoiceField:
    """Regulations in force, and those that are cited already."""
    return forms.MultipleChoiceField(
        label=_("Legal basis"),
        required=False,
        choices=citable(cited),
        widget=forms.CheckboxSelectMultiple,
    )


class OutlineForm(forms.Form):
    """What reports of one kind of session begin with; `stands` is what is written of it."""

    opened = OpenedField()

    def __init__(self, *args: Any, stands: dict[str, Any], **kwargs: Any):
        super().__init__(*args, initial=stands | kwargs.pop("initial", {}), **kwargs)
        self.fields |= chapter_fields(OUTLINED)
        self.fields["laws"] = laws_field(stands["laws"])

    def clean_laws(self) -> list[str]:
        return by_rank(self.cleaned_data["laws"])
