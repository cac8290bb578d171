"""Codes of an authenticator app, and the recovery codes for the day the phone is gone."""

from typing import Any

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP as AuthenticatorApp,
)
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from allauth.mfa.utils import decrypt
from django.db import IntegrityError, transaction
from django.utils import timezone

from safeguards import audit
from website.accounts.factors.rules import RECOVERY, TOTP
from website.accounts.models import User
from website.accounts.telling import tell

new_secret = generate_totp_secret
LONGEST_CODE = 20


class CodeRefused(Exception):
    """The code fits none of the user's, or was used before."""


def counter_of(secret: str, code: str) -> int | None:
    """The half minute that a code of this secret belongs to, now or just before or after."""
    if not secret or not code.isascii():
        return None
    for counter in yield_hotp_counters_from_time():
        if compare_user_code(actual=code, expected=format_hotp_value(hotp_value(secret, counter))):
            return counter
    return None


@transaction.atomic
def add_app(*, user: User, secret: str, code: str, site: Any) -> tuple[Authenticator, list[str]]:
    """Set up an authenticator app whose code was typed; return it and new recovery codes, if any.

    Raises CodeRefused, also when there is an app already.
    """
    counter = counter_of(secret, code)
    if counter is None:
        raise CodeRefused
    try:
        with transaction.atomic():
            app = AuthenticatorApp.activate(user, secret).instance
    except IntegrityError as error:
        raise CodeRefused from error
    app.data["last_counter"] = counter
    app.save(update_fields=["data"])
    _record("factor.added", user, site, kind="totp")
    tell(user, "added")
    return app, first_recovery_codes(user=user, site=site)


def first_recovery_codes(*, user: User, site: Any) -> list[str]:
    """Recovery codes for who has none yet; empty for who has."""
    if Authenticator.objects.filter(user=user, type=RECOVERY).exists():
        return []
    return renew_recovery_codes(user=user, site=site)


@transaction.atomic
def renew_recovery_codes(*, user: User, site: Any) -> list[str]:
    """Ten new codes; the old ones stop working. They are told this once."""
    Authenticator.objects.filter(user=user, type=RECOVERY).delete()
    codes = RecoveryCodes.activate(user).generate_codes()
    _record("factor.recovery_codes_made", user, site)
    return codes


def recovery_codes_left(user: User) -> int:
    found = Authenticator.objects.filter(user=user, type=RECOVERY).first()
    return len(found.wrap().get_unused_codes()) if found else 0


@transaction.atomic
def use_code(*, user: User, code: str, site: Any) -> Authenticator:
    """Return the authenticator whose code this is, and use the code up. Raises CodeRefused."""
    if not 6 <= len(code) <= LONGEST_CODE:
        raise CodeRefused
    held = Authenticator.objects.select_for_update().filter(user=user, type__in=(TOTP, RECOVERY))
    for authenticator in held:
        if authenticator.type == TOTP:
            counter = counter_of(decrypt(authenticator.data["secret"]), code)
            if counter is None or counter <= authenticator.data.get("last_counter", 0):
                continue
            authenticator.data["last_counter"] = counter
        elif decrypt(authenticator.data["seed"]):
            wrapped = authenticator.wrap()
            if not wrapped.validate_code(code):
                continue
            authenticator = wrapped.instance
            _record("factor.recovery_code_used", user, site)
            tell(user, "recovery")
        else:
            continue
        authenticator.last_used_at = timezone.now()
        authenticator.save(update_fields=["data", "last_used_at"])
        authenticator.user = user
        return authenticator
    raise CodeRefused


def _record(verb: str, user: User, site: Any, **told: Any) -> None:
    audit.record(verb=verb, actor_id=user.pk, obj=user, site=site, **told)
