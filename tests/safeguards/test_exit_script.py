"""The quick exit in a real browser, under the policy of public pages."""

import os
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import expect

import safeguards
from safeguards import csp
from tests.conftest import missing

SCRIPT = Path(safeguards.__file__).parent / "static/safeguards/exit.js"
HOST = "https://lindungi.example"
POLICY = "; ".join(f"{name} {' '.join(values)}" for name, values in csp.STRICT.items())
PAGE = """<!doctype html><title>Beranda</title><script type="module" src="/exit.js"></script>
<a id="exit" data-quick-exit href="/keluar/"><b>Keluar</b></a><a id="help" href="/bantuan/">B</a>
<a id="english" href="/bantuan/en/">English</a>
<input id="text">"""
HELP = """<main data-help-section><a id="kec" href="?kec=33.10.01">1</a>
<form action="/bantuan/"><input name="kec" value="33.10.05"><button id="go">Cari</button></form>
</main>"""


def answer(route):
    path = route.request.url.removeprefix(HOST)
    if path == "/exit.js":
        return route.fulfill(body=SCRIPT.read_text(), content_type="text/javascript")
    body = PAGE + (HELP if path.startswith("/bantuan/") else "")
    headers = {"Content-Security-Policy": POLICY, "Cache-Control": "no-store"}
    return route.fulfill(body=body, content_type="text/html", headers=headers)


@pytest.fixture
def page(playwright):
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if path is None:
        missing("Chromium is not installed: apt-get install chromium")
    browser = playwright.chromium.launch(
        executable_path=path, args=["--no-sandbox", "--disable-gpu"]
    )
    page, errors = browser.new_page(), []
    page.route("**/*", answer)
    page.on("pageerror", lambda error: errors.append(error))
    page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    page.goto(f"{HOST}/")
    yield page
    assert errors == []
    browser.close()


@pytest.mark.browser
def test_exit_leaves_and_back_lands_before_the_help_section(page):
    page.evaluate("localStorage['jejak:a'] = localStorage['antre:b'] = sessionStorage.c = 1")
    page.evaluate("sessionStorage['antre:d'] = 1")
    page.click("#help")
    page.wait_for_url("**/bantuan/")
    page.click("#kec")
    page.wait_for_url("**/bantuan/?kec=33.10.01")
    page.click("#go")
    page.wait_for_url("**/bantuan/?kec=33.10.05")
    # What stands around the section leads on without a trace too.
    page.click("#english")
    page.wait_for_url("**/bantuan/en/")
    page.click("#exit")
    expect(page).to_have_url(f"{HOST}/keluar/")
    left = page.evaluate("[localStorage, sessionStorage].map(Object.keys)")
    assert left == [["antre:b"], ["antre:d"]]
    page.go_back()
    page.wait_for_url(f"{HOST}/")
    assert page.evaluate("history.length") == 3


@pytest.mark.browser
def test_exit_blanks_the_page_before_the_next_one_answers(page):
    at_once = """() => {
        document.querySelector("#exit b").click();
        const root = document.documentElement;
        return [root.hidden, getComputedStyle(root).display, document.title];
    }"""
    assert page.evaluate(at_once) == [True, "none", "lindungi.example"]


@pytest.mark.browser
def test_shift_three_times_leaves_and_typing_capitals_does_not(page):
    page.focus("#text")
    for key in ("Shift+A", "Shift+B", "Shift+C", "Shift+D"):
        page.keyboard.press(key)
    assert page.input_value("#text") == "ABCD"
    assert page.url == f"{HOST}/"
    for _ in range(3):
        page.keyboard.press("Shift")
    expect(page).to_have_url(f"{HOST}/keluar/")
