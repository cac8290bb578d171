"""A teacher without an account counts hands on a phone, and takes the counts along later."""

import json

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


def enter(page, address, teacher):
    page.goto(address("lebak", "/masuk/"))
    page.fill("input[name=login]", teacher.email)
    page.fill("input[name=password]", PASSWORD)
    page.click("main form button")
    page.wait_for_url("**/ruang/**")


def count(page, hands: int):
    """Count hands for one answer of the quiz; the question's box."""
    box = page.locator(f"[data-phase='kuis'] [data-item='{ITEM['single']}']")
    if not box.is_visible():
        page.click("[data-phase='kuis'] > summary")
    box.locator("[data-option='0']").fill(str(hands))
    return box


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

    enter(page, address, teacher)
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


def test_two_classes_are_counted_with_one_module_and_both_claimed(
    page, context, address, teacher, complaints, axe
):
    complaints(context)
    page.goto(address("lebak", "/modul/cerita/pakai/"))
    another = page.locator("[data-another]")
    page.fill("#kelas", "8A")
    expect(another).to_be_hidden()
    box = count(page, 20)
    another.click()
    expect(page.locator("#kelas")).to_be_focused()
    for field in (page.locator("#kelas"), page.locator("#orang"), box.locator("input").first):
        expect(field).to_have_value("")
    expect(page.locator("[data-said]")).to_contain_text("8A")
    expect(another).to_be_hidden()

    page.fill("#kelas", "8B")
    count(page, 11)
    page.reload()
    expect(page.locator("#kelas")).to_have_value("8B")
    expect(page.locator("[data-finished] li")).to_have_count(1)
    expect(page.locator("[data-finished] li")).to_contain_text("8A")
    assert axe(page) == []

    enter(page, address, teacher)
    for left in (1, 0):
        page.goto(address("lebak", "/ruang/kelas/klaim/"))
        forms = page.locator("[data-list] form")
        expect(forms).to_have_count(left + 1)
        expect(forms.first.locator("h2")).to_have_text(f"Cerita Kita, {'8A' if left else '8B'}")
        assert axe(page) == []
        forms.first.locator("[data-sex=P]").fill("16")
        forms.first.locator("[data-sex=L]").fill("14")
        forms.first.locator("button").click()
        expect(page.locator("#klaim [role=status] a")).to_be_visible()
        expect(forms).to_have_count(left)
    found = {row.run.group_label: row.counts["0"] for row in Tally.objects.all()}
    assert found == {"8A": 20, "8B": 11}
    assert page.evaluate("Object.keys(localStorage)") == []


def test_one_class_is_deleted_after_asking_and_the_others_stay(page, address, teacher):
    page.goto(address("lebak", "/modul/cerita/pakai/"))
    page.evaluate("localStorage['antre:modul:cerita:rusak'] = '{'")
    for name in ("8A", "8B"):
        page.fill("#kelas", name)
        count(page, 20)
        page.click("[data-another]")
    page.fill("#kelas", "8C")
    count(page, 5)

    rows = page.locator("[data-finished] li")
    asked = []
    page.once("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    rows.first.locator("button").click()
    expect(rows).to_have_count(2)
    page.once("dialog", lambda dialog: (asked.append(dialog.message), dialog.accept()))
    rows.first.locator("button").click()
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("8B")
    assert ["8A" in text for text in asked] == [True, True]
    page.once("dialog", lambda dialog: dialog.accept())
    page.click("[data-forget]")
    expect(page.locator("#kelas")).to_have_value("")
    kept = page.evaluate("Object.values(localStorage).filter((text) => text.includes('tallies'))")
    assert [json.loads(text)["label"] for text in kept] == ["8B"]
    assert page.evaluate("localStorage['antre:modul:cerita:rusak']") == "{"


@pytest.mark.parametrize("text", ["{", "{}", "3", '{"tallies": [null, 3]}'])
def test_a_damaged_class_and_a_full_device_lose_no_other(page, context, address, teacher, text):
    wrong = []
    context.on("weberror", lambda error: wrong.append(str(error.error)))
    page.goto(address("lebak", "/modul/cerita/pakai/"))
    page.evaluate("(text) => (localStorage['antre:modul:cerita'] = text)", text)
    page.evaluate("(text) => (localStorage['antre:modul:cerita:lain'] = text)", text)
    page.reload()
    page.fill("#kelas", "8A")
    box = count(page, 20)
    kept = page.evaluate("({ ...localStorage })")
    page.evaluate("() => { Storage.prototype.setItem = () => { throw new Error('penuh') } }")
    page.click("[data-another]")
    expect(page.locator("[data-full]")).to_be_visible()
    expect(page.locator("#kelas")).to_have_value("8A")
    box.locator("input").first.fill("21")
    expect(box.locator("[aria-live]")).to_have_class("l-meta l-error")
    assert page.evaluate("({ ...localStorage })") == kept
    enter(page, address, teacher)
    page.goto(address("lebak", "/ruang/kelas/klaim/"))
    expect(page.locator("[data-list] h2").first).to_have_text("Cerita Kita, 8A")
    assert wrong == []


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
