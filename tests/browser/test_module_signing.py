"""A district writes down what its specialist signed; its readers see it, and others do not."""

import pytest
from playwright.sync_api import expect

from districts.services.aliases import sync_aliases
from modules.models import ModulePage, SignOff
from safeguards import generation
from tests.factories.modules import make_module
from tests.factories.places import PASSWORD, make_district, make_user

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
LIST = "/admin/modul/ahli/"


@pytest.fixture
def lebak(live_server, transactional_db):
    make_module(title="Modul uji", slug="modul-uji", version="2.3")
    office = make_district("lebak")
    sync_aliases(office)
    generation.bump("modules for a browser")
    return office


def test_a_specialists_signature_is_looked_over_and_recorded(
    browser, browser_context_args, address, lebak, page
):
    moderator = make_user("moderator", lebak)
    alias = ModulePage.objects.get(alias_of__isnull=False)
    size = {"viewport": {"width": 1200, "height": 900}}
    context = browser.new_context(**browser_context_args | size)
    mine = context.new_page()
    mine.goto(address("lebak", LIST))
    mine.locator("[name=login]").fill(moderator.email)
    mine.locator("[name=password]").fill(PASSWORD)
    mine.locator("main button.l-button").click()
    mine.wait_for_url(address("lebak", LIST))
    mine.locator(f"a[href='/admin/modul/{alias.pk}/ahli/']", has_text="Modul uji").click()

    mine.locator("[name=verdict][value=setuju]").check()
    mine.locator("[name=signed_name]").fill("Psikolog Ayu")
    mine.locator("form[method=post]:has([name=verdict]) button.button").first.click()
    # Something is missing: nothing is lost.
    expect(mine.locator("[name=signed_name]")).to_have_value("Psikolog Ayu")
    expect(mine.locator(".error-message").first).to_be_visible()
    mine.locator("[name=signed_office]").fill("UPTD PPA Lebak")
    mine.locator("form[method=post]:has([name=verdict]) button.button").first.click()
    expect(mine.locator("#tanya")).to_be_visible()
    assert SignOff.objects.count() == 0
    mine.locator("button[name=catat]").click()
    expect(mine.locator("table.listing")).to_contain_text("Psikolog Ayu, UPTD PPA Lebak")

    page.goto(address("lebak", "/modul/modul-uji/"))
    expect(page.locator(".l-about")).to_contain_text("Psikolog Ayu, UPTD PPA Lebak")
    page.goto(address("", "/modul/modul-uji/"))
    expect(page.locator(".l-about")).not_to_contain_text("Psikolog Ayu")
    context.close()
