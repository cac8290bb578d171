"""What module and lesson pages show to anybody who reads."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse


def module_context(page: Any, request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    raise LookupError(page.pk)


def lesson_context(page: Any, request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    raise LookupError(page.pk)


def serve_offered(
    page: Any, request: HttpRequest, serve: Callable, *args: Any, **kwargs: Any
) -> HttpResponse:
    """Serve the page, or 410 with a kind page where it was withdrawn or is past its day."""
    return serve(request, *args, **kwargs)
