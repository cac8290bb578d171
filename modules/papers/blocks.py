"""What learners read in a step, as nodes for a layout; questions are drawn by other modules."""

import re
from collections.abc import Callable, Iterable
from typing import Any

from django.utils.translation import gettext as _

from districts.paper.flow import Node, plain, rich_nodes
from modules.items import Item, values_of

PARAGRAPH = re.compile(r"\n\s*\n")


def heading(text: str, level: int = 3) -> Node:
    return {"kind": "heading", "level": level, "runs": [{"text": plain(text)}]}


def said(text: str, *, strong: bool = False) -> Node:
    run: dict[str, Any] = {"text": plain(text)}
    return {"kind": "text", "runs": [run | {"strong": True} if strong else run]}


def listed(lines: Iterable[str]) -> list[Node]:
    items = [{"runs": [{"text": plain(line)}], "below": []} for line in lines]
    return [{"kind": "list", "ordered": False, "items": items}] if items else []


def labelled(pairs: Iterable[tuple[str, str]]) -> list[Node]:
    """A list of "**name**: text"."""
    items = [
        {
            "runs": [{"text": f"{plain(name)}: ", "strong": True}, {"text": plain(text)}],
            "below": [],
        }
        for name, text in pairs
    ]
    return [{"kind": "list", "ordered": False, "items": items}] if items else []


def read_nodes(block: dict[str, Any]) -> list[Node]:
    """What is read or done in this block; nothing for what has a paper of its own."""
    reader = READERS.get(block["type"])
    return reader(block["value"]) if reader else []


def story_nodes(item: Item) -> list[Node]:
    """A branching story in numbered parts, to be read aloud; which end is wanted is not said."""
    nodes = [*rich_nodes(item.prompt)]
    for number, place in enumerate(item.nodes, start=1):
        nodes.append(said(_("Part %(number)d") % {"number": number}, strong=True))
        nodes += [said(part) for part in PARAGRAPH.split(place.text.strip())]
        nodes += listed(
            _("%(way)s → part %(number)d") % {"way": way.text, "number": way.to + 1}
            for way in place.ways
        )
    return nodes


def _activity(value: dict[str, Any]) -> list[Node]:
    return [heading(value["title"]), *rich_nodes(value["text"])]


def _role_play(value: dict[str, Any]) -> list[Node]:
    roles = [(role["name"], role["text"]) for role in values_of(value.get("roles"))]
    return [
        heading(value["title"]),
        *rich_nodes(value["situation"]),
        *labelled(roles),
        *listed(values_of(value.get("rules"))),
    ]


def _case(value: dict[str, Any]) -> list[Node]:
    question = value.get("question") or ""
    nodes = [heading(value["title"]), *rich_nodes(value["text"])]
    return [*nodes, said(question, strong=True)] if question else nodes


def _media(value: dict[str, Any]) -> list[Node]:
    return [heading(value["title"]), *rich_nodes(value["transcript"])]


READERS: dict[str, Callable[[Any], list[Node]]] = {
    "text": rich_nodes,
    "activity": _activity,
    "role_play": _role_play,
    "case": _case,
    "media": _media,
}
