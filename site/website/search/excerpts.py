"""Pieces of text with the found words marked; parts, so that a template escapes each of them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

EXCERPT_LENGTH = 180
# How far before the first found word an excerpt begins.
LEAD = 60


@dataclass(frozen=True, slots=True)
class Part:
    text: str
    found: bool = False


def _pattern(words: Iterable[str]) -> re.Pattern[str] | None:
    """Whole words only. An alternation of literals: its time grows with the text alone."""
    alternatives = "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
    if not alternatives:
        return None
    return re.compile(rf"(?<![^\W\d_])(?:{alternatives})(?![^\W\d_])", re.IGNORECASE)


def marked(text: str, words: Iterable[str]) -> list[Part]:
    """The text in parts, those that are one of the words marked."""
    pattern = _pattern(words)
    if pattern is None:
        return [Part(text)] if text else []
    parts, end = [], 0
    for found in pattern.finditer(text):
        if found.start() > end:
            parts.append(Part(text[end : found.start()]))
        parts.append(Part(found[0], found=True))
        end = found.end()
    if end < len(text):
        parts.append(Part(text[end:]))
    return parts


def excerpt(text: str, words: Iterable[str]) -> list[Part]:
    """About 180 characters around the first found word, cut between words."""
    words = list(words)
    pattern = _pattern(words)
    first = pattern.search(text) if pattern else None
    start = max(first.start() - LEAD, 0) if first else 0
    if start:
        start = text.find(" ", start, first.start()) + 1 or first.start()
    end = start + EXCERPT_LENGTH
    if end < len(text):
        space = text.rfind(" ", start + EXCERPT_LENGTH // 2, end)
        end = space if space > 0 else end
    parts = marked(text[start:end].strip(), words)
    if start and parts:
        parts.insert(0, Part("… "))
    if end < len(text) and parts:
        parts.append(Part(" …"))
    return parts
