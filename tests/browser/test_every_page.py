"""What holds on every page: read by anybody, on anything, without JavaScript, in few bytes."""

import gzip
import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

PHONE = {"width": 360, "height": 640}
DESK = {"width": 1280, "height": 800}
# The narrowest phone, and a desk and a phone at 200 %.
NARROW = (
    {"width": 320, "height": 568},
    {"width": 640, "height": 400},
    {"width": 180, "height": 320},
)
ALL_BYTES = 20 * 1024
PAGE_BYTES = 14 * 1024

HEADINGS = "[...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map(h => +h.tagName[1])"
WIDEST = """() => [...document.querySelectorAll('body *')].filter(e => {
    const box = e.getBoundingClientRect();
    return box.width > 1 && box.right > innerWidth + 1 && !e.closest('.l-table, .skip, .unseen');
}).slice(0, 3).map(e => e.outerHTML.slice(0, 120))"""


def faults_of_headings(levels: list[int]) -> list[str]:
    jumps = [pair for pair in zip(levels, levels[1:], strict=False) if pair[1] > pair[0] + 1]
    first = [] if levels.count(1) == 1 and levels[0] == 1 else ["not exactly one h1, first"]
    return [*first, *(f"h{a} then h{b}" for a, b in jumps)]


def in_reach(page, link) -> bool:
    """A thumb finds it without scrolling: wholly in the window and 48 px high."""
    box, window = link.bounding_box(), page.viewport_size
    return (
        box["height"] >= 48
        and box["x"] >= 0
        and box["y"] >= 0
        and box["x"] + box["width"] <= window["width"]
        and box["y"] + box["height"] <= window["height"]
    )


def too_heavy(page, answers) -> list[str]:
    """What a first visit costs, gzipped; the test server does not gzip by itself."""
    sizes = {answer.url: len(gzip.compress(answer.body(), 6)) for answer in answers}
    own = {page.url.split("#")[0]}
    read = sum(size for url, size in sizes.items() if url in own or url.endswith(".css"))
    fonts = [url for url in sizes if re.search(r"\.(woff2?|ttf|otf)", url)]
    fits = sum(sizes.values()) <= ALL_BYTES and 0 < read <= PAGE_BYTES and not fonts
    return [] if fits else [f"{page.url} costs {sizes}"]


@pytest.mark.slow
def test_every_page_can_be_read_by_anybody(browser, office, address, complaints, axe):
    """Axe, headings, the bar, narrow windows, the policy, other hosts, and the bytes."""
    # Colours in the middle of a transition are nobody's colours.
    context = complaints(
        browser.new_context(locale="id-ID", viewport=PHONE, reduced_motion="reduce")
    )
    page = context.new_page()
    answers, faults = [], []
    page.on("response", lambda answer: answers.append(answer))
    cache = context.new_cdp_session(page)
    for host, path, status in office.addresses:
        where = f"{host}{path}"
        page.set_viewport_size(PHONE)
        page.emulate_media(color_scheme="light")
        cache.send("Network.clearBrowserCache")
        answers.clear()
        answer = page.goto(address(host, path))
        assert answer.status == status, where
        faults += axe(page)
        faults += [f"{where}: {fault}" for fault in faults_of_headings(page.evaluate(HEADINGS))]
        prefix = "/en" if path.startswith("/en/") else ""
        assert page.locator("html").get_attribute("lang") == ("en" if prefix else "id"), where
        bar = page.locator(".safety")
        help_link = bar.locator(f"a[href='{prefix}/bantuan/']")
        exit_link = bar.locator("a[href='/keluar/'][data-quick-exit][rel=noreferrer]")
        for link in (help_link, exit_link):
            if not in_reach(page, link):
                faults.append(f"{where}: {link} out of reach on a phone")
        for window in NARROW:
            page.set_viewport_size(window)
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                faults.append(f"{where} wider than {window}: {page.evaluate(WIDEST)}")
        page.set_viewport_size(DESK)
        page.emulate_media(color_scheme="dark")
        faults += axe(page)
        page.evaluate("scrollTo(0, 5000)")
        for link in (help_link, exit_link):
            if not in_reach(page, link):
                faults.append(f"{where}: {link} out of reach on a desk")
        # By now everything has arrived, for the phone and for the desk.
        faults += too_heavy(page, answers)
    context.close()
    assert not faults, "\n".join(faults)


def test_every_page_works_without_javascript(browser, office, address, complaints):
    context = complaints(browser.new_context(java_script_enabled=False, viewport=PHONE))
    page = context.new_page()
    dead = "a:not([href]), a[href='#'], a[href^='javascript'], button:not(form button), [onclick]"
    for host, path, status in office.addresses:
        where = f"{host}{path}"
        assert page.goto(address(host, path)).status == status, where
        assert page.locator(dead).all_inner_texts() == [], where
        expect(page.locator("main h1")).to_be_visible()
        assert page.locator("main").inner_text().strip(), where
        links = page.locator("header .menu a")
        if links.count():
            page.locator("header .menu summary").click()
            expect(links.first).to_be_visible()
    # Two taps from any page to the lines of a kecamatan.
    page.goto(address("klaten", "/kampanye/stop-kekerasan/"))
    page.locator(".safety a[href='/bantuan/']").click()
    expect(page.locator("main a[href='tel:110']").first).to_be_in_viewport()
    page.locator("#dekat ~ nav a[href*='33.10.05']").click()
    expect(page).to_have_url(address("klaten", "/bantuan/?kec=33.10.05#dekat"))
    expect(page.locator("#dekat")).to_be_in_viewport()
    expect(page.locator("details[open] a[href^='tel:+']").first).to_be_visible()
    context.close()
