"""What a facilitator has taught to whom, and what comes next."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from modules.ages import AUDIENCES, overlap
from modules.models import Group, ModulePage

# Years of a facilitator's work; older runs decide nothing any more.
READ_AT_MOST = 600


@dataclass(frozen=True)
class Taught:
    """A run, as far as it decides what comes next."""

    run: int
    series: UUID
    page: int
    group: int | None
    lessons: tuple[int, ...]
    ends_course: bool
    label: str


@dataclass(frozen=True)
class Next:
    """A suggestion: a module that is new to the group, or a lesson of a course it began."""

    module: ModulePage
    group: Group | None = None
    label: str = ""
    lesson: int = 0
    continues: int | None = None


def taught(runs: QuerySet) -> list[Taught]:
    """The newest first; one query."""
    fields = ("pk", "series", "edition__page", "group", "lessons", "asks_after", "group_label")
    rows = runs.order_by("-created_at").values_list(*fields)[:READ_AT_MOST]
    return [
        Taught(run, series, page, group, tuple(lessons), ends, label)
        for run, series, page, group, lessons, ends, label in rows
    ]


def begun(rows: Iterable[Taught], modules: Iterable[ModulePage]) -> list[Next]:
    """Courses whose last lesson was neither held nor planned, as their next lesson."""
    offered = {module.source_id: module for module in modules}
    courses: dict[UUID, list[Taught]] = defaultdict(list)
    for row in rows:
        courses[row.series].append(row)
    found = []
    for parts in courses.values():
        newest = parts[0]
        if newest.page not in offered or any(part.ends_course for part in parts):
            continue
        after = max((number for part in parts for number in part.lessons), default=-1) + 1
        found.append(
            Next(
                module=offered[newest.page],
                label=newest.label,
                lesson=after,
                continues=newest.run,
            )
        )
    return found


def fresh(
    groups: Iterable[Group], rows: Iterable[Taught], modules: list[ModulePage]
) -> dict[int, ModulePage]:
    """For each group the first module of the shelf that suits it and that it has not had."""
    had: dict[int | None, set[int]] = defaultdict(set)
    for row in rows:
        had[row.group].add(row.page)
    found = {}
    for group in groups:
        for module in modules:
            if module.source_id not in had[group.pk] and suits(module, group):
                found[group.pk] = module
                break
    return found


def suits(module: ModulePage, group: Any) -> bool:
    """By its audience and by years; `group.counts` is read."""
    wanted = AUDIENCES.get(group.kind)
    if wanted is not None and module.audience_codes and not wanted & set(module.audience_codes):
        return False
    return overlap((row.age_group for row in group.counts.all()), module.age_from, module.age_to)
