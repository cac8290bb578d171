"""What a public page shows of a question.

A self-check carries its answers in the page, so that it works without a script and sends nothing.
Of what the server scores there are only the words of the question: no key, no feedback.
"""

from dataclasses import dataclass

from modules.items import Item

# The order on pages; any word would do, as long as it stays.
SEED = "halaman"
# A scenario is drawn as a tree; one that turns in circles ends here.
MOST_PLACES = 60


@dataclass(frozen=True)
class Option:
    """`said` answers whoever taps it; `right` is None where nothing is told."""

    text: str
    said: str = ""
    right: bool | None = None
    pile: str = ""


@dataclass(frozen=True)
class Place:
    """A place of a scenario with the ways on from it; a way leads to a further place."""

    text: str
    good: bool | None = None
    ways: tuple["Way", ...] = ()


@dataclass(frozen=True)
class Way:
    text: str
    said: str = ""
    place: Place | None = None


@dataclass(frozen=True)
class Check:
    kind: str
    prompt: str
    scored: bool
    sensitive: bool
    options: tuple[Option, ...] = ()
    piles: tuple[str, ...] = ()
    sequence: tuple[str, ...] = ()
    start: Place | None = None
    explain: str = ""


def check_of(item: Item) -> Check:
    """The question as anybody may read it; with its answers only where it is a self-check."""
    asked = item.asked(SEED)
    told = not item.scored
    return Check(
        kind=item.kind,
        prompt=item.prompt,
        scored=item.scored,
        sensitive=item.sensitive,
        options=tuple(
            _told(item, number, text) if told else Option(text) for number, text in asked.options
        ),
        piles=asked.piles,
        sequence=item.sequence if told else (),
        start=_start(item) if told else _first(item),
        explain=item.explain if told else "",
    )


def _told(item: Item, number: int, text: str) -> Option:
    if item.kind == "match":
        card = item.cards[number]
        pile = item.piles[card.pile] if card.pile >= 0 else ""
        return Option(text, said=card.feedback, pile=pile)
    if item.choices:
        choice = item.choices[number]
        return Option(text, said=choice.feedback, right=choice.right)
    return Option(text)


def _first(item: Item) -> Place | None:
    """Where a scenario begins, without where its ways lead."""
    if not item.nodes:
        return None
    node = item.nodes[0]
    return Place(node.text, ways=tuple(Way(way.text) for way in node.ways))


def _start(item: Item) -> Place | None:
    if not item.nodes:
        return None
    left = [MOST_PLACES]
    return _place(item, 0, left, above=())


def _place(item: Item, number: int, left: list[int], above: tuple[int, ...]) -> Place:
    left[0] -= 1
    node = item.nodes[number]
    ways = tuple(
        Way(way.text, way.feedback, _on(item, way.to, left, (*above, number))) for way in node.ways
    )
    return Place(node.text, None if node.ways else node.good, ways)


def _on(item: Item, number: int, left: list[int], above: tuple[int, ...]) -> Place | None:
    """The next place; None where the way leads back, or the story never ends."""
    if number in above or left[0] <= 0:
        return None
    return _place(item, number, left, above)
