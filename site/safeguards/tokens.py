"""Secrets handed to people and devices: random, hashed at rest, compared in constant time."""

import hashlib
import hmac
import secrets

TOKEN_BYTES = 24


def new_token() -> str:
    """Return 192 random bits as 32 URL-safe characters."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def digest(token: str) -> str:
    """Return what may be stored of a token: its SHA-256 in hexadecimal, 64 characters.

    A plain hash is enough because the token itself is random; passwords need a slow one.
    """
    return hashlib.sha256(token.encode()).hexdigest()


def matches(token: str, stored_digest: str) -> bool:
    """Say whether ``token`` is the one whose digest was stored."""
    return hmac.compare_digest(digest(token).encode(), stored_digest.encode())
