"""The key of a form that opens an account: ours, for one link, and in one browser alone."""

from uuid import UUID, uuid4

from django.core import signing
from django.http import HttpRequest

from safeguards.tokens import digest


def new_key(token: str) -> str:
    """A key for the form behind the link with this token, sealed."""
    return _seal(token).sign(uuid4().hex)


def key_of(request: HttpRequest, token: str) -> UUID | None:
    """The key that a form came with; None for one that we did not give to this link."""
    try:
        return UUID(_seal(token).unsign(request.POST.get("key", "")))
    except (signing.BadSignature, ValueError):
        return None


def _seal(token: str) -> signing.Signer:
    return signing.Signer(salt=f"website.accounts.form_key.{digest(token)}")
