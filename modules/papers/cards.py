"""Cards to cut out: to sort, to match, to play a role; and a page that says where they belong.

What the server scores stands on cards without its key, as everybody may see it.
"""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from districts.paper.flow import plain, rich_nodes
from modules.items import Item, values_of
from modules.papers.frame import NothingToPrint, Taught
from modules.pictures import CARD_PICTURES, drawn_for_paper


def cards_data(module: Taught) -> dict[str, Any]:
    decks = []
    for _number, lesson in module.lessons:
        for step in lesson.steps:
            for block in step.learner:
                if block["type"] == "card_sort":
                    decks.append(_sort(block["value"]))
                elif block["type"] == "match":
                    decks.append(_match(step.title, module.content.items[UUID(block["id"])]))
                elif block["type"] == "role_play":
                    decks.append(_roles(block["value"]))
    if not decks:
        raise NothingToPrint(module.page.pk)
    return {
        "decks": decks,
        "words": {
            "cut": _("Cut along the dashed lines."),
            "key": _("Where the cards belong, for the facilitator"),
            "keyed": _("Another answer is fine where the reason is clear. Do not show this page."),
        },
    }


def _sort(value: dict[str, Any]) -> dict[str, Any]:
    piles = [plain(pile) for pile in values_of(value.get("piles"))]
    cards = [
        {
            "text": plain(card["text"]),
            "picture": card.get("picture") or "",
            "pile": plain(card["pile"]),
            "why": plain(card.get("why")),
        }
        for card in values_of(value.get("cards"))
    ]
    return {
        "title": plain(value["title"]),
        "piles": piles,
        "cards": [
            {"title": "", "text": card["text"], "picture": card["picture"]} for card in cards
        ],
        "key": _key(piles, cards),
    }


def card_pictures(data: dict[str, Any]) -> dict[str, bytes]:
    """The pictures that stand on these cards."""
    used = {card.get("picture") for deck in data["decks"] for card in deck["cards"]}
    return {name: drawn for name, drawn in drawn_for_paper().items() if name in used}


def _match(title: str, item: Item) -> dict[str, Any]:
    order = [number for number, _text in item.shuffled]
    piles = [plain(pile) for pile in item.piles]
    cards = [
        {
            "text": plain(item.cards[number].text),
            "pile": piles[item.cards[number].pile] if item.cards[number].pile >= 0 else "",
            "why": plain(item.cards[number].feedback),
        }
        for number in order
    ]
    return {
        "title": plain(title),
        "piles": piles,
        "cards": [{"title": "", "text": card["text"]} for card in cards],
        "key": [] if item.scored else _key(piles, cards),
    }


def _roles(value: dict[str, Any]) -> dict[str, Any]:
    return {
        "title": plain(value["title"]),
        "situation": rich_nodes(value["situation"]),
        "piles": [],
        "cards": [
            {"title": plain(role["name"]), "text": plain(role["text"])}
            for role in values_of(value.get("roles"))
        ],
        "key": [],
    }


def _key(piles: list[str], cards: list[dict[str, str]]) -> list[dict[str, Any]]:
    """Each pile with the numbers of its cards and why they belong there."""
    return [
        {
            "pile": pile,
            "cards": [
                {
                    "number": number,
                    "text": card["text"],
                    "picture": str(CARD_PICTURES.get(card.get("picture"), "")),
                    "why": card["why"],
                }
                for number, card in enumerate(cards, start=1)
                if card["pile"] == pile
            ],
        }
        for pile in piles
    ]
