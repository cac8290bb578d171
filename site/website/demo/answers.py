"""Answers as a class might give them, made up from a seed: no person gave any."""

from collections import Counter
from collections.abc import Iterable
from itertools import permutations
from random import Random
from typing import Any
from uuid import UUID

from modules.items import LONGEST_WAY, Item
from modules.models.answers import Phase
from modules.pictures import LENGTH, PICTURES

# The share who are where the module leads, before and after.
WANTED = {Phase.BEFORE: 0.45, Phase.AFTER: 0.78}
SKIPPED = 0.05
# So many pick no pictures.
WITHOUT_PICTURES = 2


def seeded(seed: Any) -> Random:
    return Random(str(seed))  # noqa: S311 – answers that are made up, no secret


def answer_to(item: Item, random: Random, *, right: float) -> dict[str, Any]:
    """An answer as a device sends it; right with this probability, sometimes skipped."""
    if item.sensitive and random.random() < SKIPPED:
        return {"skipped": True}
    if item.kind == "likert":
        return {"value": _agreement(item, random, right)}
    if item.kind in {"single", "true_false"}:
        return {"choice": _choice(item, random, right)}
    hit = random.random() < right
    if item.kind == "multiple":
        wanted = {number for number, choice in enumerate(item.choices) if choice.right}
        return {
            "choices": sorted(wanted if hit else wanted ^ {random.randrange(len(item.choices))})
            or [0]
        }
    if item.kind == "order":
        order = list(range(len(item.sequence)))
        if not hit:
            place = random.randrange(len(order) - 1)
            order[place], order[place + 1] = order[place + 1], order[place]
        return {"order": order}
    if item.kind == "match":
        piles = range(len(item.piles))
        return {
            "piles": [
                card.pile if random.random() < 0.5 + right / 2 else random.choice(piles)
                for card in item.cards
            ]
        }
    return {"ways": _ways(item, random)}


def sheet(survey: Iterable[Item], random: Random, *, wanted: float) -> dict[UUID, int]:
    """A survey as one person fills it in; here and there something is left out."""
    return {
        item.id: _agreement(item, random, wanted)
        if item.kind == "likert"
        else _choice(item, random, wanted)
        for item in survey
        if random.random() >= SKIPPED
    }


def hands(item: Item, random: Random, people: int, *, wanted: float) -> dict[str, int]:
    """How many hands each answer gets; one or two stay down."""
    counts: Counter[str] = Counter()
    for _n in range(people - random.randrange(3)):
        given = answer_to(item, random, right=wanted)
        chosen = given.get("choices", [given.get("choice", given.get("value"))])
        counts.update(str(number) for number in chosen if number is not None)
    return {key: counts[key] for key, _text in item.counted_options}


def pair_codes(random: Random, people: int) -> list[str]:
    """Three pictures for each, all different; "" for those who pick none."""
    picked = random.sample(list(permutations(PICTURES, LENGTH)), people)
    codes = ["-".join(pictures) for pictures in picked]
    return codes[:-WITHOUT_PICTURES] + [""] * WITHOUT_PICTURES


def _choice(item: Item, random: Random, right: float) -> int:
    wanted = [number for number, choice in enumerate(item.choices) if choice.right]
    others = [number for number, choice in enumerate(item.choices) if not choice.right]
    if random.random() < right:
        return random.choice(wanted)
    # One mistake is commoner than the rest.
    return random.choices(others, weights=[4, *[1] * (len(others) - 1)])[0]


def _agreement(item: Item, random: Random, wanted: float) -> int:
    value = random.choice((4, 4, 5)) if random.random() < wanted else random.choice((2, 3, 3))
    return value if item.direction > 0 else 6 - value


def _ways(item: Item, random: Random) -> list[int]:
    ways: list[int] = []
    place = 0
    while item.nodes[place].ways:
        # A story that goes in circles ends with the last way on, which leads out.
        number = len(item.nodes[place].ways)
        way = random.randrange(number) if len(ways) < LONGEST_WAY // 2 else number - 1
        ways.append(way)
        place = item.nodes[place].ways[way].to
    return ways
