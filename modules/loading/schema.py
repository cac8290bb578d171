"""The form of `modul.yaml` and `pelajaran-N.yaml`: keys, types, lengths. Sense is in `sense`."""

from dataclasses import dataclass
from functools import partial

from django.utils.translation import gettext as _

from districts.illustrations import Illustration
from modules.items import SCORABLE
from modules.loading.faults import Report
from modules.loading.marked import Marked
from modules.loading.shapes import (
    Day,
    Fields,
    Flag,
    Line,
    Many,
    OneOf,
    Prose,
    Shape,
    Slug,
    Whole,
    Words,
)
from modules.pictures import CARD_PICTURES

DRAWINGS = OneOf(tuple(value for value in Illustration.values if value))
CARD_DRAWINGS = OneOf(tuple(CARD_PICTURES))
Title = partial(Line, 120)
DIMENSIONS = {"pengetahuan": "knowledge", "sikap": "attitude", "niat": "intention"}
CHOICES = Many(
    Fields({"text": Line()}, {"right": Flag(), "feedback": Line(500, may_be_empty=True)}), 2, 10
)
PILES = Many(Line(80), 2, 8)
# What an item of each kind has besides its id, kind, prompt and explanation.
BY_KIND: dict[str, dict[str, Shape]] = {
    "single": {"choices": CHOICES},
    "multiple": {"choices": CHOICES},
    "true_false": {"choices": CHOICES},
    "order": {"sequence": Many(Line(), 2, 8)},
    "match": {
        "piles": PILES,
        "cards": Many(
            Fields({"text": Line(), "pile": Line(80)}, {"feedback": Line(500, may_be_empty=True)}),
            2,
            12,
        ),
    },
    "scenario": {
        "nodes": Many(
            Fields(
                {"id": Slug(), "text": Words(900)},
                {
                    "good": Flag(),
                    "choices": Many(
                        Fields(
                            {"text": Line(), "to": Slug()},
                            {"feedback": Line(500, may_be_empty=True)},
                        ),
                        1,
                        6,
                    ),
                },
            ),
            2,
            30,
        )
    },
    "likert": {"direction": OneOf((1, -1))},
    "short_text": {},
}
KINDS = OneOf(tuple(BY_KIND))


@dataclass(frozen=True)
class Item:
    """A question; which keys it has follows from its kind."""

    def check(self, found: Marked, report: Report) -> None:
        kind = found["kind"].value
        if "kind" in found.keys and kind not in BY_KIND:
            KINDS.check(found["kind"], report)
            return
        required = {"id": Slug(), "kind": KINDS, "prompt": Prose(), **BY_KIND.get(kind, {})}
        optional = {"explain": Prose(), "scored": Flag(), "sensitive": Flag()}
        Fields(required, optional).check(found, report)
        if found["scored"].value is True and kind not in SCORABLE:
            said = _("A question of the kind “%(kind)s” can't be scored. Write scored: false.")
            report(found["scored"].line, said % {"kind": kind})


@dataclass(frozen=True)
class SurveyItem:
    """A question that is asked before and after."""

    def check(self, found: Marked, report: Report) -> None:
        dimension = found["dimension"].value
        kind = "single" if dimension == "pengetahuan" else "likert"
        if isinstance(found.value, dict) and dimension in DIMENSIONS:
            OneOf((kind,)).check(found["kind"], report)
        required = {
            "id": Slug(),
            "dimension": OneOf(tuple(DIMENSIONS)),
            "kind": OneOf(("single", "likert")),
            "prompt": Prose(),
            **BY_KIND[kind],
        }
        Fields(required, {"explain": Prose(), "sensitive": Flag()}).check(found, report)


