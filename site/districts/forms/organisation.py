import re
import unicodedata
from datetime import date
from typing import Any

from django import forms
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.widgets import AdminDateInput

from districts.channel_reach import serving
from districts.hours import local_date
from districts.models import Channel, Organisation, Region
from districts.services.channels import hide
from districts.services.organisations import succeed
from safeguards.identifiers import refuse_identity_numbers


class RegionChoice(forms.ModelChoiceField):
    """A region by name; villages are told apart by their code."""

    def label_from_instance(self, region: Region) -> str:
        return f"{region.name} ({region.code})"


def _letters(name: str) -> str:
    """The letters and digits alone, in lower case: what makes a name another one."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", name)).casefold()


class OrganisationForm(WagtailAdminModelForm):
    """An organisation of `instance.district`, which the view sets and nobody chooses."""

    successor = forms.ModelChoiceField(
        Organisation.objects.none(),
        required=False,
        label=_("taken over by"),
        help_text=_("Such as the UPTD PPA that follows a P2TP2A. This one then ends that day."),
    )
    since = forms.DateField(required=False, label=_("taken over on"), widget=AdminDateInput)

    class Meta:
        model = Organisation
        fields = [
            "name",
            "kind",
            "pkk_level",
            "npsn",
            "region",
            "parent",
            "active_from",
            "active_until",
            "note",
        ]
        field_classes = {"region": RegionChoice}
        widgets = {"active_from": AdminDateInput, "active_until": AdminDateInput}

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        district = self.instance.district
        own = Organisation.objects.for_district(district)
        if self.instance.pk:
            own = own.exclude(pk=self.instance.pk)
        for name in ("name", "note"):
            self.fields[name].validators.append(refuse_identity_numbers)
        self.fields["parent"].queryset = own
        code = district.region_id
        self.fields["region"].queryset = (
            Region.objects.filter(valid_until__isnull=True, code__startswith=code).order_by("code")
            if code
            else Region.objects.none()
        )
        if self.instance.pk:
            self.fields["successor"].queryset = own
        else:
            del self.fields["successor"], self.fields["since"]

    def _get_validation_exclusions(self) -> set[str]:
        # The district is not in the form, and yet part of what must be unique.
        return super()._get_validation_exclusions() - {"district"}

    def clean_npsn(self) -> str:
        return self.cleaned_data["npsn"].upper()

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if self._renames_numbers(data.get("name", "")):
            self.add_error(
                "name",
                _(
                    "Its checked numbers stand under this name, and that is for two persons. Add "
                    "the organisation of the new name, then say here that it takes over; or hide "
                    "the numbers first."
                ),
            )
        start, end = data.get("active_from"), data.get("active_until")
        if start and end and end < start:
            self.add_error("active_until", _("The end comes before the beginning."))
        if self._shows_again(start, end):
            self.add_error(
                "active_until",
                _(
                    "Its checked numbers would stand on the pages again, and that is for two "
                    "persons. Hide them first; then propose to show them again."
                ),
            )
        if data.get("successor") and not data.get("since"):
            self.add_error("since", _("Please tell the day of the take-over."))
        return data

    def save(self, commit: bool = True) -> Organisation:
        with transaction.atomic():
            organisation = super().save(commit=commit)
            if commit and self.cleaned_data.get("successor"):
                self._take_over(organisation)
            if commit:
                self._hide_what_ended(organisation)
        return organisation

    def _checked_numbers(self) -> QuerySet:
        """Its verified numbers that nobody hid; of a new organisation none."""
        return Channel.objects.shown().filter(
            organisation=self.instance.pk or 0, last_verified__isnull=False
        )

    def _renames_numbers(self, name: str) -> bool:
        """Whether readers would find such numbers under what is not just another spelling."""
        return (
            bool(name)
            and _letters(name) != _letters(self.initial.get("name", ""))
            and self._checked_numbers().exists()
        )

    def _shows_again(self, start: date | None, end: date | None) -> bool:
        """Whether numbers that nobody hid would be shown because of these dates."""
        today = local_date(timezone.now(), self.instance.district.timezone)
        serves = (start is None or start <= today) and (end is None or today <= end)
        return serves and self._checked_numbers().exclude(serving(today)).exists()

    def _hide_what_ended(self, organisation: Organisation) -> None:
        """Of what vanishes from the pages stands when, by whom and why."""
        organisation.refresh_from_db(fields=["active_until"])
        today = local_date(timezone.now(), organisation.district.timezone)
        if organisation.active_until is None or organisation.active_until >= today:
            return
        for channel in Channel.objects.shown().filter(organisation=organisation):
            hide(
                channel=channel, actor=self.for_user, reason=gettext("The organisation has ended.")
            )

    def _take_over(self, organisation: Organisation) -> None:
        succeed(
            predecessor=organisation,
            successor=self.cleaned_data["successor"],
            since=self.cleaned_data["since"],
            actor=self.for_user,
        )
