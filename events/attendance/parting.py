"""Who came where, once two people who were put together turn out to be two after all.

What held before is kept with the merge. What was told since belongs to the one under whose key it
was told; the facts say which that is. Each of the two then has the heaviest of their own tellings,
as if they had never been one.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from events.attendance import order

# What a row of attendance says of the telling that holds.
TOLD = (
    *("status", "way", "rank", "told_at", "key", "client_time", "server_time", "skewed"),
    "recorded_by_id",
)


@dataclass(frozen=True)
class Said:
    """A telling about one of the two at one date; `is_live`: on a screen, after all before it."""

    of_other: bool
    values: dict[str, Any]
    is_live: bool = False

    @property
    def key(self) -> UUID:
        return self.values["key"]

    @property
    def weight(self) -> tuple[int, int, int]:
        return order.weight(self.values["rank"], self.values["told_at"], self.key)


def told_of(row: Any) -> dict[str, Any]:
    """The telling that a row of attendance, or of what was kept of one, holds."""
    return {name: getattr(row, name) for name in TOLD}


def parted(
    before: Iterable[Said], since: Iterable[Said], held: dict[str, Any] | None
) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    """What holds at one date of who stayed and of the other; None where nothing was ever told.

    `before` is what was kept, `since` what the facts tell, in the order in which they arrived, and
    `held` what stands now of the two as one. What no fact tells of is taken for who stayed.
    """
    tellings = list(before)
    known = {one.key for one in tellings}
    for one in since:
        if one.key not in known:
            known.add(one.key)
            tellings.append(_signed(one, held))
    if held is not None and held["key"] not in known:
        tellings.append(Said(False, held))
    best: dict[bool, Said] = {}
    for one in tellings:
        best[one.of_other] = _heavier(best.get(one.of_other), one)
    return tuple(best[side].values if side in best else None for side in (False, True))


def _signed(said: Said, held: dict[str, Any] | None) -> Said:
    """A fact does not say who told it; the row that holds it does."""
    if held is None or held["key"] != said.key:
        return said
    return replace(said, values=said.values | {"recorded_by_id": held["recorded_by_id"]})


def _heavier(held: Said | None, said: Said) -> Said:
    if held is None:
        return said
    if said.is_live and held.values["rank"] == said.values["rank"]:
        told = order.Telling(said.key, said.values["told_at"], None, False)
        told = order.just_after(told, held.values["told_at"], held.key)
        said = replace(said, values=said.values | {"told_at": told.at})
    return said if said.weight > held.weight else held
