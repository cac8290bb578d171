"""What a reader asks of the shelf of modules, and what fits: filtered and counted in Python.

A shelf holds one language. The others' are choices of a filter that lead to the shelf of that
language, with all else that was asked.

A shelf is some dozens of rows; codes are JSON, which SQLite and PostgreSQL search differently.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
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
    """What a reader asked for, and what of the modules that leaves.

    `elsewhere`: the modules of the same shelf in other languages, by language.
    """

    def __init__(
        self, modules: list[Any], query: Any, *, elsewhere: Mapping[str, list[Any]] | None = None
    ):
        self.modules = modules
        self.elsewhere = {code: some for code, some in (elsewhere or {}).items() if some}
        everywhere = [*modules, *(one for some in self.elsewhere.values() for one in some)]
        self.asked = {name: query.get(name, "").strip() for name in FITS}
        topics = {**term_labels("issue_area"), **term_labels("violence_form")}
        minutes = sorted({module.minutes for module in modules})
        self.labels: dict[str, dict[str, str]] = {
            AUDIENCE: _used(term_labels("audience"), (one.audience for one in everywhere)),
            MINUTES: {str(n): _("At most %(minutes)s minutes") % {"minutes": n} for n in minutes},
            TOPIC: _used(topics, (one.topics for one in everywhere)),
            LANGUAGE: {one.language: one.language_label for one in everywhere},
        }

    @property
    def unknown(self) -> list[str]:
        """Names of filters whose value is no answer to what they ask."""
        return [name for name, value in self.asked.items() if value and not self._knows(name)]

    @property
    def found(self) -> list[Any]:
        return [] if self.unknown else self._matching(self.asked, self.modules)

    @property
    def filters(self) -> list[Filter]:
        """The selects; a question with one answer is not asked."""
        found = [
            self._filter(name)
            for name in (AUDIENCE, TOPIC, MINUTES)
            if self.asked[name] or self._has_answers(name)
        ]
        if self.asked[LANGUAGE] or self.elsewhere:
            found.append(self._languages())
        return found

    @property
    def other_language(self) -> str:
        """Of the shelf that was asked for, where it is not this one; "" for this one."""
        asked = self.asked[LANGUAGE]
        return asked if asked in self.elsewhere else ""

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

    def _has_answers(self, name: str) -> bool:
        """Whether modules of this shelf differ in it."""
        fits = FITS[name]
        here = [v for v in self.labels[name] if any(fits(one, value=v) for one in self.modules)]
        return len(here) > 1

    def _languages(self) -> Filter:
        """This shelf's own, which is no filter, then the others that have what is asked for."""
        asked = self.asked | {LANGUAGE: ""}
        here, there = [], []
        for code, label in self.labels[LANGUAGE].items():
            count = len(self._matching(asked, self.elsewhere.get(code, self.modules)))
            if code not in self.elsewhere:
                here.append(Choice("", label, count, not self.other_language))
            elif count:
                there.append(Choice(code, label, count, code == self.other_language))
        return Filter(LANGUAGE, here + there, self.asked[LANGUAGE])

    def _filter(self, name: str) -> Filter:
        others = self._matching(self.asked | {name: ""}, self.modules)
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

    def _matching(self, asked: dict[str, str], modules: list[Any]) -> list[Any]:
        answered = {name: v for name, v in asked.items() if v and self._knows(name)}
        return [
            one
            for one in modules
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
