"""Turns the pages of a module back into what its files say: the reverse of `loading.stream`."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from django.utils.translation import gettext as _

from modules.editions import OF_CARDS
from modules.exporting.marked_down import Left, marked_down
from modules.items import is_question, values_of
from modules.loading.faults import Faulty
from modules.loading.folder import CONTENT, MODULE_FILE, ModuleText, read_module
from modules.loading.schema import DIMENSIONS
from modules.loading.stream import item_id
from modules.models import LessonPage, ModulePage
from modules.models.module import LICENCE, lines_of

Told = dict[str, Any]
DIMENSION_NAMES = {code: name for name, code in DIMENSIONS.items()}


def module_told(page: ModulePage, lessons: Iterable[str], original_slug: str, left: Left) -> Told:
    """`modul.yaml`, from the page as it was last saved; `left` hears what stays behind."""
    names = known_ids(original_slug)
    return {
        "title": page.title,
        "summary": page.search_description,
        "version": page.version,
        "language": page.locale.language_code,
        **({} if page.licence == LICENCE else {"licence": page.licence}),
        "illustration": page.illustration,
        "audience": list(page.audience_codes),
        "age": [page.age_from, page.age_to],
        "minutes": page.minutes,
        "level": page.level,
        "needs": page.needs,
        "issues": list(page.issue_codes),
        "violence": list(page.violence_codes),
        "regulations": list(page.regulation_codes),
        "referral_issue": page.referral_issue,
        "objectives": lines_of(page.objectives),
        "materials": lines_of(page.materials),
        "preparation": marked_down(page.preparation, left),
        "safeguarding": marked_down(page.safeguarding, left),
        **dict(zip(OF_CARDS, page.disclosures, strict=False)),
        "variants": [_titled(one["value"], left) for one in page.variants.raw_data],
        "take_home": {
            "title": page.take_home_title,
            "may_withhold": page.take_home_may_be_withheld,
            "text": marked_down(page.take_home, left),
        },
        "sources": [
            {"title": one["value"]["title"], **_some(one["value"], "note")}
            for one in page.sources.raw_data
        ],
        "glossary": [
            {"term": one["value"]["term"], "meaning": one["value"]["meaning"]}
            for one in page.glossary.raw_data
        ],
        "questions_open": lines_of(page.open_questions),
        "review": {
            # Who signed read the words of the files, not what an office has made of them.
            "reviewer": "",
            "reviewed_on": None,
            "review_due": page.review_due,
            "retire_on": page.retire_on,
        },
        "pass_mark": page.pass_mark,
        "survey": [_surveyed(block, names, left) for block in page.survey.raw_data],
        "lessons": list(lessons),
    }


def lesson_told(page: LessonPage, original_slug: str, left: Left) -> Told:
    """`pelajaran-N.yaml`; `left` hears what stays behind."""
    names = known_ids(original_slug)
    return {
        "title": page.title,
        "summary": page.search_description,
        "minutes": page.minutes,
        "steps": [
            _step(block["value"], names, lambda what, n=number: left(f"{n}: {what}"))
            for number, block in enumerate(page.steps.raw_data, start=1)
        ],
    }


@cache
def known_ids(slug: str) -> Mapping[str, str]:
    """Block id → the name it has in the house's files; another id stands for itself."""
    if not (CONTENT / slug / MODULE_FILE).is_file():
        return {}
    try:
        text = read_module(CONTENT / slug)
    except Faulty:
        return {}
    return {str(item_id(slug, name)): name for name in _ids(text)}


def _ids(text: ModuleText) -> Iterator[str]:
    yield from (item["id"] for item in text.module["survey"])
    for lesson in text.lessons.values():
        for step in lesson["steps"]:
            yield from (block["quiz"]["id"] for block in step["learner"] if "quiz" in block)


def _step(value: Told, names: Mapping[str, str], left: Left) -> Told:
    return {
        "title": value["title"],
        "minutes": value["minutes"],
        "guide": marked_down(value.get("guide"), left),
        "say": marked_down(value.get("say"), left),
        "learner": list(_learner(value.get("learner") or (), names, left)),
    }


