"""Figures that are shown without showing anybody.

0 is shown, 1 to 4 is "<5". Whoever knows how many answered in all could compute a single hidden
number from its neighbours, so a larger one is then told as a range ("32–35"). Which one that is
follows from the order of the answers alone, and what is left open never has one solution only: not
even for a reader who knows these rules (`tests/modules/test_figures_hold.py` tries all of them).
Whatever else a page says of the same people (a share, a sum) is computed from the cells as shown.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

SMALL = 5
MOST_HIDDEN = SMALL - 1


@dataclass(frozen=True)
class Cell:
    """A number as it may be shown; None where it is hidden, between `low` and `high`."""

    number: int | None
    low: int = 1
    high: int = MOST_HIDDEN

    @classmethod
    def open(cls, number: int) -> "Cell":
        return cls(number, number, number)

    @property
    def hidden(self) -> bool:
        return self.number is None

    @property
    def says_nothing(self) -> bool:
        """Hidden with its whole row: it may be nobody, and it may be all."""
        return self.hidden and self.low == 0

    @property
    def shows_people(self) -> bool:
        """That there is somebody."""
        return self.low > 0

    @property
    def shown(self) -> str:
        if self.number is not None:
            return str(self.number)
        if self.says_nothing:
            return "–"
        return f"<{SMALL}" if self.high <= MOST_HIDDEN else f"{self.low}–{self.high}"


@dataclass(frozen=True)
class Share:
    """Whole percent between `low` and `high`, which are one where it is exact."""

    low: int
    high: int

    @property
    def exact(self) -> int | None:
        return self.low if self.low == self.high else None

    @property
    def shown(self) -> str:
        if self.exact is not None:
            return f"{self.low}%"
        if self.low == 0:
            return f"≤ {self.high}%"
        return f"≥ {self.low}%" if self.high == 100 else f"{self.low}–{self.high}%"


def suppress(
    counts: Mapping[str, int], *, total_is_known: bool = True, last: Iterable[str] = ()
) -> dict[str, Cell]:
    """The counts of one row, hidden where they must be.

    `total_is_known`: whether a reader knows the sum of the row. `last` are answers to be told as a
    range only where no other one can be: the right ones.
    """
    small = [key for key, number in counts.items() if 0 < number < SMALL]
    hidden = {key: Cell(None) for key in small}
    if small and total_is_known:
        hidden |= _guards(counts, small, set(last))
    return {key: hidden.get(key) or Cell.open(counts[key]) for key in counts}


def _guards(counts: Mapping[str, int], small: list[str], last: set[str]) -> dict[str, Cell]:
    """What else is hidden, so that the sum gives no small number away."""
    k, whole = len(small), sum(counts.values())
    together = sum(counts[key] for key in small)
    # Of so few any pattern would tell: nothing of the row is shown but its sum.
    nothing = {key: Cell(None, 0, whole) for key in counts}
    if whole < 2 * SMALL:
        return nothing
    if k > 1 and k + 2 <= together <= MOST_HIDDEN * k - 2:
        return {}
    large = sorted((key for key in counts if counts[key] >= SMALL), key=lambda key: key in last)
    if large:
        known = together + counts[large[0]]
        if known > SMALL + k:
            return {large[0]: Cell(None, max(SMALL, known - MOST_HIDDEN * k), known - k)}
    return nothing


def share_of(cells: Mapping[str, Cell], keys: Iterable[str], whole: int) -> Share | None:
    """The share of some answers of a row, from what is shown of it; None where that says nothing.

    Bounds of hidden numbers are narrowed by the sum, which is known.
    """
    keys = set(keys)
    inside = [cell for key, cell in cells.items() if key in keys]
    outside = [cell for key, cell in cells.items() if key not in keys]
    low = max(sum(cell.low for cell in inside), whole - sum(cell.high for cell in outside))
    high = min(sum(cell.high for cell in inside), whole - sum(cell.low for cell in outside))
    return None if whole < SMALL or high - low >= whole else between(low, high, whole)


def part(number: int, whole: int) -> Cell:
    """How many of `whole` say yes; hidden where these or the others are few."""
    return suppress({"in": number, "out": whole - number})["in"]


def between(low: int, high: int, whole: int) -> Share:
    return Share(round(100 * low / whole), round(100 * high / whole))


def roughly(number: int, whole: int) -> Share | None:
    """A share that is bound up with others (who passed, who chose all that fits): exact where at
    least ten stand on either side, else a bound of nine, so that it narrows no hidden cell."""
    most = 2 * SMALL - 1
    if whole < 2 * SMALL:
        return None
    if number <= most:
        return between(0, most, whole)
    if whole - number <= most:
        return between(whole - most, whole, whole)
    return between(number, number, whole)


def percent(part: int, whole: int) -> int | None:
    """Whole percent; None where there are fewer than five to speak of."""
    return None if whole < SMALL else round(100 * part / whole)
