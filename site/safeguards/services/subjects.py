"""Who a request of a person is about: the user's number and e-mail address, and their digests."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.utils.crypto import salted_hmac


class UnknownSubject(ValueError):
    """Raised for what is neither a user, a user's number nor an e-mail address."""


@dataclass(frozen=True)
class Subject:
    """A person, as far as we know them: ``user_id``, ``email``, or both."""

    user_id: int | None = None
    email: str = ""

    @classmethod
    def of(cls, who: Any) -> "Subject":
        """Return the subject for a user, a user's number or an e-mail address."""
        if isinstance(who, cls):
            return who
        if isinstance(who, bool):
            raise UnknownSubject("neither a number nor an e-mail address")
        model = get_user_model()
        if isinstance(who, model):
            return cls(who.pk, _normal(getattr(who, model.get_email_field_name(), "")))
        text = str(who).strip()
        if "@" in text:
            return cls(None, _normal(text))
        if text.isdecimal():
            return cls(int(text), "")
        raise UnknownSubject("neither a number nor an e-mail address")

    def completed(self) -> "Subject":
        """Return the subject with what the user table adds: the number, or the address."""
        model = get_user_model()
        address = model.get_email_field_name()
        users = model._default_manager.all()
        if self.user_id is not None:
            user = users.filter(pk=self.user_id).first()
        else:
            user = users.filter(**{f"{address}__iexact": self.email}).first()
        if user is None:
            return self
        return Subject(user.pk, _normal(getattr(user, address, "")) or self.email)

    @property
    def digests(self) -> list[str]:
        """Return what may be stored to know the person again: keyed, so that nobody can guess."""
        names = [f"user:{self.user_id}"] if self.user_id is not None else []
        names += [f"email:{self.email}"] if self.email else []
        return [_digest(name) for name in names]


def _normal(address: str | None) -> str:
    return (address or "").strip().lower()


def _digest(name: str) -> str:
    # A key of its own lets SECRET_KEY change without forgetting who was erased.
    secret = getattr(settings, "SAFEGUARDS_TOMBSTONE_KEY", "") or settings.SECRET_KEY
    return salted_hmac("safeguards.subject", name, secret=secret, algorithm="sha256").hexdigest()
