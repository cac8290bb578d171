"""The answer sheet: questions with boxes to tick, and a page on which the sheets are counted.

No key stands on it: an item is asked with `Item.options`, never with what is right.
"""

from string import ascii_uppercase
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from districts.paper.flow import plain, rich_nodes
from modules.items import SCALE, Item
from modules.papers.frame import NothingToPrint, Taught
from modules.pictures import PICTURES, drawn_for_paper

MOST_CHANNELS = 3
# Questions with the numbers by which every paper and the page of the counts call them.
Numbered = list[tuple[int, Item]]


def answers_data(module: Taught) -> dict[str, Any]:
    content, words = module.content, _words()
    survey = [(content.survey_numbers[item.id], item) for item in content.survey]
    quiz = [(number, content.items[item]) for item, number in module.numbers.items()]
    asks = {"before": module.asks_before, "after": module.asks_after}
    sheets = [words[when] for when, asked in asks.items() if asked and survey]
    if not sheets and not quiz:
        raise NothingToPrint(module.page.pk)
    return {
        "sheets": sheets,
        "survey": [_asked(*one) for one in survey],
        "quiz": [_asked(*one) for one in quiz],
        "tally": _tally(survey if asks["before"] else [], quiz, survey if asks["after"] else []),
        "scale": scale_words(),
        "pictures": [{"name": name, "label": str(label)} for name, label in PICTURES.items()],
        "channels": module.channels(MOST_CHANNELS),
        "words": words,
    }


def code_pictures() -> dict[str, bytes]:
    """The pictures of the code."""
    drawn = drawn_for_paper()
    return {name: drawn[name] for name in PICTURES}


def scale_words() -> list[str]:
    return [
        _("Strongly disagree"),
        _("Disagree"),
        _("Not sure"),
        pgettext("scale", "Agree"),
        _("Strongly agree"),
    ]


def _asked(number: int, item: Item) -> dict[str, Any]:
    """A question as everybody sees it: letters as on the projector, steps and cards shuffled."""
    options = item.options()
    if item.kind in {"order", "match"}:
        options = tuple(text for _number, text in item.shuffled)
    return {
        "number": number,
        "kind": item.kind,
        "prompt": rich_nodes(item.prompt),
        "options": [
            {"letter": letter, "text": plain(text)}
            for letter, text in zip(ascii_uppercase, options, strict=False)
        ],
        "piles": [plain(pile) for pile in item.piles],
    }


def _tally(before: Numbered, quiz: Numbered, after: Numbered) -> list[dict[str, Any]]:
    """Tables in the order in which the counts are typed in."""
    tables = [
        {"title": _("Survey before"), "rows": _rows(before)},
        {"title": _("Questions of the session"), "rows": _rows(quiz)},
        {"title": _("Survey after"), "rows": _rows(after)},
    ]
    return [table for table in tables if table["rows"]]


def _rows(items: Numbered) -> list[dict[str, Any]]:
    return [
        {"number": number, "prompt": _first_words(item), "letters": _letters(item)}
        for number, item in items
        if item.is_counted
    ]


def _letters(item: Item) -> list[str]:
    if item.kind == "likert":
        return [str(value) for value in SCALE]
    return [ascii_uppercase[number] for number in range(len(item.choices))]


def _first_words(item: Item) -> str:
    """The last paragraph of the prompt: a story comes before its question."""
    texts = [
        "".join(run.get("text", "") for run in node.get("runs", []))
        for node in rich_nodes(item.prompt)
    ]
    return next((text for text in reversed(texts) if text.strip()), "")


def _words() -> dict[str, Any]:
    return {
        "before": _("Before the session"),
        "quiz": _("Questions of the session"),
        "after": _("After the session"),
        "nameless": _("Do not write a name."),
        "skip": _("You may skip any question."),
        "tick": _("Tick one box."),
        "many": _("Tick all that fit."),
        "order": _("Write 1, 2, 3 … in the boxes."),
        "match": _("Tick one box in each row."),
        "scale": _("How far do you agree?"),
        "code": _("Circle three pictures. Use the same ones both times. You may leave this out."),
        "count": _("Counting page, for the facilitator"),
        "counting": _(
            "Take one question at a time and go through the pile. Make one stroke for each sheet "
            "in the box of its answer. Then type in the sums on the page of your class."
        ),
        "sheets": _("Sheets in all:"),
        "help": _("Need help?"),
    }