def _learner(blocks: Iterable[Told], names: Mapping[str, str], left: Left) -> Iterator[Told]:
    for block in blocks:
        kind, value = block["type"], block["value"]
        if is_question(block):
            yield {"quiz": _item(kind, block, names, left)}
        elif kind == "media" or (kind == "picture" and not value.get("drawing")):
            said = _("“%(title)s” is a file of the library; it stays on the site.")
            left(said % {"title": value.get("title") or value.get("alt") or kind})
        else:
            yield {kind: TOLD[kind](value, left)}


def _surveyed(block: Told, names: Mapping[str, str], left: Left) -> Told:
    dimension, _sign, kind = block["type"].partition("_")
    told = _item(kind, block, names, left)
    told.pop("scored", None)
    return {"id": told.pop("id"), "dimension": DIMENSION_NAMES[dimension], **told}


def _item(kind: str, block: Told, names: Mapping[str, str], left: Left) -> Told:
    value = block["value"]
    told = {
        "id": names.get(block["id"], block["id"]),
        "kind": kind,
        "scored": bool(value.get("scored")),
        "sensitive": bool(value.get("sensitive")),
        "prompt": marked_down(value["prompt"], left),
    }
    if value.get("explain"):
        told["explain"] = marked_down(value["explain"], left)
    for name, of in PARTS.items():
        if name in value:
            told[name] = [of(one) for one in values_of(value[name])]
    if kind == "likert":
        told["direction"] = int(value["direction"])
    return told


def _some(value: Told, *names: str) -> Told:
    """Those that say something."""
    return {name: value[name] for name in names if value.get(name)}


def _titled(value: Told, left: Left) -> Told:
    return {"title": value["title"], "text": marked_down(value["text"], left)}


def _node(value: Told) -> Told:
    ways = [
        {"text": way["text"], "to": way["to"], **_some(way, "feedback")}
        for way in values_of(value.get("ways"))
    ]
    told = {"id": value["name"], "text": value["text"], **_some(value, "good")}
    return told | ({"choices": ways} if ways else {})


PARTS: dict[str, Callable[[Any], Any]] = {
    "choices": lambda one: {"text": one["text"], **_some(one, "right", "feedback")},
    "sequence": str,
    "piles": str,
    "cards": lambda one: {"text": one["text"], "pile": one["pile"], **_some(one, "feedback")},
    "nodes": _node,
}


def _question(value: Told) -> Told:
    told = {"question": value["question"]}
    if expected := values_of(value.get("expected")):
        told["expected"] = list(expected)
    if difficult := values_of(value.get("difficult")):
        told["difficult"] = [
            {"answer": one["answer"], "response": one["response"]} for one in difficult
        ]
    return told


# Kind of a learner's block → what its file says, from its value.
TOLD: dict[str, Callable[[Any, Left], Any]] = {
    "text": marked_down,
    "picture": lambda v, left: {
        "drawing": v["drawing"],
        "alt": v["alt"],
        **_some(v, "caption"),
    },
    "activity": lambda v, left: {
        "title": v["title"],
        **_some(v, "minutes"),
        **({"materials": list(values_of(v["materials"]))} if v.get("materials") else {}),
        "text": marked_down(v["text"], left),
    },
    "role_play": lambda v, left: {
        "title": v["title"],
        "situation": marked_down(v["situation"], left),
        "roles": [{"name": one["name"], "text": one["text"]} for one in values_of(v["roles"])],
        **({"rules": list(values_of(v["rules"]))} if v.get("rules") else {}),
    },
    "discussion": lambda v, left: {
        "title": v["title"],
        "questions": [_question(one) for one in values_of(v["questions"])],
    },
    "case": lambda v, left: _titled(v, left) | _some(v, "question"),
    "card_sort": lambda v, left: {
        "title": v["title"],
        "piles": list(values_of(v["piles"])),
        "cards": [
            {"text": one["text"], "pile": one["pile"], **_some(one, "picture", "why")}
            for one in values_of(v["cards"])
        ],
    },
    "sheet": _titled,
    "disclosure": lambda v, left: {},
    "referral": lambda v, left: {},
}
