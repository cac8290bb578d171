"""Questions as data: what a learner may see, in which order, and where a story leads."""

from uuid import UUID

import pytest

from modules.blocks.questions import QUESTIONS as BLOCKS
from modules.items import COUNTED, SCORABLE, UnknownAnswer, item_of, survey_item
from tests.factories.modules import ITEM, KINDS, QUESTIONS, SURVEY

ITEMS = {block["type"]: item_of(block) for block in QUESTIONS}


def test_the_factory_has_a_question_of_every_kind():
    assert set(KINDS) == set(BLOCKS)


@pytest.mark.parametrize("kind", KINDS)
def test_item_of_keeps_the_id_and_the_kind_of_its_block(kind):
    item = ITEMS[kind]
    assert (item.id, item.kind, item.prompt) == (ITEM[kind], kind, f"<p>Soal {kind}?</p>")
    assert item.scored == (kind in {"single", "multiple", "match", "scenario"})
    assert item.is_counted == (kind in COUNTED)
    assert item.is_answered == (kind != "short_text")


def test_item_of_never_scores_what_has_no_right_answer():
    for block in QUESTIONS:
        scored = item_of(block | {"value": block["value"] | {"scored": True}}).scored
        assert scored == (block["type"] in SCORABLE)


def test_item_of_reads_lists_with_and_without_ids():
    plain = next(block for block in QUESTIONS if block["type"] == "single")
    wrapped = [
        {"type": "item", "id": f"{n}", "value": one}
        for n, one in enumerate(plain["value"]["choices"])
    ]
    assert item_of(plain | {"value": plain["value"] | {"choices": wrapped}}) == item_of(plain)


def test_survey_item_tells_dimension_and_kind_apart():
    found = [(item.dimension, item.kind, item.direction) for item in map(survey_item, SURVEY)]
    assert found == [
        ("knowledge", "single", 1),
        ("attitude", "likert", -1),
        ("intention", "likert", 1),
    ]


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"short_text"}))
def test_asked_holds_no_key(kind):
    told = repr(ITEMS[kind].asked("murid"))
    for secret in ("right", "feedback", "Umpan balik", "Penjelasan", "good", "Ia lega"):
        assert secret not in told


def test_asked_is_the_same_on_reload_and_another_for_another():
    item = ITEMS["multiple"]
    orders = {item.asked(f"murid {n}").options for n in range(30)}
    assert item.asked("murid 1") == item.asked("murid 1")
    assert len(orders) > 1
    assert {tuple(sorted(order)) for order in orders} == {tuple(enumerate(item.options()))}


@pytest.mark.parametrize("kind", ["true_false", "likert"])
def test_asked_leaves_true_and_false_and_a_scale_as_they_are(kind):
    item = ITEMS[kind]
    assert {item.asked(f"{n}").options for n in range(10)} == {tuple(enumerate(item.options()))}


def test_asked_never_shows_an_order_in_the_right_order():
    item = ITEMS["order"]
    assert all(
        [number for number, _text in item.asked(f"murid {n}").options] != [0, 1, 2]
        for n in range(100)
    )


def test_path_follows_a_story_and_refuses_a_way_that_is_none():
    item = ITEMS["scenario"]
    assert item.path([]) == [0]
    assert item.path([1]) == [0, 2]
    for ways in ([2], [-1], [0, 0], [0] * 21):
        with pytest.raises(UnknownAnswer):
            item.path(ways)


def test_path_of_a_story_without_places_is_no_answer():
    empty = item_of({"type": "scenario", "id": str(UUID(int=1)), "value": {"nodes": []}})
    with pytest.raises(UnknownAnswer):
        empty.path([])


def test_path_leaves_a_circle_after_twenty_ways():
    nodes = [
        {"name": "a", "text": "A", "ways": [{"text": "ke b", "to": "b"}]},
        {"name": "b", "text": "B", "ways": [{"text": "ke a", "to": "a"}]},
    ]
    item = item_of({"type": "scenario", "id": str(UUID(int=1)), "value": {"nodes": nodes}})
    assert len(item.path([0] * 20)) == 21
    with pytest.raises(UnknownAnswer):
        item.path([0] * 21)
