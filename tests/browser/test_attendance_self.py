"""A guest scans the wall with a small phone that runs no script, and writes their own name."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from events.services import doors
from tests.browser import camera
from tests.factories.attending import held_now
from tests.factories.places import make_user

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@pytest.fixture
def kader(klaten):
    return make_user("kader", klaten)


@pytest.fixture
def row(klaten, kader):
    return held_now(klaten, proposer=kader)


@pytest.fixture
def phone(browser, browser_context_args, complaints):
    """360 × 640, without scripts; `phone()` is another one each time."""
    contexts = []

    def build():
        contexts.append(browser.new_context(**browser_context_args, java_script_enabled=False))
        return complaints(contexts[-1]).new_page()

    yield build
    for context in contexts:
        context.close()


def write(page, name: str, sex: str = "L") -> None:
    page.locator("#id_name").fill(name)
    page.locator(f"label:has([name=sex][value={sex}])").click()
    page.locator("label:has([name=age_group][value='25-59'])").click()
    page.locator("label[for=id_agrees]").click()
    page.locator("main button.l-large").click()


def test_the_code_on_the_wall_leads_a_guest_onto_the_list(
    phone, page, klaten, kader, row, address, sign_in, complaints
):
    doors.open_door(occurrence=row, actor=kader, now=timezone.now())
    here = f"/ruang/kalender/{row.event_id}/{row.pk}/hadir"
    sign_in(page, kader, f"{here}/layar/")
    scanned = camera.read(page, page.locator(".att-qr").get_attribute("src"))
    assert scanned.startswith(address("klaten", "/hadir/"))

    guest = phone()
    assert guest.goto(scanned).status == 200
    expect(guest.locator("main")).to_contain_text(row.event.title)
    # Half filled in: told beside the field, and nothing has to be typed twice.
    guest.locator("#id_name").fill("Budi Santoso")
    guest.locator("label:has([name=sex][value=L])").click()
    guest.locator("main button.l-large").click()
    expect(guest.locator("#id_age_group_error")).to_be_visible()
    expect(guest.locator("#id_name")).to_have_value("Budi Santoso")
    assert row.attendance.count() == 0
    complaints.said.clear()
    write(guest, "Budi Santoso")
    expect(guest.locator("[role=status]")).to_be_visible()
    # The phone may be lent on: nothing says who it was, and the code asks no second time.
    expect(guest.locator("main")).not_to_contain_text("Budi")
    guest.goto(scanned)
    expect(guest.locator("#id_name")).to_have_count(0)
    guest.locator("main a[href*='lain']").click()
    write(guest, "Ani Lestari", "P")
    expect(guest.locator("[role=status]")).to_be_visible()
    # The same words from another phone are the same person.
    other = phone()
    other.goto(scanned)
    write(other, " Budi  Santoso ")
    expect(other.locator("[role=status]")).to_be_visible()
    told = row.attendance.order_by("pk").values_list("participant__name", "way")
    assert list(told) == [("Budi Santoso", "mandiri"), ("Ani Lestari", "mandiri")]


@pytest.mark.slow
def test_a_code_that_opens_no_more_says_so(phone, klaten, kader, row, address):
    now = timezone.now()
    door = doors.open_door(occurrence=row, actor=kader, now=now)
    old = doors.current_code(door, now - timedelta(minutes=9)).scanned
    guest = phone()
    assert guest.goto(address("klaten", f"/hadir/{old}/")).status == 410
    expect(guest.locator("main")).not_to_contain_text(row.event.title)
    assert guest.goto(address("klaten", "/hadir/AAAAAA/")).status == 404
    guest.goto(address("klaten", f"/hadir/{doors.current_code(door, timezone.now()).scanned}/"))
    # Staff closes the door while the form is open: nothing is written down, and it is said.
    doors.close_door(door=door, actor=kader, now=timezone.now())
    with guest.expect_response(lambda answer: answer.request.method == "POST") as sent:
        write(guest, "Budi Santoso")
    assert (sent.value.status, row.attendance.count()) == (410, 0)
    expect(guest.locator("main h1")).to_be_visible()
