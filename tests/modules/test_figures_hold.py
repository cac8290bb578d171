"""Hidden numbers stay open: nobody who reads what is shown, and knows how it is made, can tell."""

from collections import defaultdict
from collections.abc import Iterator

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from modules.figures import SMALL, Cell, Share, part, percent, roughly, share_of, suppress

RIGHT = "0"


def row(numbers) -> dict[str, int]:
    return {str(key): number for key, number in enumerate(numbers)}


def shown(numbers) -> tuple[str, ...]:
    return tuple(cell.shown for cell in suppress(row(numbers), last={RIGHT}).values())


def rows_of(total: int, answers: int) -> Iterator[tuple[int, ...]]:
    if answers == 1:
        yield (total,)
        return
    for first in range(total + 1):
        for rest in rows_of(total - first, answers - 1):
            yield (first, *rest)


@pytest.mark.parametrize(
    ("numbers", "told"),
    [
        ((20, 10, 6), ("20", "10", "6")),
        ((36, 0), ("36", "0")),
        ((30, 3, 3), ("30", "<5", "<5")),
        ((28, 6, 2), ("28", "5–7", "<5")),
        ((34, 2), ("32–35", "<5")),
        ((6, 28, 2), ("6", "26–29", "<5")),
        ((33, 2, 1), ("28–34", "<5", "<5")),
        ((5, 1), ("–", "–")),
        ((20, 5, 1), ("–", "–", "–")),
    ],
)
def test_a_row_is_told_as_far_as_it_may(numbers, told):
    assert shown(numbers) == told


@pytest.mark.parametrize(("answers", "largest"), [(2, 40), (3, 22), (4, 15), (5, 12)])
def test_no_row_with_one_look_has_one_solution(answers, largest):
    """Each row of each total: whatever gives the same picture differs in every small number."""
    for total in range(SMALL, largest + 1):
        pictures = defaultdict(list)
        for numbers in rows_of(total, answers):
            pictures[shown(numbers)].append(numbers)
        for picture, alike in pictures.items():
            for place in range(answers):
                found = {numbers[place] for numbers in alike}
                assert len(found) > 1 or not 0 < found.pop() < SMALL, (total, picture)


@given(st.lists(st.integers(0, 60), min_size=2, max_size=9))
@example([4, 4, 4])
@example([4] * 9)
@settings(deadline=None)
def test_a_hidden_number_can_be_another_one(numbers):
    """Of any class: a neighbour of what is hidden looks the same."""
    total = sum(numbers)
    cells = suppress(row(numbers), last={RIGHT})
    # Of fewer than five not even the row stands on a page.
    assume(total >= SMALL)
    picture = tuple(cell.shown for cell in cells.values())
    hidden = [int(key) for key, cell in cells.items() if cell.hidden]
    for place in hidden:
        if not 0 < numbers[place] < SMALL:
            continue
        assert any(
            shown(other) == picture
            for other in _moved(numbers, place, hidden)
            if other[place] != numbers[place]
        ), (numbers, picture)


def _moved(numbers, place, hidden) -> Iterator[list[int]]:
    """The row with some people moved between `place` and the other hidden answers."""
    for by in (1, -1, 2, -2, 3, -3):
        for other in hidden:
            moved = list(numbers)
            moved[place] += by
            moved[other] -= by
            if other != place and min(moved) >= 0:
                yield moved
    for other in hidden:
        # Where the whole row is hidden, any two may be exchanged.
        moved = list(numbers)
        moved[place], moved[other] = moved[other], moved[place]
        yield moved
    if len(numbers) > 2:
        # Where all are alike no exchange helps; this row hides itself whole too.
        yield [sum(numbers) - 6, 5, 1, *[0] * (len(numbers) - 3)]


@given(st.lists(st.integers(0, 60), min_size=2, max_size=9))
def test_what_is_shown_is_true(numbers):
    counts = row(numbers)
    for key, cell in suppress(counts, last={RIGHT}).items():
        assert cell.low <= counts[key] <= cell.high
        assert cell.number in {None, counts[key]}
    share = share_of(suppress(counts, last={RIGHT}), {RIGHT}, sum(numbers))
    if share is not None:
        assert share.low <= round(100 * numbers[0] / sum(numbers)) <= share.high


@given(st.lists(st.integers(0, 60), min_size=2, max_size=6))
def test_a_share_says_no_more_than_its_cells(numbers):
    cells = suppress(row(numbers), last={RIGHT})
    share = share_of(cells, {RIGHT}, sum(numbers))
    if cells[RIGHT].hidden and share is not None and sum(numbers) <= 100:
        assert share.exact is None
    assert share_of(cells, {RIGHT}, SMALL - 1) is None


def test_without_a_known_total_only_small_numbers_are_hidden():
    cells = suppress({"a": 0, "b": 4, "c": 5}, total_is_known=False)
    assert [cell.shown for cell in cells.values()] == ["0", "<5", "5"]


def test_a_part_hides_whoever_is_not_of_it():
    assert (part(34, 36).shown, part(2, 36).shown, part(20, 36).shown) == ("32–35", "<5", "20")
    assert (part(36, 36).shown, part(0, 36).shown, part(1, 6).shown) == ("36", "0", "–")


@pytest.mark.parametrize(
    ("number", "whole", "told"),
    [(20, 36, "56%"), (30, 36, "≥ 75%"), (36, 36, "≥ 75%"), (0, 36, "≤ 25%"), (26, 36, "72%")],
)
def test_a_share_that_is_bound_up_with_others_keeps_ten_on_either_side(number, whole, told):
    assert roughly(number, whole).shown == told


def test_of_fewer_than_ten_nobody_says_who_passed():
    assert roughly(5, 9) is None


def test_percent_is_of_five_and_more():
    assert (percent(2, 4), percent(2, 5)) == (None, 40)


def test_a_cell_says_what_it_is():
    assert (Cell.open(7).shown, Cell(None).shown, Cell(None, 0, 9).shown) == ("7", "<5", "–")
    assert (Share(40, 40).shown, Share(40, 50).shown) == ("40%", "40–50%")
