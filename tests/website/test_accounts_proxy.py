"""Behind the TLS proxy: whose word on a visitor's address is taken."""

import importlib
import sys

import pytest
from django.core.signals import request_started
from django.test import RequestFactory

import website.wsgi

PROXY, VISITOR, LIE = "10.0.0.2", "203.0.113.7", "198.51.100.9"


@pytest.fixture
def served(monkeypatch):
    """`served(proxies)(peer, forwarded)`: the visitor's address as Django sees it."""

    def serve(proxies):
        if proxies is None:
            monkeypatch.delenv("TRUSTED_PROXIES", raising=False)
        else:
            monkeypatch.setenv("TRUSTED_PROXIES", proxies)
        application = importlib.reload(website.wsgi).application

        def visit(peer, forwarded=None):
            seen = []

            def note(environ, **_more):
                seen.append(environ["REMOTE_ADDR"])

            more = {} if forwarded is None else {"HTTP_X_FORWARDED_FOR": forwarded}
            environ = RequestFactory().get("/healthz", REMOTE_ADDR=peer, **more).environ
            request_started.connect(note)
            try:
                application(environ, lambda *_answer: None).close()
            finally:
                request_started.disconnect(note)
            return seen

        return visit

    yield serve
    monkeypatch.undo()
    importlib.reload(website.wsgi)


@pytest.mark.django_db
def test_a_trusted_proxy_names_the_visitor(served):
    visit = served(f"127.0.0.1, {PROXY}")
    assert visit(PROXY, VISITOR) == [VISITOR]
    assert visit("127.0.0.1", f"{VISITOR}, {PROXY}") == [VISITOR]
    # What the visitor wrote into the header stands left of what the proxy saw.
    assert visit(PROXY, f"{LIE}, {VISITOR}") == [VISITOR]
    assert visit(PROXY) == [PROXY]
    assert served("10.0.0.0/24")(PROXY, VISITOR) == [VISITOR]


@pytest.mark.django_db
def test_nobody_else_is_believed(served):
    visit = served(PROXY)
    assert visit(LIE, VISITOR) == [LIE]
    assert visit("127.0.0.1", VISITOR) == ["127.0.0.1"]
    alone = served(None)
    assert alone("127.0.0.1", VISITOR) == [VISITOR]
    assert alone(PROXY, VISITOR) == [PROXY]
    assert served("")("127.0.0.1", VISITOR) == ["127.0.0.1"]


@pytest.mark.django_db
def test_it_is_served_without_granian_too(served, monkeypatch):
    monkeypatch.setitem(sys.modules, "granian.utils.proxies", None)
    assert served(PROXY)(PROXY, VISITOR) == [PROXY]
