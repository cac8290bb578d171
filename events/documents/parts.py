"""The parts that papers of a report are made of, as data for `activity.typ`."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from districts.paper.flow import rich_nodes
from events.attendance import ages
from events.attendance.came import Came
from events.attendance.organisations import Line
from events.attendance.totals import Totals
from events.documents.frame import frame_of, lines_of, plain
from events.models import Occurrence, SessionReport, Sex
from events.report_reading import day_in_words

BLANK_LINES = 5
Part = dict[str, Any]


def paper_frame(row: Occurrence, title: str, size: str) -> dict[str, Any]:
    return frame_of(row, title, size=size) | {
        "number": "",
        "opening": [],
        "closing": "",
        "enclosures": {},
        "photos": {"title": "", "rows": []},
        "words": {
            "no": _("No."),
            "age": _("Age group"),
            "male": _("Male (L)"),
            "female": _("Female (P)"),
            "total": _("Total"),
            "what": _("What is to be done"),
            "owner": _("Who does it"),
            "due": _("Until when"),
        },
    }


def part(title: str, content: Part | None = None, **more: Any) -> Part:
    """A part under its title; what is None is left out."""
    return {"title": title} | (content or {}) | {k: v for k, v in more.items() if v is not None}


def minutes(report: SessionReport | None, *, deeper: int = 0) -> tuple[Part]:
    """What was said; its headings stand so many levels `deeper` than those of minutes."""
    nodes = rich_nodes(report.minutes_html) if report else []
    for node in nodes:
        if node["kind"] == "heading":
            node["level"] += deeper
    return ({"nodes": nodes} if nodes else {"blank": BLANK_LINES},)


def text(report: SessionReport | None, name: str) -> tuple[Part]:
    lines = lines_of(getattr(report, name)) if report else []
    return ({"lines": lines} if lines else {"blank": BLANK_LINES},)


def follow_ups(report: SessionReport | None) -> list[Part]:
    rows = list(report.follow_ups.all()) if report else []
    if not rows:
        return []
    told = [
        {"what": plain(one.what), "owner": plain(one.owner), "due": day_in_words(one.due)}
        for one in rows
    ]
    return [part(_("Follow-up"), follow_ups=told)]


def people_table(came: Came) -> dict[str, Any]:
    """By age group and sex; a line of its own has those of whom organisations told no more."""
    found = came.totals
    labels = ages.age_groups()
    rows = []
    there = {group.age_group for group in found.groups}
    known = [age for age in labels if age in there]
    for age in [*known, *sorted(there.difference(known))]:
        by_sex = {group.sex: group.number for group in found.groups if group.age_group == age}
        male, female = by_sex.get(Sex.MALE, 0), by_sex.get(Sex.FEMALE, 0)
        name = plain(labels.get(age, age)) or _("age not asked")
        rows.append(
            {"name": name, "male": str(male), "female": str(female), "total": str(male + female)}
        )
    if came.unknown:
        name = _("for organisations, not named")
        rows.append({"name": name, "male": "–", "female": "–", "total": str(came.unknown)})
    total = [
        _("Total"),
        str(found.of_sex(Sex.MALE)),
        str(found.of_sex(Sex.FEMALE)),
        str(came.number),
    ]
    note = (
        ngettext(
            "%(n)d of them has a disability.", "%(n)d of them have a disability.", found.disabled
        )
        % {"n": found.disabled}
        if found.disabled
        else ""
    )
    return {"rows": rows, "sum": total, "note": note}


def people_in_words(found: Totals) -> str:
    if not found.number:
        return ""
    return _("%(total)s (%(male)s male, %(female)s female)") % {
        "total": found.number,
        "male": found.of_sex(Sex.MALE),
        "female": found.of_sex(Sex.FEMALE),
    }


def organisations_in_words(lines: Iterable[Line]) -> list[str]:
    """Each with who stood in and how many came, where that was told."""
    return [_represented(one) for one in lines]


def _represented(one: Line) -> str:
    words = plain(f"{one.label} ({one.represented_by})" if one.represented_by else one.label)
    if not one.people:
        return words
    count = ngettext("%(number)d person", "%(number)d people", one.people)
    return ", ".join([words, count % {"number": one.people}])


def numbered(reference: str) -> str:
    return _("Number: %(number)s") % {"number": reference or "…………………………"}
