"""Who a request of a person is about: a user's id, an e-mail address, a telephone number."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.utils.crypto import salted_hmac

from safeguards.phones import e164


class UnknownSubject(ValueError):
    """Raised for what is neither a user, a user's id, an e-mail address nor a telephone number."""


@dataclass(frozen=True)
class Subject:
    """A person, as far as we know them: ``user_id``, ``email``, or a ``phone`` as E.164."""

    user_id: int | None = None
    email: str = ""
    phone: str = ""

    @classmethod
    def of(cls, who: Any) -> "Subject":
        """Return the subject for a user, a user's id, an e-mail address or a telephone number.

        A number of a telephone begins with a plus or a 0, which no id does.
        """
        if isinstance(who, cls):
            return who
        if isinstance(who, bool):
            raise UnknownSubject("no id, e-mail address or telephone number")
        model = get_user_model()
        if isinstance(who, model):
            return cls(who.pk, _normal(getattr(who, model.get_email_field_name(), "")))
        text = str(who).strip()
        if "@" in text:
            return cls(None, _normal(text))
        if text.startswith(("+", "0")):
            if phone := e164(text):
                return cls(None, "", phone)
        elif text.isdecimal():
            return cls(int(text), "")
        raise UnknownSubject("no id, e-mail address or telephone number")

    def completed(self) -> "Subject":
        """Return the subject with what the user table adds: the id, or the address."""
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
        return Subject(user.pk, _normal(getattr(user, address, "")) or self.email, self.phone)

    @property
    def digests(self) -> list[str]:
        """Return what may be stored to know the person again: keyed, so that nobody can guess."""
        names = [f"user:{self.user_id}"] if self.user_id is not None else []
        names += [f"email:{self.email}"] if self.email else []
        names += [f"phone:{self.phone}"] if self.phone else []
        return [_digest(name) for name in names]


def _normal(address: str | None) -> str:
    return (address or "").strip().lower()


def _digest(name: str) -> str:
    # A key of its own lets SECRET_KEY change without forgetting who was erased.
    secret = getattr(settings, "SAFEGUARDS_TOMBSTONE_KEY", "") or settings.SECRET_KEY
    return salted_hmac("safeguards.subject", name, secret=secret, algorithm="sha256").hexdigest()
