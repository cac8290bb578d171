"""Turns a module's texts into the values of its pages, with ids that never change.

The id of a question follows from the module and the question's own id, that of a step from its
lesson and place. So a module that is loaded again, here or elsewhere, is the same module.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID, uuid5

from markdown import markdown

from modules.loading.folder import ModuleText
from modules.loading.schema import DIMENSIONS
from modules.models.module import FIRST_CARD, LICENCE, OF_CARD, SECOND_CARD
from safeguards.html import sanitise

NAMESPACE = UUID("0f3b6f0e-5a43-5d0c-9c7e-6d2f4a8e1b57")
WHOLE_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
BLANK_LINE = re.compile(r"_{3,}")
# Of two lists without words between them Markdown makes one, unless something stands there.
NEXT_LIST = re.compile(r"(?m)(^-[ ].*(?:\n.+)*\n)\n+(?=\d+\. )|(^\d+\.[ ].*(?:\n.+)*\n)\n+(?=- )")

Raw = dict[str, Any]


def item_id(slug: str, item: str) -> UUID:
    """The id of a question or survey question, for ever.

    A question that an editor wrote has one already; an export writes it out.
    """
    if WHOLE_ID.fullmatch(item):
        return UUID(item)
    return uuid5(NAMESPACE, f"{slug}/{item}")


def rich(text: str | None) -> str:
    """Markdown as safe HTML; a line of underscores stays a line to write on."""
    kept = BLANK_LINE.sub(lambda line: r"\_" * len(line[0]), text or "")
    kept = NEXT_LIST.sub(lambda two: f"{two[1] or two[2]}\n<!-- -->\n\n", kept)
    return sanitise(markdown(kept.strip())).replace("\n\n\n", "\n")


def module_values(text: ModuleText) -> dict[str, Any]:
    """Field → value of the module's page."""
    told, slug = text.module, text.slug
    home, review = told["take_home"], told["review"]
    return {
        "title": told["title"],
        "search_description": told["summary"],
        "version": told["version"],
        "licence": told.get("licence") or LICENCE,
        "illustration": told["illustration"],
        "audience_codes": told["audience"],
        "age_from": told["age"][0],
        "age_to": told["age"][1],
        "minutes": told["minutes"],
        "needs": told["needs"],
        "level": told["level"],
        "issue_codes": told["issues"],
        "violence_codes": told["violence"],
        "regulation_codes": told["regulations"],
        "referral_issue": told.get("referral_issue") or "",
        "objectives": "\n".join(told["objectives"]),
        "materials": "\n".join(told["materials"]),
        "preparation": rich(told["preparation"]),
        "safeguarding": rich(told["safeguarding"]),
        **_card_fields(told["disclosure"], FIRST_CARD),
        **_card_fields(told.get("second_disclosure") or {}, SECOND_CARD),
        "variants": _blocks(
            "variant",
            ({"title": one["title"], "text": rich(one["text"])} for one in told["variants"]),
            f"{slug}/variants",
        ),
        "take_home_title": home["title"],
        "take_home": rich(home["text"]),
        "take_home_may_be_withheld": bool(home.get("may_withhold")),
        "survey": [_survey_item(slug, item) for item in told["survey"]],
        "pass_mark": told["pass_mark"],
        "sources": _blocks(
            "source",
            ({"title": one["title"], "note": one.get("note") or ""} for one in told["sources"]),
            f"{slug}/sources",
        ),
        "glossary": _blocks("word", told["glossary"], f"{slug}/glossary"),
        "open_questions": "\n".join(told.get("questions_open") or []),
        "reviewer": review["reviewer"],
        "reviewed_on": review["reviewed_on"],
        "review_due": review["review_due"],
        "retire_on": review["retire_on"],
    }


def _card_fields(told: Mapping[str, Any], fields: Iterable[str]) -> dict[str, str]:
    """Of the card for whoever somebody confides in; "" in each where there is none."""
    title, *lists = fields
    return {title: told.get("title", "")} | {
        field: "\n".join(told.get(name, ())) for field, name in zip(lists, OF_CARD[1:], strict=True)
    }


def lesson_values(text: ModuleText, name: str) -> dict[str, Any]:
    """Field → value of the page of one lesson."""
    told = text.lessons[name]
    return {
        "title": told["title"],
        "search_description": told["summary"],
        "minutes": told["minutes"],
        "steps": [
            _step(text.slug, f"{text.slug}/{name}/{position}", step)
            for position, step in enumerate(told["steps"], start=1)
        ],
    }


def _step(slug: str, place: str, step: Mapping[str, Any]) -> Raw:
    return {
        "type": "step",
        "id": str(uuid5(NAMESPACE, place)),
        "value": {
            "title": step["title"],
            "minutes": step["minutes"],
            "guide": rich(step["guide"]),
            "say": rich(step["say"]),
            "learner": [
                _learner_block(slug, f"{place}/{number}", *next(iter(block.items())))
                for number, block in enumerate(step["learner"], start=1)
            ],
        },
    }


