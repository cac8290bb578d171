"""Rate limits as rows: the same on SQLite and PostgreSQL, shared by every worker."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import ceil

from django.db.models import F, Max, Q
from django.utils import timezone
from django.utils.crypto import salted_hmac

from safeguards.models import RateWindow


@dataclass(frozen=True)
class Verdict:
    """Whether an act may go on, and if not, in how many seconds to come back."""

    allowed: bool
    retry_after: int = 0


@dataclass(frozen=True)
class Budget:
    """So many acts of one key within one fixed window."""

    scope: str
    key: str
    limit: int
    window: timedelta


def spent(*budgets: Budget, now: datetime | None = None) -> Verdict:
    """Say whether one of the budgets is used up, without counting anything; one query."""
    now = now or timezone.now()
    used_up = Q()
    for budget in budgets:
        identity = _identity(budget.scope, budget.key, budget.window, now)
        used_up |= Q(**identity, count__gte=budget.limit)
    ends = RateWindow.objects.filter(used_up).aggregate(last=Max("expires_at"))["last"]
    if ends is None:
        return Verdict(allowed=True)
    return Verdict(allowed=False, retry_after=max(ceil((ends - now).total_seconds()), 1))


def allow(
    *, scope: str, key: str, limit: int, window: timedelta, now: datetime | None = None
) -> Verdict:
    """Count one act of ``key`` and say whether it is within ``limit`` per fixed ``window``.

    Exactly ``limit`` acts pass however many arrive at once. ``key`` (an address, a device, an
    account) is stored as a keyed digest. Call it outside a transaction that may be rolled back,
    since the count would go with it.
    """
    now = now or timezone.now()
    identity = _identity(scope, key, window, now)
    if limit > 0 and (
        _take(identity, limit) or (_open(identity, limit) and _take(identity, limit))
    ):
        return Verdict(allowed=True)
    left = identity["expires_at"] - now
    return Verdict(allowed=False, retry_after=max(ceil(left.total_seconds()), 1))


def forgive(*, scope: str, key: str) -> None:
    """Forget what ``key`` did within ``scope``, for example after a right password."""
    RateWindow.objects.filter(scope=scope, key_digest=_digest(scope, key)).delete()


def _identity(scope: str, key: str, window: timedelta, now: datetime) -> dict:
    seconds = max(int(window.total_seconds()), 1)
    start = int(now.timestamp()) // seconds * seconds
    return {
        "scope": scope,
        "key_digest": _digest(scope, key),
        "window_start": datetime.fromtimestamp(start, UTC),
        "expires_at": datetime.fromtimestamp(start + seconds, UTC),
    }


def _take(identity: dict, limit: int) -> bool:
    # One conditional statement, so that two workers never share the last place.
    free = RateWindow.objects.filter(**identity, count__lt=limit)
    return free.update(count=F("count") + 1) == 1


def _open(identity: dict, limit: int) -> bool:
    """Have the window there; ``False`` means it is full. Another act may create it meanwhile."""
    if RateWindow.objects.filter(**identity, count__gte=limit).exists():
        return False
    RateWindow.objects.bulk_create([RateWindow(**identity)], ignore_conflicts=True)
    return True


def _digest(scope: str, key: str) -> str:
    return salted_hmac("safeguards.rates", f"{scope}\0{key}", algorithm="sha256").hexdigest()
