"""What a PIN may be, and how long a device waits after wrong ones."""

import re
from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

DIGITS = 6
FREE_TRIES = 5
# After the fifth wrong PIN, and after each further one; then always the last.
WAITS = (
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=8),
    timedelta(hours=24),
)


def wait_after(wrong_tries: int) -> timedelta | None:
    """How long the device waits after so many wrong PINs in a row; None for not at all."""
    if wrong_tries < FREE_TRIES:
        return None
    return WAITS[min(wrong_tries - FREE_TRIES, len(WAITS) - 1)]


def is_guessable(pin: str) -> bool:
    """Say whether it is among what people try first: 111111, 123456, 121212, 123123, 112233."""
    steps = {(int(b) - int(a)) % 10 for a, b in zip(pin, pin[1:], strict=False)}
    return (
        len(steps) == 1
        or pin == pin[:2] * 3
        or pin == pin[:3] * 2
        or pin[::2] == pin[1::2]
        or pin in {"123321", "654321", "159753", "147258", "101010"}
    )


def check_pin(pin: str) -> None:
    """Raise ValidationError unless the PIN has six digits that nobody tries first."""
    if not re.fullmatch(rf"[0-9]{{{DIGITS}}}", pin):
        raise ValidationError(_("A PIN has six digits."), code="pin")
    if is_guessable(pin):
        raise ValidationError(
            _("Others guess this PIN first. Take six digits without a pattern."), code="pin"
        )


class PinField(forms.CharField):
    """Six digits; hidden while typed, and never sent back with the form."""

    def __init__(self, *, new: bool = False, **kwargs: Any) -> None:
        attrs = {"inputmode": "numeric", "autocomplete": "off", "class": "pin"}
        widget = forms.PasswordInput(attrs=attrs, render_value=False)
        super().__init__(**{"widget": widget, "max_length": 20} | kwargs)
        self.new = new

    def clean(self, value: Any) -> str:
        pin = re.sub(r"[\s.-]", "", super().clean(value))
        if pin and self.new:
            check_pin(pin)
        return pin
