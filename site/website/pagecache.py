"""The application's own page cache: public pages, in the memory of each worker.

Key: host, path, language (the path's prefix), allowed query, generation. Public pages never depend
on a cookie, so a hit needs neither session nor database. One service (`safeguards.generation`)
makes everything stale at any publish and any change of a channel or setting; a worker notices
within a second. An entry ends earlier at `response.fresh_until`: the next opening,
expiry or publish time.
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
    body: bytes
    zipped: bytes
    etag: str
    headers: tuple[tuple[str, str], ...]


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
            return self._answer(request, entry)
        response = self.get_response(request)
        if not getattr(response, "page_cache", False) or response.status_code != 200:
            return response
        if response.streaming or response.cookies:
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
        return (request.META.get("HTTP_HOST", ""), request.path_info, query)

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

    def _keep(self, key: tuple, entry: Entry) -> None:
        with self.lock:
            old = self.entries.pop(key, None)
            if old is not None:
                self.size -= len(old.body) + len(old.zipped)
            self.entries[key] = entry
            self.size += len(entry.body) + len(entry.zipped)
            while self.size > LARGEST_CACHE:
                _key, dropped = self.entries.popitem(last=False)
                self.size -= len(dropped.body) + len(dropped.zipped)

    @staticmethod
    def _answer(
        request: HttpRequest, entry: Entry, response: HttpResponse | None = None
    ) -> HttpResponse:
        if entry.etag in request.META.get("HTTP_IF_NONE_MATCH", ""):
            unchanged = HttpResponseNotModified()
            for name, value in entry.headers:
                if name != "Content-Type" and name != "Content-Length":
                    unchanged.headers[name] = value
            return unchanged
        zipped = "gzip" in request.META.get("HTTP_ACCEPT_ENCODING", "")
        answer = HttpResponse(entry.zipped if zipped else entry.body)
        for name, value in entry.headers:
            answer.headers[name] = value
        if zipped:
            answer.headers["Content-Encoding"] = "gzip"
        answer.headers["Content-Length"] = str(len(answer.content))
        return answer
