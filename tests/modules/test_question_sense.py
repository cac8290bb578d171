"""A question that nobody can answer, or answer rightly, is not published; a draft may be."""

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from modules.blocks.questions import QUESTIONS, SurveyItemsBlock
from modules.items import LONGEST_WAY
from tests.factories.modules import QUESTIONS as SOUND
from tests.factories.modules import SURVEY

BY_KIND = {one["type"]: one["value"] for one in SOUND}


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


def errors(kind: str, *, draft: bool = False, **value) -> dict:
    """Field → its error, as the admin is told it; {} where all is well."""
    block = QUESTIONS[kind]()
    given = block.to_python(BY_KIND[kind] | value)
    try:
        (block.clean_deferred if draft else block.clean)(given)
    except ValidationError as error:
        return error.as_json_data()["blockErrors"]
    return {}


def choices(*right: bool) -> list[dict]:
    return [{"text": f"Jawaban {n}", "right": one} for n, one in enumerate(right)]


def node(name: str, *to: str, good: bool = False) -> dict:
    ways = [{"text": f"Ke {place}", "to": place} for place in to]
    return {"name": name, "text": "Ada yang terjadi.", "good": good, "ways": ways}


@pytest.mark.parametrize("kind", QUESTIONS)
def test_a_sound_question_passes(kind):
    assert errors(kind) == {}
    if kind not in {"likert", "short_text"}:
        assert errors(kind, scored=True) == {}


@pytest.mark.parametrize("kind", ["single", "multiple", "true_false"])
def test_what_is_scored_has_a_right_answer(kind):
    wrong = {"choices": choices(False, False)}
    assert errors(kind, scored=True, **wrong) == {
        "choices": {"messages": ["No answer is right. Tick the right one."]}
    }
    assert errors(kind, scored=False, **wrong) == {}
    assert errors(kind, scored=True, draft=True, **wrong) == {}


def test_of_one_answer_only_one_is_right():
    two = {"choices": choices(True, True), "scored": True}
    said = {"choices": {"messages": ["Only one answer can be right. Tick one alone."]}}
    assert errors("single", **two) == errors("true_false", **two) == said
    assert errors("multiple", **two) == {}


def test_what_a_survey_asks_of_knowledge_has_a_right_answer():
    block = SurveyItemsBlock()
    assert block.clean(block.to_python(list(SURVEY)))
    known = SURVEY[0] | {"value": SURVEY[0]["value"] | {"choices": choices(False, False)}}
    with pytest.raises(ValidationError):
        block.clean(block.to_python([known, *SURVEY[1:]]))


def test_each_card_has_its_pile():
    cards = [{"text": "Lucu", "pile": "Bercanda"}, {"text": "Sakit", "pile": "Merundun"}]
    said = (
        "The card “Sakit” uses the pile “Merundun”, which is not there. "
        "Choose one of: Bercanda, Merundung."
    )
    told = {"cards": {"blockErrors": {1: {"blockErrors": {"pile": {"messages": [said]}}}}}}
    assert errors("match", cards=cards) == told
    assert errors("match", cards=cards, draft=True) == {}


def test_a_way_leads_to_a_place_that_is_there():
    nodes = [node("mulai", "akhir", "akhr"), node("akhir", good=True)]
    said = "This way leads to “akhr”, which is not there. Known: mulai, akhir."
    way = {"blockErrors": {1: {"blockErrors": {"to": {"messages": [said]}}}}}
    told = {"nodes": {"blockErrors": {0: {"blockErrors": {"ways": way}}}}}
    assert errors("scenario", nodes=nodes) == told
    assert errors("scenario", nodes=nodes, draft=True) == {}


def test_a_place_has_a_name_of_its_own():
    nodes = [node("mulai", "akhir"), node("akhir", good=True), node("akhir")]
    said = "Another place has this name. Choose another one."
    told = {"blockErrors": {"name": {"messages": [said]}}}
    assert errors("scenario", nodes=nodes) == {"nodes": {"blockErrors": {2: told}}}


LONG = [
    *(node(f"tempat {n}", f"tempat {n + 1}") for n in range(LONGEST_WAY)),
    node(f"tempat {LONGEST_WAY}", good=True),
]


@pytest.mark.parametrize(
    ("nodes", "scored", "said"),
    [
        ([node("mulai"), node("akhir", good=True)], False, "No way leads on from the start."),
        ([node("mulai", good=True), node("akhir")], True, ""),
        ([node("mulai", "lagi"), node("lagi", "mulai"), node("akhir")], False, "no end"),
        ([node("mulai", "akhir"), node("akhir")], True, "No wanted end can be reached."),
        ([node("mulai", "akhir"), node("akhir")], False, ""),
        ([node("mulai", "a"), node("a"), node("b", good=True)], True, "No wanted end"),
        (LONG, True, ""),
        ([node("mulai", "tempat 0"), *LONG], True, "no end can be reached"),
    ],
)
def test_a_story_has_an_end(nodes, scored, said):
    told = errors("scenario", nodes=nodes, scored=scored)
    if said:
        [message] = told["nodes"]["messages"]
        assert said in message
    else:
        assert told == {}
