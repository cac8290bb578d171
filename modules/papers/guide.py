"""The run-sheet: each lesson on one sheet, then what to prepare, then what is read aloud."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from districts.paper.flow import Node, plain, rich_nodes
from modules.editions import Lesson, Step
from modules.items import is_question, values_of
from modules.models.module import Card, lines_of
from modules.papers.blocks import heading, labelled, listed, read_nodes, story_nodes
from modules.papers.frame import Taught

MOST_CHANNELS = 5


def guide_data(module: Taught) -> dict[str, Any]:
    return {
        "lessons": [_lesson(module, number, lesson) for number, lesson in module.lessons],
        "materials": [plain(line) for line in lines_of(module.source.materials)],
        "disclosures": [_disclosure(card) for card in module.content.disclosures],
        "channels": module.channels(MOST_CHANNELS),
        "prepare": _prepare(module),
        "reading": [
            node for number, lesson in module.lessons for node in _reading(number, lesson, module)
        ],
        "words": _words(),
    }


def _lesson(module: Taught, number: int, lesson: Lesson) -> dict[str, Any]:
    begins, steps = 0, []
    for step in lesson.steps:
        steps.append(
            {
                "clock": f"{begins}–{begins + step.minutes}",
                "minutes": _minutes(step.minutes),
                "title": plain(step.title),
                "uses": _uses(step, module),
                "guide": rich_nodes(step.guide),
                "say": rich_nodes(step.say),
                "talks": [
                    _talk(block["value"]) for block in step.learner if block["type"] == "discussion"
                ],
            }
        )
        begins += step.minutes
    return {
        "title": _lesson_title(number, lesson),
        "minutes": _minutes(lesson.minutes),
        "steps": steps,
    }


def _talk(value: dict[str, Any]) -> dict[str, Any]:
    return {
        "title": plain(value["title"]),
        "questions": [
            {
                "question": plain(question["question"]),
                "expected": [plain(answer) for answer in values_of(question.get("expected"))],
                "difficult": [
                    {"answer": plain(one["answer"]), "response": plain(one["response"])}
                    for one in values_of(question.get("difficult"))
                ],
            }
            for question in values_of(value.get("questions"))
        ],
    }


def _uses(step: Step, module: Taught) -> list[str]:
    """Which other papers, or which reading, the step needs."""
    uses, questions, reads = [], [], False
    for block in step.learner:
        kind, value = block["type"], block["value"]
        if is_question(block):
            number = module.numbers.get(UUID(block["id"]))
            questions += [str(number)] if number else []
            reads = reads or kind == "scenario"
        elif kind == "card_sort":
            uses.append(_("cards “%(title)s”") % {"title": plain(value["title"])})
        elif kind == "sheet":
            uses.append(_("worksheet “%(title)s”") % {"title": plain(value["title"])})
        elif read_nodes(block):
            reads = True
    if questions:
        said = ngettext(
            "answer sheet, question %(numbers)s",
            "answer sheet, questions %(numbers)s",
            len(questions),
        )
        uses.insert(0, said % {"numbers": ", ".join(questions)})
    return [*([_("reading")] if reads else []), *uses]


def _disclosure(card: Card) -> dict[str, Any]:
    return {"title": plain(card["title"])} | {
        name: [plain(line) for line in card[name]] for name in ("steps", "say", "avoid")
    }


def _prepare(module: Taught) -> list[Node]:
    """What the facilitator reads at home: aims, preparation, safeguards, variants, sources."""
    page = module.source
    variants = [(one.value["title"], rich_nodes(one.value["text"].source)) for one in page.variants]
    sources = [(one.value["title"], one.value.get("note") or "") for one in page.sources]
    words = [(one.value["term"], one.value["meaning"]) for one in page.glossary]
    nodes = [
        *_part(_("What participants can do afterwards"), listed(lines_of(page.objectives))),
        *_part(_("What you bring"), listed(lines_of(page.materials))),
        *_part(_("Before the session"), rich_nodes(page.preparation)),
        *_part(_("So that nobody is hurt"), rich_nodes(page.safeguarding)),
    ]
    if page.take_home:
        nodes += _part(_("What can be taken home?"), listed(_about_take_home(page)))
    for title, below in variants:
        nodes += _part(title, below)
    nodes += _part(_("Hard words"), labelled(words))
    nodes += _part(_("Where it comes from"), labelled(sources))
    return nodes + _part(_("Who checked it?"), listed([plain(module.review.line)]))


def _about_take_home(page: Any) -> list[str]:
    title = page.take_home_title or _("What can be taken home?")
    told = [_("“%(title)s” is the last page of the worksheet.") % {"title": title}]
    if page.take_home_may_be_withheld:
        told.append(_("You decide whether it is handed out; keep it back where it could harm."))
    return told


def _reading(number: int, lesson: Lesson, module: Taught) -> Iterable[Node]:
    """What learners read, for a room without a device: the facilitator reads it aloud."""
    found = [(step.title, _read_in(step, module)) for step in lesson.steps]
    if any(nodes for _title, nodes in found):
        yield heading(_lesson_title(number, lesson), level=2)
    for title, nodes in found:
        yield from _part(title, _without_title(nodes, title), level=3)


def _without_title(nodes: list[Node], title: str) -> list[Node]:
    """A step that is called as the one thing in it says its name once."""
    said = [{"text": plain(title)}]
    first, rest = nodes[:1], nodes[1:]
    return rest if rest and first[0].get("runs") == said else nodes


def _read_in(step: Step, module: Taught) -> list[Node]:
    nodes = []
    for block in step.learner:
        if is_question(block):
            item = module.content.items[UUID(block["id"])]
            if item.kind == "scenario":
                nodes += story_nodes(item)
            elif item.kind == "short_text":
                nodes += rich_nodes(item.prompt)
        else:
            nodes += read_nodes(block)
    return nodes


def _part(title: str, nodes: list[Node], *, level: int = 2) -> list[Node]:
    return [heading(title, level), *nodes] if nodes else []


def _lesson_title(number: int, lesson: Lesson) -> str:
    return _("Lesson %(number)d: %(title)s") % {"number": number, "title": plain(lesson.title)}


def _minutes(minutes: int) -> str:
    return ngettext("%(minutes)d minute", "%(minutes)d minutes", minutes) % {"minutes": minutes}


def _words() -> dict[str, Any]:
    return {
        "say": _("Say:"),
        "expected": _("You may hear:"),
        "difficult": _("If somebody says:"),
        "speak": _("What helps to say"),
        "avoid": _("What to avoid"),
        "materials": _("What you bring"),
        "safe": _("Always"),
        "rules": [
            _("Everybody may skip anything. Do not ask why."),
            _("Never ask who has been through something. Only invented stories."),
            _("Park a story: listen alone afterwards. Never promise to keep a secret."),
        ],
        "prepare": _("Before you teach"),
        "reading": _("To read aloud"),
    }
