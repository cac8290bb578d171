"""An administrator invites by a link; a cadre opens it on another phone and is in."""

import re

import pytest
from playwright.sync_api import expect

from districts.models import Membership
from tests.factories.places import PASSWORD, make_district, make_user, national

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
NEW_PASSWORD = "tikar-anyam-pandan"


def test_a_cadre_joins_by_a_link_on_another_phone(page, browser, browser_context_args, address):
    national()
    lebak = make_district("lebak")
    admin = make_user("admin", lebak, email="admin.lebak@contoh.id")

    page.goto(address("lebak", "/ruang/tim/"))
    page.locator("[name=login]").fill(admin.email)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main button.l-button").click()
    expect(page).to_have_url(address("lebak", "/ruang/tim/"))

    page.locator("main a[href='/ruang/tim/undang/']").click()
    page.locator("[name=name]").fill("Siti Aminah")
    page.locator("[name=role]").select_option("kader")
    page.locator("main form button.l-button").click()
    link = page.locator("#id_link").input_value()
    assert re.fullmatch(rf"{re.escape(address('lebak', '/undangan/'))}[\w-]{{22,}}/", link)
    share = page.locator("a[href^='https://wa.me/?text=']")
    expect(share).to_have_attribute("rel", "noopener noreferrer")
    # Nothing of the page reaches beyond a phone's edge.
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")

    phone = browser.new_context(**browser_context_args)
    try:
        guest = phone.new_page()
        guest.goto(link)
        expect(guest.locator("main")).to_contain_text(lebak.office_name)
        assert guest.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        expect(guest.locator("[name=name]")).to_have_value("Siti Aminah")
        guest.locator("[name=password]").fill("pendek")
        guest.locator("main form button.l-button").first.click()
        expect(guest.locator("#id_password_error")).to_be_visible()
        expect(guest.locator("[name=name]")).to_have_value("Siti Aminah")
        guest.locator("[name=password]").fill(NEW_PASSWORD)
        guest.locator("main form button.l-button").first.click()
        expect(guest).to_have_url(address("lebak", "/ruang/"))
        member = Membership.objects.get(role="kader")
        expect(guest.locator("main")).to_contain_text(member.user.sign_in_name)
        guest.goto(address("lebak", "/ruang/tim/"))
        expect(guest.locator("h1")).to_be_visible()
        assert "undang" not in guest.url
    finally:
        phone.close()
    assert (member.district, member.user.name) == (lebak, "Siti Aminah")

    second = browser.new_context(**browser_context_args)
    try:
        late = second.new_page()
        assert late.goto(link).status == 404
    finally:
        second.close()
