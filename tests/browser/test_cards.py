"""A village head with a cheap phone and no JavaScript prints the card of his desa."""

from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import expect

from tests.factories.channels import make_channel, make_emergency
from tests.factories.places import make_district, national
from tests.factories.villages import make_contact, make_roles
from tests.papers import info_of, text_of

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

KECAMATAN, VILLAGE, NUMBER = "36.02.01", "36.02.01.2001", "0812-9990-0031"


@pytest.fixture
def lebak():
    make_emergency(national())
    make_roles()
    office = make_district("lebak")
    make_channel(office, label="UPTD PPA Lebak", display="(0252) 999 0011")
    make_contact(office, VILLAGE, "patbm", value="+6281299900031", display=NUMBER)
    return office


def test_a_village_head_prints_the_card_of_his_desa(
    browser, browser_context_args, lebak, address, complaints
):
    context = complaints(browser.new_context(**browser_context_args, java_script_enabled=False))
    page = context.new_page()
    page.goto(address("lebak", "/"))
    page.locator(".safety a[href$='/bantuan/']").click()
    page.locator("a[href$='/bantuan/kartu/']").click()
    page.locator("select[name=kec]").select_option(KECAMATAN)
    page.locator("form.l-finder button").click()
    card = page.locator(f"a[href$='{VILLAGE}.pdf']")
    expect(card).to_be_visible()
    # A phone opens it in whatever shows papers there.
    asked = Request(address("", card.get_attribute("href")), headers={"Host": "lebak.localhost"})  # noqa: S310
    with urlopen(asked) as answer:  # noqa: S310
        content = answer.read()
    assert text_of(content).count(NUMBER) == 8
    assert "595.276 x 841.89" in info_of(content)["Page size"]
    context.close()
