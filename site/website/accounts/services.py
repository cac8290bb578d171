"""Accounts: made when an invitation is accepted; the first administrator's by a command."""

import secrets
from datetime import datetime
from typing import Any
from uuid import UUID

from allauth.account.app_settings import PASSWORD_RESET_TOKEN_GENERATOR
from allauth.account.utils import user_pk_to_url_str
from django.contrib.auth.hashers import check_password, make_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from districts.models import District, Invitation, Membership
from districts.services.invitations import InvitationGone, accept
from safeguards import audit
from safeguards.services.persons import readmit
from safeguards.tokens import matches, token_of
from website.accounts.factors.devices import on_device, place
from website.accounts.factors.pins import check_pin
from website.accounts.models import NO_EMAIL_DOMAIN, SignInDevice, User

LONGEST_NAME_PART = 20


class AccountExists(Exception):
    """The e-mail address has an account: its owner signs in first and then accepts."""


def join(
    *,
    token: str,
    district: District,
    name: str,
    password: str = "",
    email: str = "",
    key: UUID | None = None,
    now: datetime | None = None,
) -> tuple[User, Membership]:
    """Make an account for who holds the link, and the member it invites.

    Without a password it needs a PIN: see `join_with_pin`. Raises AccountExists, or
    districts.services.invitations.InvitationGone; nothing is left behind.
    """
    email = email.strip().lower()
    if email and User.objects.filter(email=email).exists():
        raise AccountExists
    user = User(name=name, email=email)
    # Hashing takes its time on purpose: not while the database waits.
    if password:
        user.set_password(password)
    else:
        user.set_unusable_password()

    def save() -> User:
        _save_new(user)
        # Who was erased and comes back comes of their own will.
        readmit(user)
        return user

    membership = accept(token=token, district=district, person=save, key=key, now=now)
    return user, membership


def join_with_pin(
    *,
    pin: str,
    device_token: str = "",
    label: str = "",
    now: datetime | None = None,
    **invited: Any,
) -> tuple[User, SignInDevice, str]:
    """Join, and set a PIN on the device in hand; return the user, the device and its token.

    `invited` is what `join` takes; a new device's token follows from its `key`, so that it can be
    said again. Raises what `join` raises, or ValidationError for a PIN that won't do or a device
    that is full; nothing is left behind.
    """
    check_pin(pin)
    hashed = make_password(pin)
    now = now or timezone.now()
    with transaction.atomic():
        user, membership = join(**invited, now=now)
        fresh = _first_device(invited.get("key"))
        placed = place(user, membership.district, hashed, device_token, label, now, fresh)
    return user, *placed


def joined_by_form(
    found: Invitation,
    *,
    key: UUID | None,
    password: str = "",
    pin: str = "",
    device_token: str = "",
) -> tuple:
    """Whom the form with this key made a member just now, and with a PIN the device and its token.

    The form came a second time: it must hold the password or PIN that was chosen the first time.
    Raises districts.services.invitations.InvitationGone.
    """
    if key is None or not matches(key.hex, found.form_digest):
        raise InvitationGone
    user = found.accepted_by
    for known in (device_token, _first_device(key)) if pin else ():
        device = on_device(known, found.district).filter(user=user).first()
        if device is not None and check_password(pin, device.pin):
            return user, device, known
    if pin or not user.check_password(password):
        raise InvitationGone
    return (user,)


def _first_device(key: UUID | None) -> str:
    return token_of(key, purpose="accounts.first_device") if key else ""


@transaction.atomic
def name_superuser(*, email: str) -> tuple[User, str]:
    """Make the account of this address the administrator of all offices: for commands alone.

    Returns the user, and the path of a one-time link to choose a password: "" for who has one.
    Raises ValidationError for what is no address, or for an account that was closed.
    """
    email = email.strip().lower()
    validate_email(email)
    user = User.objects.filter(email=email).first()
    if user is None:
        user = User(email=email, name=_("National administrator"))
        user.set_unusable_password()
        user.save()
        readmit(user)
    if not user.is_active:
        raise ValidationError(_("The account of this address is closed."))
    if not user.is_superuser:
        user.is_superuser = user.is_staff = True
        user.save(update_fields=["is_superuser", "is_staff"])
        # What was opened with fewer powers, perhaps by a PIN, does not grow.
        user.end_sessions()
        audit.record(verb="superuser.named", actor_id=None, obj=user)
    if user.has_usable_password():
        return user, ""
    key = PASSWORD_RESET_TOKEN_GENERATOR().make_token(user)
    number = user_pk_to_url_str(user)
    names = {"uidb36": number, "key": key}
    return user, reverse("account_reset_password_from_key", kwargs=names)


def _save_new(user: User) -> None:
    chosen = user.email
    # Four digits are easy to keep; more when a first name is common.
    for digits in (4, 4, 4, 5, 5, 6, 6, 7, 8, 9):
        user.email = chosen or technical_address(user.name, digits)
        try:
            with transaction.atomic():
                user.save()
        except IntegrityError as error:
            if chosen:
                raise AccountExists from error
        else:
            return
    raise RuntimeError("no free sign-in name")


def technical_address(name: str, digits: int = 4) -> str:
    """`siti-4821@…` for who has no address; what stands before the @ is their sign-in name."""
    first = slugify(name).partition("-")[0][:LONGEST_NAME_PART] or "anggota"
    smallest = 10 ** (digits - 1)
    number = smallest + secrets.randbelow(9 * smallest)
    return f"{first}-{number}@{NO_EMAIL_DOMAIN}"


def address_of(login: Any) -> str:
    """The e-mail address a typed sign-in name stands for."""
    login = str(login).strip().lower()
    return login if "@" in login else f"{login}@{NO_EMAIL_DOMAIN}"
