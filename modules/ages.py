"""Bands of years, as the vocabulary `age_group` has them: "13-17", "60+"."""

import re
from collections.abc import Collection, Iterable

from django.utils.translation import gettext as _

from districts.terms import term_labels
from modules.models import Group

OLDEST = 120
# The years that a circle of this kind usually has; nothing is refused because of it.
USUAL = {Group.Kind.SCHOOL: (6, 17), Group.Kind.PKK: (25, 59), Group.Kind.OTHER: (0, OLDEST)}
# Modules written for one of these are offered to a group of that kind.
AUDIENCES = {
    Group.Kind.SCHOOL: frozenset({"paud", "sd-mi", "smp-mts", "sma-ma", "smk", "slb"}),
    Group.Kind.PKK: frozenset({"orang-tua", "kader-pkk", "dasawisma", "umum"}),
}

Bands = list[tuple[str, str]]


def years_of(code: str) -> tuple[int, int] | None:
    """The first and last year of a band; None where the code names no years."""
    numbers = [int(found) for found in re.findall(r"\d{1,3}", code)]
    if not numbers:
        return None
    return numbers[0], numbers[1] if len(numbers) > 1 else OLDEST


def bands_for(years: tuple[int, int], also: Collection[str] = ()) -> tuple[Bands, Bands]:
    """(near, others) as (code, label): near are the bands in which the years lie.

    `also` are codes in use; they stand among the near ones, known to the vocabulary or not.
    """
    labels = term_labels("age_group")
    if not labels:
        labels = {"": _("All ages")}
    labels |= {code: code or _("All ages") for code in also if code not in labels}
    near = {code for code in labels if code in also or overlap([code], *years)}
    if not near:
        return list(labels.items()), []
    return (
        [(code, label) for code, label in labels.items() if code in near],
        [(code, label) for code, label in labels.items() if code not in near],
    )


def overlap(codes: Iterable[str], youngest: int, oldest: int) -> bool:
    """Say whether anybody of these bands may be as old as that; unknown years always may."""
    bands = [years_of(code) for code in codes]
    known = [band for band in bands if band]
    if not known:
        return True
    return any(first <= oldest and last >= youngest for first, last in known)
