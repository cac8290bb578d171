"""A visitor reads a module: the self-check answers, and progress stays on the device."""

import pytest
from playwright.sync_api import expect

from tests.factories.modules import QUESTIONS, block_id, make_lesson, make_module, step

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

PHONE = {"width": 360, "height": 640}
DESK = {"width": 1280, "height": 800}
KEY = "jejak:modul:a"


@pytest.fixture
def lesson(office) -> str:
    """The path of a lesson in three steps."""
    module = make_module(office.klaten, slug="a", lessons=0, title="Bercanda?")
    words = {"type": "text", "value": "<p>Bacaan murid.</p>" * 30}
    steps = [
        step(name, words | {"id": str(block_id(f"teks {name}"))}, *questions)
        for name, questions in (("satu", ()), ("dua", (QUESTIONS[1],)), ("tiga", ()))
    ]
    make_lesson(module, *steps, slug="satu", title="Tiga ciri")
    return "/modul/a/satu/"


def kept(page) -> str:
    """What the device keeps, as soon as it keeps something."""
    for _try in range(50):
        found = page.evaluate(f"localStorage.getItem('{KEY}')")
        if found:
            return found
        page.wait_for_timeout(100)
    return "[]"


def test_progress_stays_on_the_device_and_is_erased_in_one_tap(
    chromium, address, lesson, complaints
):
    context = complaints(chromium.new_context(viewport=PHONE))
    page = context.new_page()
    sent = []
    page.on("request", lambda request: sent.append((request.method, request.url)))
    module = address("klaten", "/modul/a/")
    page.goto(module)
    progress = page.locator("[data-steps]")
    expect(progress).to_be_hidden()

    page.goto(address("klaten", lesson))
    page.locator(".m-step").nth(1).locator(".m-guide").scroll_into_view_if_needed()
    assert kept(page) != "[]"
    page.goto(module)

    expect(progress).to_be_visible()
    assert [word for word in progress.inner_text().split() if word.isdigit()][-1] == "3"
    progress.locator("button").click()
    expect(progress).to_be_hidden()
    assert page.evaluate(f"localStorage.getItem('{KEY}')") is None
    assert {method for method, _url in sent} == {"GET"}
    assert not [url for _method, url in sent if "?" in url.removeprefix("http://")]


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_self_check_answers_without_a_script_and_with_the_keyboard(
    chromium, address, lesson, scripts
):
    context = chromium.new_context(viewport=PHONE, java_script_enabled=scripts)
    page = context.new_page()
    page.goto(address("klaten", lesson))
    choice = page.locator(".m-way", has_text="Salah")
    answer = choice.get_by_text("Umpan balik: Salah")
    expect(answer).to_be_hidden()

    choice.locator("summary").focus()
    page.keyboard.press("Enter")

    expect(answer).to_be_visible()
    assert choice.locator("summary").bounding_box()["height"] >= 48


def test_the_guide_is_folded_on_a_phone_and_beside_the_text_on_a_desk(chromium, address, lesson):
    page = chromium.new_page(viewport=PHONE)
    page.goto(address("klaten", lesson))
    guide = page.locator(".m-guide").first
    words = guide.get_by_text("Panduan satu.")
    expect(words).to_be_hidden()
    guide.locator("summary").click()
    expect(words).to_be_visible()

    page = chromium.new_page(viewport=DESK)
    page.goto(address("klaten", lesson))
    step_one = page.locator(".m-step").first
    expect(step_one.get_by_text("Panduan satu.")).to_be_visible()
    learner = step_one.locator(".l-flow").bounding_box()
    guide = step_one.locator(".m-guide").bounding_box()
    assert guide["x"] >= learner["x"] + learner["width"]
    assert abs(guide["y"] - learner["y"]) < 48


@pytest.mark.slow
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_pages_of_modules_are_for_everybody(chromium, address, lesson, axe, size):
    page = chromium.new_page(viewport=size)
    for path in ("/modul/", "/modul/a/", lesson):
        page.goto(address("klaten", path))
        assert axe(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], path
