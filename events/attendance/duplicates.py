"""People who may be one and the same, for a human to decide; nobody is merged by guess."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from events.attendance.persons import folded
from events.models import Participant

ALIKE = 0.86
MOST_PAIRS = 200
# Of a crowd with one first sign, so many are compared with each other.
MOST_IN_A_BUCKET = 400
MOST_WORDS = 6
TITLES = frozenset(
    {"h", "hj", "haji", "hajah", "dr", "drs", "dra", "ir"}
    | {"ibu", "bu", "bapak", "pak", "bpk", "sdr", "sdri"}
)


@dataclass(frozen=True)
class Pair:
    """`first` was written down before `second`; `why` in words."""

    first: Participant
    second: Participant
    why: str


def pairs_in(people: Iterable[Participant]) -> list[Pair]:
    """Pairs among these: the same telephone, the same name, or names that are nearly the same."""
    people = sorted(people, key=lambda row: row.pk)
    found: dict[tuple[int, int], Pair] = {}
    for name, why in (("phone", _("the same telephone number")), ("folded", _("the same name"))):
        groups = defaultdict(list)
        for row in people:
            if value := getattr(row, name):
                groups[value, row.sex if name == "folded" else ""].append(row)
        for group in groups.values():
            for second in group[1:MOST_IN_A_BUCKET]:
                found.setdefault((group[0].pk, second.pk), Pair(group[0], second, why))
    buckets = defaultdict(list)
    for row in people:
        bare = bare_name(row.folded)
        if bare:
            buckets[row.sex, bare[0]].append((bare, row))
    for bucket in buckets.values():
        for pair in _alike(bucket[:MOST_IN_A_BUCKET]):
            found.setdefault((pair.first.pk, pair.second.pk), pair)
    return list(found.values())[:MOST_PAIRS]


def candidates_for(district: Any, name: str, *, phone: str = "") -> list[Participant]:
    """People of the office who may be meant by a name, for a row of a sheet; one query."""
    wanted = bare_name(folded(name))
    if not wanted:
        return []
    first, *others = wanted.split()
    # Whose first word is spelt otherwise shares another word with it, its beginning, or the phone.
    near = Q(folded__startswith=first[:2]) | Q(folded__contains=first)
    for word in others[:MOST_WORDS]:
        if len(word) > 2:
            near |= Q(folded__contains=word)
    if phone:
        near |= Q(phone=phone)
    near = Participant.objects.known().for_district(district).filter(near)
    rows = list(near.select_related("organisation").order_by("folded", "pk")[:MOST_IN_A_BUCKET])
    return [
        row
        for row in rows
        if (phone and row.phone == phone) or is_alike(wanted, bare_name(row.folded))
    ]


def bare_name(name: str) -> str:
    """A folded name without titles."""
    words = [word for word in name.split() if word not in TITLES]
    return " ".join(words or name.split())


def is_alike(one: str, other: str) -> bool:
    if one == other:
        return True
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return (
        matcher.real_quick_ratio() >= ALIKE
        and matcher.quick_ratio() >= ALIKE
        and matcher.ratio() >= ALIKE
    )


def _alike(bucket: list[tuple[str, Participant]]) -> Iterable[Pair]:
    for number, (name, row) in enumerate(bucket):
        for other_name, other in bucket[number + 1 :]:
            if abs(len(name) - len(other_name)) <= 4 and is_alike(name, other_name):
                yield Pair(row, other, _("nearly the same name"))