QUESTION = Fields(
    {"question": Line()},
    {
        "expected": Many(Line()),
        "difficult": Many(Fields({"answer": Line(400), "response": Line(800)})),
    },
)
LEARNER: dict[str, Shape] = {
    "text": Prose(),
    "picture": Fields(
        {"drawing": DRAWINGS, "alt": Line(250)}, {"caption": Line(250, may_be_empty=True)}
    ),
    "activity": Fields(
        {"title": Title(), "text": Prose()}, {"minutes": Whole(1, 120), "materials": Many(Line())}
    ),
    "role_play": Fields(
        {
            "title": Title(),
            "situation": Prose(),
            "roles": Many(Fields({"name": Line(80), "text": Line(500)}), 1, 8),
        },
        {"rules": Many(Line())},
    ),
    "discussion": Fields({"title": Title(), "questions": Many(QUESTION, 1, 8)}),
    "case": Fields({"title": Title(), "text": Prose()}, {"question": Line(may_be_empty=True)}),
    "card_sort": Fields(
        {
            "title": Title(),
            "piles": PILES,
            "cards": Many(
                Fields(
                    {"text": Line(), "pile": Line(80)},
                    {"picture": CARD_DRAWINGS, "why": Line(500, may_be_empty=True)},
                ),
                2,
                24,
            ),
        }
    ),
    "sheet": Fields({"title": Title(), "text": Prose()}),
    "disclosure": Fields(),
    "referral": Fields(),
    "quiz": Item(),
}


@dataclass(frozen=True)
class Block:
    """What a learner sees: a mapping with one key that says what it is."""

    def check(self, found: Marked, report: Report) -> None:
        names = list(found.value) if isinstance(found.value, dict) else []
        if len(names) != 1:
            report(found.line, _("Write one key here that says what it is, like “text: |”."))
            return
        Fields({}, LEARNER).check(found, report)


LESSON = Fields(
    {
        "title": Title(),
        "summary": Line(200),
        "minutes": Whole(5, 300),
        "steps": Many(
            Fields(
                {
                    "title": Title(),
                    "minutes": Whole(1, 120),
                    "guide": Prose(),
                    "say": Prose(),
                    "learner": Many(Block(), 1, 20),
                }
            ),
            5,
            8,
        ),
    }
)
CARD = Fields(
    {
        "title": Title(),
        "steps": Many(Line(), 4, 6),
        "say": Many(Line(), 3, 5),
        "avoid": Many(Line(), 3, 6),
    }
)
CODES = Many(Line(60), 0, 20)
MODULE = Fields(
    {
        "title": Line(200),
        "summary": Line(200),
        "version": Line(20),
        "language": Line(10),
        "illustration": DRAWINGS,
        "audience": Many(Line(60), 1, 20),
        "age": Many(Whole(0, 99), 2, 2),
        "minutes": Whole(5, 600),
        "level": OneOf(("sd", "smp", "dewasa")),
        "needs": OneOf(("tanpa", "kertas", "satu", "ponsel")),
        "issues": Many(Line(60), 1, 20),
        "violence": CODES,
        "regulations": CODES,
        "objectives": Many(Line(), 3, 5),
        "materials": Many(Line(), 1),
        "preparation": Prose(),
        "safeguarding": Prose(),
        "disclosure": CARD,
        "variants": Many(Fields({"title": Title(), "text": Prose()}), 2, 8),
        "take_home": Fields({"title": Title(), "text": Prose()}, {"may_withhold": Flag()}),
        "sources": Many(Fields({"title": Line(250)}, {"note": Line(400, may_be_empty=True)}), 1),
        "glossary": Many(Fields({"term": Line(80), "meaning": Line(400)})),
        "review": Fields(
            {
                "reviewer": Line(160, may_be_empty=True),
                "reviewed_on": Day(),
                "review_due": Day(),
                "retire_on": Day(),
            }
        ),
        "pass_mark": Whole(0, 100),
        "survey": Many(SurveyItem(), 5, 6),
        "lessons": Many(Slug(), 1, 10),
    },
    {
        "licence": Line(60),
        "second_disclosure": CARD,
        "referral_issue": Line(60, may_be_empty=True),
        "questions_open": Many(Line(500)),
    },
)
