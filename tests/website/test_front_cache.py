"""A front cache is told of every change, until all workers know of it; and nobody waits for it."""

import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from safeguards import generation
from website import front_cache

# So old may be what a worker knows of the generation.
READ_AGAIN_AFTER = 1.0


class Cache(BaseHTTPRequestHandler):
    def do_PURGE(self):
        self.server.purged.append((self.path, time.monotonic()))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_args):
        """Tests print nothing."""


@pytest.fixture
def cache():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Cache)
    server.purged = []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def use(settings, port: int) -> None:
    settings.WAGTAILFRONTENDCACHE = {
        "front": {
            "BACKEND": "wagtail.contrib.frontend_cache.backends.HTTPBackend",
            "LOCATION": f"http://127.0.0.1:{port}",
        }
    }


def wait_for_the_end() -> None:
    while any(thread.name == "front-cache" for thread in threading.enumerate()):
        time.sleep(0.02)


@pytest.mark.django_db
def test_it_is_purged_at_once_and_until_every_worker_knows(
    cache, settings, django_capture_on_commit_callbacks
):
    use(settings, cache.server_port)
    began = time.monotonic()
    with django_capture_on_commit_callbacks(execute=True):
        generation.bump("page")
        generation.bump("channel")
    assert time.monotonic() - began < 0.3
    wait_for_the_end()
    moments = [moment - began for _path, moment in cache.purged]
    assert {path for path, _moment in cache.purged} == {"/"}
    assert (moments[0] < 0.5, moments[-1] > READ_AGAIN_AFTER) == (True, True)
    assert max(b - a for a, b in zip(moments, moments[1:], strict=False)) < 1


@pytest.mark.django_db
def test_a_cache_that_does_not_answer_stops_nobody(
    settings, caplog, django_capture_on_commit_callbacks
):
    use(settings, 9)
    with django_capture_on_commit_callbacks(execute=True):
        generation.bump("page")
    wait_for_the_end()
    assert generation.last()[1] is not None
    assert "Couldn't purge" in caplog.text


def test_without_one_nothing_is_asked(settings):
    settings.WAGTAILFRONTENDCACHE = None
    front_cache.empty()
    assert not [thread for thread in threading.enumerate() if thread.name == "front-cache"]
