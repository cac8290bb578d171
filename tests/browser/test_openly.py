"""A teacher without an account counts hands on a phone, and takes the counts along later."""

import pytest
from playwright.sync_api import expect

from modules.models import ClassRun, Tally
from tests.factories.modules import ITEM, make_module
from tests.factories.places import PASSWORD, make_district, make_user

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@pytest.fixture
def teacher(live_server, transactional_db):
    lebak = make_district("lebak")
    make_module(lebak, slug="cerita", title="Cerita Kita")
    return make_user("guru", lebak)


def test_counts_stay_on_the_phone_until_they_are_claimed(
    page, context, address, teacher, complaints, axe
):
    complaints(context)
    sent = []
    page.goto(address("lebak", "/modul/cerita/pakai/"))
    assert axe(page) == []
    page.on("request", lambda request: sent.append(request.url))
    page.fill("#orang", "30")
    page.click("[data-phase='kuis'] > summary")
    box = page.locator(f"[data-phase='kuis'] [data-item='{ITEM['single']}']")
    box.locator("[data-option='0']").fill("20")
    box.locator("[data-option='1']").fill("12")
    expect(box.locator("[aria-live]")).to_have_class("l-meta l-error")
    box.locator("[data-option='1']").fill("7")
    expect(box.locator("[aria-live]")).to_contain_text("27 / 30")
    assert sent == []

    page.reload()
    expect(page.locator("#orang")).to_have_value("30")
    expect(box.locator("[data-option='1']")).to_have_value("7")

    page.goto(address("lebak", "/masuk/"))
    page.fill("input[name=login]", teacher.email)
    page.fill("input[name=password]", PASSWORD)
    page.click("main form button")
    page.goto(address("lebak", "/ruang/kelas/"))
    page.locator("[data-counted] a").click()
    form = page.locator("[data-list] form")
    expect(form.locator(".l-meta")).to_contain_text(" 30 ")
    form.locator("[data-sex=P]").fill("16")
    form.locator("[data-sex=L]").fill("14")
    form.locator("button").click()
    expect(page.locator("#klaim [role=status] a")).to_be_visible()

    run = ClassRun.objects.get()
    assert run.facilitator == teacher
    assert {row.item: row.counts for row in Tally.objects.all()} == {
        ITEM["single"]: {"0": 20, "1": 7, "2": 0}
    }
    assert page.evaluate("Object.keys(localStorage)") == []
    expect(page.locator("[data-none]")).to_be_visible()
    page.goto(address("lebak", "/ruang/kelas/"))
    expect(page.locator("[data-counted]")).to_be_hidden()


@pytest.mark.slow
def test_the_screen_turns_by_keys_and_without_a_script(page, address, teacher, browser):
    page.goto(address("lebak", "/modul/cerita/layar/"))
    page.keyboard.press("ArrowRight")
    page.wait_for_url("**/layar/1/")
    page.keyboard.press("ArrowLeft")
    page.wait_for_url("**/layar/")
    plain = browser.new_context(java_script_enabled=False)
    slow = plain.new_page()
    slow.goto(address("lebak", "/modul/cerita/layar/"))
    slow.click("a[rel=next]")
    assert slow.url.endswith("/layar/1/")
    plain.close()
