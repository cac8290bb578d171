"""Codes of runs: six signs that nobody mistakes for each other, read aloud or off a board."""

import secrets
import unicodedata

# Without 0 O Q, 1 I L, 2 Z, 5 S, 8 B, U V.
ALPHABET = "ACDEFGHJKMNPRTWXY34679"
LENGTH = 6


def new_code() -> str:
    """Six random signs; 113 million there are."""
    return "".join(secrets.choice(ALPHABET) for _n in range(LENGTH))


def read_code(typed: str) -> str:
    """What somebody typed as a code: capitals, no spaces or hyphens; "" where it can't be one."""
    text = unicodedata.normalize("NFKC", typed[:40]).upper()
    text = "".join(sign for sign in text if sign.isalnum())
    return text if len(text) == LENGTH and set(text) <= set(ALPHABET) else ""
