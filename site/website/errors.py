"""The pages that say what went wrong. Their bodies hold no path, token or nonce.

Two people asking for two different things that don't exist, or that are not theirs, get the same
bytes.
"""

from functools import lru_cache

from django.db import DataError
from django.http import HttpRequest, HttpResponse
from django.template import loader
from django.utils import translation

from districts.addresses import language_prefix
from districts.come_back import kept_words
from districts.workspace import come_back


@lru_cache(maxsize=32)
def _rendered(template: str, language: str) -> str:
    with translation.override(language):
        return loader.render_to_string(
            template, {"LANGUAGE_CODE": language, "prefix": language_prefix(language)}
        )


def plain_page(template: str) -> str:
    """The page in the language being read."""
    return _rendered(template, translation.get_language() or "id")


def _response(template: str, status: int) -> HttpResponse:
    response = HttpResponse(plain_page(template), status=status)
    response["Cache-Control"] = "private, no-store"
    return response


def not_found_response() -> HttpResponse:
    return _response("404.html", 404)


def too_many_response(retry_after: int) -> HttpResponse:
    response = _response("429.html", 429)
    response["Retry-After"] = str(retry_after)
    return response


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _response("400.html", 400)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _response("403.html", 403)


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return not_found_response()


def server_error(request: HttpRequest) -> HttpResponse:
    return _response("500.html", 500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """After a new sign-in the form of another tab has an old token: from a page of this host it
    comes back with what was typed. What another host sent is refused, and repeated nowhere."""
    own = f"{request.scheme}://{request.get_host()}"
    if request.headers.get("Origin") == own and (words := kept_words(request)):
        return come_back(request, words, door="")
    return _response("403.html", 403)


class WrongMethodMiddleware:
    """Django says 405 with an empty page. Within CommonMiddleware, which writes its length."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == 405 and not response.streaming and not response.content:
            response.content = plain_page("405.html")
        return response


class NulMiddleware:
    """PostgreSQL neither keeps a NUL sign nor looks for one: whoever sends it asked wrongly.

    Forms say so beside the field; this is for what stands in an address or goes by no form.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        refused = isinstance(exception, DataError) and "NUL (0x00)" in str(exception)
        return bad_request(request, exception) if refused else None
