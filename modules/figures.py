"""Figures that are shown without showing anybody: cells of 1 to 4 are hidden, with a complement.

0 is shown, 1–4 is "<5". Where hiding one cell would let its neighbours and the sum give it away,
the smallest other cell is hidden too.
"""

from collections.abc import Mapping
from dataclasses import dataclass

SMALL = 5


@dataclass(frozen=True)
class Cell:
    """A number as it may be shown: `number` is None where it is hidden."""

    number: int | None

    @property
    def shown(self) -> str:
        return "<5" if self.number is None else str(self.number)

    @property
    def hidden(self) -> bool:
        return self.number is None


def suppress(counts: Mapping[str, int], *, total_is_known: bool = True) -> dict[str, Cell]:
    """The counts of one row, hidden where they must be.

    `total_is_known`: whether a reader knows the sum of the row, from which a single hidden cell
    could be computed.
    """
    hidden = {key for key, number in counts.items() if 0 < number < SMALL}
    if total_is_known and len(hidden) == 1:
        others = [key for key in counts if key not in hidden and counts[key] > 0]
        if others:
            hidden.add(min(others, key=lambda key: (counts[key], key)))
    return {key: Cell(None if key in hidden else number) for key, number in counts.items()}


def percent(part: int, whole: int) -> int | None:
    """Whole percent; None where there are fewer than five to speak of."""
    return None if whole < SMALL else round(100 * part / whole)
