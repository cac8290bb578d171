"""What different forms of one word have in common, for Indonesian and, lightly, for English.

A key is not a word of the dictionary: it only is the same for "laporan", "melaporkan" and "lapor".
Prefixes with a nasal swallow the first letter of a root (me- + tulis = menulis, me- + nikah =
menikah), and without a dictionary nobody can tell what it was. So a key always begins with the
nasal: "tulis" and "menulis" both become "nulis". The rules follow the affixes of Tala, A Study of
Stemming Effects on Information Retrieval in Bahasa Indonesia (2003); what they cannot know stands
in `indonesian.toml`. Pure functions: the same on every database.
"""

import re
import tomllib
from functools import lru_cache
from pathlib import Path

_DATA = tomllib.loads((Path(__file__).parent / "indonesian.toml").read_text(encoding="utf-8"))

STOP_WORDS: dict[str, frozenset[str]] = {
    language: frozenset(words) for language, words in _DATA["stop_words"].items()
}
VOWELS = "aeiou"
# Letters that an affix must leave.
SHORTEST_ROOT = 4
LONGEST_WORD = 40

# What a prefix says of the suffixes that may go with it.
_VERB, _NOUN, _ANY = "verb", "noun", "any"
# me-, pe- before a vowel: the nasal has swallowed what stood there, or nothing.
_NASAL = re.compile(r"(?:me|pe)(?P<root>ng[aeiou]|ny[aeiou]|m[aeiou]|n[aeiou])")
# … and before a consonant that stays.
_PLAIN = re.compile(r"(?:me|pe)(?:ng(?=[ghk])|m(?=[bfpv])|n(?=[cdjsz]|tr)|(?=[lrwy][aeiou]))")
# Prefixes that may stand behind another one: mem-per-baiki, ke-ber-hasil-an.
_INNER = ("be", "pe", "ter")
_STEADY = re.compile(r"[aeiou]|[bcdfghjklmnpqrstvwyz][aeiou]|[bgkp][lr]|[dt]r|s[ptkw]|ny|sy|kh")


def _begins_nasal(word: str) -> str:
    """ "tulis" → "nulis", "kirim" → "ngirim", "ambil" → "ngambil"; clusters stay."""
    first, second = word[:1], word[1:2]
    if first in VOWELS:
        return f"ng{word}" if first else word
    if second and second in VOWELS:
        nasal = {"k": "ng", "p": "m", "t": "n", "s": "ny"}.get(first)
        if nasal:
            return nasal + word[1:]
    return word


_ROOTS = frozenset(map(_begins_nasal, _DATA["roots"]))
_ENDING_IN_K = frozenset(map(_begins_nasal, _DATA["ending_in_k"]))
_BEGINNING_WITH_R = frozenset(_DATA["beginning_with_r"])
_IRREGULAR: dict[str, str] = _DATA["irregular"]


def _letters(nasal: str) -> int:
    """The length of a form that begins with its nasal, which stands for one letter."""
    return len(nasal) - (nasal.startswith(("ng", "ny")))


def _without_suffix(nasal: str, kind: str) -> str:
    """Take suffixes off, outermost first, as long as a root is left."""
    while nasal not in _ROOTS:
        for suffix in _suffixes(nasal, kind):
            rest = nasal[: -len(suffix)]
            if rest in _ROOTS or (_letters(rest) >= SHORTEST_ROOT and re.search("[aeiou]", rest)):
                nasal = rest
                break
        else:
            return nasal
    return nasal


def _suffixes(nasal: str, kind: str) -> list[str]:
    """The suffixes that the form may bear, in the order in which to try them."""
    if nasal.endswith(("lah", "kah", "pun", "nya")):
        return [nasal[-3:]]
    if nasal.endswith("kan"):
        of_root = nasal[-4:-3] in VOWELS and (kind == _NOUN or nasal[:-2] in _ENDING_IN_K)
        if kind == _VERB:
            return ["kan"]
        return ["an"] if of_root else ["kan", "an"]
    if nasal.endswith("an") and kind != _VERB:
        return ["an"]
    if nasal.endswith("i") and not nasal.endswith("ii"):
        return ["i"]
    return []


def _peeled(word: str) -> tuple[str, str, bool, int] | None:
    """Take one prefix off: (what is left, kind, begins with a nasal now, letters it must have)."""
    if word.startswith(("belajar", "pelajar")):
        return word[3:], _ANY, False, SHORTEST_ROOT
    if found := _NASAL.match(word):
        return word[2:], _VERB if word[0] == "m" else _NOUN, True, SHORTEST_ROOT
    if found := _PLAIN.match(word):
        kind = _VERB if word[0] == "m" else _NOUN
        if word[:3] != "per":
            return word[found.end() :], kind, False, SHORTEST_ROOT
    if word.startswith(("ber", "per", "ter")):
        melted = word[2:]
        for kind in (_ANY, _NOUN):
            if _without_suffix(melted, kind) in _BEGINNING_WITH_R:
                return melted, kind, False, SHORTEST_ROOT
        return word[3:], _VERB if word[0] == "t" else _ANY, False, SHORTEST_ROOT
    if re.match(r"be[bcdfghjklmnpqstvwyz]er", word):
        return word[2:], _ANY, False, SHORTEST_ROOT
    if word.startswith("di"):
        return word[2:], _VERB, False, SHORTEST_ROOT
    if word.startswith("ke") and word.endswith(("an", "annya")):
        return word[2:], _NOUN, False, SHORTEST_ROOT
    if word.startswith("pe") and word[2:3] not in {"", "r"}:
        return word[2:], _NOUN, False, SHORTEST_ROOT + 1
    if word.startswith("se"):
        return word[2:], _ANY, False, SHORTEST_ROOT + 1
    return None


def _indonesian(word: str) -> str:
    word = _IRREGULAR.get(word, word)
    kind, nasal = _ANY, False
    stem = _without_suffix(_begins_nasal(word), kind)
    for depth in range(3):
        if stem in _ROOTS or nasal or (depth and not word.startswith(_INNER)):
            return stem
        if (peeled := _peeled(word)) is None:
            return stem
        rest, inner_kind, nasal, least = peeled
        if not nasal and not _STEADY.match(rest):
            return stem
        kind = inner_kind if kind == _ANY else kind
        begun = rest if nasal else _begins_nasal(rest)
        without = _without_suffix(begun, kind)
        added = not nasal and rest[0] in VOWELS
        if without not in _ROOTS and _letters(without) - added < least:
            return stem
        if word.startswith("ke") and without == begun:
            return stem
        word, stem = rest, without
    return stem


def _english(word: str) -> str:
    for suffix, instead, least in (
        ("ies", "y", 3),
        ("ied", "y", 3),
        ("ing", "", 4),
        ("ed", "", 4),
        ("es", "e", 3),
        ("s", "", 3),
    ):
        if word.endswith(suffix) and len(word) - len(suffix) >= least:
            if not word.endswith(("ss", "us", "is")):
                word = word[: -len(suffix)] + instead
            break
    if len(word) > SHORTEST_ROOT and word[-1] == word[-2] and word[-1] not in "aeiouls":
        word = word[:-1]
    return word[:-1] if len(word) > SHORTEST_ROOT and word.endswith("e") else word


@lru_cache(maxsize=100_000)
def key(word: str, language: str) -> str:
    """Return what all forms of a folded word share; numbers and other languages stay as they are.

    `word` is one of `words.split()`, in small letters without accents.
    """
    if not word.isascii() or not word.isalpha() or len(word) > LONGEST_WORD:
        return word
    if language == "id":
        return _indonesian(word)
    return _english(word) if language == "en" else word
