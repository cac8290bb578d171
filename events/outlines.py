"""What a report says beside its minutes: its own chapters, or those its office begins with."""

from collections.abc import Iterable
from typing import Any

from districts.models import District
from events.models import CHAPTERS, OUTLINED, Event, ReportOutline, SessionReport

Chapters = dict[str, Any]


def outline_for(district: District, kind: str) -> ReportOutline:
    """The outline of this kind of session, else of all kinds, else an empty one; one query."""
    rows = ReportOutline.objects.for_district(district).filter(kind__in={kind, ""})
    found = {row.kind: row for row in rows}
    return found.get(kind) or found.get("") or ReportOutline(district=district)


def outline_of(district: District, kind: str) -> ReportOutline | None:
    """What the office wrote for just this kind."""
    return ReportOutline.objects.for_district(district).filter(kind=kind).first()


def words_of(row: ReportOutline | None) -> Chapters:
    """The fields of an outline; all empty where there is none."""
    row = row or ReportOutline()
    return {name: getattr(row, name) for name in OUTLINED} | {"laws": list(row.laws or ())}


def chapters_of(event: Event, report: SessionReport | None) -> Chapters:
    """{name of CHAPTERS: text, "laws": [code]}: what was told, else what the office begins with."""
    empty = dict.fromkeys(CHAPTERS, "") | {"laws": []}
    if report is not None and report.chapters is not None:
        return empty | report.chapters
    return empty | words_of(outline_for(event.district, event.kind))


def filled(chapters: Chapters, names: Iterable[str] = CHAPTERS) -> list[tuple[Any, str]]:
    """(title, text) of the chapters that say something."""
    return [(CHAPTERS[name], chapters[name]) for name in names if chapters[name]]
