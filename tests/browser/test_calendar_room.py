"""A cadre plans a session on her phone, another person approves it, and its dates change."""

import re
import time
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from districts.models import Organisation, Region
from events.models import Event, EventState
from events.services import planning
from tests.browser.fitting import FITS
from tests.browser.subscriber import Subscriber
from tests.factories.events import make_event, make_terms
from tests.factories.places import PASSWORD, make_district, make_user, national

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
SIZES = [
    (360, "light"),
    (1280, "dark"),
    pytest.param(360, "dark", marks=pytest.mark.slow),
    pytest.param(1280, "light", marks=pytest.mark.slow),
]
MOST_TAPS, MOST_SECONDS = 40, 90
THURSDAY = datetime(2027, 1, 14, 2, 0, tzinfo=UTC)
ROOM = "/ruang/kalender/"
# The form's own anchor stays in the address bar.
SAVED = re.compile(r"/ruang/kalender/\d+/(#periksa)?$")


class Thumb:
    """Counts what a thumb does: a tap and half, a letter and a third of a second each."""

    PER_TAP, PER_LETTER = 1.5, 0.35

    def __init__(self, page):
        self.page, self.taps, self.letters = page, 0, 0
        self.began = time.monotonic()

    def tap(self, locator):
        self.taps += 1
        locator.click()

    def choose(self, name, value):
        """Open the list, and tap a line of it."""
        self.taps += 2
        self.page.locator(f"[name={name}]").select_option(value)

    def pick(self, name, value):
        """Open the picker of a day or an hour, go on, choose, and close it."""
        self.taps += 4
        self.page.locator(f"[name={name}]").fill(value)

    def type(self, name, words):
        self.taps += 1
        self.letters += len(words)
        self.page.locator(f"[name={name}]").fill(words)

    @property
    def seconds(self):
        """Waiting for pages, as it was, and hands, as they are."""
        waited = time.monotonic() - self.began
        return waited + self.taps * self.PER_TAP + self.letters * self.PER_LETTER


@pytest.fixture
def klaten(transactional_db):
    national()
    make_terms()
    district = make_district("klaten")
    group = Organisation.objects.create(
        district=district,
        name="Dasawisma Melati",
        kind="pkk",
        pkk_level="dasawisma",
        region=Region.objects.get(pk=f"{district.region_id}.01.2001"),
    )
    return SimpleNamespace(
        district=district,
        kader=make_user("kader", district, organisation=group),
        office=make_user("moderator", district),
        admin=make_user("admin", district),
    )


@pytest.fixture
def open_page(browser, browser_context_args, complaints):
    """A page of a device of its own; `open_page(width, **context)`."""
    contexts = []

    def build(width=360, height=640, **more):
        args = browser_context_args | {"viewport": {"width": width, "height": height}} | more
        contexts.append(browser.new_context(**args))
        return complaints(contexts[-1]).new_page()

    yield build
    for context in contexts:
        context.close()


def sign_in(page, address, user, path):
    page.goto(address("klaten", path))
    page.locator("[name=login]").fill(user.email)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main button.l-button").click()
    expect(page).to_have_url(address("klaten", path))


def save(page):
    return page.locator(".plan-send button")


def test_a_cadre_plans_her_monthly_meeting_on_a_phone(open_page, address, klaten):
    page = open_page(java_script_enabled=False)
    sign_in(page, address, klaten.kader, "/ruang/")
    thumb = Thumb(page)
    thumb.tap(page.locator("a[href='/ruang/kalender/usul/']"))
    thumb.choose("kind", "pertemuan-pkk")
    thumb.pick("day", "2027-01-14")
    thumb.pick("hour", "15:30")
    thumb.type("venue", "Balai RW 03")
    thumb.choose("repeat", "hari")
    thumb.tap(save(page))
    expect(page).to_have_url(SAVED)
    assert thumb.taps <= MOST_TAPS
    assert thumb.seconds <= MOST_SECONDS
    event = Event.objects.get()
    assert (event.state, event.occurrences.count()) == (EventState.APPROVED, 12)
    assert event.title == "Pertemuan PKK/arisan Dasawisma Melati"
    assert event.region_id == f"{klaten.district.region_id}.01.2001"
    expect(page.locator("h1")).to_have_text(event.title)
    expect(page.locator(".plan-when").first).to_contain_text("15.30")
    # The next time it is two taps.
    page.goto(address("klaten", ROOM))
    thumb = Thumb(page)
    thumb.tap(page.locator("a[href$='?salin=terakhir']"))
    expect(page.locator("[name=day]")).to_have_value("2028-01-13")
    thumb.tap(save(page))
    expect(page).to_have_url(SAVED)
    assert (thumb.taps, Event.objects.count()) == (2, 2)
    assert thumb.seconds <= MOST_SECONDS


