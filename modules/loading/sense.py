"""What must fit together in a module's files, beyond the form of each value."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from modules.items import LONGEST_WAY
from modules.loading.faults import Report
from modules.loading.marked import Marked
from modules.loading.shapes import span
from modules.models.module import EXTREMISM

LEAST_ITEMS, MOST_ITEMS, LEAST_KINDS = 6, 8, 4
# About half of the questions are scored.
SCORED_SHARE = (30, 70)
SURVEY = {"pengetahuan": (2, 2), "sikap": (2, 2), "niat": (1, 2)}
CODE = re.compile(r"[A-Za-z0-9]+(-[A-Za-z0-9]+)*")
# Key of modul.yaml → vocabulary whose codes it holds.
VOCABULARIES = {
    "audience": "audience",
    "issues": "issue_area",
    "violence": "violence_form",
    "regulations": "regulation",
}

# Vocabulary → codes in use; one that is missing or empty is not asked.
Codes = Mapping[str, Collection[str]]


@dataclass
class Ids:
    """Ids of questions over all files of a module: each stands once."""

    seen: dict[str, str] = field(default_factory=dict)

    def add(self, found: Marked, report: Report) -> None:
        if not found.text:
            return
        if found.text in self.seen:
            said = _("The id “%(id)s” stands in %(place)s already. Give this one another id.")
            report(found.line, said % {"id": found.text, "place": self.seen[found.text]})
            return
        self.seen[found.text] = _("%(file)s, line %(line)d") % {
            "file": report.file,
            "line": found.line,
        }


def check_module(module: Marked, report: Report, ids: Ids, codes: Codes) -> None:
    for name, vocabulary in VOCABULARIES.items():
        for one in module[name]:
            _code(one, codes.get(vocabulary, ()), report)
    if module["referral_issue"].text:
        _code(module["referral_issue"], codes.get("issue_area", ()), report)
    ages = [one.number for one in module["age"]]
    if len(ages) == 2 and None not in ages and ages[0] > ages[1]:
        report(module["age"].line, _("The oldest cannot be younger than the youngest."))
    review = module["review"]
    if review["reviewed_on"].value and not review["reviewer"].text:
        report(review.line, _("Say who reviewed it."))
    if EXTREMISM in [one.text for one in module["issues"]] and not review["review_due"].value:
        report(review.line, _("A module on extremism needs the day of its next review."))
    check_unlike(module["glossary"], "term", report)
    for item in module["survey"]:
        ids.add(item["id"], report)
        check_choices(item, report, needs_feedback=False)
    _survey(module["survey"], report)


def check_lesson(lesson: Marked, report: Report, ids: Ids) -> None:
    _adds_up(lesson, lesson["steps"], _("the steps"), report)
    for step in lesson["steps"]:
        for block in step["learner"]:
            check_piles(block["card_sort"], report)
            quiz = block["quiz"]
            if quiz.value is not None:
                ids.add(quiz["id"], report)
                check_item(quiz, report)


def check_whole(module: Marked, lessons: list[Marked], report: Report) -> None:
    """What only all files together show: minutes, number and kinds of questions."""
    _adds_up(module, lessons, _("the lessons"), report)
    items = [
        block["quiz"]
        for lesson in lessons
        for step in lesson["steps"]
        for block in step["learner"]
        if block["quiz"].value is not None
    ]
    line = module["lessons"].line
    number, kinds = len(items), {item["kind"].text for item in items}
    if not LEAST_ITEMS <= number <= MOST_ITEMS:
        said = _("The lessons ask %(number)d questions; write %(range)s.")
        report(line, said % {"number": number, "range": span(LEAST_ITEMS, MOST_ITEMS)})
    if len(kinds) < LEAST_KINDS:
        said = _("The questions are of %(number)d kinds; use at least %(least)d.")
        report(line, said % {"number": len(kinds), "least": LEAST_KINDS})
    scored = sum(item["scored"].value is True for item in items)
    if items and not SCORED_SHARE[0] <= 100 * scored / number <= SCORED_SHARE[1]:
        said = _("%(scored)d of %(number)d questions are scored; about half should be.")
        report(line, said % {"scored": scored, "number": number})


def check_item(item: Marked, report: Report) -> None:
    kind = item["kind"].text
    check_choices(item, report)
    if kind == "true_false" and len(list(item["choices"])) != 2:
        report(item["choices"].line, _("Write exactly two answers: Benar and Salah."))
    if kind == "match":
        check_piles(item, report)
    if kind == "scenario":
        check_scenario(item, report)
    check_unlike(item["sequence"], "", report)


def check_choices(item: Marked, report: Report, *, needs_feedback: bool = True) -> None:
    choices = list(item["choices"])
    if not choices:
        return
    check_unlike(item["choices"], "text", report)
    right = [one for one in choices if one["right"].value is True]
    line = item["choices"].line
    if not right:
        report(line, _("No answer is right. Write right: true at one."))
    if item["kind"].text != "multiple":
        for one in right[1:]:
            report(one.line, _("A second answer is right; only one can be. Or use “multiple”."))
    elif len(right) == len(choices):
        report(line, _("Every answer is right. Add one that is not."))
    if needs_feedback:
        for one in choices:
            if not one["feedback"].text.strip():
                report(one.line, _("Add feedback: what is said to who chose this."))


def check_piles(found: Marked, report: Report) -> None:
    check_unlike(found["piles"], "", report)
    piles = [one.text for one in found["piles"]]
    for card in found["cards"]:
        if card["pile"].text and card["pile"].text not in piles:
            said = _(
                "The card “%(card)s” uses the pile “%(pile)s”, which is not there. "
                "Choose one of: %(piles)s."
            )
            names = {"card": card["text"].text[:40], "pile": card["pile"].text}
            report(card.line, said % {**names, "piles": ", ".join(piles) or "–"})
    check_unlike(found["cards"], "text", report)


def check_scenario(item: Marked, report: Report) -> None:
    """Every place is reached, every way leads on to an end, and a wanted end can be found."""
    nodes = list(item["nodes"])
    check_unlike(item["nodes"], "id", report)
    places = {node["id"].text: node for node in nodes if node["id"].text}
    ways: dict[str, list[str]] = {}
    for name, node in places.items():
        ways[name] = [way["to"].text for way in node["choices"]]
        for way in node["choices"]:
            if way["to"].text and way["to"].text not in places:
                said = _("This way leads to “%(place)s”, which is not there. Known: %(places)s.")
                known = {"place": way["to"].text, "places": ", ".join(places)}
                report(way["to"].line, said % known)
        if ways[name] and node["good"].value is True:
            report(node.line, _("A place with ways on is no end; take “good” out."))
    if not places:
        return
    start = next(iter(places))
    reached = _reached([start], ways)
    back: dict[str, list[str]] = {name: [] for name in places}
    for name, leads in ways.items():
        for to in leads:
            back.setdefault(to, []).append(name)
    ends = [name for name in places if not ways[name]]
    leading = _reached(ends, back)
    for name, node in places.items():
        if name not in reached:
            said = _("Nothing leads to the place “%(place)s”. Lead a way there or take it out.")
            report(node.line, said % {"place": name})
        elif name not in leading:
            said = _("From the place “%(place)s” no end can be reached. Add a way to an end.")
            report(node.line, said % {"place": name})
    if not any(places[name]["good"].value is True for name in ends if name in reached):
        report(item["nodes"].line, _("No wanted end can be reached. Write good: true at one."))
    if len(reached) > LONGEST_WAY:
        said = _("The story has over %(most)d places; make it shorter.")
        report(item["nodes"].line, said % {"most": LONGEST_WAY})


def _reached(begin: list[str], ways: Mapping[str, list[str]]) -> set[str]:
    found, left = set(begin), list(begin)
    while left:
        for to in ways.get(left.pop(), ()):
            if to not in found:
                found.add(to)
                left.append(to)
    return found


def _survey(survey: Marked, report: Report) -> None:
    dimensions = [item["dimension"].text for item in survey]
    for name, (least, most) in SURVEY.items():
        number = dimensions.count(name)
        if not least <= number <= most:
            said = _("The survey asks %(number)d times about “%(dimension)s”; write %(range)s.")
            numbers = {"number": number, "range": span(least, most)}
            report(survey.line, said % {**numbers, "dimension": name})


def _adds_up(whole: Marked, parts: Iterable[Marked], named: str, report: Report) -> None:
    minutes = [part["minutes"].number for part in parts]
    told = whole["minutes"].number
    if told is not None and minutes and None not in minutes and sum(minutes) != told:
        said = _("%(told)d minutes stand here, but %(parts)s take %(sum)d. Correct one of them.")
        numbers = {"told": told, "parts": named, "sum": sum(minutes)}
        report(whole["minutes"].line, said % numbers)


def check_unlike(found: Marked, name: str, report: Report) -> None:
    """Each of these stands once."""
    seen: dict[str, int] = {}
    for one in found:
        value = one[name] if name else one
        text = value.text.strip()
        if text and text in seen:
            said = _("“%(text)s” stands in line %(line)d already. Change one of them.")
            report(value.line, said % {"text": text[:60], "line": seen[text]})
        seen.setdefault(text, value.line)


def _code(found: Marked, known: Collection[str], report: Report) -> None:
    if not found.text:
        return
    if known and found.text not in known:
        said = _("The code “%(code)s” is not known. Choose one of: %(codes)s.")
        report(found.line, said % {"code": found.text, "codes": ", ".join(known)})
    elif not CODE.fullmatch(found.text):
        report(found.line, _("“%(code)s” is not a code.") % {"code": found.text})
