"""A pupil types a word wrong on a cheap phone, without JavaScript, and finds help."""

import pytest
from playwright.sync_api import expect

from tests.factories.pages import make_news

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@pytest.fixture
def searched(office):
    """Pages are indexed as they are published; nobody has to run a command."""
    make_news(office.klaten, title="Kelas tanpa perundungan", slug="kelas")
    return office


@pytest.fixture
def plain_page(browser, browser_context_args, complaints):
    context = browser.new_context(**browser_context_args, java_script_enabled=False)
    yield complaints(context).new_page()
    context.close()


def test_a_word_typed_wrong_finds_what_was_meant(plain_page, address, searched):
    plain_page.goto(address("klaten", "/"))
    plain_page.locator("a.find-link").click()
    plain_page.get_by_role("searchbox").fill("perundngan")
    plain_page.get_by_role("searchbox").press("Enter")

    expect(plain_page.locator(".l-notice strong")).to_have_text("perundungan")
    assert "persis=1" in plain_page.locator(".l-notice a").get_attribute("href")
    plain_page.locator(".found a", has_text="Kelas tanpa perundungan").click()
    assert plain_page.url == address("klaten", "/berita/kelas/")


def test_search_leads_to_a_number_where_nothing_is_found(plain_page, address, searched):
    plain_page.goto(address("klaten", "/cari/?q=zzyzxw"))

    expect(plain_page.locator("a[href='tel:110']").first).to_be_visible()
    assert plain_page.locator(".find-row button").bounding_box()["height"] >= 48


@pytest.mark.slow
@pytest.mark.parametrize(
    ("width", "scheme"),
    # The other two pairs are tried in the long form.
    [
        (320, "light"),
        (1280, "dark"),
        pytest.param(320, "dark", marks=pytest.mark.slow),
        pytest.param(1280, "light", marks=pytest.mark.slow),
    ],
)
def test_search_is_for_everybody(browser, address, axe, searched, scheme, width):
    context = browser.new_context(
        viewport={"width": width, "height": 700}, color_scheme=scheme, locale="id-ID"
    )
    page = context.new_page()
    for query in ("", "?q=dengarkan", "?q=perundngan", "?q=zzyzxw"):
        page.goto(address("klaten", f"/cari/{query}"))
        assert axe(page) == [], query
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), query
    context.close()
