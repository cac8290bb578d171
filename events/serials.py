"""Serials of certificates: unguessable, made again from the key, never kept."""

from django.conf import settings
from django.utils.crypto import salted_hmac

from events.models import Certificate
from safeguards.tokens import digest

# Capital letters without I and O: 24 to the power of 28 is more than 128 bits.
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
LENGTH, GROUP = 28, 4


def new_serial(key: object) -> str:
    """The serial of a new certificate with this key."""
    return _made(str(key), settings.SECRET_KEY)


def serial_of(certificate: Certificate) -> str:
    """The serial as it was printed, or "" where our secret was changed and forgotten since."""
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        serial = _made(str(certificate.key), secret)
        if digest(serial) == certificate.serial_digest:
            return serial
    return ""


def spaced(serial: str) -> str:
    """For reading aloud and typing: ABCD-EFGH-…"""
    return "-".join(serial[at : at + GROUP] for at in range(0, len(serial), GROUP))


def typed(text: str) -> str:
    """A serial as somebody typed it, or "" for what is none."""
    bare = "".join(sign for sign in text[:80] if not sign.isspace() and sign not in "-–").upper()
    return bare if len(bare) == LENGTH and set(bare) <= set(LETTERS) else ""


def _made(key: str, secret: str) -> str:
    made = salted_hmac("events.certificate", key, secret=secret, algorithm="sha256").digest()
    number, signs = int.from_bytes(made), []
    for _n in range(LENGTH):
        number, rest = divmod(number, len(LETTERS))
        signs.append(LETTERS[rest])
    return "".join(signs)
