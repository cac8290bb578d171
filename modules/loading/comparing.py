"""Says whether a page still is what its files say, and what is different."""

import json
from collections.abc import Iterable, Mapping
from difflib import unified_diff
from typing import Any

from django.utils.translation import gettext as _
from wagtail.models import Page

from modules.as_files_said import told_by
from modules.editor_marks import closed_up
from modules.items import is_question


def told(page: Page, names: Iterable[str]) -> dict[str, Any]:
    """These fields of a page as a revision holds them, ready to compare."""
    return told_by(page.serializable_data(), names)


def same_words(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two pages say the same, each with ids of its own for what is no question."""
    return _without_ids(one) == _without_ids(other)


def difference(files: Mapping[str, Any], office: Mapping[str, Any], *, name: str) -> str:
    """A unified diff from the files to the page, of the fields that differ."""
    found: list[str] = []
    ours, theirs = _("files"), _("office")
    for field in {**files, **office}:
        value, own = files.get(field, ""), office.get(field, "")
        if value != own:
            found += unified_diff(
                _lines(value),
                _lines(own),
                f"{name} {field} ({ours})",
                f"{name} {field} ({theirs})",
                n=1,
                lineterm="",
            )
    return "\n".join(found)


def _without_ids(value: Any) -> Any:
    if isinstance(value, dict):
        kept = dict(value)
        if "type" in kept and "id" in kept and not is_question(kept):
            del kept["id"]
        return {name: _without_ids(one) for name, one in kept.items()}
    if isinstance(value, list):
        return [_without_ids(one) for one in value]
    return closed_up(value) if isinstance(value, str) else value


def _lines(value: Any) -> list[str]:
    if isinstance(value, str):
        return value.splitlines()
    return json.dumps(value, indent=1, ensure_ascii=False).splitlines()
