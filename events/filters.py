"""What a reader asks of the calendar (`?kec= &jenis= &sasaran= &tema=`), and what can be asked."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from districts.models import District, Region
from districts.terms import term_labels
from safeguards import generation

KECAMATAN, KIND, AUDIENCE, ISSUE = NAMES = ("kec", "jenis", "sasaran", "tema")
VOCABULARIES = {KIND: "event_type", AUDIENCE: "audience", ISSUE: "issue_area"}
# A filter's value is a code; what is longer is nobody's.
LONGEST_CODE = 60


@dataclass(frozen=True)
class Choice:
    """One value of a filter."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True)
class Filter:
    """One of the questions above the list."""

    name: str
    choices: list[Choice]


class Filters:
    """What is asked of a district's calendar; the national one knows districts for kecamatan."""

    def __init__(self, district: District, query: Mapping[str, str]):
        self.district = district
        asked = {name: str(query.get(name, "")).strip() for name in NAMES}
        # A sign that nobody can type is no choice, and PostgreSQL refuses to look for it.
        self.asked = {name: v if v.isprintable() else "" for name, v in asked.items()}

    def __bool__(self) -> bool:
        return any(self.asked.values())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Filters) and self._key == other._key

    def __hash__(self) -> int:
        return hash(self._key)

    @property
    def _key(self) -> tuple:
        return (self.district.pk, *self.asked.values())

    @cached_property
    def labels(self) -> dict[str, dict[str, str]]:
        """Name → code → label of everything that can be chosen."""
        known = generation.remembered(
            ("calendar filters", self.district.pk, get_language()), self._labels
        )
        asked = self.asked[KECAMATAN]
        if not self.district.is_national or len(asked) != 8:
            return known
        # The nation has seven thousand of them: only the one that is asked for is looked up.
        return known | {KECAMATAN: known[KECAMATAN] | one_kecamatan(asked)}

    def _labels(self) -> dict[str, dict[str, str]]:
        return {KECAMATAN: places(self.district)} | {
            name: term_labels(vocabulary) for name, vocabulary in VOCABULARIES.items()
        }

    @cached_property
    def unknown(self) -> list[str]:
        """Names of filters whose value nothing can have."""
        return [
            name for name, value in self.asked.items() if value and value not in self.labels[name]
        ]

    def apply(self, dates: QuerySet) -> QuerySet:
        """Those of the occurrences (or feed entries) that fit; none for an unknown value."""
        if self.unknown:
            return dates.none()
        for name, value in self.asked.items():
            if value:
                # The code of a district is the beginning of those of its kecamatan.
                end = "." if name == KECAMATAN and len(value) < 8 else "|"
                dates = dates.filter(facets__contains=f"|{name}:{value}{end}")
        return dates

    @property
    def choices(self) -> list[Filter]:
        return [
            Filter(
                name,
                [
                    Choice(code, label, code == self.asked[name])
                    for code, label in self.labels[name].items()
                ],
            )
            for name in NAMES
            if self.labels[name]
        ]

    @property
    def removable(self) -> list[dict[str, str]]:
        """What is asked for, each with the query that asks for all but it."""
        lost = dict.fromkeys(self.unknown, "")
        return [
            {"label": self.labels[name][value], "query": self.query(**lost | {name: ""})}
            for name, value in self.asked.items()
            if value and value in self.labels[name]
        ]

    def query(self, **changes: Any) -> str:
        """The filters as the end of an address, without the question mark."""
        return urlencode({name: v for name, v in (self.asked | changes).items() if v})

    @property
    def known_query(self) -> str:
        """The same without what nobody knows."""
        return self.query(**dict.fromkeys(self.unknown, ""))


def places(district: District) -> dict[str, str]:
    """Code → name of the kecamatan of a district, or of the districts of the nation."""
    if district.is_national:
        offices = District.objects.filter(level=District.Level.KABUPATEN).order_by("short_name")
        return dict(offices.values_list("region_id", "short_name"))
    if not district.region_id:
        return {}
    return _named(Region.objects.kecamatan_of(district.region_id))


def labels_of(district: District, asked: Iterable[tuple[str, str]]) -> list[str]:
    """The labels of these (filter, value); what has none any more is left out."""
    labels = (Filters(district, {name: value}).labels[name].get(value) for name, value in asked)
    return [label for label in labels if label]


def one_kecamatan(code: str) -> dict[str, str]:
    """Its code → its name; empty where there is no such."""
    return _named(Region.objects.filter(code=code, level=Region.Level.KECAMATAN))


def _named(regions: QuerySet) -> dict[str, str]:
    return {
        code: _("Kecamatan %(name)s") % {"name": name}
        for code, name in regions.values_list("code", "name")
    }
