"""Whether a question can be answered, and answered rightly; what is wrong stands at its field."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from wagtail.blocks.list_block import ListBlockValidationError
from wagtail.blocks.struct_block import StructBlockValidationError

from modules.items import LONGEST_WAY

# Field of the question → what is wrong there.
Faults = dict[str, ValidationError]


def faults_of_choices(value: Mapping[str, Any], *, only_one: bool) -> Faults:
    right = sum(bool(choice["right"]) for choice in value["choices"])
    if not right:
        return {"choices": _whole(_("No answer is right. Tick the right one."))}
    if only_one and right > 1:
        return {"choices": _whole(_("Only one answer can be right. Tick one alone."))}
    return {}


def faults_of_piles(value: Mapping[str, Any]) -> Faults:
    """A card on a pile that is not there is wrong wherever it is laid."""
    piles = list(value["piles"])
    said = _(
        "The card “%(card)s” uses the pile “%(pile)s”, which is not there. "
        "Choose one of: %(piles)s."
    )
    wrong = {
        number: _at("pile", said % {**card, "card": card["text"][:40], "piles": ", ".join(piles)})
        for number, card in enumerate(value["cards"])
        if card["pile"] not in piles
    }
    return {"cards": ListBlockValidationError(wrong)} if wrong else {}


def faults_of_scenario(value: Mapping[str, Any], *, scored: bool) -> Faults:
    """Names and ways first: only where they hold can anybody go through the story."""
    nodes = list(value["nodes"])
    names = [node["name"] for node in nodes]
    wrong = {}
    for number, node in enumerate(nodes):
        if node["name"] in names[:number]:
            wrong[number] = _at("name", _("Another place has this name. Choose another one."))
        elif lost := _lost_ways(node, names):
            wrong[number] = StructBlockValidationError({"ways": ListBlockValidationError(lost)})
    if wrong:
        return {"nodes": ListBlockValidationError(wrong)}
    said = _said_of_ends(nodes, scored=scored)
    return {"nodes": _whole(said)} if said else {}


def _lost_ways(node: Mapping[str, Any], names: list[str]) -> dict[int, ValidationError]:
    said = _("This way leads to “%(place)s”, which is not there. Known: %(places)s.")
    return {
        number: _at("to", said % {"place": way["to"], "places": ", ".join(names)})
        for number, way in enumerate(node["ways"])
        if way["to"] not in names
    }


def _said_of_ends(nodes: list[Mapping[str, Any]], *, scored: bool) -> str:
    start, places = nodes[0], {node["name"]: node for node in nodes}
    if not start["ways"] and not start["good"]:
        return _("No way leads on from the start. Add one.")
    reached = {start["name"]}
    for _step in range(LONGEST_WAY):
        reached |= {way["to"] for name in reached for way in places[name]["ways"]}
    ends = [places[name] for name in reached if not places[name]["ways"]]
    if not ends:
        said = _("From the place “%(place)s” no end can be reached. Add a way to an end.")
        return said % {"place": start["name"]}
    if scored and not any(end["good"] for end in ends):
        return _("No wanted end can be reached. Tick “A wanted end” at one.")
    return ""


def _at(field: str, said: str) -> ValidationError:
    return StructBlockValidationError({field: ValidationError(said)})


def _whole(said: str) -> ValidationError:
    return ListBlockValidationError(non_block_errors=[said])
