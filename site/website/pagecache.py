"""The application's own page cache: public pages, in the memory of each worker.

Key: scheme, host, path, language (the path's prefix), allowed query, generation. Public pages
never depend on a cookie, so a hit needs neither session nor database. One service
(`safeguards.generation`) makes everything stale at any publish and any change of a channel or
setting; a worker notices within a second. An entry ends earlier at `response.fresh_until`: the
next opening, expiry or publish time.
"""

import gzip
import hashlib
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_http_date_safe

from safeguards import generation
from safeguards.cacheable import mark_cacheable

__all__ = ["PageCacheMiddleware", "mark_cacheable"]

LARGEST_CACHE = 64 * 1024 * 1024
LONGEST_STAY = 600.0
# The only queries a public page may know; anything else is answered but not kept.
ALLOWED_QUERY = frozenset(
    {
        "kec",
        "page",
        "jenis",
        "sasaran",
        "bahasa",
        "tahun",
        "status",
        "usia",
        "menit",
        "topik",
        "perlu",
        "tema",
        "datar",
    }
)


@dataclass(frozen=True, slots=True)
class Entry:
    generation: int
    ends: float
    # None for what is sent in parts: the entry knows only since when it is so.
    body: bytes | None
    zipped: bytes
    etag: str
    headers: tuple[tuple[str, str], ...]

    @property
    def size(self) -> int:
        return len(self.body or b"") + len(self.zipped)


class PageCacheMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response
        self.entries: OrderedDict[tuple, Entry] = OrderedDict()
        self.size = 0
        self.lock = threading.Lock()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in {"GET", "HEAD"}:
            return self.get_response(request)
        key = self._key(request)
        now = generation.current()
        entry = self.entries.get(key) if key else None
        if entry is not None and entry.generation == now and entry.ends > time.monotonic():
            if entry.body is not None:
                return self._answer(request, entry)
            if _is_known(request, entry):
                return self._unchanged(entry)
        response = self.get_response(request)
        if not getattr(response, "page_cache", False) or response.status_code != 200:
            return response
        if response.cookies:
            return response
        if response.streaming:
            # Too large to keep; that nothing changed is said from here all the same.
            if key and "ETag" in response:
                self._keep(key, self._stamp(response, now))
            return response
        entry = self._entry(response, now)
        if key:
            self._keep(key, entry)
        return self._answer(request, entry, response)

    @staticmethod
    def _key(request: HttpRequest) -> tuple | None:
        query = request.META.get("QUERY_STRING", "")
        if len(query) > 256:
            return None
        if query and not {part.partition("=")[0] for part in query.split("&")} <= ALLOWED_QUERY:
            return None
        return (request.scheme, request.META.get("HTTP_HOST", ""), request.path_info, query)

    @staticmethod
    def _entry(response: HttpResponse, now: int) -> Entry:
        body = response.content
        # Level 6 is paid once an entry; mtime=0 keeps the bytes the same for the same page.
        zipped = gzip.compress(body, 6, mtime=0)
        etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
        response["ETag"] = etag
        patch_vary_headers(response, ["Accept-Encoding"])
        stay = LONGEST_STAY
        fresh_until = getattr(response, "fresh_until", None)
        if fresh_until is not None:
            stay = min(stay, (fresh_until - timezone.now()).total_seconds())
        return Entry(
            generation=now,
            ends=time.monotonic() + stay,
            body=body,
            zipped=zipped,
            etag=etag,
            headers=tuple(response.headers.items()),
        )

    @staticmethod
    def _stamp(response: HttpResponse, now: int) -> Entry:
        headers = tuple(
            (name, value)
            for name, value in response.headers.items()
            if name not in {"Content-Encoding", "Content-Disposition"}
        )
        ends = time.monotonic() + LONGEST_STAY
        return Entry(now, ends, None, b"", response["ETag"], headers)

    def _keep(self, key: tuple, entry: Entry) -> None:
        with self.lock:
            old = self.entries.pop(key, None)
            if old is not None:
                self.size -= old.size
            self.entries[key] = entry
            self.size += entry.size
            while self.size > LARGEST_CACHE:
                _key, dropped = self.entries.popitem(last=False)
                self.size -= dropped.size

    @staticmethod
    def _answer(
        request: HttpRequest, entry: Entry, response: HttpResponse | None = None
    ) -> HttpResponse:
        if entry.etag in request.META.get("HTTP_IF_NONE_MATCH", ""):
            return PageCacheMiddleware._unchanged(entry)
        zipped = "gzip" in request.META.get("HTTP_ACCEPT_ENCODING", "")
        answer = HttpResponse(entry.zipped if zipped else entry.body)
        for name, value in entry.headers:
            answer.headers[name] = value
        if zipped:
            answer.headers["Content-Encoding"] = "gzip"
        answer.headers["Content-Length"] = str(len(answer.content))
        return answer

    @staticmethod
    def _unchanged(entry: Entry) -> HttpResponse:
        unchanged = HttpResponseNotModified()
        for name, value in entry.headers:
            if name != "Content-Type" and name != "Content-Length":
                unchanged.headers[name] = value
        return unchanged


def _is_known(request: HttpRequest, entry: Entry) -> bool:
    """Whether the asker has what the entry stands for; RFC 9110 section 13.2.2."""
    asked = request.META.get("HTTP_IF_NONE_MATCH")
    if asked is not None:
        return entry.etag in asked
    since = parse_http_date_safe(request.META.get("HTTP_IF_MODIFIED_SINCE", ""))
    changed = parse_http_date_safe(dict(entry.headers).get("Last-Modified", ""))
    return since is not None and changed is not None and changed <= since
