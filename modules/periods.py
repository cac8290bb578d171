"""Years as groups have them: a school year from July to June, a calendar year elsewhere."""

import re
from datetime import date

from modules.models import Group

SCHOOL_BEGINS = 7
ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
# Whoever finishes one of these goes to another school.
LAST_GRADES = frozenset({6, 9, 12})
_GRADE = re.compile(r"^(\d{1,2}(?!\d)|[IVX]{1,4}(?![A-Za-z]))")


def period_of(kind: str, day: date) -> str:
    """ "2026/2027" for a school class, "2026" for others."""
    if kind != Group.Kind.SCHOOL:
        return str(day.year)
    first = day.year if day.month >= SCHOOL_BEGINS else day.year - 1
    return f"{first}/{first + 1}"


def raised(label: str) -> str:
    """ "7B" a year later: "8B"; unchanged where the pupils leave, or no grade stands first."""
    found = _GRADE.match(label.strip())
    if found is None:
        return label
    written, rest = found[1], label.strip()[found.end() :]
    grade = int(written) if written.isdecimal() else _roman(written)
    if not 0 < grade <= len(ROMAN) or grade in LAST_GRADES:
        return label
    return (str(grade + 1) if written.isdecimal() else ROMAN[grade]) + rest


def _roman(written: str) -> int:
    return ROMAN.index(written) + 1 if written in ROMAN else 0
