from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from modules.forms.counts import Counts
from modules.models import ClassRun, Group, ModulePage
from modules.services.groups import Cell, cells_of
from safeguards.identifiers import refuse_identity_numbers

ALL = "semua"
AHEAD_AT_MOST = timedelta(days=366)
NOW, PLAN = "mulai", "rencana"
TYPED_DATES = ["%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y", "%d.%m.%Y"]
# What the module needs at least is how it is taught unless somebody chooses more.
MODE_FOR = {
    ModulePage.Needs.NOTHING: ClassRun.Mode.DEVICE,
    ModulePage.Needs.PAPER: ClassRun.Mode.PAPER,
    ModulePage.Needs.ONE: ClassRun.Mode.DEVICE,
    ModulePage.Needs.PHONES: ClassRun.Mode.PHONES,
}
MODE_WORDS = {
    ClassRun.Mode.PHONES: _("Everybody joins with a code and answers on a phone. No account."),
    ClassRun.Mode.DEVICE: _("You read a question aloud, count hands and tap the number."),
    ClassRun.Mode.PAPER: _("You hand out answer sheets and enter the totals afterwards."),
}


class StartForm(forms.Form):
    """What to teach to whom, how and when. `key` makes a form sent twice one run."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    lesson = forms.ChoiceField(label=_("Which lesson?"), widget=forms.RadioSelect)
    group = forms.ModelChoiceField(
        Group.objects.none(), label=_("With whom?"), required=False, widget=forms.RadioSelect
    )
    label = forms.CharField(
        label=_("What do you call them? (may stay empty)"),
        required=False,
        max_length=60,
        validators=[refuse_identity_numbers],
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    mode = forms.ChoiceField(
        label=_("How?"), choices=ClassRun.Mode.choices, widget=forms.RadioSelect
    )
    day = forms.DateField(
        label=_("Day"),
        required=False,
        input_formats=TYPED_DATES,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "autocomplete": "off"}),
    )

    def __init__(
        self,
        *args: Any,
        module: ModulePage,
        lessons: list[str],
        groups: QuerySet,
        today: date,
        **kwargs: Any,
    ):
        super().__init__(*args, **kwargs)
        self.today, self.last_day = today, module.last_day
        self.groups = list(groups)
        self.counts = Counts(
            years=(module.age_from, module.age_to), typed=self.data if self.is_bound else None
        )
        numbered = [(str(number), title) for number, title in enumerate(lessons)]
        self.fields["lesson"].choices = (
            [(ALL, _("All lessons")), *numbered] if len(numbered) > 1 else numbered
        )
        self.fields["group"].queryset = groups
        self.fields["lesson"].initial = numbered[0][0] if len(numbered) == 1 else ALL
        self.fields["mode"].initial = MODE_FOR[ModulePage.Needs(module.needs)]
        self.fields["day"].initial = today

    @property
    def starts_now(self) -> bool:
        return self.data.get("do") != PLAN

    @property
    def modes(self) -> list[dict[str, Any]]:
        chosen = self["mode"].value()
        return [
            {"value": value, "label": label, "words": MODE_WORDS[value], "chosen": value == chosen}
            for value, label in ClassRun.Mode.choices
        ]

    @property
    def choices_of_group(self) -> list[dict[str, Any]]:
        chosen = str(self["group"].value() or "")
        return [
            {
                "value": str(group.pk),
                "label": group.label,
                "period": group.period,
                "people": sum(cell.number for cell in cells_of(group)),
                "chosen": str(group.pk) == chosen,
            }
            for group in self.groups
        ]

    def clean_day(self) -> date:
        day = self.cleaned_data["day"] or self.today
        if self.starts_now:
            return self.today
        if day < self.today:
            raise ValidationError(_("This day is over. Please choose today or a later one."))
        if day > self.today + AHEAD_AT_MOST:
            raise ValidationError(_("That is more than a year ahead. Please choose another day."))
        if self.last_day is not None and day > self.last_day:
            raise ValidationError(
                _("This module is reviewed on %(day)s. Please choose a day until then."),
                params={"day": date_format(self.last_day, "j F Y")},
            )
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        group = cleaned.get("group")
        if "group" in self.errors:
            return cleaned
        if group is not None:
            cleaned["cells"] = _cells_of(self.groups, group)
            return cleaned
        try:
            cleaned["cells"] = self.counts.cells()
        except ValidationError as error:
            self.add_error(None, error)
        return cleaned

    @property
    def lessons(self) -> list[int] | None:
        """Indexes, or None for all."""
        lesson = self.cleaned_data["lesson"]
        return None if lesson == ALL else [int(lesson)]


def _cells_of(groups: list[Group], chosen: Group) -> list[Cell]:
    """From the groups that were read with their counts."""
    return next(cells_of(group) for group in groups if group.pk == chosen.pk)
