"""The shapes of what a run says; `modules.results` fills them."""

from dataclasses import dataclass

from modules.figures import Cell, Share
from modules.items import Item

TO_TEACH_AGAIN = 60


@dataclass(frozen=True)
class Bar:
    """One answer: its key, its text, how many gave it, and whether it is the right one."""

    key: str
    text: str
    cell: Cell
    share: int | None
    right: bool = False


@dataclass(frozen=True)
class QuestionResult:
    """A question of the quiz; `bars` are empty for a kind that has no single answers to count.

    `answered` are all who responded; None where hands may go up more than once.
    """

    item: Item
    number: int
    bars: tuple[Bar, ...]
    answered: Cell | None
    right: Share | None
    skipped: Cell

    @property
    def right_share(self) -> int | None:
        return self.right.exact if self.right else None

    @property
    def is_withheld(self) -> bool:
        """So few that no single number may stand."""
        return bool(self.bars) and all(bar.cell.says_nothing for bar in self.bars)

    @property
    def is_to_teach_again(self) -> bool:
        return self.right is not None and self.right.high < TO_TEACH_AGAIN


@dataclass(frozen=True)
class Side:
    """One side of a change: how many of how many are where the module leads."""

    cell: Cell
    people: Cell
    share: Share | None


@dataclass(frozen=True)
class Change:
    """A question of the survey, before and after.

    Knowledge: the right answer; attitude and intention: agreement (4, 5) in the wanted direction.
    """

    item: Item
    number: int
    earlier: Side | None
    later: Side | None
    paired: bool

    @property
    def sides(self) -> tuple[Side | None, Side | None]:
        return self.earlier, self.later

    @property
    def before(self) -> int | None:
        return self.earlier.share.exact if self.earlier and self.earlier.share else None

    @property
    def after(self) -> int | None:
        return self.later.share.exact if self.later and self.later.share else None

    @property
    def points(self) -> int | None:
        """Percentage points gained; None where a side is missing or no exact number."""
        if self.before is None or self.after is None:
            return None
        return self.after - self.before


@dataclass(frozen=True)
class Results:
    participants: Cell
    people: int
    passed: Share | None
    pass_mark: int
    questions: tuple[QuestionResult, ...]
    changes: tuple[Change, ...]
    paired: bool
    is_empty: bool
    sources: tuple[str, ...] = ()
    # Answers that came after the figures could be read, fewer than five to a question.
    late_ones_wait: bool = False

    @property
    def known_before(self) -> Share | None:
        """The right answers to what the survey asks of knowledge, on average."""
        return _mean([one.earlier.share for one in self._knowledge])

    @property
    def known_after(self) -> Share | None:
        return _mean([one.later.share for one in self._knowledge])

    @property
    def right(self) -> Share | None:
        """The right answers to the quiz, on average."""
        return _mean([one.right for one in self.questions if one.right])

    @property
    def to_teach_again(self) -> list[QuestionResult]:
        return [one for one in self.questions if one.is_to_teach_again]

    @property
    def hides(self) -> bool:
        cells = [bar.cell for one in self.questions for bar in one.bars]
        sides = [side for one in self.changes for side in (one.earlier, one.later) if side]
        return any(cell.hidden for cell in [*cells, *(side.cell for side in sides)])

    @property
    def _knowledge(self) -> list[Change]:
        return [
            one
            for one in self.changes
            if one.item.choices and all(s and s.share for s in (one.earlier, one.later))
        ]


def _mean(shares: list[Share]) -> Share | None:
    if not shares:
        return None
    low, high = (round(sum(ends) / len(shares)) for ends in zip(*map(_ends, shares), strict=True))
    return Share(low, high)


def _ends(share: Share) -> tuple[int, int]:
    return share.low, share.high
