"""Modules with a question of each kind, groups, and runs with people in them."""

from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID, uuid4, uuid5

from django.utils import timezone

from districts.models import District
from districts.scoping import office_of_page
from modules.models import (
    ClassRun,
    Group,
    LessonPage,
    ModuleIndexPage,
    ModulePage,
    Participant,
    SignOff,
)
from modules.services import joining, runs, signing
from modules.services.groups import Cell, save_group
from tests.factories.pages import _add, below
from tests.factories.people import make_member
from tests.factories.places import make_district, national
from tests.factories.replay import described, replayed

NOW = datetime(2026, 8, 3, 2, 0, tzinfo=UTC)
CELLS = (Cell("P", "13-17", False, 15), Cell("L", "13-17", False, 16), Cell("L", "13-17", True, 1))
_HOUSE = UUID("5d0f3c1e-7a39-4c63-9d9e-3f0d6b1a0001")


def block_id(name: str) -> UUID:
    """The id of a block in these modules, the same in every test."""
    return uuid5(_HOUSE, name)


def _question(kind: str, *, scored: bool = False, name: str = "", **value) -> dict:
    name = name or kind
    words = {"prompt": f"<p>Soal {name}?</p>", "explain": f"<p>Penjelasan {name}.</p>"}
    return {
        "type": kind,
        "id": str(block_id(name)),
        "value": words | {"scored": scored, "sensitive": False} | value,
    }


def _choices(*texts: str, right: tuple[int, ...] = (0,)) -> list[dict]:
    return [
        {"text": text, "right": number in right, "feedback": f"Umpan balik: {text}"}
        for number, text in enumerate(texts)
    ]


# One question of each kind: single, multiple, match and scenario are scored, others self-checks.
QUESTIONS = (
    _question("single", scored=True, choices=_choices("Tepat", "Kurang tepat", "Keliru")),
    _question("true_false", choices=_choices("Benar", "Salah", right=(1,))),
    _question("multiple", scored=True, choices=_choices("Satu", "Dua", "Tiga", right=(0, 2))),
    _question("order", sequence=["Pertama", "Kedua", "Ketiga"]),
    _question(
        "match",
        scored=True,
        piles=["Bercanda", "Merundung"],
        cards=[
            {"text": "Kartu lucu", "pile": "Bercanda", "feedback": "Semua tertawa."},
            {"text": "Kartu sakit", "pile": "Merundung", "feedback": "Satu terluka."},
        ],
    ),
    _question(
        "scenario",
        scored=True,
        nodes=[
            {
                "name": "mulai",
                "text": "Teman menangis.",
                "good": False,
                "ways": [
                    {"text": "Dengarkan", "to": "dengar", "feedback": "Ia lega."},
                    {"text": "Tinggalkan", "to": "pergi", "feedback": "Ia sendiri."},
                ],
            },
            {"name": "dengar", "text": "Ia bercerita.", "good": True, "ways": []},
            {"name": "pergi", "text": "Ia diam.", "good": False, "ways": []},
        ],
    ),
    _question("likert", direction="1"),
    _question("short_text"),
)
KINDS = tuple(one["type"] for one in QUESTIONS)
ITEM = {kind: block_id(kind) for kind in KINDS}
# An answer to each kind, right and wrong, as a device sends it.
RIGHT = {
    "single": {"choice": 0},
    "true_false": {"choice": 1},
    "multiple": {"choices": [0, 2]},
    "order": {"order": [0, 1, 2]},
    "match": {"piles": [0, 1]},
    "scenario": {"ways": [0]},
    "likert": {"value": 5},
}
WRONG = {
    "single": {"choice": 1},
    "true_false": {"choice": 0},
    "multiple": {"choices": [1]},
    "order": {"order": [2, 1, 0]},
    "match": {"piles": [1, 1]},
    "scenario": {"ways": [1]},
    "likert": {"value": 1},
}
SURVEY = (
    _question(
        "knowledge_single", name="tahu", choices=_choices("Benar sekali", "Salah", right=(0,))
    ),
    _question("attitude_likert", name="sikap", direction="-1"),
    _question("intention_likert", name="niat", direction="1"),
)
SURVEY_ITEM = {name: block_id(name) for name in ("tahu", "sikap", "niat")}


