"""Chromium through pytest-playwright (`page`, `context`, `browser`) against the live server."""

import os
import shutil

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
