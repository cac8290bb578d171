"""Who needs which proof, and whether a session has given it.

Staff give a code of an authenticator app or a passkey. Teachers, cadres, partners and
coordinators may instead have a PIN on a device of theirs: the device is the one factor, the PIN
the other. Nobody holds a PIN who holds a role of staff in any office.
"""

import time
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest

from districts.models import Membership, Role

FIELD_ROLES = frozenset({Role.GURU, Role.KADER, Role.MITRA, Role.KOORDINATOR})
STRONG = {"mfa", "pin"}
FRESH_FOR = 20 * 60
TOTP, PASSKEY, RECOVERY = (
    Authenticator.Type.TOTP,
    Authenticator.Type.WEBAUTHN,
    Authenticator.Type.RECOVERY_CODES,
)


def roles_everywhere(user: Any) -> frozenset[str]:
    """The roles a user holds now, in whatever office."""
    held = Membership.objects.filter(user=user, ended_at__isnull=True)
    return frozenset(held.values_list("role", flat=True))


def may_hold_pin(user: Any, roles: frozenset[str] | None = None) -> bool:
    """Say whether a PIN may be this user's way in; `roles` spares the look-up."""
    if not user.is_active or user.is_superuser:
        return False
    held = roles_everywhere(user) if roles is None else roles
    return bool(held) and held <= FIELD_ROLES


def is_strong(request: HttpRequest) -> bool:
    """Say whether this session was opened, or confirmed since, with two factors."""
    return bool(_records(request))


def is_fresh(request: HttpRequest) -> bool:
    """Say whether the two factors were given within the last 20 minutes."""
    oldest = time.time() - FRESH_FOR
    return any(record.get("at", 0) >= oldest for record in _records(request))


def _records(request: HttpRequest) -> list[dict]:
    """The second factors given in this session; a PIN only while the user may still hold one."""
    given = get_authentication_records(request, request.user)
    kept = [record for record in given if record.get("method") in STRONG]
    by_code_or_key = [record for record in kept if record["method"] == "mfa"]
    if len(by_code_or_key) == len(kept) or may_hold_pin(request.user):
        return kept
    return by_code_or_key


def factors_of(user: Any) -> set[str]:
    """What the user has set up: types of allauth's authenticators, and `pin`."""
    found = set(Authenticator.objects.filter(user=user).values_list("type", flat=True))
    # Who became staff has no use of an old PIN, and must not be held up by it.
    if user.sign_in_devices.working().exists() and may_hold_pin(user):
        found.add("pin")
    return found


def is_required() -> bool:
    return bool(settings.SECOND_FACTOR_REQUIRED)
