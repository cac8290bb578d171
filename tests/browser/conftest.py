"""Chromium through pytest-playwright (`page`, `context`, `browser`) against the live server."""

import os
import re
import shutil
from functools import wraps
from itertools import count

import pytest

from tests.conftest import missing

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
_rounds = count(1_000_000, 1_000_000)
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def pytest_collection_modifyitems(items):
    """Everything in this folder drives a browser."""
    for item in items:
        if "/tests/browser/" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    program = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if program is None:
        missing("Chromium is not installed: apt-get install chromium")
    return browser_type_launch_args | {"executable_path": program, "args": FLAGS}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    """A cheap Android phone's width, and Indonesian."""
    return browser_context_args | {
        "locale": "id-ID",
        "timezone_id": "Asia/Jakarta",
        "viewport": {"width": 360, "height": 640},
    }


@pytest.fixture(scope="session", autouse=True)
def whole_pages():
    """A click or a key that leads to another page returns when that page has been read.

    Playwright waits until the new page begins; what is read right after it (`count`, `all`,
    `content`) would find half of it on a slow machine. What is expected may take 15 seconds.
    """
    from playwright.sync_api import Locator, expect

    expect.set_options(timeout=15_000)

    def whole(act):
        @wraps(act)
        def then_read(self, *args, **kwargs):
            page = self.page
            act(self, *args, **kwargs)
            if not page.is_closed():
                page.wait_for_load_state("domcontentloaded")

        return then_read

    with pytest.MonkeyPatch.context() as patch:
        for name in ("click", "press"):
            patch.setattr(Locator, name, whole(getattr(Locator, name)))
        yield


@pytest.fixture(scope="session")
def chromium(browser):
    return browser


@pytest.fixture
def address(live_server):
    """`address("klaten", "/bantuan/")`: a page of the live server under a district's host."""
    port = live_server.url.rsplit(":", 1)[1]

    def build(host: str = "", path: str = "/") -> str:
        name = f"{host}.localhost" if host else "localhost"
        return f"http://{name}:{port}{path}"

    return build


def _unlike_the_last_one() -> None:
    """One server answers all tests; its page cache must not take this office for the last one."""
    from safeguards import generation
    from safeguards.models import Generation

    Generation.objects.update_or_create(pk=1, defaults={"number": next(_rounds)})
    generation.forget()


@pytest.fixture
def office(live_server, transactional_db):
    """Klaten beside the national office, with a page of every type; see `every_page`."""
    from tests.factories.neighbourhood import build

    built = build()
    _unlike_the_last_one()
    return built


@pytest.fixture
def klaten(live_server, transactional_db):
    """One district's office, without anybody in it."""
    from tests.factories.places import make_district, national

    national()
    office = make_district("klaten")
    _unlike_the_last_one()
    return office


@pytest.fixture
def sign_in(address):
    """`sign_in(page, user, path)`: signed in already, as on a telephone that stays so."""
    from django.conf import settings
    from django.test import Client

    def build(page, user, path: str, host: str = "klaten") -> None:
        client = Client(SERVER_NAME=f"{host}.localhost")
        client.force_login(user)
        name = settings.SESSION_COOKIE_NAME
        value = client.cookies[name].value
        page.context.add_cookies([{"name": name, "value": value, "url": address(host)}])
        page.goto(address(host, path))

    return build


@pytest.fixture
def complaints():
    """What browsers complain about, and hosts they ask that are not ours; empty at the end.

    `watch(context)` listens. An answer of 404, 409, 410 or 422 to the address is no complaint,
    nor is one of 403 to the page itself, nor a request given up because the page was left.
    """
    said: list[str] = []

    def hear(message):
        expected = re.search(r"status of (404|409|410|422)\b", message.text)
        if "status of 403" in message.text:
            expected = message.page and message.location["url"] == message.page.url
        if message.type in {"error", "warning"} and not expected:
            said.append(f"{message.type}: {message.text}")

    def ask(request):
        host = request.url.split("/")[2].rsplit(":", 1)[0]
        if request.url.startswith("http") and not f".{host}".endswith(".localhost"):
            said.append(f"asks {request.url}")

    def fail(request):
        if request.failure != "net::ERR_ABORTED":
            said.append(f"failed: {request.url} {request.failure}")

    def watch(context):
        context.on("console", hear)
        context.on("weberror", lambda error: said.append(str(error.error)))
        context.on("request", ask)
        context.on("requestfailed", fail)
        return context

    watch.said = said
    yield watch
    assert said == []


@pytest.fixture
def open_page(browser, browser_context_args, complaints):
    """A page of a device of its own; `open_page(width, **context)`."""
    contexts = []

    def build(width=360, height=640, **more):
        args = browser_context_args | {"viewport": {"width": width, "height": height}} | more
        contexts.append(browser.new_context(**args))
        return complaints(contexts[-1]).new_page()

    yield build
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def axe():
    """`axe(page)`: what axe-core finds wrong, a line each; `without` names rules to leave out."""
    from axe_playwright_python.sync_playwright import Axe

    checker = Axe()

    def find(page, *without: str) -> list[str]:
        rules = {name: {"enabled": False} for name in without}
        options = {"resultTypes": ["violations"], "rules": rules}
        found = checker.run(page, options=options).response["violations"]
        return [
            f"{page.url} {item['id']}: {node['html'][:120]} {node['failureSummary']}"
            for item in found
            for node in item["nodes"]
        ]

    return find
