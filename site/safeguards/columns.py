"""What a column holds once it is blanked."""

import uuid
from typing import Any

from django.db import models


def blank(column: models.Field) -> Any:
    """Return the empty value of a column; ``None`` where only NULL would do."""
    if column.null:
        return None
    if isinstance(column, models.BooleanField):
        return False
    if column.has_default():
        return column.get_default()
    return "" if column.empty_strings_allowed else None


def can_be_blank(column: models.Field) -> bool:
    """Say whether the database would take the blanked value."""
    return column.many_to_many or is_single(column) or column.null or blank(column) is not None


def is_single(column: models.Field) -> bool:
    """Say whether no two rows may hold the same value, so that blanks must differ."""
    texts = models.CharField | models.TextField
    return column.unique and not column.null and isinstance(column, texts)


def placeholder(column: models.Field) -> str:
    """Return a value that says nothing and is nobody else's."""
    if isinstance(column, models.EmailField):
        return f"{uuid.uuid4().hex}@erased.invalid"
    return f"erased-{uuid.uuid4().hex}"[: column.max_length or 39]
