"""One slip of the finger: which known word was meant."""

from collections.abc import Mapping

LETTERS = "abcdefghijklmnopqrstuvwxyz"
SHORTEST = 4
# Longer ones are rare, and their neighbours many.
LONGEST = 24


def can_be_corrected(word: str) -> bool:
    return SHORTEST <= len(word) <= LONGEST and word.isascii() and word.isalpha()


def neighbours(word: str) -> set[str]:
    """All words at one insertion, deletion, substitution or transposition; 54 n + 25 of them."""
    cuts = [(word[:n], word[n:]) for n in range(len(word) + 1)]
    found = {left + right[1:] for left, right in cuts if right}
    found |= {left + right[1] + right[0] + right[2:] for left, right in cuts if len(right) > 1}
    found |= {left + letter + right[1:] for left, right in cuts if right for letter in LETTERS}
    found |= {left + letter + right for left, right in cuts for letter in LETTERS}
    return found - {word}


def best(word: str, known: Mapping[str, int]) -> str:
    """The neighbour that stands on most pages; else of the same first letter, then by alphabet."""
    near = known.keys() & neighbours(word)
    return min(near, key=lambda other: (-known[other], other[0] != word[0], other), default="")
