"""Answers of every kind: what fits, what it is worth, and what is said about it."""

import pytest

from modules.items import UnknownAnswer, item_of
from modules.scoring import judge, read_answer
from tests.factories.modules import KINDS, QUESTIONS, RIGHT, WRONG

ITEMS = {block["type"]: item_of(block) for block in QUESTIONS}
ANSWERED = [kind for kind in KINDS if kind != "short_text"]
JUDGED = [kind for kind in ANSWERED if kind != "likert"]

NEVER = [None, "0", 0, [], {}, {"lain": 1}]
BAD = {
    "single": [{"choice": n} for n in (-1, 3, "0", 0.0, True, None, [0], 10**30)],
    "true_false": [{"choice": 2}, {"choice": False}, {"choices": [0]}],
    "multiple": [{"choices": n} for n in ([], [3], [-1], ["0"], [True], 0, None, [0] * 51)],
    "order": [{"order": n} for n in ([], [0, 1], [0, 1, 1], [0, 1, 3], [1.0, 0, 2], "012")],
    "match": [{"piles": n} for n in ([], [0], [0, 2], [0, -1], [0, 1, 1], [None, 0], {"0": 1})],
    "scenario": [{"ways": n} for n in ([], [2], [0, 0], ["0"], [0] * 60, None)],
    "likert": [{"value": n} for n in (0, 6, "4", 4.0, True, None, [4])],
    "short_text": [{"text": "cerita"}, {"value": "cerita"}, {"choice": 0}],
}


@pytest.mark.parametrize(
    ("kind", "given"), [(kind, given) for kind in KINDS for given in [*NEVER, *BAD[kind]]]
)
def test_read_answer_refuses_what_does_not_fit(kind, given):
    with pytest.raises(UnknownAnswer):
        read_answer(ITEMS[kind], given)


@pytest.mark.parametrize("kind", ANSWERED)
def test_read_answer_keeps_what_fits_and_nothing_beside_it(kind):
    for answer in (RIGHT[kind], WRONG[kind]):
        assert read_answer(ITEMS[kind], answer | {"nama": "Siti", "text": "cerita"}) == answer


@pytest.mark.parametrize("kind", KINDS)
def test_read_answer_takes_a_skip_of_any_kind(kind):
    answer = read_answer(ITEMS[kind], {"skipped": True, "choice": 99})
    assert answer == {"skipped": True}
    verdict = judge(ITEMS[kind], answer)
    assert (verdict.right, verdict.points, verdict.said, verdict.explain) == (None, 0.0, (), "")


@pytest.mark.parametrize("skipped", ["true", 1, "ya"])
def test_read_answer_takes_no_other_word_for_a_skip(skipped):
    with pytest.raises(UnknownAnswer):
        read_answer(ITEMS["single"], {"skipped": skipped})


def test_read_answer_counts_a_box_once():
    assert read_answer(ITEMS["multiple"], {"choices": [2, 0, 2]}) == {"choices": [0, 2]}


@pytest.mark.parametrize("kind", JUDGED)
def test_judge_tells_right_from_wrong(kind):
    right, wrong = (judge(ITEMS[kind], answers[kind]) for answers in (RIGHT, WRONG))
    assert (right.right, right.points) == (True, 1.0)
    assert wrong.right is False
    assert wrong.points == (0.5 if kind == "match" else 0.0)
    assert right.explain == f"<p>Penjelasan {kind}.</p>"


def test_judge_finds_nothing_right_or_wrong_in_an_opinion():
    verdict = judge(ITEMS["likert"], {"value": 1})
    assert (verdict.right, verdict.points) == (None, 0.0)


@pytest.mark.parametrize(
    ("chosen", "points"), [([0, 2], 1.0), ([0], 0.5), ([0, 1], 0.0), ([1], 0.0), ([0, 1, 2], 0.5)]
)
def test_judge_gives_part_of_a_point_for_part_of_the_answers(chosen, points):
    assert judge(ITEMS["multiple"], {"choices": chosen}).points == points


def test_judge_earns_nothing_for_everything_where_half_is_wrong():
    value = {"choices": [{"text": f"{n}", "right": n < 2} for n in range(4)]}
    item = item_of({"type": "multiple", "id": str(ITEMS["multiple"].id), "value": value})
    assert judge(item, {"choices": [0, 1, 2, 3]}).points == 0.0


def test_judge_says_the_words_of_what_was_chosen_alone():
    assert judge(ITEMS["single"], {"choice": 1}).said == ("Umpan balik: Kurang tepat",)
    assert judge(ITEMS["multiple"], {"choices": [1]}).said == ("Umpan balik: Dua",)
    assert judge(ITEMS["match"], {"piles": [1, 1]}).said == ("Kartu lucu: Semua tertawa.",)
    assert judge(ITEMS["scenario"], {"ways": [1]}).said == ("Ia sendiri.",)
