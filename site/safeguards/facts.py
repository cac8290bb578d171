"""Writes from the field, told once: the same key and body again is a repeat, never a second row.

Forms, spreadsheets and the offline queue all come through ``accept``; the unique constraint on
(kind, site, key) decides between two that arrive at the same instant.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, OperationalError, connection, transaction
from django.utils.translation import gettext as _

from safeguards.clocks import told_moment
from safeguards.compiled import CompiledInsert, CompiledQuery
from safeguards.identifiers import SHORTEST_NUMBER, contains_identity_number
from safeguards.models import Fact, FactSubject, Tombstone
from safeguards.services.subjects import Subject

Status = Literal["created", "already", "conflict", "rejected", "quarantined"]

SKEW_AT_MOST = timedelta(minutes=5)
RETRY_AFTER_SECONDS = 2
_KEY = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{64}")
# lock not available, deadlock detected, serialization failure
_BUSY_SQLSTATES = frozenset({"55P03", "40P01", "40001"})


_STORED = CompiledQuery(
    lambda **named: Fact.objects.filter(**named), kind=str, site_id=int, key=UUID
)
_FACT = CompiledInsert(Fact)
_SUBJECT = CompiledInsert(FactSubject)
_TOMBSTONE = CompiledQuery(
    lambda **named: Tombstone.objects.filter(**named).values_list("pk"), digest=str
)


class Refused(Exception):
    """Raised by ``apply`` when a fact breaks a rule; nothing of it is kept."""

    def __init__(self, reason: str, *, http: int = 422):
        super().__init__(reason)
        self.reason, self.http = str(reason), http


class Doubtful(Exception):
    """Raised by ``apply`` when a person has to look: the body is kept, its effects are not."""

    def __init__(self, reason: str):
        super().__init__(reason)
        self.reason = str(reason)


@dataclass(frozen=True)
class Outcome:
    """What became of one fact; ``http`` is the status for a request that holds it alone."""

    status: Status
    http: int
    response: dict = field(default_factory=dict)
    reason: str = ""
    retry_after: int | None = None


@dataclass(frozen=True)
class Item:
    """One fact of a batch; the fields are the arguments of ``accept``."""

    kind: str
    key: UUID
    body: dict
    site: Any
    apply: Callable[[], dict]
    client_time: datetime | None = None
    subjects: tuple = ()
    aside: dict | None = None
    readmits: tuple = ()


def canonical_hash(body: dict) -> str:
    """Return the SHA-256 of ``body`` as JSON with sorted keys; key order changes nothing."""
    text = json.dumps(
        body,
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=False,
        allow_nan=False,
        cls=DjangoJSONEncoder,
    )
    return hashlib.sha256(text.encode()).hexdigest()


def accept(
    *,
    kind: str,
    key: UUID,
    body: dict,
    site: Any,
    apply: Callable[[], dict],
    client_time: datetime | None = None,
    subjects: Iterable = (),
    aside: dict | None = None,
    readmits: Iterable = (),
    now: datetime,
) -> Outcome:
    """Record a fact and its effects in one durable transaction, or say why not.

    ``apply`` writes the domain rows and returns the response to store; it runs once, inside the
    transaction, and may raise ``Refused``, ``Doubtful`` or ``ValidationError``. ``subjects`` are
    the people the fact is about (users, user ids, e-mail addresses, keys of persons); they are
    stored as digests. `aside` is what is kept instead of `body` while somebody has to look: with
    it, `body` itself tells of nobody, and no digest stays once the fact is recorded. `readmits` are
    those of the subjects that tell it themselves, of their own will: who was erased before is known
    again with the fact, and only with it; a repeat of what was told before readmits nobody.
    Answers 201, 200 for a repeat, 422 for another body under the same key, 410 for a person who
    was erased, 409 with ``retry_after`` when a concurrent writer holds the key too long.
    """
    try:
        body_hash = canonical_hash(body)
    except (TypeError, ValueError):
        return _rejected(_("This could not be read. Nothing was recorded."))
    if found := _identity_number_in(body) or _identity_number_in(aside):
        return _rejected(_refuse_identity(found))
    digests, back = digests_of(subjects), digests_of(readmits)
    told = {
        "kind": kind,
        "key": key,
        "site_id": getattr(site, "pk", site),
        "body": body,
        "body_hash": body_hash,
        "server_time": now,
        **_clock(client_time, now),
    }
    try:
        # A repeat needs no lock, and repeats are what a bad connection makes most of.
        if stored := _stored(told):
            return _judge(stored, body_hash, digests)
        return _write(told, apply, digests, aside, back)
    except Refused as refusal:
        return Outcome("rejected", refusal.http, reason=refusal.reason)
    except ValidationError as refusal:
        return _rejected(" ".join(refusal.messages))
    except OperationalError as error:
        if not _is_busy(error):
            raise
        # Not final: the client keeps the item and asks again.
        return Outcome(
            "conflict",
            409,
            reason=_("The same entry is being saved right now. Please try again in a moment."),
            retry_after=RETRY_AFTER_SECONDS,
        )


def judge_batch(items: Iterable[Item], *, now: datetime) -> list[Outcome]:
    """Return one outcome per item, in order; one bad item never stops the others."""
    return [
        accept(
            kind=item.kind,
            key=item.key,
            body=item.body,
            site=item.site,
            apply=item.apply,
            client_time=item.client_time,
            subjects=item.subjects,
            aside=item.aside,
            readmits=item.readmits,
            now=now,
        )
        for item in items
    ]


def digests_of(subjects: Iterable) -> set[str]:
    """What is stored of people: their keyed digests."""
    return {digest for subject in subjects for digest in Subject.of(subject).digests}


def reconsider(*, fact: Fact, item: Item) -> Outcome:
    """Do now what was set aside: `created`, or why it is still to be looked at.

    `item` is made anew of what was kept. A second time answers as a repeat does.
    """
    digests = digests_of(item.subjects)
    try:
        with transaction.atomic(durable=True):
            row = Fact.objects.select_for_update().get(pk=fact.pk)
            if row.state != Fact.State.QUARANTINED:
                return _judge(row, row.body_hash, digests)
            if _is_erased(digests):
                return _erased()
            row.response = _plain(item.apply() or {})
            row.state, row.reason, row.body = Fact.State.CREATED, "", item.body
            row.save(update_fields=["response", "state", "reason", "body"])
            if item.aside is not None:
                row.subjects.all().delete()
        return Outcome("created", 201, response=row.response)
    except Refused as refusal:
        return Outcome("rejected", refusal.http, reason=refusal.reason)
    except ValidationError as refusal:
        return _rejected(" ".join(refusal.messages))
    except Doubtful as doubt:
        return Outcome("quarantined", 202, reason=doubt.reason)


def drop(*, fact: Fact, reason: str) -> bool:
    """Put what was set aside away for good, with the reason; False where it is not aside now."""
    with transaction.atomic():
        waiting = Fact.objects.filter(pk=fact.pk, state=Fact.State.QUARANTINED)
        done = waiting.update(state=Fact.State.DROPPED, reason=reason[:255], body=None)
        if done:
            FactSubject.objects.filter(fact=fact.pk).delete()
    return bool(done)


class _Told(Exception):
    """Somebody told this fact before: what was written here is taken back."""


def _write(
    told: dict[str, Any],
    apply: Callable[[], dict],
    digests: set[str],
    aside: dict | None,
    back: set[str],
) -> Outcome:
    try:
        # durable: success is only said once this very transaction is on the disk.
        with transaction.atomic(durable=True):
            if _is_erased(digests - back):
                return _erased()
            if _has_tombstone(back):
                Tombstone.objects.filter(digest__in=back).delete()
            # The effects come first, so that the fact is written once, with what they answer; who
            # tells it a second time at the same instant meets the constraint and is undone whole.
            response = _plain(apply() or {})
            _add(told | {"response": response}, digests if aside is None else set())
        return Outcome("created", 201, response=response)
    except _Told:
        return _repeated(told, digests)
    except Doubtful as doubt:
        # The effects are undone with their transaction; this one keeps the body for somebody.
        kept = {"state": Fact.State.QUARANTINED, "reason": doubt.reason[:255], "response": {}}
        if aside is not None:
            kept["body"] = aside
        return _set_aside(told | kept, digests)
    except (Refused, ValidationError, IntegrityError):
        # Perhaps because another request has just done the very same thing.
        if stored := _stored(told):
            return _judge(stored, told["body_hash"], digests)
        raise


def _set_aside(told: dict[str, Any], digests: set[str]) -> Outcome:
    try:
        with transaction.atomic(durable=True):
            if _is_erased(digests):
                return _erased()
            _add(told, digests)
        return Outcome("quarantined", 202, reason=told["reason"])
    except _Told:
        return _repeated(told, digests)


def _is_erased(digests: set[str]) -> bool:
    _wait_at_most(getattr(settings, "SAFEGUARDS_FACT_WAIT_SECONDS", 5))
    return _has_tombstone(digests)


def _has_tombstone(digests: Iterable[str]) -> bool:
    return any(_TOMBSTONE.rows(digest=digest) for digest in digests)


def _add(told: dict[str, Any], digests: set[str]) -> None:
    fact = _FACT.row(**told)
    if fact is None:
        raise _Told
    for digest in sorted(digests):
        _SUBJECT.row(fact_id=fact, digest=digest)


def _plain(response: dict) -> dict:
    """The response as a repeat will read it: what JSON keeps of it."""
    return json.loads(json.dumps(response, cls=DjangoJSONEncoder))


def _repeated(told: dict[str, Any], digests: set[str]) -> Outcome:
    stored = _stored(told)
    if stored is None:
        raise IntegrityError(f"{told['kind']} {told['key']}")
    return _judge(stored, told["body_hash"], digests)


def _stored(told: dict[str, Any]) -> Fact | None:
    named = {name: told[name] for name in ("kind", "site_id", "key")}
    return next(iter(_STORED.instances(**named)), None)


def _judge(stored: Fact, body_hash: str, digests: set[str]) -> Outcome:
    known = stored.subjects.values("digest")
    if _has_tombstone(digests) or Tombstone.objects.filter(digest__in=known).exists():
        return _erased()
    if stored.body_hash != body_hash:
        return Outcome(
            "conflict",
            422,
            reason=_("Something else was already recorded under this key. Nothing was changed."),
        )
    if stored.state == Fact.State.QUARANTINED:
        return Outcome("quarantined", 202, reason=stored.reason)
    if stored.state == Fact.State.DROPPED:
        return Outcome("rejected", 422, reason=stored.reason)
    return Outcome("already", 200, response=stored.response or {}, reason=_("Already recorded."))


def _rejected(reason: str) -> Outcome:
    return Outcome("rejected", 422, reason=reason)


def _erased() -> Outcome:
    reason = _("The person this is about asked to be erased. Nothing was recorded.")
    return Outcome("rejected", 410, reason=reason)


def _refuse_identity(found: str) -> str:
    return _("This holds an identity number (%(kind)s). Please leave it out.") % {
        "kind": found.upper()
    }


def _identity_number_in(value: Any) -> str | None:
    if isinstance(value, str):
        # A key or digest of ours: one in some hundreds holds ten digits that pass for a NISN.
        return None if _KEY.fullmatch(value) else contains_identity_number(value)
    if isinstance(value, int):
        return contains_identity_number(str(value)) if abs(value) >= 10**9 else None
    if isinstance(value, dict):
        value = [*value.keys(), *value.values()]
    for item in value if isinstance(value, list | tuple) else ():
        if item is None or (
            isinstance(item, str) and len(item) < SHORTEST_NUMBER and item.isascii()
        ):
            # Most of what is told.
            continue
        if found := _identity_number_in(item):
            return found
    return None


def _clock(client_time: datetime | None, now: datetime) -> dict[str, Any]:
    if client_time is None:
        return {}
    told = told_moment(client_time)
    if told is None:
        return {"skewed": True}
    skew = now - told
    return {
        "client_time": told,
        "skew_seconds": int(skew.total_seconds()),
        "skewed": abs(skew) > SKEW_AT_MOST,
    }


def _wait_at_most(seconds: int) -> None:
    """Bound the wait for a concurrent writer; SQLite has its busy timeout for that."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, true)", [f"{int(seconds)}s"])


def _is_busy(error: OperationalError) -> bool:
    sqlstate = getattr(error.__cause__, "sqlstate", None)
    text = str(error).lower()
    return sqlstate in _BUSY_SQLSTATES or "database is locked" in text or "table is locked" in text
