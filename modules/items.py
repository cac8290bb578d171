"""Questions as data, apart from pages: what is asked, what an answer looks like, what it is worth.

An `Item` comes from the raw value of a block in the steps or the survey. `Item.asked()` is what a
learner may see before the answer; keys and feedback stay in the item.

An answer, per kind, as it is stored (JSON):

| kind                | answer                                               |
|---------------------|------------------------------------------------------|
| single, true_false  | {"choice": 0}                                        |
| multiple            | {"choices": [0, 2]}                                  |
| order               | {"order": [2, 0, 1]}, positions in the right sequence|
| match               | {"piles": [1, 0]}, the pile of each card             |
| scenario            | {"ways": [0, 1]}, the way taken at each place        |
| likert              | {"value": 4}, from 1 (disagree) to 5 (agree)         |
| any                 | {"skipped": true}                                    |

A short text has no answer: it never leaves the device.
"""

import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

SCALE = (1, 2, 3, 4, 5)
COUNTED = frozenset({"single", "true_false", "multiple", "likert"})
SCORABLE = frozenset({"single", "true_false", "multiple", "order", "match", "scenario"})
# A private note is never collected, and a story that branches is read aloud.
NOT_ON_PAPER = frozenset({"short_text", "scenario"})
LONGEST_WAY = 20


class UnknownAnswer(ValueError):
    """The answer does not fit the question; nothing of it can be kept."""


@dataclass(frozen=True)
class Choice:
    text: str
    right: bool = False
    feedback: str = ""


@dataclass(frozen=True)
class Card:
    text: str
    pile: int
    feedback: str = ""


@dataclass(frozen=True)
class Way:
    text: str
    to: int
    feedback: str = ""


@dataclass(frozen=True)
class Node:
    text: str
    good: bool
    ways: tuple[Way, ...]


@dataclass(frozen=True)
class Asked:
    """What a learner sees: texts with the number that stands for each in an answer."""

    id: UUID
    kind: str
    prompt: str
    sensitive: bool
    options: tuple[tuple[int, str], ...] = ()
    piles: tuple[str, ...] = ()


@dataclass(frozen=True)
class Item:
    """One question with its key."""

    id: UUID
    kind: str
    prompt: str
    explain: str = ""
    scored: bool = False
    sensitive: bool = False
    dimension: str = ""
    direction: int = 1
    choices: tuple[Choice, ...] = ()
    sequence: tuple[str, ...] = ()
    piles: tuple[str, ...] = ()
    cards: tuple[Card, ...] = ()
    nodes: tuple[Node, ...] = field(default=())

    @property
    def is_counted(self) -> bool:
        """Hands or paper can be tallied for it, option by option."""
        return self.kind in COUNTED

    @property
    def is_answered(self) -> bool:
        """An answer of it can be kept; a private note's never is."""
        return self.kind != "short_text"

    @property
    def is_on_paper(self) -> bool:
        """It stands on the answer sheet, with a number."""
        return self.kind not in NOT_ON_PAPER

    @property
    def counted_options(self) -> list[tuple[str, str]]:
        """(key in a tally, text), in the order of the page; keys of a scale are "1" to "5"."""
        if self.kind == "likert":
            return [(str(value), "") for value in SCALE]
        return [(str(number), choice.text) for number, choice in enumerate(self.choices)]

    def options(self) -> tuple[str, ...]:
        """The texts that an answer refers to by number."""
        if self.kind == "order":
            return self.sequence
        if self.kind == "match":
            return tuple(card.text for card in self.cards)
        return tuple(choice.text for choice in self.choices)

    def asked(self, seed: str) -> Asked:
        """What may be shown before the answer, in an order that `seed` makes and always the same.

        True and false and the steps of a scale keep theirs.
        """
        numbered = list(enumerate(self.options()))
        if self.kind not in {"true_false", "likert", "scenario"}:
            random.Random(f"{seed} {self.id}").shuffle(numbered)  # noqa: S311 – an order, no secret
            if self.kind == "order" and [n for n, _text in numbered] == list(range(len(numbered))):
                # The right order is no puzzle.
                numbered.reverse()
        return Asked(
            id=self.id,
            kind=self.kind,
            prompt=self.prompt,
            sensitive=self.sensitive,
            options=tuple(numbered),
            piles=self.piles,
        )

    @property
    def shuffled(self) -> tuple[tuple[int, str], ...]:
        """The options as everybody sees them on the screen, never in the right order."""
        return self.asked("screen").options

    def path(self, ways: list[int]) -> list[int]:
        """The places a scenario leads through; raises UnknownAnswer for a way that is none."""
        if not self.nodes or len(ways) > LONGEST_WAY:
            raise UnknownAnswer(self.id)
        places = [0]
        for way in ways:
            node = self.nodes[places[-1]]
            if not 0 <= way < len(node.ways):
                raise UnknownAnswer(self.id)
            places.append(node.ways[way].to)
        return places


def item_of(block: dict[str, Any], *, dimension: str = "") -> Item:
    """The item of a raw StreamField block {"type", "value", "id"}."""
    kind = block["type"]
    if dimension:
        kind = kind.removeprefix(f"{dimension}_")
    value = block["value"]
    piles = tuple(values_of(value.get("piles")))
    nodes = values_of(value.get("nodes"))
    places = {node["name"]: number for number, node in enumerate(nodes)}
    return Item(
        id=UUID(block["id"]),
        kind=kind,
        prompt=value.get("prompt") or "",
        explain=value.get("explain") or "",
        scored=bool(value.get("scored")) and kind in SCORABLE,
        sensitive=bool(value.get("sensitive")),
        dimension=dimension,
        direction=int(value.get("direction") or 1),
        choices=tuple(
            Choice(one["text"], bool(one.get("right")), one.get("feedback") or "")
            for one in values_of(value.get("choices"))
        ),
        sequence=tuple(values_of(value.get("sequence"))),
        piles=piles,
        cards=tuple(
            Card(
                card["text"],
                piles.index(card["pile"]) if card["pile"] in piles else -1,
                card.get("feedback") or "",
            )
            for card in values_of(value.get("cards"))
        ),
        nodes=tuple(
            Node(
                node["text"],
                bool(node.get("good")),
                tuple(
                    Way(way["text"], places[way["to"]], way.get("feedback") or "")
                    for way in values_of(node.get("ways"))
                    if way["to"] in places
                ),
            )
            for node in nodes
        ),
    )


def survey_item(block: dict[str, Any]) -> Item:
    """The item of a survey block, whose type is `<dimension>_<kind>`."""
    return item_of(block, dimension=block["type"].rpartition("_")[0])


def numbered(items: Iterable[Item]) -> dict[UUID, int]:
    """The numbers of the questions on the answer sheet, the same on every paper and screen."""
    on_paper = (item.id for item in items if item.is_on_paper)
    return {item: number for number, item in enumerate(on_paper, start=1)}


def is_question(block: dict[str, Any]) -> bool:
    from modules.blocks.questions import QUESTIONS

    return block["type"] in QUESTIONS


def values_of(items: list | None) -> list[Any]:
    """The values of a list block, in its raw form or without ids."""
    return [
        one["value"] if isinstance(one, dict) and set(one) >= {"type", "value"} else one
        for one in items or []
    ]
