"""Compares a translation with its original: only the words may differ.

Ids, kinds, minutes, right answers, and how many there are of anything are the original's, so that a
class in another language is the same class.
"""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from modules.loading.faults import Report
from modules.loading.folder import MODULE_FILE, MarkedModule
from modules.loading.marked import Marked

# Keys whose values are no words: the same in every language.
SAME = frozenset(
    {
        "id", "kind", "dimension", "direction", "right", "scored", "sensitive", "good", "to",
        "minutes", "drawing", "picture", "illustration", "audience", "age", "level", "needs",
        "issues", "violence", "regulations", "referral_issue", "licence", "review_due", "retire_on",
        "may_withhold", "pass_mark", "lessons",
    }
)  # fmt: skip
# The version says which one was translated; each language has a reviewer of its own.
OWN = frozenset({"version", "language", "reviewer", "reviewed_on"})


def check_alike(original: MarkedModule, translation: MarkedModule) -> None:
    """Tell the translation's reports what is not as in the original."""
    report = translation.reports[MODULE_FILE]
    _compare(original.module, translation.module, report)
    for name in original.lessons.keys() & translation.lessons.keys():
        _compare(original.lessons[name], translation.lessons[name], translation.reports[name])


def _compare(original: Marked, here: Marked, report: Report, name: str = "") -> None:
    if isinstance(original.value, dict) and isinstance(here.value, dict):
        for key in original.value.keys() - here.value.keys():
            said = _("“%(key)s” is missing here; the original has it in line %(line)d.")
            report(here.line, said % {"key": key, "line": original.keys[key]})
        for key in here.value.keys() - original.value.keys():
            said = _("The original has no “%(key)s” in line %(line)d. Take it out here.")
            report(here.keys[key], said % {"key": key, "line": original.line})
        for key in original.value.keys() & here.value.keys() - OWN:
            _compare(original[key], here[key], report, key)
        _compare_piles(original, here, report)
    elif isinstance(original.value, list) and isinstance(here.value, list):
        numbers = {"here": len(here.value), "there": len(original.value)}
        if numbers["here"] != numbers["there"]:
            said = _("%(here)d items stand here, %(there)d in the original (line %(line)d).")
            report(here.line, said % {**numbers, "line": original.line})
            return
        for there, one in zip(original.value, here.value, strict=True):
            _compare(there, one, report, name)
    else:
        _compare_values(original, here, report, name)


def _compare_values(original: Marked, here: Marked, report: Report, name: str) -> None:
    told = original.plain
    differs = here.plain != told if name in SAME else bool(here.plain) != bool(told)
    if differs and name in SAME:
        said = _("“%(value)s” stands in the original (line %(line)d). Write the same here.")
        report(here.line, said % {"value": told, "line": original.line})
    elif differs:
        said = (
            _("The original has words here (line %(line)d). Translate them.")
            if told
            else _("The original has no words here (line %(line)d). Take these out.")
        )
        report(here.line, said % {"line": original.line})


def _compare_piles(original: Marked, here: Marked, report: Report) -> None:
    """Each card lies on the pile that stands in the same place."""
    for there, one in zip(_placed(original), _placed(here), strict=False):
        (card, place), (own, own_place) = there, one
        if place != own_place:
            said = _("This card lies on the %(place)s. pile in the original (line %(line)d).")
            report(own["pile"].line, said % {"place": place + 1, "line": card.line})


def _placed(found: Marked) -> Iterator[tuple[Marked, int]]:
    piles = [pile.text for pile in found["piles"]]
    for card in found["cards"]:
        if card["pile"].text in piles:
            yield card, piles.index(card["pile"].text)
