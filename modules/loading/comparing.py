"""Says whether a page still is what its files say, and what is different."""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from difflib import unified_diff
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.utils.translation import gettext as _
from wagtail.models import Page

from modules.items import is_question

# Key in a revision's content: the digest of what the files said.
MARK = "as_the_files_said"
# What the admin's editor writes otherwise, though nobody changed a word.
_BETWEEN_TAGS = re.compile(r">\s+<")
_ALIKE = (
    (re.compile(r' data-block-key="[^"]*"'), ""),
    (re.compile(r"<(/?)strong>"), r"<\1b>"),
    (re.compile(r"<(/?)em>"), r"<\1i>"),
)


def told(page: Page, names: Iterable[str]) -> dict[str, Any]:
    """These fields of a page as a revision holds them, ready to compare."""
    return told_by(page.serializable_data(), names)


def told_by(content: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """These fields of a revision's content, ready to compare."""
    kept = json.loads(json.dumps({n: content.get(n) for n in names}, cls=DjangoJSONEncoder))
    return {name: _normal(_stream(value)) for name, value in kept.items()}


def digest(fields: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(fields, sort_keys=True).encode()).hexdigest()


def same_words(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two pages say the same, each with ids of its own for what is no question."""
    return _without_ids(one) == _without_ids(other)


def difference(files: Mapping[str, Any], office: Mapping[str, Any], *, name: str) -> str:
    """A unified diff from the files to the page, of the fields that differ."""
    found: list[str] = []
    for field, value in files.items():
        if value != office[field]:
            found += unified_diff(
                _lines(value),
                _lines(office[field]),
                f"{name} {field} ({_('files')})",
                f"{name} {field} ({_('office')})",
                n=1,
                lineterm="",
            )
    return "\n".join(found)


def _stream(value: Any) -> Any:
    """A revision holds a StreamField as JSON in a string."""
    return json.loads(value) if isinstance(value, str) and value.startswith("[{") else value


def _normal(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _normal(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_normal(one) for one in value]
    if isinstance(value, str):
        for pattern, instead in _ALIKE:
            value = pattern.sub(instead, value)
    return value


def _without_ids(value: Any) -> Any:
    if isinstance(value, dict):
        kept = dict(value)
        if "type" in kept and "id" in kept and not is_question(kept):
            del kept["id"]
        return {name: _without_ids(one) for name, one in kept.items()}
    if isinstance(value, list):
        return [_without_ids(one) for one in value]
    return _BETWEEN_TAGS.sub("><", value) if isinstance(value, str) else value


def _lines(value: Any) -> list[str]:
    if isinstance(value, str):
        return value.splitlines()
    return json.dumps(value, indent=1, ensure_ascii=False).splitlines()
