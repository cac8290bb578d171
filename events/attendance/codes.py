"""Codes of a check-in door: a new one every minute, in a QR and as six signs to type.

They follow from the door's salt, our own secret and the minute, so that none is kept anywhere. In
a QR stand 128 bits; the six signs are short because people type them, so they live for minutes and
behind a budget of wrong guesses. `KERTAS` in the place of the minute is the code on paper.
"""

import re
import secrets
import unicodedata
from base64 import b32encode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hmac import compare_digest

from django.utils.crypto import salted_hmac

# Without 0 O Q, 1 I L, 2 Z, 5 S, 8 B, U V: nobody mistakes one for another.
ALPHABET = "ACDEFGHJKMNPRTWXY34679"
TYPED_LENGTH = 6
STEP = timedelta(seconds=60)
# A code holds for its own minute and so many after it: to scan, and to type.
GRACE = 2
# So far back a typed code is told to be old rather than wrong.
REMEMBERED = 60
KERTAS = "K"
SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_LONG = re.compile(r"([0-9A-Z]{1,13})-([0-9A-Z]{1,13})-([A-Z2-7]{26})")


@dataclass(frozen=True)
class Code:
    """`scanned` stands in the QR's address, `typed` below it; a new one comes at `until`."""

    scanned: str
    typed: str
    until: datetime


@dataclass(frozen=True)
class Scanned:
    door: int
    step: str
    mac: str


def new_salt() -> str:
    return secrets.token_urlsafe(24)


def step_at(now: datetime) -> int:
    return int(now.timestamp()) // int(STEP.total_seconds())


def code_at(door: int, salt: str, step: int | str) -> Code:
    """The code of a door in this minute, or on paper."""
    word = step if isinstance(step, str) else in_36(step)
    seconds = 0 if isinstance(step, str) else (step + 1) * int(STEP.total_seconds())
    return Code(
        scanned=f"{in_36(door)}-{word}-{mac(salt, word)}",
        typed=typed(salt, word),
        until=datetime.fromtimestamp(seconds, UTC),
    )


def read_scanned(text: str) -> Scanned | None:
    """What a QR of ours says; None for anything else."""
    found = _LONG.fullmatch(text[:60].upper())
    if found is None:
        return None
    door = int(found[1], 36)
    return Scanned(door, found[2], found[3]) if door < 2**63 else None


def read_typed(text: str) -> str:
    """What somebody typed: capitals, no spaces or hyphens; "" where it can't be a code."""
    plain = unicodedata.normalize("NFKC", text[:40]).upper()
    plain = "".join(sign for sign in plain if sign.isalnum())
    return plain if len(plain) == TYPED_LENGTH and set(plain) <= set(ALPHABET) else ""


def is_genuine(salt: str, scanned: Scanned) -> bool:
    return compare_digest(mac(salt, scanned.step), scanned.mac)


def mac(salt: str, word: str) -> str:
    """26 signs of 128 bits."""
    made = salted_hmac("events.door.scanned", f"{salt} {word}", algorithm="sha256").digest()
    return b32encode(made[:16]).decode().rstrip("=")


def typed(salt: str, word: str) -> str:
    made = salted_hmac("events.door.typed", f"{salt} {word}", algorithm="sha256").digest()
    number, signs = int.from_bytes(made, "big"), []
    for _n in range(TYPED_LENGTH):
        number, sign = divmod(number, len(ALPHABET))
        signs.append(ALPHABET[sign])
    return "".join(signs)


def in_36(number: int) -> str:
    signs = ""
    while number:
        number, sign = divmod(number, 36)
        signs = SIGNS[sign] + signs
    return signs or "0"
