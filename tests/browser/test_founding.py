"""The national office opens a district in one step, and the district's readers find it at once."""

import re

import pytest
from playwright.sync_api import expect

from districts.models import Channel, District
from tests.browser.fitting import FITS
from tests.factories.channels import make_channel, make_emergency
from tests.factories.places import make_regions, make_user, national

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

TOLD = {
    "region_code": "99.99",
    "slug": "belu",
    "hostname": "klaten.localhost",
    "short_name": "Belu",
    "office_name": "Dinas Contoh Kabupaten Belu",
    "letterhead": "PEMERINTAH KABUPATEN BELU",
    "signatory": "Kepala Dinas",
}
CHOSEN = {"level": "kabupaten", "timezone": "Asia/Makassar", "cloth": "tenun"}


@pytest.fixture
def form(klaten, open_page, sign_in):
    """The form of the national administrator, filled in with a region nobody knows."""
    make_emergency(national())
    make_channel(klaten, label="UPTD Klaten", value="+622719990011", display="0271 9990011")
    make_regions("53.04", "Belu")
    page = open_page(1200, 900)
    sign_in(page, make_user("superuser"), "/admin/kantor/", host="")
    page.locator("header a[href='/admin/kantor/new/'], a[href='/admin/kantor/new/']").first.click()
    for name, words in TOLD.items():
        page.locator(f"[name={name}]").fill(words)
    for name, choice in CHOSEN.items():
        page.locator(f"[name={name}]").select_option(choice)
    return page


def send(form) -> None:
    form.locator("main form[method=post] [type=submit], footer [type=submit]").last.click()


def faulty(form) -> list[str]:
    """The fields beside which something is said."""
    fields = form.locator(".w-field:has(.error-message) [name]")
    return [field.get_attribute("name") for field in fields.all()]


def test_a_district_is_opened_in_one_step(form, open_page, address):
    send(form)
    expect(form.locator(".error-message").first).to_be_visible()
    assert faulty(form) == ["region_code", "hostname"]
    given = TOLD | CHOSEN
    assert {name: form.locator(f"[name={name}]").input_value() for name in given} == given
    assert District.objects.filter(slug="belu").exists() is False
    form.locator("[name=region_code]").fill("53.04")
    form.locator("[name=hostname]").fill("belu.localhost")
    send(form)
    form.wait_for_url(address("", "/admin/kantor/"))
    expect(form.locator("main table")).to_contain_text("Dinas Contoh Kabupaten Belu")

    reader = open_page(java_script_enabled=False)
    assert reader.goto(address("belu", "/")).status == 200
    expect(reader.locator("header")).to_contain_text("Belu")
    expect(reader.locator("body")).to_contain_text("Dinas Contoh Kabupaten Belu")
    expect(reader.locator("body")).not_to_contain_text("Klaten")
    assert reader.evaluate(FITS)
    reader.locator(".safety a[href='/bantuan/']").click()
    expect(reader.locator("main a[href='tel:110']").first).to_be_in_viewport()
    expect(reader.locator("body")).not_to_contain_text("Klaten")
    for number in ("01", "05"):
        expect(reader.locator(f"#dekat ~ nav a[href*='53.04.{number}']")).to_be_visible()
    # The services every district should have stand there, and nothing to dial.
    places = Channel.objects.filter(district__slug="belu")
    assert [place.value for place in places] == ["", "", ""]
    for place in places:
        card = reader.locator("main .l-channels li", has_text=place.label).first
        words = card.evaluate("card => card.textContent")
        assert re.search(r"\d{3}", words) is None
        expect(card.locator("a")).to_have_count(0)
    links = reader.locator("main a[href^='tel:'], main a[href^='https://wa.me']")
    assert {link.get_attribute("href") for link in links.all()} == {"tel:110"}
