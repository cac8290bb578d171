"""Signing in with more than a password: an app's codes, a passkey, a PIN by WhatsApp."""

import re
import time

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import expect

from districts.models import Organisation
from tests.factories.places import PASSWORD, make_district, make_user, national

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
PIN = "730519"


@pytest.fixture
def lebak(settings):
    settings.SECOND_FACTOR_REQUIRED = True
    national()
    return make_district("lebak")


def sign_in(page, user):
    page.locator("[name=login]").fill(user.email)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main form:has([name=password]) button.l-button").click()


def code_of(secret, steps=0):
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def fits(page):
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def sign_out(page, address):
    page.goto(address("lebak", "/masuk/selesai/"))
    page.locator("main form button.l-button").click()
    page.wait_for_url(address("lebak", "/"))


def test_an_app_is_set_up_before_the_first_name_and_asked_for_after(
    page, address, lebak, complaints, axe
):
    complaints(page.context)
    admin = make_user("admin", lebak)
    page.goto(address("lebak", "/ruang/tim/"))
    sign_in(page, admin)
    expect(page).to_have_url(re.compile("/masuk/langkah-kedua/"))
    assert fits(page)
    assert axe(page) == []
    page.locator("main a[href^='/ruang/perangkat/aplikasi/']").click()
    expect(page.locator("img.qr")).to_be_visible()
    assert fits(page)
    assert axe(page) == []
    secret = page.locator(".secret").inner_text().replace(" ", "")
    page.locator("[name=code]").fill("000000")
    page.locator("main form button.l-button").click()
    expect(page.locator("#id_code_error")).to_be_visible()
    page.locator("[name=code]").fill(code_of(secret, -1))
    page.locator("main form button.l-button").click()
    expect(page.locator(".codes li")).to_have_count(10)
    assert fits(page)
    spare = page.locator(".codes li").first.inner_text()
    # And on to where one was going.
    page.locator("main a.l-button").click()
    expect(page).to_have_url(address("lebak", "/ruang/tim/"))

    for code in (code_of(secret), spare):
        sign_out(page, address)
        page.goto(address("lebak", "/ruang/tim/"))
        sign_in(page, admin)
        expect(page).to_have_url(address("lebak", "/masuk/kode/"))
        assert axe(page) == []
        page.locator("[name=code]").fill(code)
        page.locator("main form:has([name=code]) button.l-button").click()
        expect(page).to_have_url(address("lebak", "/ruang/tim/"))


def test_a_passkey_is_made_signs_in_alone_and_can_be_taken_away(page, address, lebak, complaints):
    complaints(page.context)
    editor = make_user("editor", lebak)
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    key = devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )["authenticatorId"]
    page.goto(address("lebak", "/ruang/permintaan/"))
    sign_in(page, editor)
    page.locator("main a[href^='/ruang/perangkat/kunci/']").click()
    page.locator("form[data-passkey] button").click()
    expect(page.locator(".codes li")).to_have_count(10)
    page.goto(address("lebak", "/ruang/permintaan/"))
    expect(page).to_have_url(address("lebak", "/ruang/permintaan/"))

    # Alone, without a password …
    sign_out(page, address)
    page.goto(address("lebak", "/ruang/permintaan/"))
    page.locator("main a[href^='/masuk/kunci/']").click()
    page.locator("form[data-passkey] button").click()
    expect(page).to_have_url(address("lebak", "/ruang/permintaan/"))
    # … and after one.
    sign_out(page, address)
    page.goto(address("lebak", "/masuk/"))
    sign_in(page, editor)
    expect(page).to_have_url(address("lebak", "/masuk/kode/"))
    page.locator("form[data-passkey] button").click()
    expect(page).to_have_url(address("lebak", "/ruang/"))

    page.goto(address("lebak", "/ruang/perangkat/"))
    page.locator("a[href^='/ruang/perangkat/kunci/'][href$='/lepas/']").click()
    page.locator("main form button.l-danger").click()
    expect(page).to_have_url(address("lebak", "/ruang/perangkat/"))
    sign_out(page, address)
    # The device still shows it; here it opens nothing any more.
    page.goto(address("lebak", "/masuk/kunci/"))
    page.locator("form[data-passkey] button").click()
    expect(page.locator("main .l-notice[role=alert]")).to_be_visible()

    # A finger that does not fit: nothing is sent, and the page says so.
    devtools.send("WebAuthn.setUserVerified", {"authenticatorId": key, "isUserVerified": False})
    page.locator("form[data-passkey] button").click()
    expect(page.locator("form[data-passkey] [role=alert]")).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False], ids=["with-scripts", "without"])
def test_a_pin_by_whatsapp_on_a_small_phone(
    page, browser, browser_context_args, address, lebak, axe, complaints, scripts
):
    school = Organisation.objects.create(district=lebak, name="SDN 1", kind="sekolah")
    coordinator = make_user("koordinator", lebak, organisation=school)
    teacher = make_user("guru", lebak, organisation=school, name="Budi Santoso")
    page.goto(address("lebak", "/masuk/"))
    sign_in(page, coordinator)
    page.goto(address("lebak", "/ruang/perangkat/pin/"))
    page.locator("[name=pin]").fill("284617")
    page.locator("[name=again]").fill("284617")
    page.locator("main form button.l-button").click()
    page.goto(address("lebak", "/ruang/tim/"))
    # Two taps.
    page.locator(f"a[href='/ruang/tim/{teacher.memberships.get().pk}/masuk/']").click()
    page.locator("main form button.l-button").click()
    link = page.locator("#id_link").input_value()
    share = page.locator("a[href^='https://wa.me/?text=']")
    expect(share).to_have_attribute("rel", "noopener noreferrer")
    assert fits(page)

    phone = browser.new_context(**browser_context_args | {"java_script_enabled": scripts})
    complaints(phone)
    try:
        hers = phone.new_page()
        hers.goto(link)
        expect(hers.locator("main")).to_contain_text("Budi Santoso")
        if scripts:
            assert fits(hers)
            assert axe(hers) == []
        hers.locator("[name=pin]").fill("123456")
        hers.locator("[name=again]").fill("123456")
        hers.locator("main form button.l-button").click()
        expect(hers.locator("#id_pin_error")).to_be_visible()
        hers.locator("[name=pin]").fill(PIN)
        hers.locator("[name=again]").fill(PIN)
        hers.locator("main form button.l-button").click()
        expect(hers).to_have_url(address("lebak", "/ruang/"))
        sign_out(hers, address)

        hers.goto(address("lebak", "/ruang/perangkat/"))
        expect(hers).to_have_url(re.compile("/masuk/pin/"))
        if scripts:
            assert fits(hers)
            assert axe(hers) == []
        hers.locator("[name=pin]").fill("730518")
        hers.locator("main form button.l-button").click()
        expect(hers.locator("#id_pin_error")).to_be_visible()
        hers.locator("[name=pin]").fill(PIN)
        hers.locator("main form button.l-button").click()
        expect(hers).to_have_url(address("lebak", "/ruang/perangkat/"))
        if scripts:
            assert fits(hers)
            assert axe(hers) == []
        assert hers.goto(link).status == 404
    finally:
        phone.close()
