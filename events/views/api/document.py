"""`/api/v1/openapi.json` and `/api/v1/docs`: how to call the interface, for programs and people."""

import json
from functools import cache

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_safe

from districts.pages import surroundings
from events.views.api.reading import document, manual

# The other language of the page, which has no prefix of a language as no address of programs has.
DEFAULT, OTHER = "id", "en"


@cache
def _document() -> bytes:
    return json.dumps(document(), ensure_ascii=False).encode()


@require_safe
def openapi(request: HttpRequest) -> HttpResponse:
    answer = HttpResponse(_document(), content_type="application/json")
    answer["Cache-Control"] = "public, max-age=3600"
    return answer


@require_safe
def docs(request: HttpRequest, language: str = DEFAULT) -> HttpResponse:
    """The same document to read; it needs no script."""
    with override(language):
        title = _("The interface for programs")
        context = surroundings(request, title=title) | {
            "manual": manual(language),
            "language": language,
            "translations": [],
        }
        return render(request, "events/api/docs.html", context)
