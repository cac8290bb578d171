"""A changed number waits for the second person, and then stands on every page."""

import pytest
from playwright.sync_api import expect

from districts.models import Channel
from tests.factories.channels import make_channel, make_emergency
from tests.factories.places import PASSWORD, make_district, make_user, national

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

OLD, NEW = "tel:+622719990011", "tel:+622715550199"


@pytest.fixture
def lebak():
    make_emergency(national())
    office = make_district("lebak")
    make_channel(
        office,
        label="UPTD PPA Lebak",
        value="+622719990011",
        display="0271 9990011",
        source="Surat",
    )
    return office


@pytest.fixture
def admin_page(browser, browser_context_args, address):
    """`admin_page(user)`: a desktop browser in which this person is signed in."""
    contexts = []

    def open_for(user):
        size = {"viewport": {"width": 1200, "height": 800}}
        context = browser.new_context(**browser_context_args | size)
        contexts.append(context)
        page = context.new_page()
        page.goto(address("lebak", "/admin/saluran/"))
        page.locator("[name=login]").fill(user.email)
        page.locator("[name=password]").fill(PASSWORD)
        page.locator("main button.l-button").click()
        page.wait_for_url(address("lebak", "/admin/saluran/"))
        return page

    yield open_for
    for context in contexts:
        context.close()


def test_a_changed_number_waits_for_the_second_person(lebak, admin_page, page, address):
    editor = make_user("editor", lebak, email="editor.lebak@contoh.id")
    moderator = make_user("moderator", lebak, email="moderator.lebak@contoh.id")
    channel = Channel.objects.get(label="UPTD PPA Lebak")

    mine = admin_page(editor)
    mine.locator("a", has_text="UPTD PPA Lebak").click()
    mine.locator(f"a[href='/admin/saluran/{channel.pk}/ubah/']").click()
    mine.locator("[name=value]").fill("nol dua tujuh")
    mine.locator("form[method=post] button.button", has_text="Ajukan").click()
    expect(mine.locator("[name=value]")).to_have_value("nol dua tujuh")
    expect(mine.locator(".error-message").first).to_be_visible()
    mine.locator("[name=value]").fill("0271 555 0199")
    mine.locator("form[method=post] button.button", has_text="Ajukan").click()
    mine.wait_for_url("**/admin/saluran/menunggu/*/")
    expect(mine.locator("button[value=approve]")).to_have_count(0)

    page.goto(address("lebak", "/bantuan/"))
    expect(page.locator(f"a[href='{OLD}']").first).to_be_attached()
    expect(page.locator(f"a[href='{NEW}']")).to_have_count(0)

    theirs = admin_page(moderator)
    theirs.goto(address("lebak", "/admin/"))
    theirs.locator("a[href='/admin/saluran/menunggu/']").first.click()
    theirs.locator("table a", has_text="UPTD PPA Lebak").click()
    expect(theirs.locator("main")).to_contain_text("+622719990011")
    expect(theirs.locator("main")).to_contain_text("+622715550199")
    theirs.locator("button[value=approve]").click()
    theirs.wait_for_url(f"**/admin/saluran/{channel.pk}/")

    page.goto(address("lebak", "/bantuan/"))
    expect(page.locator(f"a[href='{NEW}']").first).to_be_attached()
    expect(page.locator(f"a[href='{OLD}']")).to_have_count(0)


def test_one_person_hides_a_wrong_number_at_once(lebak, admin_page, page, address):
    editor = make_user("editor", lebak, email="editor.lebak@contoh.id")
    channel = Channel.objects.get(label="UPTD PPA Lebak")
    mine = admin_page(editor)
    mine.goto(address("lebak", f"/admin/saluran/{channel.pk}/"))
    mine.locator("main a.button.no").click()
    for reason in ("", "Nomor milik orang lain"):
        mine.locator("[name=reason]").fill(reason)
        mine.locator("form[method=post] button.no").click()
        expect(mine.locator(".error-message")).to_have_count(0 if reason else 1)
        channel.refresh_from_db()
        assert channel.hidden_reason == reason
    mine.wait_for_url(f"**/admin/saluran/{channel.pk}/")
    expect(mine.locator("main table").last).to_contain_text("Nomor milik orang lain")
    page.goto(address("lebak", "/bantuan/"))
    expect(page.locator(f"a[href='{OLD}']")).to_have_count(0)
    expect(page.locator("a[href='tel:110']").first).to_be_attached()

    # Back it comes with two persons alone.
    mine.locator(f"form[action$='/{channel.pk}/tampilkan/'] button").click()
    mine.wait_for_url("**/admin/saluran/menunggu/*/")
    expect(mine.locator("button[value=approve]")).to_have_count(0)
    page.reload()
    expect(page.locator(f"a[href='{OLD}']")).to_have_count(0)


def test_who_is_alone_is_told_what_to_do(lebak, admin_page, address):
    admin = make_user("admin", lebak, email="admin.lebak@contoh.id")
    mine = admin_page(admin)
    desk = mine.locator(".help-warning a[href='/ruang/tim/pengganti/']")
    channel = Channel.objects.get(label="UPTD PPA Lebak")
    for path in ("/admin/", f"/admin/saluran/{channel.pk}/ubah/"):
        mine.goto(address("lebak", path))
        expect(desk).to_be_visible()
        expect(mine.locator(".help-warning li")).to_have_count(3)
    mine.goto(address("lebak", "/admin/"))
    desk.click()
    expect(mine).to_have_url(address("lebak", "/ruang/tim/pengganti/"))

    make_user("moderator", lebak)
    mine.goto(address("lebak", "/admin/"))
    expect(mine.locator("#attention-section")).to_be_visible()
    expect(desk).to_have_count(0)
