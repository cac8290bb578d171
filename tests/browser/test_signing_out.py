"""Signing out at a shared computer: what waits is told and stays, what this site kept goes."""

import pytest
from playwright.sync_api import expect

from tests.factories.places import PASSWORD, make_district, make_user

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
KEPT = "Object.keys(localStorage).sort()"


@pytest.fixture
def teacher(live_server, transactional_db):
    return make_user("guru", make_district("lebak"))


def at_the_way_out(page, address, user, **stored):
    """Signed in, with this in the device's store, before the button."""
    page.goto(address("lebak", "/masuk/"))
    page.fill("input[name=login]", user.email)
    page.fill("input[name=password]", PASSWORD)
    page.click("main form button")
    page.wait_for_url("**/ruang/**")
    for name, text in stored.items():
        page.evaluate("([name, text]) => localStorage.setItem(name, text)", [name, text])
    page.goto(address("lebak", "/masuk/selesai/"))


def test_what_waits_is_told_and_kept_and_the_rest_goes(page, address, teacher, complaints, axe):
    complaints(page.context)
    waits = {"antre:hadir-7": "[1]", "antre:modul:cerita": "{}"}
    at_the_way_out(page, address, teacher, **waits, **{"jejak:modul:cerita": '["a"]'})

    notice = page.locator("main [data-waiting]")
    expect(notice).to_be_visible()
    expect(notice).to_contain_text("2 ")
    assert axe(page) == []
    page.evaluate("localStorage.removeItem('antre:hadir-7')")
    page.evaluate("sessionStorage['antre:kelas:AAAAAA'] = sessionStorage.lain = '[]'")
    page.reload()
    expect(notice).to_contain_text("1 ")

    page.click("main form button")
    page.wait_for_url(address("lebak", "/"))
    assert page.evaluate(KEPT) == ["antre:modul:cerita"]
    # Answers of this tab that wait stay too.
    assert page.evaluate("Object.keys(sessionStorage)") == ["antre:kelas:AAAAAA"]

    # Nothing waits any more: no word of it, and all that this site kept goes.
    page.evaluate("localStorage.clear()")
    at_the_way_out(page, address, teacher, **{"jejak:modul:cerita": '["a"]', "lain": "x"})
    expect(page.locator("main form button")).to_be_visible()
    expect(notice).to_be_hidden()
    page.click("main form button")
    page.wait_for_url(address("lebak", "/"))
    assert page.evaluate(KEPT) == []
