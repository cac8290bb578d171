"""Secrets handed to people and devices: random, hashed at rest, compared in constant time."""

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64encode
from uuid import UUID

from django.utils.crypto import salted_hmac

TOKEN_BYTES = 24


def new_token() -> str:
    """Return 192 random bits as 32 URL-safe characters."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def token_of(key: UUID, *, purpose: str) -> str:
    """Return 192 bits that follow from `key` and our secret, as 32 URL-safe characters.

    So a repeat of a form, and a mail, can say a link again of which the table holds the digest.
    """
    made = salted_hmac(purpose, key.hex, algorithm="sha256").digest()
    return urlsafe_b64encode(made[:TOKEN_BYTES]).decode()


def digest(token: str) -> str:
    """Return what may be stored of a token: its SHA-256 in hexadecimal, 64 characters.

    A plain hash is enough because the token itself is random; passwords need a slow one.
    """
    return hashlib.sha256(token.encode()).hexdigest()


def matches(token: str, stored_digest: str) -> bool:
    """Say whether ``token`` is the one whose digest was stored."""
    return hmac.compare_digest(digest(token).encode(), stored_digest.encode())
