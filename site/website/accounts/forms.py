import unicodedata
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from allauth.account.forms import LoginForm, ResetPasswordForm, ResetPasswordKeyForm
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from districts.models import District, Organisation, Region, Role
from districts.places import place_choices
from safeguards.identifiers import refuse_identity_numbers
from website.accounts.factors.pins import PinField
from website.accounts.models import User
from website.accounts.services import address_of

USUAL_STAND_IN = timedelta(days=13)


def plain_line(text: str) -> str:
    """One line without control or direction characters, which can make a name lie."""
    return " ".join(
        "".join(
            " " if unicodedata.category(letter) in {"Cc", "Cf", "Zl", "Zp"} else letter
            for letter in text
        ).split()
    )


def day_input() -> forms.DateInput:
    """The browser's own calendar."""
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "autocomplete": "off"})


class NameField(forms.CharField):
    """A person's name; an identity number is refused."""

    default_validators = (refuse_identity_numbers,)

    def to_python(self, value: Any) -> str:
        return plain_line(super().to_python(value))


class SignInForm(LoginForm):
    """allauth's form, for an e-mail address or for a sign-in name of ours."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = forms.CharField(
            label=_("E-mail or sign-in name"),
            max_length=254,
            widget=forms.TextInput(
                attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
            ),
        )
        self.fields["password"].widget.attrs.pop("placeholder", None)
        self.fields["password"].label = _("Password")
        self.fields["password"].help_text = ""
        self.fields["password"].max_length = 4096
        self.order_fields(["login", "password"])

    def clean_login(self) -> str:
        return address_of(super().clean_login())

    def _login_with_password(self, request: Any, redirect_url: Any, credentials: Any) -> Any:
        # allauth would write the address into the session, which no export or erasure reaches.
        self._login.email = None
        return super()._login_with_password(request, redirect_url, {})


class NewPasswordForm(ResetPasswordForm):
    """Sends a link to those who have an address with us, and says the same to all."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].widget.attrs.pop("placeholder", None)

    def save(self, request: Any, **kwargs: Any) -> str:
        self.users = [user for user in self.users if user.has_email]
        if not self.users:
            return self.cleaned_data["email"]
        return super().save(request, **kwargs)


class ChoosePasswordForm(ResetPasswordKeyForm):
    """A new password, after the link in the mail."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = {"password1": _("A new password"), "password2": _("The new password once more")}
        for name, label in labels.items():
            self.fields[name].label = label
            self.fields[name].help_text = ""
            self.fields[name].widget.attrs.pop("placeholder", None)


class InviteForm(forms.Form):
    """Whom to invite, and to what. The service has the last word on what may be granted."""

    key = forms.UUIDField(widget=forms.HiddenInput, required=False, initial=uuid4)
    name = NameField(
        label=_("Name"),
        max_length=120,
        help_text=_("So that you know later whom this link was for."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    email = forms.EmailField(
        label=_("E-mail (if there is one)"),
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    role = forms.ChoiceField(label=_("Role"))
    organisation = forms.ModelChoiceField(
        label=_("Organisation"),
        queryset=Organisation.objects.none(),
        required=False,
        empty_label=_("None in particular"),
    )
    region = forms.ChoiceField(
        label=_("Only for this kecamatan or village"),
        required=False,
        help_text=_("For partners, cadres, teachers and coordinators. Usually left open."),
    )

    def __init__(
        self,
        *args: Any,
        district: District,
        roles: list[str],
        organisations: Any,
        bound: bool = False,
        **kwargs: Any,
    ) -> None:
        """`bound` is somebody who invites for an organisation alone: it must be named."""
        super().__init__(*args, **kwargs)
        if bound:
            self.fields["organisation"].required = True
            self.fields["organisation"].empty_label = None
        self.fields["role"].choices = [(role, Role(role).label) for role in roles]
        self.fields["organisation"].queryset = organisations
        self.fields["region"].choices = place_choices(district, empty=_("The whole district"))

    def clean_region(self) -> Region | None:
        code = self.cleaned_data["region"]
        return Region.objects.get(pk=code) if code else None


class StandInForm(forms.Form):
    """From which day to which; the service says which days are possible."""

    starts_on = forms.DateField(label=_("First day"), widget=day_input())
    ends_on = forms.DateField(
        label=_("Last day"), help_text=_("At most 90 days in all."), widget=day_input()
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["starts_on"].initial = today
        self.fields["ends_on"].initial = today + USUAL_STAND_IN


class AcceptForm(forms.Form):
    """What somebody who was invited tells of themselves: as little as signing in needs."""

    # Sealed: see `website.accounts.form_key`.
    key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=200)
    name = NameField(
        label=_("Your name"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label=_("Your e-mail (you may leave this empty)"),
        required=False,
        max_length=254,
        help_text=_("Without one you get a short name to sign in with."),
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
    )
    pin = PinField(
        label=_("A PIN of six digits for this phone"),
        new=True,
        required=False,
        help_text=_(
            "The easy way: on this phone you sign in with the PIN alone. Leave it empty if the "
            "phone is not yours."
        ),
    )
    password = forms.CharField(
        label=_("A new password"),
        strip=False,
        max_length=200,
        help_text=_(
            "At least 10 characters. Three words that only you would put together do well."
        ),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}, render_value=False),
    )

    def __init__(self, *args: Any, by_pin: bool = False, **kwargs: Any) -> None:
        """`by_pin` is somebody who may choose a PIN on this device instead of a password."""
        super().__init__(*args, **kwargs)
        if not by_pin:
            del self.fields["pin"]
            return
        self.fields["password"].required = False
        self.fields["password"].label = _("Or a password")

    def clean_email(self) -> str:
        email = self.cleaned_data["email"].lower()
        if email.endswith(".invalid"):
            raise ValidationError(_("No mail arrives at this address. Leave the field empty."))
        return email

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        chosen = cleaned.get("pin") or cleaned.get("password")
        if "pin" in self.fields and not chosen and not {"pin", "password"} & set(self.errors):
            self.add_error("pin", _("Choose a PIN, or a password below."))
        if cleaned.get("password"):
            person = User(name=cleaned.get("name", ""), email=cleaned.get("email", ""))
            try:
                validate_password(cleaned["password"], person)
            except ValidationError as error:
                self.add_error("password", error)
        return cleaned


class SheetForm(forms.Form):
    file = forms.FileField(
        label=_("Spreadsheet (XLSX or CSV)"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
    )
