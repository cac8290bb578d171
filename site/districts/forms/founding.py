from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from districts.models import District
from districts.services.founding import FoundingRefused, found_district

SHARED_FIELDS = [
    "short_name",
    "office_name",
    "timezone",
    "cloth",
    "accent",
    "letterhead",
    "signatory",
    "number_format",
    "kla_target",
]


class OfficeForm(WagtailAdminModelForm):
    """What may change once an office is open; host, level and region stay."""

    class Meta:
        model = District
        fields = SHARED_FIELDS
        widgets = {
            "letterhead": forms.Textarea(attrs={"rows": 4}),
            "accent": forms.TextInput(attrs={"type": "color"}),
        }


class FoundingForm(OfficeForm):
    """Opens an office in one step."""

    hostname = forms.CharField(
        label=_("host name"),
        max_length=253,
        help_text=_("Where readers find the office, such as klaten.example.go.id."),
    )
    region_code = forms.CharField(
        label=_("region code"),
        max_length=13,
        required=False,
        help_text=_("The ministry's code, such as 33.10. Empty for the national office."),
    )
    exit_url = forms.URLField(
        label=_("quick exit leads to"),
        required=False,
        assume_scheme="https",
        help_text=_("A harmless page of another site. Empty for the usual one."),
    )
    placeholders = forms.BooleanField(
        label=_("make help channels to fill in"),
        required=False,
        initial=True,
        help_text=_("For the services every district should have. Readers see no number yet."),
    )

    class Meta(OfficeForm.Meta):
        fields = ["level", "slug", *SHARED_FIELDS]

    field_order = ["level", "region_code", "slug", "hostname", *SHARED_FIELDS]

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["level"].initial = District.Level.KABUPATEN

    def _post_clean(self) -> None:
        """The service judges the office as a whole; nothing is saved half."""

    def found(self, *, port: int, actor: Any) -> District | None:
        """Open the office; None when it was refused, with the reasons beside the fields."""
        data = {**self.cleaned_data, "region_code": self.cleaned_data["region_code"] or None}
        try:
            return found_district(**data, port=port, actor=actor)
        except FoundingRefused as refused:
            for fault in (refused, *refused.others):
                self.add_error(fault.field if fault.field in self.fields else None, fault.message)
        except ValidationError as invalid:
            for name, errors in invalid.message_dict.items():
                for message in errors:
                    self.add_error(name if name in self.fields else None, message)
        return None
