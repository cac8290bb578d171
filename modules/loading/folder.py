"""Reads the folder of a module: `modul.yaml` and its lessons, whole or not at all."""

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

MODULE_FILE = "modul.yaml"
CONTENT = Path(modules.__file__).parent / "content"
LARGEST_FILE = 1_000_000


@dataclass(frozen=True)
class ModuleText:
    """A module as its files say it; `lessons` by the name of their file, in order."""

    slug: str
    module: dict[str, Any]
    lessons: dict[str, dict[str, Any]]


def house_folders() -> list[Path]:
    """The folders of the modules that come with the house."""
    return sorted(path.parent for path in CONTENT.glob(f"*/{MODULE_FILE}"))


def read_module(folder: Path, codes: sense.Codes | None = None) -> ModuleText:
    """Read and check a folder; raises Faulty with every fault.

    `codes` are the vocabularies in use (`loading.codes_in_use`); without, only their form counts.
    """
    slug = folder.resolve().name
    faults: list[Fault] = []
    if not SLUG.fullmatch(slug):
        said = _("Name the folder with small letters, digits and hyphens: it is the address.")
        faults.append(Fault(slug, 0, said))
    ids = sense.Ids()
    report = Report(f"{slug}/{MODULE_FILE}")
    module = _read(folder / MODULE_FILE, report, MODULE)
    lessons: dict[str, Marked] = {}
    reports = [report]
    if module is not None:
        sense.check_module(module, report, ids, codes or {})
        named = [one.text for one in module["lessons"] if SLUG.fullmatch(one.text)]
        for name in dict.fromkeys(named):
            reports.append(Report(f"{slug}/{name}.yaml"))
            lesson = _read(folder / f"{name}.yaml", reports[-1], LESSON)
            if lesson is not None:
                sense.check_lesson(lesson, reports[-1], ids)
                lessons[name] = lesson
        sense.check_unlike(module["lessons"], "", report)
        for path in sorted(folder.glob("*.yaml")):
            if path.name != MODULE_FILE and path.stem not in named:
                said = _("%(file)s stands in the folder, but not in this list. Add it.")
                report(module["lessons"].line, said % {"file": path.name})
        if len(lessons) == len(named):
            sense.check_whole(module, list(lessons.values()), report)
    faults += [fault for one in reports for fault in sorted(one.faults)]
    if faults or module is None:
        raise Faulty(faults)
    return ModuleText(slug, module.plain, {name: one.plain for name, one in lessons.items()})


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
