"""A page's blocks as nodes for a layout; what nodes are says `districts.paper.flow`."""

from collections.abc import Iterable, Mapping
from typing import Any

from districts.paper.flow import Node, plain, rich_nodes


def body_nodes(body: Iterable[Any], linked: Mapping[int, str]) -> list[Node]:
    """Nodes of a StreamField's blocks, in their order; a block of another kind is left out."""
    nodes: list[Node] = []
    for block in body:
        reader = READERS.get(block.block_type)
        if reader is not None:
            nodes += reader(block.value, linked)
    return nodes


def _heading(text: Any) -> list[Node]:
    return [{"kind": "heading", "level": 2, "runs": [{"text": plain(text)}]}] if text else []


def _source(value: Any) -> str:
    return getattr(value, "source", value) or ""


def _paragraph(value: Any, linked: Mapping[int, str]) -> list[Node]:
    return rich_nodes(_source(value), linked)


def _steps(value: Any, linked: Mapping[int, str]) -> list[Node]:
    items = [
        {"title": plain(item["title"]), "below": rich_nodes(_source(item.get("text")), linked)}
        for item in value["items"]
    ]
    return [*_heading(value.get("title")), {"kind": "steps", "items": items}]


def _do_dont(value: Any, linked: Mapping[int, str]) -> list[Node]:
    do, dont = [plain(line) for line in value["do"]], [plain(line) for line in value["dont"]]
    return [{"kind": "do_dont", "do": do, "dont": dont}]


def _callout(value: Any, linked: Mapping[int, str]) -> list[Node]:
    below = rich_nodes(_source(value["text"]), linked)
    title = plain(value.get("title"))
    return [{"kind": "callout", "tone": value["tone"], "title": title, "below": below}]


def _quote(value: Any, linked: Mapping[int, str]) -> list[Node]:
    return [{"kind": "quote", "text": plain(value["text"]), "role": plain(value["role"])}]


def _links(value: Any, linked: Mapping[int, str]) -> list[Node]:
    items = []
    for link in value["items"]:
        url = linked.get(link.get("page")) or link.get("url") or ""
        if url:
            items.append({"runs": [{"text": plain(link["text"]), "url": url}], "below": []})
    if not items:
        return []
    return [*_heading(value.get("title")), {"kind": "list", "ordered": False, "items": items}]


def _cards(value: Any, linked: Mapping[int, str]) -> list[Node]:
    cards = [
        {
            "title": plain(card["title"]),
            "text": plain(card.get("text")),
            "drawing": card.get("drawing") or "",
        }
        for card in value["items"]
    ]
    return [{"kind": "cards", "title": plain(value.get("title")), "items": cards}]


def _image(value: Any, linked: Mapping[int, str]) -> list[Node]:
    if value.get("image") is None:
        return []
    name = picture_name(value["image"])
    alt, caption = plain(value.get("alt")), plain(value.get("caption"))
    return [{"kind": "image", "name": name, "alt": alt, "caption": caption}]


def picture_name(image: Any) -> str:
    """Under which a layout finds the picture."""
    return f"image-{image.pk}"


READERS = {
    "paragraph": _paragraph,
    "image": _image,
    "steps": _steps,
    "do_dont": _do_dont,
    "callout": _callout,
    "quote": _quote,
    "help": lambda value, linked: [{"kind": "help"}],
    "links": _links,
    "cards": _cards,
}
