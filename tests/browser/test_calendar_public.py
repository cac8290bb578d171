"""The public calendar in Chromium: found, filtered, read aloud, printed, without JavaScript."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from districts.models import Region
from events.models import CalendarDay
from events.recurrence import WEEKDAYS
from events.services import moving
from tests.browser.test_every_page import HEADINGS, NARROW, WIDEST, faults_of_headings, too_heavy
from tests.factories.events import make_event, make_terms
from tests.factories.people import make_member

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
PHONE = {"width": 360, "height": 640}


@pytest.fixture
def session(office):
    """A weekly series with one date cancelled and one moved, among many single sessions."""
    make_terms()
    now = timezone.now()
    first = (now + timedelta(days=7)).replace(hour=2, minute=0, second=0, microsecond=0)
    event = make_event(
        office.klaten,
        now=now,
        starts_at=first,
        rrule=f"FREQ=WEEKLY;COUNT=4;BYDAY={WEEKDAYS[first.weekday()]}",
        takes_registrations=True,
        latitude="-7.70512",
        longitude="110.60001",
    )
    admin = make_member("admin", office.klaten)
    one, two, *_rest = event.occurrences.all()
    moving.cancel_date(occurrence=one, actor=admin, version=event.version, note="Banjir", now=now)
    moving.move_date(
        occurrence=two,
        actor=admin,
        version=event.version + 1,
        start=two.start + timedelta(days=1),
        minutes=60,
        now=now,
    )
    rakor = {"kind": "rakor", "title": "Rapat koordinasi gugus tugas Kabupaten Layak Anak"}
    region = Region.objects.get(code="33.10.05")
    for number in range(34):
        make_event(
            office.klaten,
            now=now,
            starts_at=first + timedelta(hours=number),
            region=region,
            **rakor,
        )
    return event


def test_a_visitor_finds_a_session_and_what_became_of_it(browser, session, address, complaints):
    context = complaints(
        browser.new_context(viewport=PHONE, locale="id-ID", java_script_enabled=False)
    )
    page = context.new_page()
    page.goto(address("klaten", "/kalender/"))
    page.get_by_text("Cari kegiatan tertentu").or_(
        page.get_by_text("Look for certain sessions")
    ).click()
    page.locator("#saring-jenis").select_option("sosialisasi")
    page.locator(".c-filter button").click()
    titles = page.locator(".c-title a")
    expect(titles).to_have_count(4)
    expect(page.locator("li.c-off .c-said")).to_contain_text("Banjir")
    titles.nth(0).click()
    expect(page.locator(".c-told")).to_contain_text("Banjir")
    expect(page.locator("a[href$='/daftar/']")).to_have_count(0)
    page.locator(f"main a[href='/kalender/{session.slug}/']").last.click()
    expect(page.locator("a[href$='/daftar/']")).to_have_count(3)
    expect(page.locator("a[href^='webcal:']")).to_be_visible()
    context.close()


def test_the_month_is_a_table_for_a_screen_reader(page, session, address):
    day = session.starts_at
    page.goto(address("klaten", f"/kalender/{day:%Y/%m}/"))
    table = page.get_by_role("table")
    expect(table).to_have_count(1)
    expect(table.get_by_role("columnheader")).to_have_count(7)
    name = page.locator("table caption").inner_text()
    expect(page.get_by_role("table", name=name)).to_be_visible()
    link = table.locator(f"a[href$='/{day:%Y/%m/%d}/']")
    assert link.inner_text().split()[0] == str(day.day)
    link.click()
    expect(page.locator(".c-list li").first).to_be_visible()


@pytest.mark.slow
def test_every_view_is_readable_by_anybody(browser, session, address, complaints, axe):
    context = complaints(
        browser.new_context(viewport=PHONE, locale="id-ID", reduced_motion="reduce")
    )
    page, answers, faults = context.new_page(), [], []
    page.on("response", lambda answer: answers.append(answer))
    cache = context.new_cdp_session(page)
    day = session.starts_at
    for path in (
        *("/kalender/", "/kalender/?jenis=rakor", "/kalender/?jenis=zz", "/en/kalender/"),
        *(f"/kalender/{day:%Y/%m}/", f"/kalender/{day:%Y/%m/%d}/", "/kalender/2019/01/"),
        *(f"/kalender/{session.slug}/", f"/kalender/{session.slug}/{day:%Y-%m-%d}/"),
    ):
        cache.send("Network.clearBrowserCache")
        answers.clear()
        page.set_viewport_size(PHONE)
        page.goto(address("klaten", path))
        faults += too_heavy(page, answers)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            faults += axe(page)
        faults += [f"{path}: {fault}" for fault in faults_of_headings(page.evaluate(HEADINGS))]
        for window in (PHONE, {"width": 1280, "height": 800}, *NARROW):
            page.set_viewport_size(window)
            faults += [f"{path} {window}: {wide}" for wide in page.evaluate(WIDEST)]
    assert faults == []
    context.close()


@pytest.mark.slow
def test_a_month_is_printed_as_table_and_list(page, session, address):
    page.goto(address("klaten", f"/kalender/{session.starts_at:%Y/%m}/"))
    page.emulate_media(media="print")
    expect(page.locator("table.c-month")).to_be_visible()
    expect(page.locator(".c-list").first).to_be_visible()
    for hidden in (".c-filter", ".c-subscribe", ".c-turn"):
        expect(page.locator(hidden).first).to_be_hidden()


BUSY = """() => [...document.querySelectorAll(".c-month td a")].map((link) => ({
    number: link.dataset.number,
    shown: getComputedStyle(link, "::after").content,
    width: link.getBoundingClientRect().width,
    height: link.getBoundingClientRect().height,
    spills: link.scrollWidth > link.clientWidth + 1,
}))"""


def test_a_busy_month_fits_a_narrow_phone_and_says_how_many(page, office, address):
    """Every day of a month is full, one of them with more than a hundred sessions."""
    make_terms()
    now = timezone.now()
    first = (now + timedelta(days=40)).replace(day=1, hour=2, minute=0, second=0, microsecond=0)
    make_event(office.klaten, now=now, starts_at=first, rrule="FREQ=DAILY;COUNT=31")
    day = (first + timedelta(days=14)).date()
    CalendarDay.objects.filter(district=office.klaten, day=day).update(number=128)
    for window in (PHONE, {"width": 320, "height": 568}):
        page.set_viewport_size(window)
        page.goto(address("klaten", f"/kalender/{first:%Y/%m}/"))
        cells = page.evaluate(BUSY)
        assert len(cells) >= 28
        assert [cell for cell in cells if cell["spills"] or cell["height"] < 48] == []
        assert min(cell["width"] for cell in cells) >= 24
        assert '"128"' in next(cell["shown"] for cell in cells if cell["number"] == "128")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    # In a wide window the words stand in the cell, and no bare number beside them.
    page.set_viewport_size({"width": 1280, "height": 800})
    assert {cell["shown"] for cell in page.evaluate(BUSY)} == {"none"}