def test_from_a_proposal_to_a_changed_series(open_page, address, klaten, complaints):
    kader, office = open_page(), open_page(1280, 800)
    sign_in(kader, address, klaten.kader, f"{ROOM}usul/")
    kader.locator("[name=kind]").select_option("sosialisasi")
    kader.locator("[name=title]").fill("Mengasuh tanpa bentakan")
    kader.locator("[name=day]").fill("2027-01-14")
    kader.locator("[name=hour]").fill("09:00")
    kader.locator("[name=repeat]").select_option("mingguan")
    kader.locator("[name=times]").fill("4")
    save(kader).click()
    expect(kader).to_have_url(SAVED)
    event = Event.objects.get()
    one = address("klaten", f"{ROOM}{event.pk}/")

    # Another person approves it, from the door's badge.
    sign_in(office, address, klaten.office, "/ruang/")
    office.locator("a[href='/ruang/kalender/usulan/']").click()
    office.locator("[name=pilih]").check()
    office.locator("main form button.l-button").click()
    expect(office.locator("main")).to_contain_text("Mengasuh tanpa bentakan")
    event.refresh_from_db()
    assert (event.state, event.approved_by) == (EventState.PUBLISHED, klaten.office)

    # One date moves, another is cancelled.
    kader.goto(one)
    dates = kader.locator(".plan-dates > li")
    dates.nth(1).locator(".plan-acts").last.locator("a").first.click()
    kader.locator("[name=day]").fill("2027-01-22")
    kader.locator("[name=note]").fill("Balai dipakai")
    kader.locator("main form.form button").click()
    expect(dates.nth(1)).to_contain_text("22")
    expect(dates.nth(1)).to_contain_text("Balai dipakai")
    dates.nth(2).locator("a[href$='/batal/']").click()
    kader.locator("[name=note]").fill("Banjir")
    kader.locator("main form.form button.l-danger").click()
    expect(dates.nth(2)).to_contain_text("Banjir")

    # She subscribes to her own calendar, a neighbour to that of the district.
    kader.goto(address("klaten", f"{ROOM}langganan/"))
    kader.locator("main form button[value=buat]").click()
    phone = Subscriber(kader.locator("a[href^='webcal:']").get_attribute("href"), address())
    visitor = open_page(java_script_enabled=False)
    visitor.goto(address("klaten", "/kalender/"))
    webcal = visitor.locator(".c-subscribe a[href^='webcal:']").get_attribute("href")
    neighbour = Subscriber(webcal, address())
    for subscriber in (phone, neighbour):
        assert [subscriber.refresh(), subscriber.refresh()] == [200, 304]
        assert [(f"{one.start:%m-%d %H}", one.status) for one in subscriber.dates] == [
            *(("01-14 02", "CONFIRMED"), ("01-22 02", "CONFIRMED")),
            *(("01-28 02", "CANCELLED"), ("02-04 02", "CONFIRMED")),
        ]

    # The last one, and whatever follows it, is in the afternoon.
    kader.goto(one)
    dates.nth(3).locator(".plan-acts").last.locator("a").first.click()
    kader.locator("a[href*='?sejak=']").click()
    kader.locator("[name=hour]").fill("14:00")
    save(kader).click()
    expect(kader.locator(".plan-when").first).to_contain_text("14.00")
    assert Event.objects.count() == 2
    # What follows is read by the office again: tentative in hers, not in the district's.
    assert [phone.refresh(), neighbour.refresh()] == [200, 200]
    standing = ["01-14 02 CONFIRMED", "01-22 02 CONFIRMED", "01-28 02 CANCELLED"]
    shown = [
        [f"{one.start:%m-%d %H} {one.status}" for one in subscriber.dates]
        for subscriber in (phone, neighbour)
    ]
    assert shown == [[*standing, "02-04 07 TENTATIVE"], standing]

    # The office changed the first one while she was writing.
    kader.goto(f"{one}ubah/")
    kader.locator("[name=venue]").fill("Pendopo")
    event.refresh_from_db()
    planning.edit(
        event=event,
        actor=klaten.office,
        version=event.version,
        values={"venue": "Aula Dinas"},
        now=timezone.now(),
    )
    save(kader).click()
    expect(kader.locator(".l-two")).to_contain_text("Aula Dinas")
    expect(kader.locator("[name=venue]")).to_have_value("Pendopo")
    save(kader).click()
    expect(kader).to_have_url(SAVED)
    event.refresh_from_db()
    assert event.venue == "Pendopo"


