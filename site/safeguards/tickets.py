"""What a public form carries to be told once, and told by a person.

A ticket is signed: the key that makes a repeat a repeat, the office, and when the form was opened.
One ticket makes one row, so that nobody sends a thousand from one page.
"""

import enum
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import ClassVar, Self
from uuid import UUID, uuid4

from django.core import signing

AT_LEAST = timedelta(seconds=3)
AT_MOST = timedelta(hours=24)


class Pace(enum.Enum):
    """How long a form was open."""

    HUMAN = "human"
    TOO_FAST = "too fast"
    TOO_OLD = "too old"


@dataclass(frozen=True)
class Ticket:
    """The ticket of one kind of form; each kind has its own `SALT`, and none passes for another.

    `office` is the number of whoever is told, an office or a site.
    """

    SALT: ClassVar[str]

    key: UUID
    office: int
    opened: datetime

    @classmethod
    def new(cls, *, office: int, now: datetime) -> Self:
        return cls(uuid4(), office, now)

    @classmethod
    def read(cls, text: str, *, office: int) -> Self | None:
        """Return the ticket in a posted form; None for none, another office's or a forged one."""
        try:
            key, issuer, opened = signing.loads(text, salt=cls.SALT)
            ticket = cls(UUID(key), issuer, datetime.fromtimestamp(opened, UTC))
        except (signing.BadSignature, ValueError, TypeError, OverflowError):
            return None
        return ticket if issuer == office else None

    def __str__(self) -> str:
        told = [self.key.hex, self.office, int(self.opened.timestamp())]
        return signing.dumps(told, salt=self.SALT)

    def pace(self, now: datetime) -> Pace:
        """Judge the time since the form was opened; whole seconds are all a ticket knows."""
        if now - self.opened < AT_LEAST:
            return Pace.TOO_FAST
        return Pace.TOO_OLD if now - self.opened > AT_MOST else Pace.HUMAN

    def opened_again(self, now: datetime) -> Self:
        return replace(self, opened=now)
