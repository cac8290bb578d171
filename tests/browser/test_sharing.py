"""Sending a page on: from a cheap phone, with and without JavaScript, and on paper."""

import io
import re
from urllib.parse import unquote

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

CAMPAIGN = "/kampanye/stop-kekerasan/"
SHORT = re.compile(r"http://klaten\.localhost(?::\d+)?(/s/[0-9a-z]+/)")


@pytest.fixture
def phone(browser, browser_context_args):
    """`phone(javascript=False)`: a page on a phone that may write to the clipboard."""
    contexts = []

    def open_page(**options):
        context = browser.new_context(
            **browser_context_args | {"permissions": ["clipboard-read", "clipboard-write"]},
            **options,
        )
        contexts.append(context)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()


def test_a_reader_sends_a_campaign_on(phone, office, address, complaints, axe):
    page = phone()
    complaints(page.context)
    page.goto(address("klaten", CAMPAIGN))
    section = page.locator(".share")
    section.scroll_into_view_if_needed()
    field = section.locator("textarea[readonly]")
    title, short = field.input_value().split("\n")
    assert title == "Stop Kekerasan terhadap Anak"

    link = section.locator("a[href^='https://wa.me/']")
    assert unquote(link.get_attribute("href").partition("?text=")[2]) == f"{title}\n{short}"
    assert set(link.get_attribute("rel").split()) == {"noreferrer", "noopener"}
    assert link.bounding_box()["height"] >= 48

    copy = section.locator("button").first
    words = copy.inner_text()
    copy.click()
    expect(copy).not_to_have_text(words)
    assert page.evaluate("navigator.clipboard.readText()") == f"{title}\n{short}"
    expect(copy).to_have_text(words, timeout=6_000)

    assert axe(page) == []
    page.goto(address("klaten", SHORT.fullmatch(short)[1]))
    expect(page).to_have_url(address("klaten", CAMPAIGN))


@pytest.mark.slow
def test_a_device_that_shares_by_itself_is_asked(phone, office, address, complaints):
    page = phone()
    complaints(page.context)
    page.add_init_script("navigator.share = async (what) => { window.shared = what; }")
    page.goto(address("klaten", CAMPAIGN))
    page.locator(".share button").nth(1).click()

    shared = page.evaluate("window.shared")
    assert shared["title"] == "Stop Kekerasan terhadap Anak"
    assert SHORT.fullmatch(shared["url"])


@pytest.mark.slow
def test_a_closed_clipboard_leaves_the_text_marked(phone, office, address, complaints):
    page = phone()
    complaints(page.context)
    page.add_init_script("navigator.clipboard.writeText = () => Promise.reject(new Error())")
    page.goto(address("klaten", CAMPAIGN))
    page.locator(".share button").first.click()

    marked = "getSelection().toString() || document.activeElement.value"
    assert page.evaluate(marked).startswith("Stop Kekerasan terhadap Anak\n")


def test_the_words_are_there_without_javascript(phone, office, address):
    page = phone(java_script_enabled=False)
    page.goto(address("klaten", CAMPAIGN))
    section = page.locator(".share")

    expect(section.locator("textarea")).to_be_visible()
    expect(section.locator("a[href^='https://wa.me/']")).to_be_visible()
    expect(section.locator("svg")).to_be_visible()
    assert section.locator("button").count() == 0
    shown = section.locator("figcaption b").inner_text()
    assert SHORT.fullmatch(f"http://{shown}")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("path", "coded"), [(CAMPAIGN, True), ("/berita/", True), ("/bantuan/", False)]
)
def test_a_printed_page_says_where_it_came_from(page, office, address, path, coded):
    page.goto(address("klaten", path))
    assert page.locator(".share .on-paper").is_hidden()
    page.emulate_media(media="print")

    code = page.locator(".share-code")
    expect(code.locator("b")).to_be_visible()
    expect(code.locator(".on-paper")).to_contain_text(re.compile(r"\d{4}"))
    assert code.locator("svg").count() == int(coded)
    if coded:
        expect(code.locator("svg")).to_be_visible()
    expect(page.locator(".share-ways")).to_have_count(0) if path != CAMPAIGN else expect(
        page.locator(".share-ways")
    ).to_be_hidden()
    expect(page.locator(".foot .cloth")).to_be_visible()
    assert "klaten.localhost" in code.inner_text()


def test_the_code_on_the_page_is_the_short_address(page, office, address):
    """Read by the squares: the drawing is the QR code of the address beside it."""
    import segno

    page.goto(address("klaten", CAMPAIGN))
    short = page.locator(".share textarea").input_value().split("\n")[1]
    drawing = page.locator(".share-code svg")
    width = int(drawing.get_attribute("viewBox").split()[2])
    shown = squares(drawing.locator("path").get_attribute("d"), width)

    stream = io.StringIO()
    segno.make(short.upper(), error="m", micro=False).save(stream, kind="txt", border=4)
    assert shown == stream.getvalue().splitlines()


def squares(path: str, width: int) -> list[str]:
    """The rows of a drawing made of horizontal strokes, one unit each: 1 is dark."""
    rows = [["0"] * width for _row in range(width)]
    x = y = 0.0
    for command, numbers in re.findall(r"([Mmh])([-\d. ]+)", path):
        values = [float(number) for number in numbers.split()]
        if command == "M":
            x, y = values
        elif command == "m":
            x, y = x + values[0], y + values[1]
        else:
            for column in range(int(x), int(x + values[0])):
                rows[int(y)][column] = "1"
            x += values[0]
    return ["".join(row) for row in rows]
