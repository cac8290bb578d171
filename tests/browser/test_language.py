"""Going to English and back, and what stands there when a page was never translated."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def test_a_reader_changes_the_language_and_comes_back(page, office, address):
    page.goto(address("klaten", "/bantuan/"))
    title = page.locator("h1").inner_text()
    page.locator("header .menu summary").click()
    switch = page.locator("header .menu a[hreflang=en]")
    expect(switch).to_have_text("English")
    expect(switch).to_have_attribute("lang", "en")
    switch.click()
    expect(page).to_have_url(address("klaten", "/en/bantuan/"))
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert page.locator("h1").inner_text() != title
    expect(page.locator(".safety a[href='/en/bantuan/']")).to_be_visible()
    page.locator("header .menu summary").click()
    page.locator("header .menu a[hreflang=id]").click()
    expect(page).to_have_url(address("klaten", "/bantuan/"))
    expect(page.locator("h1")).to_have_text(title)

    # A pair of pages is offered; a page that stands alone offers nothing.
    page.goto(address("klaten", "/kampanye/stop-kekerasan/"))
    assert page.locator("a[hreflang=en]").get_attribute("href") == "/en/kampanye/stop-kekerasan/"
    for path in ("/berita/rapat/", "/kampanye/stop-kekerasan/pintu-terbuka/", "/privasi/"):
        page.goto(address("klaten", path))
        expect(page.locator("header .menu")).to_be_visible()
        assert page.locator("a[hreflang]").count() == 0, path

    # An answer that went wrong stays in the language being read, and so does its way to help.
    for prefix, language in (("", "id"), ("/en", "en")):
        assert page.goto(address("klaten", f"{prefix}/tidak-ada/")).status == 404
        expect(page.locator("html")).to_have_attribute("lang", language)
        expect(page.locator(f"main a[href='{prefix}/bantuan/']")).to_be_visible()
        expect(page.locator(f".safety a[href='{prefix}/bantuan/']")).to_be_visible()
    page.locator("main a[href='/en/bantuan/']").click()
    expect(page).to_have_url(address("klaten", "/en/bantuan/"))
