"""How a feed is answered: 304 where nothing changed, else in leaves, compressed on the way."""

import zlib
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Protocol

from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import http_date

from events.feeds import Stamp

CALENDAR = "text/calendar; charset=utf-8"
# A level at which compressing costs less than reading the rows.
LEVEL = 4
GZIP = zlib.MAX_WBITS + 16


class Told(Protocol):
    """A feed that knows since when it is so, and its bytes."""

    def stamp(self) -> Stamp: ...

    def parts(self, zones: tuple[str, ...]) -> Iterable[bytes]: ...


def answer(request: HttpRequest, feed: Told, *, filename: str, now: datetime) -> HttpResponseBase:
    """The feed, only its head for HEAD, or 304 for If-None-Match and If-Modified-Since."""
    stamp = feed.stamp()
    seconds = int(stamp.modified.timestamp()) if stamp.modified else None
    known = get_conditional_response(request, etag=stamp.etag, last_modified=seconds)
    zipped = "gzip" in request.headers.get("Accept-Encoding", "")
    if known is not None:
        response: HttpResponseBase = known
    else:
        parts = feed.parts(stamp.zones) if request.method == "GET" else iter(())
        response = StreamingHttpResponse(
            _compressed(parts) if zipped else parts, content_type=CALENDAR
        )
    if known is None:
        response["Content-Disposition"] = f'inline; filename="{filename}.ics"'
        if zipped:
            response["Content-Encoding"] = "gzip"
    response["ETag"] = stamp.etag
    if seconds is not None:
        # RFC 9110 section 8.8.2.1: never later than the answer itself.
        response["Last-Modified"] = http_date(min(seconds, now.timestamp()))
    patch_vary_headers(response, ["Accept-Encoding"])
    return response


def _compressed(parts: Iterable[bytes]) -> Iterator[bytes]:
    """Nothing of nothing: the answer to HEAD has no body at all."""
    press = zlib.compressobj(LEVEL, zlib.DEFLATED, GZIP)
    sent = 0
    for part in parts:
        sent += len(part)
        if done := press.compress(part):
            yield done
    if sent:
        yield press.flush()
