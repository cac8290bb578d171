"""Cuts text into words, the same for what is written and for what is asked."""

import re
import unicodedata
from collections.abc import Iterator

from website.search.stemming import LONGEST_WORD, STOP_WORDS

# Letters or digits: a hyphen divides, so "anak-anak" is "anak" twice and "anak2" is "anak".
_WORD = re.compile(r"[^\W\d_]+|\d+")
SHORTEST_WORD = 2


def fold(text: str) -> str:
    """Small letters, without accents, compatibility forms made plain."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def split(text: str) -> Iterator[str]:
    """The words of a text, folded, in their order; no single letters, nothing endless."""
    for found in _WORD.finditer(fold(text)):
        if SHORTEST_WORD <= found.end() - found.start() <= LONGEST_WORD:
            yield found[0]


def telling(text: str, language: str) -> Iterator[str]:
    """The words that say something: without those that stand in every text."""
    stop = STOP_WORDS.get(language, frozenset())
    return (word for word in split(text) if word not in stop)
