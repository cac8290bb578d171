"""Somebody in need, on a cheap phone: two taps without JavaScript, and away without a trace."""

import pytest
from playwright.sync_api import expect

from districts.models import Region
from safeguards.models import SafetySettings
from tests.factories.channels import ALWAYS, make_channel, make_emergency
from tests.factories.pages import make_campaign
from tests.factories.places import make_district, national

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@pytest.fixture
def klaten():
    nation = national()
    make_emergency(nation, position=10)
    make_channel(
        nation,
        label="Nasional lewat WhatsApp",
        kind="whatsapp",
        value="+628111129129",
        display="08111-129-129",
        hours=ALWAYS,
    )
    office = make_district("klaten")
    make_channel(
        office,
        label="PATBM Kecamatan",
        region=Region.objects.get(pk="33.10.05"),
        value="+622719990055",
        display="0271 9990055",
    )
    return office


@pytest.fixture
def plain_page(browser, browser_context_args):
    """A page in a browser without JavaScript."""
    context = browser.new_context(**browser_context_args, java_script_enabled=False)
    yield context.new_page()
    context.close()


@pytest.fixture
def neutral(klaten, address):
    """Where the quick exit leads in these tests: a plain page of another host, not the internet."""
    target = address("", "/healthz")
    SafetySettings.objects.update_or_create(site=klaten.site, defaults={"exit_url": target})
    return target


def tap_help(page) -> None:
    page.locator(".safety a[href$='/bantuan/']").click()


@pytest.mark.parametrize("start", ["/", "kampanye", "/berita/", "/en/", "/tidak-ada/"])
def test_a_number_is_one_tap_away_without_javascript(plain_page, address, klaten, start):
    campaign = make_campaign(klaten)
    path = campaign.url_path.replace("/klaten/", "/", 1) if start == "kampanye" else start
    plain_page.goto(address("klaten", path))
    if start == "/tidak-ada/":
        plain_page.locator("a[href$='/bantuan/']").first.click()
    else:
        tap_help(plain_page)

    call = plain_page.locator("a[href='tel:110']").first
    expect(call).to_be_visible()
    box = call.bounding_box()
    assert box["height"] >= 48
    assert plain_page.locator("a[href^='https://wa.me/628111129129?text=']").first.is_visible()


def test_a_kecamatan_is_two_taps_away_without_javascript(plain_page, address, klaten):
    plain_page.goto(address("klaten", "/"))
    tap_help(plain_page)
    plain_page.locator("select[name=kec]").select_option("33.10.05")
    plain_page.locator("form.l-finder button").click()

    assert "?kec=33.10.05" in plain_page.url
    expect(plain_page.locator("a[href='tel:+622719990055']").first).to_be_visible()
    expect(plain_page.locator("a[href='tel:110']").first).to_be_attached()


def test_unknown_kecamatan_is_said_where_it_is_chosen(plain_page, address, klaten):
    answer = plain_page.goto(address("klaten", "/bantuan/?kec=99.99.99"))

    assert answer.status == 404
    expect(plain_page.locator("#kec-error")).to_be_visible()
    expect(plain_page.locator("a[href='tel:110']").first).to_be_visible()


def test_quick_exit_blanks_at_once_and_back_lands_before_the_help(page, address, neutral):
    page.goto(address("klaten", "/"))
    tap_help(page)
    page.locator("select[name=kec]").select_option("33.10.05")
    page.locator("form.l-finder button").click()
    page.wait_for_url("**/bantuan/?kec=33.10.05*")
    page.evaluate("sessionStorage.setItem('sisa', '1')")
    blank = page.evaluate(
        """() => {
            document.querySelector("[data-quick-exit]").click();
            return getComputedStyle(document.documentElement).display;
        }"""
    )
    assert blank == "none"
    page.wait_for_url(neutral)
    page.go_back()

    assert page.url == address("klaten", "/")


def test_quick_exit_without_javascript_leaves_and_was_honest_before(plain_page, address, neutral):
    plain_page.goto(address("klaten", "/bantuan/"))
    text = plain_page.locator("main").inner_text()
    assert "riwayat" in text
    assert "Tutup" in text
    seen = []
    plain_page.on("request", lambda request: seen.append(request))
    plain_page.locator("[data-quick-exit]").click()
    plain_page.wait_for_url(neutral)

    away = next(request for request in seen if request.url == neutral)
    assert "referer" not in away.all_headers()


def test_help_leaves_nothing_on_the_device(page, context, address, klaten):
    page.goto(address("klaten", "/bantuan/?kec=33.10.05"))

    assert context.cookies() == []
    assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]


@pytest.mark.slow
@pytest.mark.parametrize("path", ["/bantuan/", "/bantuan/aku/", "/en/bantuan/"])
def test_nothing_reaches_beyond_a_small_phone(page, address, klaten, path):
    page.set_viewport_size({"width": 320, "height": 568})
    page.goto(address("klaten", path))

    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
