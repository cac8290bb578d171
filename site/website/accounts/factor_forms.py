"""Forms for codes and PINs. What a PIN field was given is never sent back."""

from django import forms
from django.utils.translation import gettext_lazy as _

from website.accounts.factors.codes import LONGEST_CODE
from website.accounts.factors.pins import PinField


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Code from your app, or a recovery code"),
        max_length=LONGEST_CODE,
        widget=forms.TextInput(
            attrs={
                "inputmode": "numeric",
                "autocomplete": "one-time-code",
                "class": "pin",
                "spellcheck": "false",
            }
        ),
    )


class PinForm(forms.Form):
    pin = PinField(label=_("PIN of this device"))


class PersonPinForm(PinForm):
    """On a device of several people they say who they are, by their first names."""

    person = forms.ChoiceField(label=_("Who are you?"), widget=forms.RadioSelect)
    field_order = ["person", "pin"]


class NewPinForm(forms.Form):
    pin = PinField(
        label=_("Your new PIN"), new=True, help_text=_("Six digits that only you would think of.")
    )
    again = PinField(label=_("The PIN once more"))

    def clean(self) -> dict:
        cleaned = super().clean()
        if "pin" in cleaned and "again" in cleaned and cleaned["pin"] != cleaned["again"]:
            self.add_error("again", _("The two PINs differ."))
        return cleaned
