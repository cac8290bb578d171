"""What a revision remembers of the files it came from, to tell whether it was edited since."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from modules.editor_marks import without_marks
from modules.models import ModulePage
from modules.models.module import SECOND_CARD

# Key in a revision's content: the digest of what the files said.
MARK = "as_the_files_said"
# Fields of a module's page that its files tell (`loading.stream.module_values`).
OF_FILES = (
    *("title", "search_description"),
    *(one.name for one in ModulePage._meta.local_fields if one.editable and not one.primary_key),
)


def told_by(content: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """These fields of a revision's content, ready to compare.

    Without the second card where it says nothing: revisions were marked before there was one.
    """
    fields = {n: content.get(n) for n in names}
    held = {n: value for n, value in fields.items() if value or n not in SECOND_CARD}
    kept = json.loads(json.dumps(held, cls=DjangoJSONEncoder))
    return {name: _normal(_stream(value)) for name, value in kept.items()}


def digest(fields: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(fields, sort_keys=True).encode()).hexdigest()


def _stream(value: Any) -> Any:
    """A revision holds a StreamField as JSON in a string."""
    return json.loads(value) if isinstance(value, str) and value.startswith("[{") else value


def _normal(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _normal(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_normal(one) for one in value]
    return without_marks(value) if isinstance(value, str) else value
