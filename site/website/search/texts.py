"""What a reader sees of a page, as plain text: never codes, choices or anything hidden."""

from collections.abc import Iterator
from typing import Any

from wagtail.blocks import (
    CharBlock,
    ListBlock,
    RichTextBlock,
    StreamValue,
    StructBlock,
    TextBlock,
)
from wagtail.models import Page
from wagtail.rich_text import get_text_for_indexing

# Attribute of a page → how much a word there says about it.
FIELDS = {
    "title": 10,
    "slogan": 5,
    "search_description": 5,
    "tags": 5,
    "get_kind_display": 3,
    # Its address stands in every list, and holds what people call it: "kdrt", "tppo".
    "slug": 4,
    "partners": 2,
    "objectives": 2,
    "body": 1,
}
# A word that a text repeats says more, up to here.
MOST_REPEATS = 4
LONGEST_TEXT = 200_000


def parts_of(page: Page) -> Iterator[tuple[str, str]]:
    """(field, text) of everything readers see, in the order in which they meet it."""
    for name in FIELDS:
        value = getattr(page, name, None)
        if name == "tags":
            text = ", ".join(sorted(tag.name for tag in value.all())) if value is not None else ""
        elif isinstance(value, StreamValue):
            text = " ".join(part for child in value for part in _of_block(child.block, child.value))
        else:
            text = str(value() if callable(value) else value or "")
        text = " ".join(text.split())[:LONGEST_TEXT]
        if text:
            yield name, text


def _of_block(block: Any, value: Any) -> Iterator[str]:
    """Texts of a block. A block with `unsearched` holds codes, or answers that nobody may find."""
    if value is None or getattr(block, "unsearched", False):
        return
    if isinstance(block, RichTextBlock):
        yield get_text_for_indexing(getattr(value, "source", value))
    elif isinstance(block, CharBlock | TextBlock):
        yield str(value)
    elif isinstance(block, StructBlock):
        for name, child in block.child_blocks.items():
            yield from _of_block(child, value.get(name))
    elif isinstance(block, ListBlock):
        for item in value:
            yield from _of_block(block.child_block, item)
    elif isinstance(value, StreamValue):
        for child in value:
            yield from _of_block(child.block, child.value)
