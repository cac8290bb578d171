"""What a reader asks of the shelf of modules, and what fits: filtered and counted in Python.

A shelf is some dozens of rows; codes are JSON, which SQLite and PostgreSQL search differently.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from districts.terms import term_labels
from modules.models import ModulePage

AUDIENCE, AGE, MINUTES, TOPIC, LANGUAGE, NEEDS = (
    "sasaran",
    "usia",
    "menit",
    "topik",
    "bahasa",
    "perlu",
)
WITHOUT_DEVICE = "tanpa"
DEVICELESS = frozenset({ModulePage.Needs.NOTHING, ModulePage.Needs.PAPER})
OLDEST, LONGEST = 120, 10_000


@dataclass(frozen=True)
class Choice:
    """One value of a filter and how many modules it would show."""

    value: str
    label: str
    count: int
    chosen: bool


@dataclass(frozen=True)
class Filter:
    """One of the questions above the list that is answered by choosing."""

    name: str
    choices: list[Choice]
    chosen: str


class Search:
    """What a reader asked for, and what of the modules that leaves."""

    def __init__(self, modules: list[Any], query: Any):
        self.modules = modules
        self.asked = {name: query.get(name, "").strip() for name in FITS}
        topics = {**term_labels("issue_area"), **term_labels("violence_form")}
        minutes = sorted({module.minutes for module in modules})
        self.labels: dict[str, dict[str, str]] = {
            AUDIENCE: _used(term_labels("audience"), (one.audience for one in modules)),
            MINUTES: {str(n): _("At most %(minutes)s minutes") % {"minutes": n} for n in minutes},
            TOPIC: _used(topics, (one.topics for one in modules)),
            LANGUAGE: {one.language: one.language_label for one in modules},
        }

    @property
    def unknown(self) -> list[str]:
        """Names of filters whose value is no answer to what they ask."""
        return [name for name, value in self.asked.items() if value and not self._knows(name)]

    @property
    def found(self) -> list[Any]:
        return [] if self.unknown else self._matching(self.asked)

    @property
    def filters(self) -> list[Filter]:
        """The selects; a question with one answer is not asked."""
        return [
            self._filter(name)
            for name in (AUDIENCE, TOPIC, MINUTES, LANGUAGE)
            if len(self.labels[name]) > 1 or self.asked[name]
        ]

    @property
    def age(self) -> str:
        return self.asked[AGE] if self._knows(AGE) else ""

    @property
    def needs_nothing(self) -> bool:
        return self.asked[NEEDS] == WITHOUT_DEVICE

    @property
    def removable(self) -> list[dict[str, str]]:
        """What is asked for, each with the query that asks for all but it."""
        return [
            {"label": self._label(name), "query": self.query(**{name: ""})}
            for name, value in self.asked.items()
            if value and self._knows(name)
        ]

    def query(self, **changes: str) -> str:
        """The filters as the end of an address, without the question mark."""
        return urlencode({name: v for name, v in (self.asked | changes).items() if v})

    def _knows(self, name: str) -> bool:
        value = self.asked[name]
        if name == NEEDS:
            return value == WITHOUT_DEVICE
        if name in (AGE, MINUTES):
            most = OLDEST if name == AGE else LONGEST
            return value.isascii() and value.isdecimal() and len(value) < 6 and int(value) <= most
        return value in self.labels[name]

    def _label(self, name: str) -> str:
        value = self.asked[name]
        if name == NEEDS:
            return _("Needs no device")
        if name == AGE:
            return _("%(age)s years old") % {"age": value}
        if name == MINUTES:
            return _("At most %(minutes)s minutes") % {"minutes": value}
        return self.labels[name][value]

    def _filter(self, name: str) -> Filter:
        others = self._matching(self.asked | {name: ""})
        fits = FITS[name]
        labels = dict(self.labels[name])
        if name == MINUTES and self.asked[name] and self._knows(name):
            labels.setdefault(self.asked[name], self._label(name))
        counts = Counter({code: sum(map(partial(fits, value=code), others)) for code in labels})
        return Filter(
            name,
            [
                Choice(code, label, counts[code], code == self.asked[name])
                for code, label in labels.items()
                if counts[code] or code == self.asked[name]
            ],
            self.asked[name],
        )

    def _matching(self, asked: dict[str, str]) -> list[Any]:
        answered = {name: v for name, v in asked.items() if v and self._knows(name)}
        return [
            one
            for one in self.modules
            if all(FITS[name](one, value=value) for name, value in answered.items())
        ]


def _used(labels: dict[str, str], codes: Iterable[Iterable[str]]) -> dict[str, str]:
    """Those labels that some module bears, in the vocabulary's order."""
    used = {code for some in codes for code in some}
    return {code: label for code, label in labels.items() if code in used}


FITS: dict[str, Callable[..., bool]] = {
    AUDIENCE: lambda one, *, value: value in one.audience,
    AGE: lambda one, *, value: one.age_from <= int(value) <= one.age_to,
    MINUTES: lambda one, *, value: one.minutes <= int(value),
    TOPIC: lambda one, *, value: value in one.topics,
    LANGUAGE: lambda one, *, value: value == one.language,
    NEEDS: lambda one, *, value: one.needs in DEVICELESS,
}
