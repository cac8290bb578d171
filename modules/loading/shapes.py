"""What values may look like: small checkers that report every fault and never raise."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from modules.loading.faults import Report
from modules.loading.marked import Marked

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
# Numbers to call come live from the district's channels; nobody updates one in a text.
TELEPHONE = re.compile(r"(?<![\w/])\+?\d(?:[ .()-]{0,2}\d){8,}(?!\w)")
NOT_MARKDOWN = re.compile(r"</?[a-z][^>]*>|\]\(|https?://|www\.", re.IGNORECASE)
# Markdown would draw such a list as part of the paragraph.
GLUED_LIST = re.compile(r"(?m)^(?![-*\s]|\d+\.|$).*\n(?=(?:[-*]|\d+\.)\s)")


class Shape(Protocol):
    def check(self, found: Marked, report: Report) -> None: ...


@dataclass(frozen=True)
class Line:
    """Words on one line."""

    most: int = 300
    may_be_empty: bool = False

    def check(self, found: Marked, report: Report) -> None:
        if _is_text(found, report, may_be_empty=self.may_be_empty):
            _is_short(found, report, self.most)
            if "\n" in found.text.strip():
                report(found.line, _("Write this on one line."))
            _holds_no_number(found, report)


@dataclass(frozen=True)
class Words:
    """Words that may take several lines, drawn as they are."""

    most: int = 900

    def check(self, found: Marked, report: Report) -> None:
        if _is_text(found, report):
            _is_short(found, report, self.most)
            _holds_no_number(found, report)


@dataclass(frozen=True)
class Prose:
    """Markdown: paragraphs, **bold**, *italic*, lists and ### headings."""

    def check(self, found: Marked, report: Report) -> None:
        if not _is_text(found, report):
            return
        text = found.text
        if wrong := NOT_MARKDOWN.search(text):
            said = _("Take out “%(text)s”: no HTML and no links here.")
            report(_line_of(found, wrong.start()), said % {"text": wrong[0]})
        if glued := GLUED_LIST.search(text):
            report(_line_of(found, glued.end()), _("Leave an empty line before the list."))
        _holds_no_number(found, report)


@dataclass(frozen=True)
class Whole:
    least: int
    most: int

    def check(self, found: Marked, report: Report) -> None:
        if found.number is None or not self.least <= found.number <= self.most:
            said = _("Write a whole number from %(least)d to %(most)d.")
            report(found.line, said % {"least": self.least, "most": self.most})


@dataclass(frozen=True)
class Flag:
    def check(self, found: Marked, report: Report) -> None:
        if not isinstance(found.value, bool):
            report(found.line, _("Write true or false, without quotes."))


@dataclass(frozen=True)
class Day:
    def check(self, found: Marked, report: Report) -> None:
        if found.value is not None and type(found.value) is not date:
            report(found.line, _("Write a day like 2027-05-31, or null."))


@dataclass(frozen=True)
class Slug:
    most: int = 60

    def check(self, found: Marked, report: Report) -> None:
        if _is_text(found, report) and not SLUG.fullmatch(found.text):
            said = _("“%(text)s”: write small letters, digits and hyphens only.")
            report(found.line, said % {"text": found.text})
        else:
            _is_short(found, report, self.most)


@dataclass(frozen=True)
class OneOf:
    options: tuple

    def check(self, found: Marked, report: Report) -> None:
        if found.value not in self.options or isinstance(found.value, bool):
            said = _("“%(text)s” is not known here. Choose one of: %(options)s.")
            options = ", ".join(map(str, self.options))
            report(found.line, said % {"text": _told(found), "options": options})


@dataclass(frozen=True)
class Many:
    """A list of things of one shape."""

    of: Shape
    least: int = 0
    most: int = 200

    def check(self, found: Marked, report: Report) -> None:
        if not isinstance(found.value, list):
            report(found.line, _("Write a list here, each item after a hyphen."))
            return
        number = len(found.value)
        if not self.least <= number <= self.most:
            said = _("%(number)d items stand here; write %(range)s.")
            report(found.line, said % {"number": number, "range": span(self.least, self.most)})
        for one in found.value:
            self.of.check(one, report)


@dataclass(frozen=True)
class Fields:
    """A mapping with known keys."""

    required: Mapping[str, Shape] = field(default_factory=dict)
    optional: Mapping[str, Shape] = field(default_factory=dict)

    def check(self, found: Marked, report: Report) -> None:
        if not isinstance(found.value, dict):
            report(found.line, _("Write keys with values here, like “title: …”."))
            return
        for name in self.required:
            if name not in found.value:
                report(found.line, _("“%(key)s” is missing. Add it.") % {"key": name})
        known = {**self.required, **self.optional}
        for name, one in found.value.items():
            if name in known:
                known[name].check(one, report)
            else:
                said = _("“%(key)s” is not known here. Known are: %(known)s.")
                known_keys = ", ".join(known) or "–"
                report(found.keys[name], said % {"key": name, "known": known_keys})


def span(least: int, most: int) -> str:
    """ "2", or "2–4"."""
    return str(least) if least == most else f"{least}–{most}"


def _is_text(found: Marked, report: Report, *, may_be_empty: bool = False) -> bool:
    if not isinstance(found.value, str):
        report(found.line, _("Write text here; put numbers, dates, yes and no in quotes."))
        return False
    if not may_be_empty and not found.value.strip():
        report(found.line, _("Nothing stands here yet. Write the text."))
        return False
    return True


def _is_short(found: Marked, report: Report, most: int) -> None:
    length = len(found.text.strip())
    if length > most:
        said = ngettext(
            "This is %(length)d characters long; at most %(most)d fits.",
            "This is %(length)d characters long; at most %(most)d fit.",
            most,
        )
        report(found.line, said % {"length": length, "most": most})


def _holds_no_number(found: Marked, report: Report) -> None:
    if number := TELEPHONE.search(found.text):
        said = _("Take out the number “%(number)s”: the page shows the district's own channels.")
        report(_line_of(found, number.start()), said % {"number": number[0]})


def _line_of(found: Marked, place: int) -> int:
    """The line of a place in a text; a block of text begins a line below its `|`."""
    before = found.text.count("\n", 0, place)
    return found.line + before + ("\n" in found.text)


def _told(found: Marked) -> str:
    return found.text if isinstance(found.value, str) else str(found.plain)