def step(name: str, *learner: dict, minutes: int = 10, **value) -> dict:
    words = {"title": f"Langkah {name}", "guide": f"<p>Panduan {name}.</p>", "say": "<p>Halo.</p>"}
    return {
        "type": "step",
        "id": str(block_id(f"langkah {name}")),
        "value": words | {"minutes": minutes, "learner": list(learner)} | value,
    }


def make_lesson(module: ModulePage, *steps: dict, **fields) -> LessonPage:
    """A lesson with these raw steps; without any, three that hold a question of each kind."""
    words = {"type": "text", "id": str(block_id("teks")), "value": "<p>Bacaan murid.</p>"}
    steps = steps or (
        step("satu", words, *QUESTIONS[:3]),
        step("dua", *QUESTIONS[3:6]),
        step("tiga", *QUESTIONS[6:]),
    )
    return _add(module, LessonPage, **{"minutes": 30, "steps": list(steps)} | fields)


def make_module(district: District | None = None, *, lessons: int = 1, **fields) -> ModulePage:
    """A published module of the national office, or of `district`, with a survey.

    The first lesson holds a question of each kind, each other one a question of its own.
    """
    district = district or national()

    def publish() -> int:
        module = _add(
            below(district, ModuleIndexPage),
            ModulePage,
            **{"survey": list(SURVEY), "disclosure_title": "Jika anak bercerita"} | fields,
        )
        for number in range(lessons):
            more = _question("single", name=f"lanjutan {number}", choices=_choices("Ya", "Tidak"))
            make_lesson(module, *([step(f"lanjutan {number}", more)] if number else []))
        return module.pk

    key = described("modul", district.pk, lessons, fields)
    return ModulePage.objects.get(pk=replayed(key, publish) if key else publish())


def sign(
    page: ModulePage,
    district: District | None = None,
    *,
    verdict: str = "setuju",
    day: date = date(2026, 3, 1),
    by: tuple[str, ...] = ("Psikolog Ayu", "Dinas", ""),
    note: str = "",
    actor=None,
    **more,
) -> SignOff:
    """The district, or the module's own office, records what a specialist said of its text."""
    district = district or office_of_page(page)
    newest = signing.history_of(page, district).first()
    return signing.record(
        **{
            "page": page,
            "office": district,
            "actor": actor or make_member("moderator", district),
            "entry": uuid4(),
            "after": newest.number if newest else 0,
            "verdict": verdict,
            "specialist": signing.Specialist(*by),
            "text": signing.texts_of(page)[0].digest,
            "day": day,
            "note": note or ("" if verdict == "setuju" else "Contohnya tidak cocok di sini."),
            "now": timezone.now(),
        }
        | more
    )


def edit(folder: Path, file: str, before: str, after: str) -> int:
    """Change the first such place in a module's file; return the line on which it begins."""
    path = folder / file
    text = path.read_text()
    place = text.index(before)
    path.write_text(text.replace(before, after, 1))
    return text.count("\n", 0, place) + 1


def make_group(district: District, facilitator=None, *, cells=CELLS, **values) -> Group:
    return save_group(
        district=district,
        facilitator=facilitator or make_member("guru", district),
        values={"kind": "kelas", "label": "8B", "period": "2026/2027"} | values,
        cells=cells,
    )


def make_run(
    district: District | None = None,
    *,
    module: ModulePage | None = None,
    facilitator=None,
    mode: str = ClassRun.Mode.PHONES,
    opened: bool = True,
    now: datetime = NOW,
    cells=CELLS,
    **plan,
) -> ClassRun:
    """A run of a module, open unless told otherwise; `plan` are arguments of `plan_run`."""
    district = district or District.objects.filter(slug="lebak").first() or make_district()
    module = module or ModulePage.objects.filter(alias_of=None).first() or make_module()
    outcome = runs.plan_run(
        **{
            "district": district,
            "facilitator": facilitator or make_member("guru", district),
            "key": uuid4(),
            "module": module,
            "mode": mode,
            "cells": cells,
            "now": now,
            "group_label": "8B",
        }
        | plan
    )
    run = ClassRun.objects.select_related("district__site", "edition__page").get(
        pk=outcome.response["run"]
    )
    return runs.open_run(run=run, now=now) if opened else run


def make_participant(run: ClassRun, *, key: UUID | None = None, now: datetime = NOW) -> Participant:
    outcome = joining.join(run=run, key=key or uuid4(), now=now)
    return Participant.objects.get(pk=outcome.response["participant"])
