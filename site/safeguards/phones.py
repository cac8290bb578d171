"""Telephone numbers as ITU-T E.164 writes them: a plus, the country, the number, nothing else."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

_BETWEEN = re.compile(r"[\s.\-()/]+")
_INTERNATIONAL = re.compile(r"\+[1-9][0-9]{7,14}")
# Eight digits is the shortest fixed line with its area code, twelve the longest mobile number.
_INDONESIAN = re.compile(r"\+62[1-9][0-9]{7,11}")
LONGEST_TYPED = 40


def e164(text: str) -> str:
    """Return a number as typed in Indonesia as `+62…`, or ``""`` for what is no such number.

    Takes spaces, dots, hyphens and brackets, a leading 0, 62 or +62, and foreign numbers only
    with their plus.
    """
    bare = _BETWEEN.sub("", unicodedata.normalize("NFKC", text[:LONGEST_TYPED]).strip())
    if bare.startswith("+"):
        number = "+62" + bare[4:] if bare.startswith("+620") else bare
    elif bare.startswith("0") and not bare.startswith("00"):
        number = f"+62{bare[1:]}"
    elif bare.startswith("62"):
        number = f"+{bare}"
    elif bare.startswith("8"):
        number = f"+62{bare}"
    else:
        return ""
    return number if _INTERNATIONAL.fullmatch(number) else ""


def indonesian_number(text: str) -> str:
    """Return the number as `+62…`; raise ``ValidationError`` for any other."""
    number = e164(str(text or ""))
    if not _INDONESIAN.fullmatch(number):
        raise ValidationError(
            _("This is not a telephone number of Indonesia. Write it as you dial it, with its 0."),
            code="phone",
        )
    return number


def masked(number: str) -> str:
    """Return a number of which only whoever knows it recognises the rest: `+62812•••••90`."""
    return f"{number[:6]}{'•' * max(len(number) - 8, 0)}{number[-2:]}" if number else ""
