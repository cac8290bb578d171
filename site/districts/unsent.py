"""Mails that were given up, of every app: what an office has to tell people in another way.

Each app puts its kind here::

    register_unsent(UnsentSource("answer", ANSWERERS, rows_of, told, POST))

`/ruang/surat/` lists them all (`districts.unsent_desk`); what is told of a mail names nobody.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from districts.models import District
from safeguards.models import OwedMail
from safeguards.owed_mails import Post

MOST_SHOWN = 50


@dataclass(frozen=True)
class Unsent:
    """A mail as the office reads of it: what it was to say, about what, and where that stands.

    Only one that certainly did not leave and still holds may be sent again.
    """

    key: str
    what: Any
    about: str
    url: str
    since: datetime
    may_have_arrived: bool
    is_true: bool

    @property
    def may_go_again(self) -> bool:
        return self.is_true and not self.may_have_arrived


@dataclass(frozen=True)
class UnsentSource:
    """One kind of mail; `roles` see it, `rows(district)` were given up and still matter.

    `told(row)` are `what`, `about` and `url`. `post` drops a mail that does not hold any more; to
    judge a row of `rows` it asks no query.
    """

    name: str
    roles: frozenset[str]
    rows: Callable[[District], QuerySet]
    told: Callable[[Any], tuple[Any, str, str]]
    post: Post


_sources: dict[str, UnsentSource] = {}


def register_unsent(source: UnsentSource) -> None:
    """Add a kind of mail; a second one of the same name replaces the first."""
    _sources[source.name] = source


def sources_for(roles: Collection[str]) -> list[UnsentSource]:
    return [source for source in _sources.values() if source.roles & frozenset(roles)]


def unsent_count(district: District, roles: Collection[str]) -> int:
    return sum(source.rows(district).count() for source in sources_for(roles))


def unsent_mails(district: District, roles: Collection[str]) -> list[Unsent]:
    """The newest of each kind, the newest of all first."""
    found = [
        one
        for source in sources_for(roles)
        for one in shown(source, source.rows(district).order_by("-due_at", "-pk")[:MOST_SHOWN])
    ]
    return sorted(found, key=lambda one: one.since, reverse=True)


def shown(source: UnsentSource, rows: Iterable[OwedMail]) -> list[Unsent]:
    now = timezone.now()
    return [
        Unsent(
            f"{source.name}-{row.pk}",
            *source.told(row),
            since=row.due_at,
            may_have_arrived=row.in_doubt,
            is_true=source.post.still_true(row, now),
        )
        for row in rows
    ]


def find_unsent(
    district: District, roles: Collection[str], key: str
) -> tuple[UnsentSource, OwedMail] | None:
    """The mail with this key, and its kind ("answer-12"); None where this member has no such."""
    name, _dash, number = key.rpartition("-")
    if not (number.isascii() and number.isdecimal()) or len(number) > 18:
        return None
    for source in sources_for(roles):
        row = source.rows(district).filter(pk=int(number)).first() if source.name == name else None
        if row is not None:
            return source, row
    return None
