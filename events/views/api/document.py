"""`/api/v1/openapi.json`: how the interface is called."""

import json
from functools import cache
from pathlib import Path

import yaml
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

DOCUMENT = Path(__file__).with_name("openapi.yaml")


@cache
def _document() -> bytes:
    read = yaml.safe_load(DOCUMENT.read_text(encoding="utf-8"))
    return json.dumps(read, ensure_ascii=False).encode()


@require_safe
def openapi(request: HttpRequest) -> HttpResponse:
    answer = HttpResponse(_document(), content_type="application/json")
    answer["Cache-Control"] = "public, max-age=3600"
    return answer
