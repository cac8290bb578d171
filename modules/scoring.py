"""Reads answers and judges them; pure, and the same for a form, a file and a queue."""

from dataclasses import dataclass
from typing import Any

from modules.items import SCALE, Item, UnknownAnswer


@dataclass(frozen=True)
class Verdict:
    """What an answer is worth. `right` is None where nothing is right or wrong.

    `said` are words for who answered, beside their own choice, without the right one.
    """

    right: bool | None
    points: float = 0.0
    said: tuple[str, ...] = ()
    explain: str = ""


def read_answer(item: Item, given: Any) -> dict[str, Any]:
    """Return the answer as it is stored, or raise UnknownAnswer; see `modules.items`."""
    if not isinstance(given, dict):
        raise UnknownAnswer(item.id)
    if given.get("skipped") is True:
        return {"skipped": True}
    if item.kind in {"single", "true_false"}:
        return {"choice": _one_of(item, given.get("choice"), len(item.choices))}
    if item.kind == "multiple":
        chosen = _numbers(item, given.get("choices"))
        if not chosen:
            raise UnknownAnswer(item.id)
        return {"choices": sorted({_one_of(item, n, len(item.choices)) for n in chosen})}
    if item.kind == "order":
        order = _numbers(item, given.get("order"))
        if sorted(order) != list(range(len(item.sequence))):
            raise UnknownAnswer(item.id)
        return {"order": order}
    if item.kind == "match":
        piles = _numbers(item, given.get("piles"))
        if len(piles) != len(item.cards):
            raise UnknownAnswer(item.id)
        return {"piles": [_one_of(item, n, len(item.piles)) for n in piles]}
    if item.kind == "scenario":
        ways = _numbers(item, given.get("ways"))
        if item.nodes[item.path(ways)[-1]].ways:
            # Not at an end yet: nothing to judge.
            raise UnknownAnswer(item.id)
        return {"ways": ways}
    if item.kind == "likert":
        value = given.get("value")
        # 4.0 equals 4, and would be another key in a count.
        if type(value) is not int or value not in SCALE:
            raise UnknownAnswer(item.id)
        return {"value": value}
    raise UnknownAnswer(item.id)


def judge(item: Item, answer: dict[str, Any]) -> Verdict:
    """Judge an answer that `read_answer` returned; points are between 0 and 1."""
    if answer.get("skipped"):
        return Verdict(None)
    if item.kind in {"single", "true_false"}:
        choice = item.choices[answer["choice"]]
        return _whole(choice.right, (choice.feedback,), item)
    if item.kind == "multiple":
        return _multiple(item, set(answer["choices"]))
    if item.kind == "order":
        return _whole(answer["order"] == sorted(answer["order"]), (), item)
    if item.kind == "match":
        hits = [pile == card.pile for pile, card in zip(answer["piles"], item.cards, strict=True)]
        said = tuple(
            f"{card.text}: {card.feedback}"
            for card, hit in zip(item.cards, hits, strict=True)
            if not hit and card.feedback
        )
        return Verdict(all(hits), sum(hits) / len(hits), said, item.explain)
    if item.kind == "scenario":
        places = item.path(answer["ways"])
        said = tuple(
            item.nodes[place].ways[way].feedback
            for place, way in zip(places, answer["ways"], strict=False)
        )
        return _whole(item.nodes[places[-1]].good, said, item)
    return Verdict(None, 0.0, (), item.explain)


def _multiple(item: Item, chosen: set[int]) -> Verdict:
    right = {number for number, choice in enumerate(item.choices) if choice.right}
    # Choosing everything earns nothing.
    points = max(0.0, (len(chosen & right) - len(chosen - right)) / max(len(right), 1))
    said = tuple(item.choices[number].feedback for number in sorted(chosen))
    return Verdict(chosen == right, points, tuple(filter(None, said)), item.explain)


def _whole(right: bool, said: tuple[str, ...], item: Item) -> Verdict:
    return Verdict(right, float(right), tuple(filter(None, said)), item.explain)


def _one_of(item: Item, number: Any, count: int) -> int:
    if not isinstance(number, int) or isinstance(number, bool) or not 0 <= number < count:
        raise UnknownAnswer(item.id)
    return number


def _numbers(item: Item, given: Any) -> list[int]:
    if not isinstance(given, list) or len(given) > 50:
        raise UnknownAnswer(item.id)
    if not all(isinstance(n, int) and not isinstance(n, bool) for n in given):
        raise UnknownAnswer(item.id)
    return given
