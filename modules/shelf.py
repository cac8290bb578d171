"""The shelf of modules: read in one query, filtered and counted in Python."""

from typing import Any

from django.http import HttpRequest


def shelf_context(page: Any, request: HttpRequest) -> dict[str, Any]:
    """What `module_index_page.html` shows."""
    raise LookupError(page.pk)