def _learner_block(slug: str, place: str, kind: str, told: Any) -> Raw:
    if kind == "quiz":
        return _question(told["kind"], slug, told)
    return {
        "type": kind,
        "id": str(uuid5(NAMESPACE, place)),
        "value": VALUES[kind](told, place),
    }


def _survey_item(slug: str, told: Mapping[str, Any]) -> Raw:
    dimension = DIMENSIONS[told["dimension"]]
    return _question(f"{dimension}_{told['kind']}", slug, told)


def _question(block: str, slug: str, told: Mapping[str, Any]) -> Raw:
    key = item_id(slug, told["id"])
    value = {
        "prompt": rich(told["prompt"]),
        "explain": rich(told.get("explain")),
        "scored": bool(told.get("scored")),
        "sensitive": bool(told.get("sensitive")),
    }
    for name in ("choices", "sequence", "piles", "cards", "nodes"):
        if name in told:
            value[name] = _items(map(PARTS[name], told[name]), f"{key}/{name}")
    if "nodes" in value:
        for number, node in enumerate(value["nodes"]):
            node["value"]["ways"] = _items(node["value"]["ways"], f"{key}/nodes/{number}")
    if told["kind"] == "likert":
        value["direction"] = str(told["direction"])
    return {"type": block, "id": str(key), "value": value}


def _choice(told: Mapping[str, Any]) -> Raw:
    return {
        "text": told["text"],
        "right": bool(told.get("right")),
        "feedback": told.get("feedback") or "",
    }


def _card(told: Mapping[str, Any]) -> Raw:
    return {"text": told["text"], "pile": told["pile"], "feedback": told.get("feedback") or ""}


def _node(told: Mapping[str, Any]) -> Raw:
    return {
        "name": told["id"],
        "text": told["text"],
        "good": bool(told.get("good")),
        "ways": [
            {"text": way["text"], "to": way["to"], "feedback": way.get("feedback") or ""}
            for way in told.get("choices") or ()
        ],
    }


PARTS = {"choices": _choice, "sequence": str, "piles": str, "cards": _card, "nodes": _node}


def _discussed(told: Mapping[str, Any], place: str) -> Raw:
    return {
        "question": told["question"],
        "expected": _items(told.get("expected") or (), f"{place}/expected"),
        "difficult": _items(told.get("difficult") or (), f"{place}/difficult"),
    }


def _sorted(told: Mapping[str, Any], place: str) -> Raw:
    cards = (
        {
            "text": card["text"],
            "picture": card.get("picture") or "",
            "pile": card["pile"],
            "why": card.get("why") or "",
        }
        for card in told["cards"]
    )
    return {
        "title": told["title"],
        "piles": _items(told["piles"], f"{place}/piles"),
        "cards": _items(cards, f"{place}/cards"),
    }


# Kind of a learner's block → its value, from what is told and the block's place.
VALUES = {
    "text": lambda told, place: rich(told),
    "picture": lambda told, place: {
        "drawing": told["drawing"],
        "image": None,
        "alt": told["alt"],
        "caption": told.get("caption") or "",
    },
    "activity": lambda told, place: {
        "title": told["title"],
        "minutes": told.get("minutes"),
        "materials": _items(told.get("materials") or (), f"{place}/materials"),
        "text": rich(told["text"]),
    },
    "role_play": lambda told, place: {
        "title": told["title"],
        "situation": rich(told["situation"]),
        "roles": _items(told["roles"], f"{place}/roles"),
        "rules": _items(told.get("rules") or (), f"{place}/rules"),
    },
    "discussion": lambda told, place: {
        "title": told["title"],
        "questions": _items(
            (
                _discussed(one, f"{place}/questions/{number}")
                for number, one in enumerate(told["questions"])
            ),
            f"{place}/questions",
        ),
    },
    "case": lambda told, place: {
        "title": told["title"],
        "text": rich(told["text"]),
        "question": told.get("question") or "",
    },
    "card_sort": _sorted,
    "sheet": lambda told, place: {"title": told["title"], "text": rich(told["text"])},
    "disclosure": lambda told, place: None,
    "referral": lambda told, place: None,
}


def _items(values: Iterable[Any], place: str) -> list[Raw]:
    """The raw form of a list block."""
    return _blocks("item", values, place)


def _blocks(kind: str, values: Iterable[Any], place: str) -> list[Raw]:
    return [
        {"type": kind, "id": str(uuid5(NAMESPACE, f"{place}/{number}")), "value": value}
        for number, value in enumerate(values)
    ]
