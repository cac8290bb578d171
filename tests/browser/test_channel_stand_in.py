"""Who keeps the numbers alone appoints a stand-in for some days; after them they decide nothing."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from districts.hours import local_date
from districts.models import Channel, StandIn
from districts.services.channels import propose_change
from tests.browser.fitting import FITS
from tests.factories.channels import make_channel
from tests.factories.places import make_user

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

DESK = "/ruang/saluran/"
OLD, NEW, LATER = "tel:+622719990011", "tel:+622715550199", "tel:+622715550200"


def propose(office, actor, value: str) -> None:
    channel = Channel.objects.get(value__in=[OLD.removeprefix("tel:"), NEW.removeprefix("tel:")])
    propose_change(district=office, actor=actor, channel=channel, fields={"value": value})


def test_a_stand_in_decides_on_the_days_they_were_given(klaten, open_page, sign_in, address):
    make_channel(klaten, label="UPTD PPA", value="+622719990011", display="0271 9990011")
    admin = make_user("admin", klaten)
    teacher = make_user("guru", klaten, name="Siti Aminah")
    today = local_date(timezone.now(), klaten.timezone)
    propose(klaten, admin, "0271 555 0199")
    # A phone without scripts, as all of them here.
    phone = open_page(java_script_enabled=False)
    sign_in(phone, teacher, DESK)
    approve = phone.locator("button[value=approve]")
    # Of a teacher nobody asks anything before that.
    expect(phone.locator("main [role=alert]")).to_be_visible()
    expect(phone.locator("main .l-card")).to_have_count(0)

    office = open_page(java_script_enabled=False)
    sign_in(office, admin, "/ruang/tim/")
    office.locator("main a[href='/ruang/tim/pengganti/']").click()
    office.locator("[name=q]").fill("siti")
    office.locator("main form[role=search] button").click()
    office.locator("main .l-card a", has_text="Siti Aminah").click()
    ends = office.locator("[name=ends_on]")
    for days, faults in ((-1, 1), (1, 0)):
        ends.fill(str(today + timedelta(days=days)))
        assert office.evaluate(FITS)
        office.locator("main form button.l-button").click()
        expect(office.locator("#id_ends_on_error")).to_have_count(faults)
        if faults:
            expect(ends).to_have_value(str(today - timedelta(days=1)))
    expect(office).to_have_url(address("klaten", "/ruang/tim/pengganti/"))
    expect(office.locator("main .l-card")).to_contain_text("Siti Aminah")

    phone.goto(address("klaten", "/ruang/"))
    phone.locator(f"main a[href='{DESK}']").click()
    assert phone.evaluate(FITS)
    approve.click()
    expect(phone.locator("main .l-card")).to_have_count(0)
    reader = open_page(java_script_enabled=False)
    reader.goto(address("klaten", "/bantuan/"))
    expect(reader.locator(f"a[href='{NEW}']").first).to_be_attached()
    expect(reader.locator(f"a[href='{OLD}']")).to_have_count(0)

    # Their days end while the next one stands on the screen.
    propose(klaten, admin, "0271 555 0200")
    phone.reload()
    expect(approve).to_have_count(1)
    before = {"starts_on": today - timedelta(days=2), "ends_on": today - timedelta(days=1)}
    StandIn.objects.update(**before)
    approve.click()
    expect(phone.locator("main [role=alert]")).to_be_visible()
    expect(approve).to_have_count(0)
    office.reload()
    expect(office.locator("main .l-card")).to_have_count(0)
    reader.reload()
    expect(reader.locator(f"a[href='{NEW}']").first).to_be_attached()
    expect(reader.locator(f"a[href='{LATER}']")).to_have_count(0)
