"""Facts that arrive in batches from a device: each app says what the facts of a kind do.

An app registers its kinds when it is ready::

    register("hadir", prepare)      # prepare(Told, Teller) -> facts.Item or facts.Outcome

`prepare` judges whether the teller may say this here and returns the fact with what it does; the
answer of a service that accepts by itself will do as well. It raises `facts.Refused` for what is
wrong and KeyError, TypeError or ValueError for what can't be read. What an `Item` sets aside is
told again through the same function when somebody has looked at it.
"""

import logging
import traceback
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from safeguards import facts
from safeguards.models import Fact

MOST_FACTS, MOST_BYTES = 500, 1_000_000
# What failed for a reason of ours is not asked for at once.
RETRY_AFTER_SECONDS = 60
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Told:
    """One fact as it arrived. `insists`: somebody looked at it and wants it recorded."""

    kind: str
    key: UUID
    body: dict[str, Any]
    client_time: datetime | None
    now: datetime
    insists: bool = False


@dataclass
class Teller:
    """Who tells: a member through a device. `name` is stored with what is set aside, to know the
    teller again; `memory` is for what a batch needs more than once."""

    site: Any
    member: Any
    source: Any = None
    name: dict[str, Any] = field(default_factory=dict)
    memory: dict[Any, Any] = field(default_factory=dict)


Prepare = Callable[[Told, Teller], facts.Item | facts.Outcome]
_kinds: dict[str, Prepare] = {}
_recall: Callable[[Any, dict[str, Any]], Teller | None] | None = None


def register(kind: str, prepare: Prepare) -> None:
    """Take facts of this kind; a second call replaces the first."""
    _kinds[kind] = prepare


def kinds() -> list[str]:
    return sorted(_kinds)


def recalls(recall: Callable[[Any, dict[str, Any]], Teller | None]) -> None:
    """Have `recall(site, name)` find the teller of what was set aside; None where they may tell
    nothing any more."""
    global _recall
    _recall = recall


def judge(told: Iterable[Told], teller: Teller) -> list[facts.Outcome]:
    """Return one outcome a fact, in order; one that is wrong never stops the others.

    What waited for somebody whom this batch told of is done afterwards.
    """
    found, about = [], set()
    for one in told:
        outcome, item = _judge(one, teller)
        found.append(outcome)
        # A repeat as well: its first answer may have got lost before anybody was woken.
        if item is not None and outcome.status in {"created", "already"}:
            about |= facts.digests_of(item.subjects)
    if about:
        _wake(about, teller.site)
    return found


def again(fact: Fact, teller: Teller, *, now: datetime, insists: bool) -> facts.Outcome:
    """Do what was set aside; `insists` is for somebody who looked at it."""
    kept = dict(fact.body or {})
    told = Told(
        kind=fact.kind,
        key=fact.key,
        body=kept.get("body", {}),
        client_time=fact.client_time,
        now=now,
        insists=insists,
    )
    prepared = _prepared(told, teller)
    if isinstance(prepared, facts.Outcome):
        return prepared
    return facts.reconsider(fact=fact, item=prepared)


def _judge(told: Told, teller: Teller) -> tuple[facts.Outcome, facts.Item | None]:
    try:
        prepared = _prepared(told, teller)
        if isinstance(prepared, facts.Outcome):
            return prepared, None
        [outcome] = facts.judge_batch([prepared], now=told.now)
    except Exception as error:
        # Of one fact, whatever is wrong with it: the device keeps it and the others go on.
        _log(error, told.kind)
        reason = _("This could not be saved just now. Please send it again later.")
        retry = RETRY_AFTER_SECONDS
        return facts.Outcome("conflict", 409, reason=reason, retry_after=retry), None
    return outcome, prepared


def _prepared(told: Told, teller: Teller) -> facts.Item | facts.Outcome:
    prepare = _kinds.get(told.kind)
    if prepare is None:
        return _rejected(_("We do not know this kind of entry. Update the page, then try again."))
    try:
        prepared = prepare(told, teller)
    except facts.Refused as refusal:
        return facts.Outcome("rejected", refusal.http, reason=refusal.reason)
    except (KeyError, TypeError, ValueError, AttributeError):
        return _rejected(_("This could not be read. Nothing was recorded."))
    if isinstance(prepared, facts.Outcome):
        return prepared
    return replace(prepared, aside={"body": told.body, "teller": teller.name})


def _wake(digests: set[str], site: Any) -> None:
    """Facts that were set aside for want of these people."""
    waiting = Fact.objects.filter(
        site=getattr(site, "pk", site),
        state=Fact.State.QUARANTINED,
        subjects__digest__in=digests,
    )
    for fact in waiting.distinct().order_by("server_time", "pk"):
        name = (fact.body or {}).get("teller", {})
        teller = _recall(site, name) if _recall is not None else None
        if teller is None:
            continue
        try:
            again(fact, teller, now=fact.server_time, insists=False)
        except Exception as error:
            # It goes on waiting; what this batch told was kept before.
            _log(error, fact.kind)


def _log(error: Exception, kind: str) -> None:
    """Where it happened; what the error says may hold what was told of a person."""
    where = "".join(traceback.format_tb(error.__traceback__))
    logger.error("A fact of kind %s can't be judged: %s\n%s", kind, type(error).__name__, where)


def _rejected(reason: str) -> facts.Outcome:
    return facts.Outcome("rejected", 422, reason=reason)
