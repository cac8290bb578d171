"""Fields for words of strangers: no hidden characters, no identity numbers."""

import re
import unicodedata
from typing import Any

from django import forms

from safeguards.identifiers import refuse_identity_numbers

LINK = re.compile(r"(?:https?://|www\.)", re.IGNORECASE)
_HIDDEN = frozenset({"Cc", "Cf", "Zl", "Zp"})


def without_hidden(text: str, *, keep: str = "") -> str:
    """Return the text with control and direction characters as spaces, but for ``keep``."""
    return "".join(
        " " if unicodedata.category(letter) in _HIDDEN and letter not in keep else letter
        for letter in text
    )


def count_links(*texts: str) -> int:
    return sum(len(LINK.findall(text)) for text in texts)


class PlainLineField(forms.CharField):
    """One line of text."""

    default_validators = (refuse_identity_numbers,)

    def to_python(self, value: Any) -> str:
        return " ".join(without_hidden(super().to_python(value)).split())


class PlainTextField(forms.CharField):
    """Several lines of text."""

    default_validators = (refuse_identity_numbers,)
    widget = forms.Textarea

    def to_python(self, value: Any) -> str:
        text = super().to_python(value).replace("\r\n", "\n").replace("\r", "\n")
        return without_hidden(text, keep="\n").strip()
