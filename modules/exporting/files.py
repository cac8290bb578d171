"""Writes a module and its translations as a folder that `load_modules` reads."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

from modules.exporting.told import lesson_told, module_told
from modules.loading.folder import MODULE_FILE
from modules.models import LessonPage, ModulePage


class _Plainly(yaml.SafeDumper):
    """Long texts as blocks, lists indented below their key, nothing as an alias."""

    def ignore_aliases(self, data: Any) -> bool:
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        return super().increase_indent(flow, False)


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.Node:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Plainly.add_representer(str, _text)


def export_module(page: ModulePage, folder: Path) -> list[str]:
    """Write the module below `folder`, and each translation in a folder of its own.

    What an editor saved last is written, published or not. Returns what the files can't hold.
    """
    left: list[str] = []
    _write(page, folder / page.slug, page.slug, left)
    for other in page.get_translations().filter(alias_of__isnull=True).specific():
        if other.depth == page.depth:
            code = other.locale.language_code
            _write(other, folder / page.slug / code, page.slug, left)
    return left


def exported_modules(within: Any) -> Iterator[ModulePage]:
    """The originals among these pages: those in the site's own language, or in one only."""
    pages = within.filter(alias_of__isnull=True).select_related("locale").order_by("path")
    own = [page for page in pages if page.locale.language_code == settings.LANGUAGE_CODE]
    keys = {page.translation_key for page in own}
    yield from own
    yield from (page for page in pages if page.translation_key not in keys)


def _write(page: ModulePage, folder: Path, slug: str, left: list[str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    lessons = {}
    for lesson in LessonPage.objects.child_of(page).order_by("path"):
        draft = lesson.get_latest_revision_as_object()
        place = f"{page.slug}/{lesson.slug}"
        lessons[lesson.slug] = lesson_told(
            draft, slug, lambda what, place=place: left.append(f"{place}, {what}")
        )
    draft = page.get_latest_revision_as_object()
    told = module_told(draft, lessons, slug, lambda what: left.append(f"{page.slug}: {what}"))
    _dump(folder / MODULE_FILE, told)
    for name, told in lessons.items():
        _dump(folder / f"{name}.yaml", told)


def _dump(path: Path, told: dict[str, Any]) -> None:
    text = yaml.dump(told, Dumper=_Plainly, allow_unicode=True, sort_keys=False, width=100)
    path.write_text(text, encoding="utf-8")
