"""Who a request of a person is about: a user's id, an address, a number, the key of a person."""

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db.models import QuerySet
from django.utils.crypto import salted_hmac

from safeguards import registry
from safeguards.phones import e164

# A UUID as it is written, with its hyphens.
KEY_LENGTH = 36


class UnknownSubject(ValueError):
    """Raised for what is no user, user's id, e-mail address, telephone number or person's key."""


@dataclass(frozen=True)
class Subject:
    """A person, as far as we know them: ``user_id``, ``email``, or a ``phone`` as E.164.

    ``persons`` are the keys under which people without an account were written down. With ``site``
    only what the office of that site keeps of them is meant.
    """

    user_id: int | None = None
    email: str = ""
    phone: str = ""
    persons: frozenset[UUID] = frozenset()
    site: int | None = None

    @classmethod
    def of(cls, who: Any) -> "Subject":
        """Return the subject for a user, their id, an e-mail address, a number or a person's key.

        A number of a telephone begins with a plus or a 0, which no id does; a key is longer.
        """
        if isinstance(who, cls):
            return who
        if isinstance(who, bool):
            raise UnknownSubject("no id, e-mail address or telephone number")
        if isinstance(who, UUID):
            return cls(persons=frozenset({who}))
        model = get_user_model()
        if isinstance(who, model):
            return cls(who.pk, _normal(getattr(who, model.get_email_field_name(), "")))
        text = str(who).strip()
        if "@" in text:
            return cls(None, _normal(text))
        if len(text) == KEY_LENGTH:
            return cls.of(_key(text))
        if text.startswith(("+", "0")):
            if phone := e164(text):
                return cls(None, "", phone)
        elif text.isdecimal():
            return cls(int(text), "")
        raise UnknownSubject("no id, e-mail address or telephone number")

    def completed(self) -> "Subject":
        """Return the subject with what tables add: the user's id or address, keys of persons."""
        who = self._with_user()
        for widen in registry.identities():
            who = widen(who)
        return who

    def _with_user(self) -> "Subject":
        model = get_user_model()
        address = model.get_email_field_name()
        users = model._default_manager.all()
        if self.user_id is not None:
            user = users.filter(pk=self.user_id).first()
        elif self.email:
            user = users.filter(**{f"{address}__iexact": self.email}).first()
        else:
            user = None
        if user is None:
            return self
        email = _normal(getattr(user, address, "")) or self.email
        return replace(self, user_id=user.pk, email=email)

    def within(self, rows: QuerySet) -> QuerySet:
        """Those of the rows that belong to the office of ``site``; all of them without one.

        None of a model that belongs to no office.
        """
        if self.site is None:
            return rows
        names = {column.name for column in rows.model._meta.fields}
        if "district" in names:
            return rows.filter(district__site=self.site)
        return rows.filter(site=self.site) if "site" in names else rows.none()

    @property
    def digests(self) -> list[str]:
        """Return what may be stored to know the person again: keyed, so that nobody can guess."""
        names = [f"user:{self.user_id}"] if self.user_id is not None else []
        names += [f"email:{self.email}"] if self.email else []
        names += [f"phone:{self.phone}"] if self.phone else []
        names += [f"person:{key.hex}" for key in sorted(self.persons)]
        return [_digest(name) for name in names]


def _key(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise UnknownSubject("no key of a person") from None


def _normal(address: str | None) -> str:
    return (address or "").strip().lower()


def _digest(name: str) -> str:
    # A key of its own lets SECRET_KEY change without forgetting who was erased.
    secret = getattr(settings, "SAFEGUARDS_TOMBSTONE_KEY", "") or settings.SECRET_KEY
    return salted_hmac("safeguards.subject", name, secret=secret, algorithm="sha256").hexdigest()
