"""A teacher asks for a session on a phone without JavaScript; a moderator answers; she reads it."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from campaigns.models import SessionRequest
from tests.browser.fitting import FITS
from tests.factories.places import PASSWORD, make_district, make_user, national
from tests.factories.requests import make_terms

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
# The other two pairs are tried in the long form.
SIZES = [
    (320, "light"),
    (1280, "dark"),
    pytest.param(320, "dark", marks=pytest.mark.slow),
    pytest.param(1280, "light", marks=pytest.mark.slow),
]


@pytest.fixture
def lebak(transactional_db, monkeypatch):
    monkeypatch.setattr("safeguards.tickets.AT_LEAST", timedelta(0))
    national()
    make_terms()
    return make_district("lebak")


@pytest.fixture
def phone(browser, browser_context_args, complaints):
    """A page on a phone that runs no script."""
    context = browser.new_context(**browser_context_args, java_script_enabled=False)
    yield complaints(context).new_page()
    context.close()


def sign_in(page, address, user, path):
    page.goto(address("lebak", path))
    page.locator("[name=login]").fill(user.email)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main button.l-button").click()
    expect(page).to_have_url(address("lebak", path))


def fill(page, lebak):
    page.locator("[name=asker_kind]").select_option("sekolah")
    page.locator("[name=asker]").fill("SMP Contoh Melati")
    page.locator("[name=asker_role]").fill("Guru BK")
    page.get_by_label("WhatsApp", exact=True).check()
    page.locator("[name=region]").select_option(f"{lebak.region_id}.01.2001")
    page.locator("[name=audience_codes]").first.check()
    page.locator("[name=people]").fill("96")
    day = (timezone.now() + timedelta(days=20)).date().isoformat()
    page.locator("[name=date_1]").fill(day)
    page.locator("[name=note]").fill("Sesudah upacara")


def test_a_teacher_asks_and_follows_a_moderator_answers(
    phone, page, complaints, address, lebak, axe
):
    phone.goto(address("lebak"))
    phone.locator("main a[href='/minta/']").first.click()
    expect(phone).to_have_url(address("lebak", "/minta/"))
    fill(phone, lebak)
    # The number is forgotten at first: the fault stands beside it, the rest stays.
    phone.locator("main form button.l-large").click()
    expect(phone.locator("#id_contact_phone_error")).to_be_visible()
    expect(phone.locator("#periksa")).to_be_visible()
    expect(phone.locator("[name=asker]")).to_have_value("SMP Contoh Melati")
    expect(phone.locator("[name=note]")).to_have_value("Sesudah upacara")
    # What a browser says of an answer 422 is no complaint.
    complaints.said.clear()
    phone.locator("[name=contact_phone]").fill("08" + "1" * 9)
    phone.locator("main form button.l-large").click()
    expect(phone).to_have_url(re.compile(r"/minta/[\w-]{32}/(#periksa)?$"))
    status = phone.url.split("#")[0]
    request = SessionRequest.objects.get()
    expect(phone.locator("h1")).to_have_text(request.number)
    expect(phone.locator("#tautan")).to_have_value(status)

    complaints(page.context)
    moderator = make_user("moderator", lebak)
    sign_in(page, address, moderator, "/ruang/")
    page.locator("main a[href='/ruang/permintaan/']").last.click()
    assert axe(page) == []
    assert page.evaluate(FITS)
    page.get_by_role("link", name=re.compile(request.number)).click()
    expect(page.locator("main")).to_contain_text(request.contact_phone)
    assert axe(page) == []
    assert page.evaluate(FITS)
    page.locator("[name=act][value=ditanya]").check()
    page.locator("[name=message]").fill("Apakah ada proyektor?")
    page.locator("main form button.l-large").click()
    expect(page.locator("main [role=status]")).to_be_visible()

    phone.goto(status)
    expect(phone.locator("main")).to_contain_text("Apakah ada proyektor?")
    phone.locator("[name=message]").fill("Ada satu.")
    phone.locator("main form button.l-large").click()
    expect(phone.locator("[name=message]")).to_have_count(0)

    page.reload()
    expect(page.locator("main")).to_contain_text("Ada satu.")
    page.locator("[name=act][value=diterima]").check()
    page.locator("[name=agreed_time]").fill("09:00")
    page.locator("main form button.l-large").click()
    expect(page.locator(".l-agreed")).to_contain_text("09.00 WIB")

    phone.reload()
    expect(phone.locator(".l-agreed")).to_contain_text("09.00 WIB")
    phone.locator("a[href$='/tarik/']").click()
    phone.locator("main button.l-danger").click()
    expect(phone).to_have_url(re.compile(r"/minta/[\w-]{32}/$"))
    request.refresh_from_db()
    assert request.state == "ditarik"


@pytest.mark.slow
@pytest.mark.parametrize(("width", "scheme"), SIZES)
def test_each_screen_is_accessible_and_fits(
    browser, browser_context_args, complaints, address, lebak, axe, scheme, width
):
    context = browser.new_context(
        **browser_context_args
        | {"viewport": {"width": width, "height": 800}, "color_scheme": scheme}
    )
    try:
        page = complaints(context).new_page()
        page.goto(address("lebak", "/minta/"))
        assert axe(page) == []
        assert page.evaluate(FITS)
        fill(page, lebak)
        page.locator("[name=people]").fill("banyak")
        with page.expect_response(lambda answer: answer.request.method == "POST") as sent:
            page.locator("main form button.l-large").click()
        assert sent.value.status == 422
        complaints.said.clear()
        expect(page.locator("#periksa")).to_be_focused()
        assert axe(page) == []
        assert page.evaluate(FITS)
        page.locator("[name=people]").fill("90")
        page.locator("[name=contact_phone]").fill("08" + "1" * 9)
        page.locator("main form button.l-large").click()
        expect(page.locator("#tautan")).to_be_visible()
        for path in ("", "tarik/"):
            page.goto(page.url.split("#")[0] + path)
            assert axe(page) == []
            assert page.evaluate(FITS)
        for host, path in (("lebak", "/minta/tautan/"), ("", "/minta/")):
            page.goto(address(host, path))
            assert axe(page) == []
            assert page.evaluate(FITS)
    finally:
        context.close()
