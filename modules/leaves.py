"""Cuts a long page into leaves, so that each travels to a phone in few bytes.

`?page=2` is the second leaf, `?page=semua` all of them on one page. What is short has one leaf.
"""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest

ALL = "semua"
FIRST = "1"


@dataclass(frozen=True)
class Leaves:
    """The leaf that is read: `number` of `total`, or all of them where `number` is 0."""

    number: int
    total: int

    @property
    def previous(self) -> int | None:
        return self.number - 1 if self.number > 1 else None

    @property
    def next(self) -> int | None:
        return self.number + 1 if 0 < self.number < self.total else None

    @property
    def is_first(self) -> bool:
        """Whether what stands once, at the head, stands here."""
        return self.number <= 1

    @property
    def is_last(self) -> bool:
        return self.number in {0, self.total}

    @property
    def to_previous(self) -> str:
        return link_to(self.number - 1)

    @property
    def to_next(self) -> str:
        return link_to(self.number + 1)

    def holds(self, leaf: int) -> bool:
        return self.number in {0, leaf}

    def to(self, leaf: int, anchor: str) -> str:
        """Where to jump for something on another leaf, or on this one."""
        return f"#{anchor}" if self.holds(leaf) else f"{link_to(leaf)}#{anchor}"


def link_to(leaf: int) -> str:
    """Leads to a leaf from another one; the first has no query, which "./" takes away."""
    return f"?page={leaf}" if leaf > 1 else "./"


def weight_of(text: str) -> int:
    """Bytes of a text on its way: texts travel packed."""
    return len(zlib.compress(text.encode()))


def words_in(value: Any) -> str:
    """What is read in raw blocks; their ids, which nothing packs, don't travel."""
    if isinstance(value, dict):
        return "".join(words_in(one) for name, one in value.items() if name != "id")
    if isinstance(value, list):
        return "".join(map(words_in, value))
    return f"{value}\n" if isinstance(value, str) else ""


def cut(texts: Sequence[str], *, room: int, first: int = 0, extra: Sequence[int] = ()) -> list[int]:
    """On which leaf each text stands, in order, so that none holds more than `room` bytes.

    The first leaf holds `first` bytes already; `extra` are bytes of each text that it doesn't show.
    A text that has no room anywhere has a leaf of its own.
    """
    leaf, held, fixed = 1, "", first
    leaves = []
    for number, text in enumerate(texts):
        more = extra[number] if extra else 0
        if fixed + more + weight_of(held + text) > room and (held or fixed):
            leaf, held, fixed = leaf + 1, "", 0
        held, fixed = held + text, fixed + more
        leaves.append(leaf)
    return leaves


def leaves_asked(request: HttpRequest, leaf_of: Sequence[int]) -> Leaves:
    """The leaf that the address asks for; Http404 for one that isn't there.

    A preview shows everything: its address has no leaves.
    """
    total = max(leaf_of, default=1)
    asked = request.GET.get("page", FIRST)
    if total == 1 and asked == FIRST or getattr(request, "is_preview", False):
        return Leaves(0, total)
    if asked == ALL:
        return Leaves(0, total)
    # `isdecimal` first: int() takes spaces, signs and underscores.
    if not asked.isdecimal() or len(asked) > 3 or not 1 <= int(asked) <= total:
        raise Http404
    return Leaves(int(asked), total)


def own_query(request: HttpRequest) -> str:
    """What of the query belongs to the address of a leaf: "" or "?page=2"."""
    asked = request.GET.get("page", FIRST)
    return "" if asked == FIRST else f"?page={asked}"
