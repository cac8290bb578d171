"""Mails that did not leave, on the office's phone; a lost link asked for without JavaScript."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone
from playwright.sync_api import expect

from events.models import Reminder
from events.reminder_mail import send_due
from tests.browser.test_every_page import NARROW, WIDEST
from tests.factories.events import make_terms
from tests.factories.joining import date_of, make_open_event, register
from tests.factories.places import PASSWORD, make_district, make_user, national

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
DESK = "/ruang/surat/"


@pytest.fixture
def klaten(transactional_db):
    national()
    make_terms()
    return make_district("klaten")


@pytest.fixture
def owed(klaten):
    """A mail to somebody who registered that the server refused."""
    now = timezone.now()
    register(date_of(make_open_event(klaten, starts_at=now + timedelta(days=20), now=now)), now=now)
    rows = Reminder.objects.filter(what="terdaftar")
    rows.update(state=Reminder.State.FAILED, attempts=10)
    return rows.get()


def fits(page, axe) -> list[str]:
    faults = axe(page)
    for window in NARROW:
        page.set_viewport_size(window)
        faults += page.evaluate(WIDEST)
    page.set_viewport_size({"width": 360, "height": 640})
    return faults


def test_the_office_sends_again_what_did_not_leave(page, address, klaten, owed, axe):
    office = make_user("moderator", klaten)
    page.goto(address("klaten", DESK))
    page.locator("[name=login]").fill(office.email)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main button.l-button").click()
    expect(page.locator(f"[value=reminder-{owed.pk}]")).to_have_count(1)
    assert fits(page, axe) == []
    page.locator("button[value=again]").click()
    expect(page.locator(f"[value=reminder-{owed.pk}]")).to_have_count(0)
    mail.outbox.clear()
    later = timezone.now() + timedelta(minutes=1)
    assert (send_due(later), send_due(later)) == (1, 0)


def test_a_lost_link_is_asked_for_without_javascript(
    browser, browser_context_args, address, klaten, owed, page, axe
):
    path = address("klaten", "/kalender/pendaftaran/tautan/")
    page.goto(path)
    assert fits(page, axe) == []
    plain = browser.new_context(**browser_context_args, java_script_enabled=False).new_page()
    plain.goto(path)
    plain.locator("[name=email]").fill("ibu@contoh.invalid")
    plain.locator("main button.l-button").click()
    expect(plain.locator("#periksa")).to_be_visible()
    expect(plain.locator("[name=email]")).to_have_count(0)
    plain.context.close()
