"""Two random words for somebody who gives no name: kind, and free of sex, place and faith."""

import secrets
from itertools import product

THINGS = (
    "Awan", "Bintang", "Bulan", "Daun", "Embun", "Gelombang", "Kapal", "Kelapa", "Kincir", "Kunang",
    "Layang", "Lentera", "Lumba", "Mangga", "Matahari", "Melati", "Merpati", "Nanas", "Ombak",
    "Padi", "Payung", "Pelangi", "Penyu", "Perahu", "Pinus", "Rajawali", "Rotan", "Rusa", "Sungai",
    "Teratai",
)  # fmt: skip
WAYS = (
    "Berani", "Ceria", "Cerdas", "Gembira", "Gesit", "Hangat", "Hening", "Jernih", "Kuat", "Lembut",
    "Lincah", "Luwes", "Periang", "Ramah", "Rapi", "Riang", "Sabar", "Santai", "Sejuk", "Semangat",
    "Senyum", "Setia", "Sigap", "Tangguh", "Tekun", "Teduh", "Tenang", "Terang", "Tulus", "Ulet",
)  # fmt: skip
TRIES = 24


def nickname(taken: set[str]) -> str:
    """A pair of words that is not taken yet; past 900 participants a number follows."""
    for _n in range(TRIES):
        words = f"{secrets.choice(THINGS)} {secrets.choice(WAYS)}"
        if words not in taken:
            return words
    free = [words for words in map(" ".join, product(THINGS, WAYS)) if words not in taken]
    if free:
        return secrets.choice(free)
    return f"{secrets.choice(THINGS)} {secrets.choice(WAYS)} {secrets.randbelow(9_000) + 1_000}"
