"""Reads a module with its translations: the same files in a folder called after a language."""

from pathlib import Path

from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from districts.content_languages import OWN_NAMES, REGIONAL
from modules.loading.alike import check_alike
from modules.loading.faults import Fault, Faulty, Report
from modules.loading.folder import (
    MODULE_FILE,
    TITLES_FILE,
    MarkedModule,
    ModuleText,
    read_marked_module,
)
from modules.loading.marked import read_marked
from modules.loading.sense import Codes
from modules.loading.shapes import Fields, Line

# A title in a language of the regions, and which speaker has read it.
TITLE = Fields({"title": Line(200)}, {"reviewer": Line(160, may_be_empty=True)})


def read_with_translations(
    folder: Path, codes: Codes | None = None
) -> tuple[ModuleText, list[ModuleText]]:
    """The module and its translations, by language; raises Faulty with every fault of all."""
    slug = folder.resolve().name
    original = read_marked_module(folder, slug, codes)
    faults = original.faults
    translations = []
    for path in sorted(folder.glob(f"*/{MODULE_FILE}")):
        language = path.parent.name
        found = read_marked_module(path.parent, f"{slug}/{language}", codes, slug=slug)
        _check_language(found, language, original)
        if not original.faults and not found.faults:
            check_alike(original, found)
        faults += found.faults
        translations.append(found)
    faults += _titles(folder, slug)
    if faults:
        raise Faulty(faults)
    return original.plain, [one.plain for one in translations]


def _titles(folder: Path, slug: str) -> list[Fault]:
    """The faults of `titles.yaml`, where there is one."""
    path = folder / TITLES_FILE
    if not path.is_file():
        return []
    report = Report(f"{slug}/{TITLES_FILE}")
    found = read_marked(path.read_text(encoding="utf-8"), report)
    if found is not None:
        Fields({}, dict.fromkeys(REGIONAL, TITLE)).check(found, report)
    return sorted(report.faults)


def _check_language(found: MarkedModule, language: str, original: MarkedModule) -> None:
    if found.module is None:
        return
    report, told = found.reports[MODULE_FILE], found.module["language"]
    if not _is_known(language):
        said = _("“%(code)s” is no language we know. Name the folder after one, like “en”.")
        report(told.line, said % {"code": language})
    elif told.text != language:
        said = _("The folder is called “%(folder)s”; write language: %(folder)s here.")
        report(told.line, said % {"folder": language})
    elif original.module is not None and told.text == original.module["language"].text:
        report(told.line, _("This is the original's own language."))


def _is_known(language: str) -> bool:
    if language in OWN_NAMES:
        return True
    try:
        return bool(get_language_info(language))
    except KeyError:
        return False
