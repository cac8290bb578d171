"""Identity numbers that must not be stored: NIK (also the family card's number) and NISN.

A NIK is PPKKCC DDMMYY SSSS: area, date of birth with 40 added to a woman's day, serial
(Permendagri 2/2015). A NISN has 10 digits that begin with the last three of the year of birth.
"""

import re
import unicodedata
from typing import Literal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

_GAP = r"[\s.\-/_]{0,2}"
_NIK = re.compile(rf"(?<!\d)(?=((?:\d{_GAP}){{15}}\d)(?!\d))")
_NIK_LABELLED = re.compile(rf"\bN\.?I\.?K\b\D{{0,20}}(?:\d{_GAP}){{15}}\d(?!\d)", re.I)
_NISN_LABELLED = re.compile(rf"\bN\.?I\.?S\.?N\b\D{{0,20}}(?:\d{_GAP}){{9}}\d(?!\d)", re.I)
# Pupils born 1990-1999 and 2000-2019. 020 and later are left to the label: 021 is Jakarta's
# telephone code; no telephone number begins with 00, 01 or 99 here.
_NISN_BARE = re.compile(r"(?<![\d+.\-/])(?:99\d|00\d|01\d)\d{7}(?![\d\-/]|\.\d)")
_PROVINCES = frozenset(
    {*range(11, 20), 21, *range(31, 37), *range(51, 54), *range(61, 66), *range(71, 77)}
    | {81, 82, *range(91, 98)}
)
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
LONGEST_TEXT = 200_000
# Neither number has fewer digits.
SHORTEST_NUMBER = 10


def contains_identity_number(text: str) -> Literal["nik", "nisn"] | None:
    """Return which identity number ``text`` holds, however it is spaced, or ``None``.

    Without the word NIK beside it, sixteen digits count only if area and date are possible.
    """
    if len(text) < SHORTEST_NUMBER and text.isascii():
        # Too short for either, and most that is asked about.
        return None
    text = unicodedata.normalize("NFKC", text[:LONGEST_TEXT]).translate(_INVISIBLE)
    if _NIK_LABELLED.search(text) or any(_plausible_nik(m[1]) for m in _NIK.finditer(text)):
        return "nik"
    if _NISN_LABELLED.search(text) or _NISN_BARE.search(text):
        return "nisn"
    return None


def refuse_identity_numbers(text: str) -> None:
    """Raise ``ValidationError`` when ``text`` holds an identity number; usable as a validator."""
    found = contains_identity_number(str(text or ""))
    if found:
        raise ValidationError(
            _("This looks like an identity number (%(kind)s). We do not keep those; leave it out."),
            code="identity_number",
            params={"kind": found.upper()},
        )


def _plausible_nik(typed: str) -> bool:
    digits = re.sub(r"\D", "", typed)
    if len(digits) != 16:
        return False
    day, month = int(digits[6:8]), int(digits[8:10])
    return (
        int(digits[:2]) in _PROVINCES
        and digits[2:4] != "00"
        and (1 <= day <= 31 or 41 <= day <= 71)
        and 1 <= month <= 12
    )
