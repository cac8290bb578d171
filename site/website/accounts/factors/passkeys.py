"""Passkeys: always on the device, always behind its lock, each for the host it was made on."""

import struct
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from safeguards import audit
from website.accounts.factors.codes import first_recovery_codes
from website.accounts.factors.mfa_adapter import host_here, passkeys_here
from website.accounts.models import User
from website.accounts.telling import tell

MOST_PASSKEYS = 10
LONGEST_ANSWER = 20_000
# What the readers of allauth and fido2 raise for an answer that they can't make sense of.
UNREADABLE = (
    ValidationError,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    RecursionError,
    NotImplementedError,
    struct.error,
)


class PasskeyRefused(Exception):
    """What the browser sent is no passkey of this user for this host, or came too late."""


def options_to_add(user: User) -> dict[str, Any]:
    """What the browser needs to make a passkey; the challenge stays in the session."""
    return auth.begin_registration(user, passwordless=True)


def options_to_show(user: User | None = None) -> dict[str, Any]:
    """What the browser needs to show one: any of this host, or one of the user's."""
    return auth.begin_authentication(user)


def add_passkey(*, user: User, answer: Any, label: str, site: Any) -> tuple[Authenticator, list]:
    """Keep the passkey the browser made; return it and new recovery codes, if any.

    Raises PasskeyRefused.
    """
    try:
        auth.parse_registration_response(answer)
        proof = auth.complete_registration(answer)
    except UNREADABLE as error:
        raise PasskeyRefused from error
    if not proof.is_user_verified():
        raise PasskeyRefused
    with transaction.atomic():
        if Authenticator.objects.filter(user=user, type="webauthn").count() >= MOST_PASSKEYS:
            raise PasskeyRefused
        passkey = auth.WebAuthn.add(user, label, answer).instance
        passkey.data["host"] = host_here()
        passkey.save(update_fields=["data"])
        audit.record(verb="factor.added", actor_id=user.pk, obj=user, site=site, kind="passkey")
        tell(user, "added")
        return passkey, first_recovery_codes(user=user, site=site)


def shown_passkey(answer: Any, user: User | None = None) -> Authenticator:
    """Return the passkey that the browser proved to hold, of `user` or of whoever holds it.

    Raises PasskeyRefused, the same for an account that was switched off.
    """
    try:
        auth.parse_authentication_response(answer)
        holder = user or auth.extract_user_from_response(answer)
        passkey = auth.complete_authentication(holder, answer)
    except UNREADABLE as error:
        raise PasskeyRefused from error
    if not holder.is_active or passkey not in passkeys_here(holder):
        raise PasskeyRefused
    passkey.last_used_at = timezone.now()
    passkey.save(update_fields=["last_used_at"])
    passkey.user = holder
    return passkey
