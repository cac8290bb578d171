"""Reads the folder of a module: `modul.yaml` and its lessons, whole or not at all.

A folder below it that is called after a language holds the same files in that language; those are
read by `loading.translated`.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

import modules
from modules.loading import sense
from modules.loading.faults import Fault, Faulty, Report
from modules.loading.marked import Marked, read_marked
from modules.loading.schema import LESSON, MODULE
from modules.loading.shapes import SLUG, Shape

MODULE_FILE, TITLES_FILE = "modul.yaml", "titles.yaml"
NOT_LESSONS = frozenset({MODULE_FILE, TITLES_FILE})
CONTENT = Path(modules.__file__).parent / "content"
LARGEST_FILE = 1_000_000


@dataclass(frozen=True)
class ModuleText:
    """A module as its files say it; `lessons` by the name of their file, in order."""

    slug: str
    module: dict[str, Any]
    lessons: dict[str, dict[str, Any]]

    @property
    def language(self) -> str:
        return self.module["language"]


@dataclass(frozen=True)
class MarkedModule:
    """A module's files, each value with its line; `module` is None where there is none to read."""

    slug: str
    module: Marked | None
    lessons: dict[str, Marked]
    reports: dict[str, Report]

    @property
    def faults(self) -> list[Fault]:
        return [fault for one in self.reports.values() for fault in sorted(one.faults)]

    @property
    def plain(self) -> ModuleText:
        """The module without lines. Raises Faulty with every fault."""
        if self.faults or self.module is None:
            raise Faulty(self.faults)
        lessons = {name: one.plain for name, one in self.lessons.items()}
        return ModuleText(self.slug, self.module.plain, lessons)


def house_folders() -> list[Path]:
    """The folders of the modules that come with the house."""
    return sorted(path.parent for path in CONTENT.glob(f"*/{MODULE_FILE}"))


def read_module(folder: Path, codes: sense.Codes | None = None) -> ModuleText:
    """Read and check a folder; raises Faulty with every fault.

    `codes` are the vocabularies in use (`loading.codes_in_use`); without, only their form counts.
    """
    return read_marked_module(folder, folder.resolve().name, codes).plain


def read_marked_module(
    folder: Path, name: str, codes: sense.Codes | None = None, *, slug: str = ""
) -> MarkedModule:
    """Read and check a folder; `name` is what faults call it, `slug` the module's address."""
    slug = slug or name
    ids = sense.Ids()
    report = Report(f"{name}/{MODULE_FILE}")
    reports = {MODULE_FILE: report}
    if not SLUG.fullmatch(slug):
        said = _("Name the folder with small letters, digits and hyphens: it is the address.")
        reports = {"": Report(slug, [Fault(slug, 0, said)]), **reports}
    module = _read(folder / MODULE_FILE, report, MODULE)
    lessons: dict[str, Marked] = {}
    if module is not None:
        sense.check_module(module, report, ids, codes or {})
        named = [one.text for one in module["lessons"] if SLUG.fullmatch(one.text)]
        for lesson_name in dict.fromkeys(named):
            below = reports[lesson_name] = Report(f"{name}/{lesson_name}.yaml")
            lesson = _read(folder / f"{lesson_name}.yaml", below, LESSON)
            if lesson is not None:
                sense.check_lesson(lesson, below, ids)
                lessons[lesson_name] = lesson
        sense.check_unlike(module["lessons"], "", report)
        for path in sorted(folder.glob("*.yaml")):
            if path.name not in NOT_LESSONS and path.stem not in named:
                said = _("%(file)s stands in the folder, but not in this list. Add it.")
                report(module["lessons"].line, said % {"file": path.name})
        if len(lessons) == len(named):
            sense.check_whole(module, list(lessons.values()), report)
    return MarkedModule(slug, module, lessons, reports)


def _read(path: Path, report: Report, shape: Shape) -> Marked | None:
    if not path.is_file():
        report(0, _("This file is missing."))
        return None
    if path.stat().st_size > LARGEST_FILE:
        report(0, _("This file is over 1 MB; a module is far smaller."))
        return None
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        report(0, _("This file is not UTF-8. Save it as UTF-8."))
        return None
    found = read_marked(text, report)
    if found is not None:
        shape.check(found, report)
    return found
