"""Says that an answer is the same for everybody; the page cache and front caches believe it."""

from datetime import datetime

from django.http import HttpResponse

PUBLIC = "public, max-age=0, s-maxage=60, must-revalidate"


def mark_cacheable(
    response: HttpResponse, *, discreet: bool = False, fresh_until: datetime | None = None
) -> HttpResponse:
    """Let a response that is the same for everybody be kept.

    `discreet` pages (help) are kept by us and by the front cache, never by the browser.
    """
    response.page_cache = True
    if fresh_until is not None:
        response.fresh_until = fresh_until
    if discreet:
        response["Cache-Control"] = "no-store"
        response["Surrogate-Control"] = "max-age=60"
    else:
        response["Cache-Control"] = PUBLIC
    return response
