"""What can be found: a source is a name, a heading and how to find, kept in the order shown."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from website.search import words
from website.search.stemming import key


@dataclass(frozen=True)
class Reader:
    """For whom is searched: an office's host in one language. `root` is the path of its pages."""

    district: Any
    root: str
    language: str
    now: datetime


@dataclass(frozen=True)
class Record:
    """A thing that is no page. `weights`: a word as written → (key, how much it says).

    Those of the same `rank` stand by how well they match, then in `order`.
    """

    view: Any
    rank: int
    order: tuple
    weights: Mapping[str, tuple[str, int]]

    @classmethod
    def of(
        cls,
        view: Any,
        *,
        order: tuple,
        texts: Iterable[tuple[str, int]],
        language: str,
        rank: int = 0,
    ) -> "Record":
        """From what is written on it; `texts` are (text, how much a word of it says)."""
        weights: dict[str, tuple[str, int]] = {}
        for text, weight in texts:
            for word in words.telling(text, language):
                weights[word] = (key(word, language), max(weight, weights.get(word, ("", 0))[1]))
        return cls(view, rank, order, weights)


@dataclass(frozen=True)
class Source:
    """Either `page_types` (label of a page model → what a hit of it is called, or "") or `records`.

    `records(reader)` returns what this reader may see, without a query where nothing has changed;
    `resting(reader)` likewise the `url_path` of pages that nobody is to find now, and all below.
    """

    name: str
    heading: Any
    position: int
    page_types: Mapping[str, Any] = field(default_factory=dict)
    records: Callable[[Reader], Iterable[Record]] | None = None
    resting: Callable[[Reader], Iterable[str]] | None = None
    template: str = ""


_sources: dict[str, Source] = {}


def register(source: Source) -> None:
    """Add a source; a second one of the same name replaces the first."""
    _sources[source.name] = source


def in_order() -> list[Source]:
    return sorted(_sources.values(), key=lambda source: source.position)


def page_types() -> dict[str, Source]:
    """Label of each page model that is indexed → its source."""
    return {label: source for source in in_order() for label in source.page_types}
