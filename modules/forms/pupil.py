"""A pupil's forms: what stands in their fields, and what comes back out of them.

Fields of a question: `jawaban` (a choice, several, or a step of the scale), `tempat-<n>` (the place
of the nth line on this phone, from 1), `tumpukan-<n>` (the pile of the nth card), `jalan` (the ways
of a story so far) with `pilih` (the next one), and `lewati` where it is skipped. Of a survey:
`s-<item>`, `gambar-1` to `gambar-3`. Lines and cards are numbered as they are shown: their own
numbers would spell the key.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext as _

from modules.items import SCALE, Item, UnknownAnswer
from modules.pictures import LENGTH, PICTURES

SKIP = "lewati"
PICTURE_FIELDS = tuple(f"gambar-{number}" for number in range(1, LENGTH + 1))


def uuid_of(text: str) -> UUID | None:
    try:
        return UUID(text) if len(text) <= 36 else None
    except ValueError:
        return None


def number_of(text: str | None) -> int | None:
    """A small whole number, or None for anything else."""
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 4 else None


def given_answer(item: Item, data: QueryDict, *, seed: str) -> dict[str, Any]:
    """What was sent by whom `seed` stands for, in the shape of `modules.items`; whether it fits is
    not judged here."""
    if SKIP in data:
        return {"skipped": True}
    if item.kind == "likert":
        return {"value": number_of(data.get("jawaban"))}
    if item.kind == "multiple":
        chosen = [number_of(text) for text in data.getlist("jawaban")]
        # Nothing ticked is no answer; whoever means none skips.
        return {"choices": chosen or None}
    if item.kind == "order":
        return {"order": _order(_shown(item, seed), data)}
    if item.kind == "match":
        piles = {
            card: number_of(data.get(f"tumpukan-{place}"))
            for place, card in enumerate(_shown(item, seed))
        }
        return {"piles": [piles[card] for card in range(len(item.cards))]}
    if item.kind == "scenario":
        return {"ways": ways_so_far(data, with_next=True)}
    return {"choice": number_of(data.get("jawaban"))}


def ways_so_far(data: Mapping | None, *, with_next: bool = False) -> list[int]:
    if data is None:
        return []
    typed = [*data.getlist("jalan"), *([data["pilih"]] if with_next and "pilih" in data else [])]
    return [number for text in typed if (number := number_of(text)) is not None]


def _shown(item: Item, seed: str) -> list[int]:
    return [number for number, _text in item.asked(seed).options]


def _order(shown: list[int], data: QueryDict) -> list[int] | None:
    """Which line stands at each place; None where a place is free or taken twice."""
    count = len(shown)
    places = {number_of(data.get(f"tempat-{at}")): line for at, line in enumerate(shown)}
    return [places[n] for n in range(1, count + 1)] if set(places) >= _upto(count) else None


def _upto(count: int) -> set[int]:
    return set(range(1, count + 1))


@dataclass(frozen=True)
class Line:
    """An option as it is offered: its number in the form, and what was chosen for it."""

    number: int
    text: str
    chosen: bool = False
    place: int | None = None


@dataclass(frozen=True)
class Offer:
    """The fields of a question, with what was answered before still in them.

    `words` is what happens at this place of a story, `said` what was said on the way there.
    """

    lines: tuple[Line, ...]
    ways: tuple[int, ...] = ()
    words: str = ""
    said: str = ""

    @property
    def places(self) -> range:
        return range(1, len(self.lines) + 1)


def offer(item: Item, *, seed: str, data: QueryDict | None = None) -> Offer:
    """What `item` offers to whom `seed` stands for; no key is among it."""
    if item.kind == "scenario":
        return _story(item, data)
    chosen = set(data.getlist("jawaban")) if data is not None else set()
    if item.kind == "likert":
        return Offer(tuple(Line(value, "", str(value) in chosen) for value in SCALE))
    field = {"order": "tempat-{}", "match": "tumpukan-{}"}.get(item.kind, "")
    return Offer(
        tuple(
            Line(
                at if field else number,
                text,
                chosen=str(number) in chosen,
                place=number_of(data.get(field.format(at))) if field and data else None,
            )
            for at, (number, text) in enumerate(item.asked(seed).options)
        )
    )


def _story(item: Item, data: QueryDict | None) -> Offer:
    ways = ways_so_far(data, with_next=True)
    try:
        places = item.path(ways)
        if not item.nodes[places[-1]].ways:
            # Its end is told once it is kept.
            ways, places = ways[:-1], places[:-1]
    except UnknownAnswer:
        ways, places = [], [0]
    said = item.nodes[places[-2]].ways[ways[-1]].feedback if ways and not item.scored else ""
    node = item.nodes[places[-1]]
    lines = tuple(Line(number, way.text) for number, way in enumerate(node.ways))
    return Offer(lines, tuple(ways), node.text, said)


def ends_story(item: Item, ways: list[int]) -> bool:
    """Whether these ways lead to an end; UnknownAnswer where they lead nowhere."""
    return not item.nodes[item.path(ways)[-1]].ways


@dataclass(frozen=True)
class SurveyQuestion:
    item: Item
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Picture:
    """A picture to pick; without a name it is none, for who picked one and wants it no more."""

    name: str
    title: Any
    chosen: bool


@dataclass(frozen=True)
class Sheet:
    """The survey as a form: questions in their order, and three rows of pictures."""

    questions: tuple[SurveyQuestion, ...]
    rows: tuple[tuple[str, tuple[Picture, ...]], ...]


def sheet(items: Iterable[Item], *, seed: str, data: QueryDict | None = None) -> Sheet:
    data = data if data is not None else QueryDict()
    questions = []
    for item in items:
        chosen = data.get(f"s-{item.id}")
        options = (
            [(value, "") for value in SCALE] if item.kind == "likert" else item.asked(seed).options
        )
        lines = tuple(Line(number, text, str(number) == chosen) for number, text in options)
        questions.append(SurveyQuestion(item, lines))
    offered = PICTURES | {"": _("No picture")}
    rows = tuple(
        (
            field,
            tuple(Picture(name, said, data.get(field) == name) for name, said in offered.items()),
        )
        for field in PICTURE_FIELDS
    )
    return Sheet(tuple(questions), rows)


def given_sheet(data: QueryDict) -> tuple[dict[UUID, Any], str]:
    """(answers by item, code of the pictures); a skipped sheet is an empty one."""
    if SKIP in data:
        return {}, ""
    given = {
        item: number_of(data.get(name))
        for name in data
        if name.startswith("s-") and (item := uuid_of(name.removeprefix("s-"))) is not None
    }
    pictures = [data[field][:20] for field in PICTURE_FIELDS if data.get(field)]
    return given, "-".join(pictures)