BAD = [
    ("day", "99999-01-01", {}),
    ("title", "a" * 10_000, {}),
    ("end_hour", "08:00", {"length": "lain"}),
    ("rule", "FREQ=SECONDLY;COUNT=9", {"repeat": "aturan"}),
    ("rule", "FREQ=WEEKLY;BYDAY=MO;COUNT=9", {"repeat": "aturan"}),
    ("times", "seribu", {"repeat": "mingguan"}),
]


def test_bad_input_is_told_beside_the_field_and_kept(open_page, address, klaten):
    page = open_page(java_script_enabled=False)
    sign_in(page, address, klaten.kader, f"{ROOM}usul/")
    for name, words, chosen in BAD:
        page.goto(address("klaten", f"{ROOM}usul/"))
        page.locator("[name=kind]").select_option("sosialisasi")
        page.locator("[name=day]").fill("2027-01-14")
        page.locator("[name=hour]").fill("09:00")
        page.locator("[name=venue]").fill("Balai \U0001f33e Desa")
        for field, value in chosen.items():
            page.locator(f"[name={field}]").select_option(value)
        typed = page.locator(f"[name={name}]")
        typed.fill(words)
        save(page).click()
        field = page.locator(f".l-field:has([name={name}])")
        expect(field.locator(".l-error")).to_be_visible()
        expect(page.locator("#periksa")).to_be_visible()
        expect(page.locator("[name=venue]")).to_have_value("Balai \U0001f33e Desa")
        expect(page.locator(f"[name={name}]")).to_have_value(words)
    assert not Event.objects.exists()


@pytest.mark.slow
@pytest.mark.parametrize(("width", "scheme"), SIZES)
def test_each_screen_is_accessible_and_fits(open_page, address, klaten, axe, width, scheme):
    long = make_event(
        klaten.district,
        proposer=klaten.admin,
        approver=klaten.office,
        title="Sosialisasi pencegahan kekerasan terhadap perempuan dan anak di sekolah",
        starts_at=THURSDAY,
        rrule="FREQ=WEEKLY;COUNT=3;BYDAY=TH",
    )
    for n in range(2):
        make_event(
            klaten.district,
            proposer=klaten.kader,
            published=False,
            starts_at=THURSDAY + timedelta(days=7 * n),
        )
    row = long.occurrences.first()
    page = open_page(width, 800, color_scheme=scheme)
    sign_in(page, address, klaten.admin, ROOM)
    for path in (
        "",
        "?milik=semua",
        "?jenis=rakor",
        "usul/",
        "usul/?salin=terakhir",
        "usulan/",
        "pengaturan/",
        "langganan/",
        f"{long.pk}/",
        f"{long.pk}/ubah/",
        f"{long.pk}/batal/",
        f"{long.pk}/tanggal/",
        f"{long.pk}/tanggal/{row.pk}/",
        f"{long.pk}/tanggal/{row.pk}/batal/",
    ):
        page.goto(address("klaten", f"{ROOM}{path}"))
        page.evaluate("document.querySelectorAll('main details').forEach(one => one.open = true)")
        assert axe(page) == [], path
        assert page.evaluate(FITS), path


@pytest.mark.parametrize("scripted", [False, True])
def test_as_many_speakers_as_come_without_a_save(open_page, address, klaten, scripted):
    page = open_page(java_script_enabled=scripted)
    sign_in(page, address, klaten.kader, f"{ROOM}usul/")
    page.locator("[name=kind]").select_option("sosialisasi")
    page.locator("[name=day]").fill("2027-01-14")
    page.locator("[name=hour]").fill("09:00")
    page.locator("#bagian-undang summary").click()
    for number in range(3):
        page.locator(f"[name=s{number}-name]").fill(f"Pembicara {number}")
    page.locator("[name=tambah]").click()
    row = page.locator("[name=s3-name]")
    expect(row).to_be_visible()
    expect(row).to_have_value("")
    if scripted:
        expect(row).to_be_focused()
    assert Event.objects.count() == 0
    expect(page.locator("[name=s0-name]")).to_have_value("Pembicara 0")
    expect(page.locator("[name=hour]")).to_have_value("09:00")
    row.fill("Pembicara 3")
    expect(page.locator("[name=s3-name]")).to_have_count(1)
    assert page.evaluate(FITS)
    save(page).click()
    expect(page).to_have_url(SAVED)
    names = Event.objects.get().speakers.values_list("name", flat=True)
    assert list(names) == [f"Pembicara {number}" for number in range(4)]
