"""Somebody in need, on a cheap phone: two taps without JavaScript, and away without a trace."""

from datetime import date
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from districts.models import Region
from districts.services.aliases import sync_aliases
from safeguards.models import SafetySettings
from tests.browser.fitting import FITS
from tests.factories.channels import ALWAYS, make_channel, make_emergency
from tests.factories.modules import make_module
from tests.factories.pages import (
    make_campaign,
    make_material,
    make_news,
    make_story,
    make_topic,
)
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


def tap(link) -> None:
    """With a thumb, which wants 48 px."""
    expect(link).to_be_visible()
    assert link.bounding_box()["height"] >= 48
    link.click()


def tap_help(page) -> None:
    tap(page.locator(".safety a[href$='/bantuan/']"))


def path_of(page) -> str:
    """The page's path on Klaten's host."""
    return page.url_path.removeprefix("/klaten")


def alias_of(topic, office) -> str:
    """The path under which the district shows a national topic."""
    sync_aliases(office)
    return path_of(topic.aliases.get(path__startswith=office.site.root_page.path))


def lesson(office) -> str:
    return path_of(make_module(office, slug="modul-a").get_children().get())


# One page of every kind a visitor may stand on, made when it is asked for.
KINDS = {
    "home": lambda office: "/",
    "home in English": lambda office: "/en/",
    "campaign": lambda office: path_of(make_campaign(office)),
    "story": lambda office: path_of(make_story(make_campaign(office))),
    "topic": lambda office: alias_of(make_topic(national()), office),
    "news": lambda office: path_of(make_news(office, date=date(2025, 11, 25))),
    "material": lambda office: path_of(make_material(office)),
    "module": lambda office: path_of(make_module(office)),
    "lesson": lesson,
    "calendar": lambda office: "/kalender/",
    "a class's door": lambda office: "/gabung/",
    "a child's help": lambda office: "/bantuan/aku/",
    "not found": lambda office: "/tidak-ada/",
}


@pytest.mark.parametrize("kind", KINDS)
def test_any_page_is_two_taps_from_whom_to_call_without_javascript(
    plain_page, address, klaten, kind
):
    path = KINDS[kind](klaten)
    status = plain_page.goto(address("klaten", path)).status
    assert status == (404 if kind == "not found" else 200)
    arrived = []
    plain_page.on("framenavigated", lambda frame: arrived.append(frame.url))

    tap(plain_page.locator(".safety a[href$='/bantuan/']"))
    call = plain_page.locator("main a[href='tel:110']").first
    expect(call).to_be_in_viewport()
    assert call.bounding_box()["height"] >= 48
    assert plain_page.locator("a[href^='https://wa.me/628111129129?text=']").first.is_visible()

    tap(plain_page.locator("#dekat ~ nav a[href*='33.10.05']"))
    expect(plain_page.locator("#dekat")).to_be_in_viewport()
    expect(plain_page.locator("a[href='tel:+622719990055']").first).to_be_visible()
    expect(plain_page.locator("a[href='tel:110']").first).to_be_visible()
    prefix = "/en" if path.startswith("/en/") else ""
    assert arrived == [
        address("klaten", f"{prefix}/bantuan/"),
        address("klaten", f"{prefix}/bantuan/?kec=33.10.05#dekat"),
    ]


def test_the_nation_is_one_tap_from_a_number_and_two_from_a_district(plain_page, address, klaten):
    klaten.site.port = urlsplit(address()).port
    klaten.site.save()
    plain_page.goto(address("", "/"))
    tap(plain_page.locator(".safety a[href='/bantuan/']"))
    expect(plain_page.locator("main a[href='tel:110']").first).to_be_in_viewport()
    tap(plain_page.locator("#dekat ~ ul a", has_text=klaten.short_name))
    assert plain_page.url.partition("#")[0] == address("klaten", "/bantuan/")
    expect(plain_page.locator("main a[href='tel:110']").first).to_be_visible()
    expect(plain_page.locator("#dekat ~ nav a[href*='33.10.05']")).to_be_visible()


def test_unknown_kecamatan_is_said_where_it_is_chosen(plain_page, address, klaten):
    answer = plain_page.goto(address("klaten", "/bantuan/?kec=99.99.99"))

    assert answer.status == 404
    expect(plain_page.locator("#kec-error")).to_be_visible()
    expect(plain_page.locator("a[href='tel:110']").first).to_be_visible()


def test_quick_exit_blanks_at_once_and_back_lands_before_the_help(page, address, neutral):
    page.goto(address("klaten", "/"))
    tap_help(page)
    page.locator("#dekat ~ nav a[href*='33.10.05']").click()
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
    # Beside the exit of every page, before anything is scrolled.
    for path in ("/", "/kalender/", "/bantuan/"):
        plain_page.goto(address("klaten", path))
        expect(plain_page.locator(".safety-plain")).to_be_in_viewport(ratio=1)
        expect(plain_page.locator(".safety-plain")).to_contain_text("tutup tab ini")
        assert plain_page.evaluate(FITS)
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
