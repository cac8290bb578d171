"""A kader calls the roll of 36, a rakor of fourteen organisations, and a guest checks in."""

import time

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from events.models import Attendance, OrganisationAttendance
from events.services import doors
from events.services.planning import Company
from tests.browser.fitting import FITS
from tests.factories.attending import held_now, key_of, put_together, weekly
from tests.factories.places import PASSWORD, make_district, make_user, national

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
PEOPLE = 36


@pytest.fixture
def klaten(transactional_db):
    national()
    return make_district("klaten")


@pytest.fixture
def kader(klaten):
    return make_user("kader", klaten)


@pytest.fixture
def open_page(browser, browser_context_args, complaints):
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
    page.get_by_role("button", name="Masuk", exact=True).click()
    expect(page).to_have_url(address("klaten", path))


def hadir(row, rest: str = "") -> str:
    return f"/ruang/kalender/{row.event_id}/{row.pk}/hadir/{rest}"


def test_a_roll_of_36_in_a_minute_and_forty_taps(open_page, address, klaten, kader, axe):
    row = weekly(klaten, people=PEOPLE, proposer=kader)
    page = open_page()
    sign_in(page, address, kader, hadir(row))
    assert axe(page) == []
    taps, began = 0, time.monotonic()

    def tap(locator):
        nonlocal taps
        taps += 1
        locator.click()

    tap(page.locator("a.l-large"))
    tap(page.locator("button[value=semua]"))
    expect(page.locator("[data-came]")).to_have_text(str(PEOPLE))
    rows = page.locator("[data-person]")
    for number, way in ((3, "izin"), (11, "sakit"), (20, "tidak_hadir"), (33, "terlambat")):
        one = rows.nth(number)
        tap(one.locator("summary"))
        tap(one.locator(f"[data-way={way}]"))
        expect(one).to_have_attribute("data-status", way)
    # A slip, taken back at once.
    tap(rows.nth(5).locator(".att-tap"))
    tap(rows.nth(5).locator(".att-tap"))
    expect(page.locator("[data-came]")).to_have_text(str(PEOPLE - 3))
    # Somebody new, on the same screen.
    tap(page.locator("#id_name"))
    page.locator("#id_name").fill("Rina Wulandari")
    tap(page.locator("label:has([name=sex][value=P])"))
    tap(page.locator("label:has([name=age_group][value='25-59'])"))
    tap(page.locator("#baru button.l-large"))
    expect(page.locator("[data-came]")).to_have_text(str(PEOPLE - 2))
    assert time.monotonic() - began <= 60
    assert taps <= 40
    statuses = list(Attendance.objects.filter(occurrence=row).values_list("status", flat=True))
    assert (len(statuses), statuses.count("hadir"), statuses.count("terlambat")) == (37, 33, 1)
    assert page.evaluate(FITS)
    assert axe(page) == []


def test_36_single_taps_are_sent_one_by_one(open_page, address, klaten, kader):
    row = weekly(klaten, people=PEOPLE, proposer=kader)
    page = open_page()
    sign_in(page, address, kader, hadir(row, "panggil/"))
    began = time.monotonic()
    for number in range(PEOPLE):
        page.locator(".att-tap").nth(number).click()
    expect(page.locator("[data-came]")).to_have_text(str(PEOPLE))
    expect(page.locator("[data-waits]")).to_have_count(0, timeout=30_000)
    assert time.monotonic() - began <= 60
    assert Attendance.objects.filter(occurrence=row, status="hadir").count() == PEOPLE


def test_taps_without_a_connection_are_kept_shown_and_sent(
    open_page, address, klaten, kader, complaints
):
    row = weekly(klaten, people=3, proposer=kader)
    page = open_page()
    sign_in(page, address, kader, hadir(row, "panggil/"))

    def lose(route):
        return route.abort() if route.request.method == "POST" else route.continue_()

    page.route("**/panggil/", lose)
    for number in range(3):
        page.locator(".att-tap").nth(number).click()
    expect(page.locator("[data-unsent]")).to_contain_text("3")
    assert Attendance.objects.filter(occurrence=row).count() == 0
    kept = page.evaluate("JSON.stringify(localStorage)")
    assert ("antre:hadir-" in kept, "Peserta" in kept) == (True, False)
    # They are there when the page is opened anew, and are sent once each.
    page.reload()
    expect(page.locator("[data-came]")).to_have_text("3")
    expect(page.locator("[data-unsent]")).to_contain_text("3")
    page.unroute("**/panggil/", lose)
    expect(page.locator("[data-unsent]")).to_be_hidden(timeout=40_000)
    expect(page.locator("[data-waits]")).to_have_count(0)
    assert Attendance.objects.filter(occurrence=row, status="hadir").count() == 3
    assert page.evaluate("localStorage.length") == 0
    complaints.said.clear()


def test_taps_of_another_phone_appear_and_overwrite_nothing(
    open_page, address, klaten, kader, complaints
):
    row = weekly(klaten, people=3, proposer=kader)
    # One without a connection to send with, and one that works.
    mine, other = open_page(), open_page()
    for page in (mine, other):
        sign_in(page, address, kader, hadir(row, "panggil/"))

    def lose(route):
        return route.abort() if route.request.method == "POST" else route.continue_()

    mine.route("**/panggil/", lose)
    mine.locator("[data-person]").nth(0).locator(".att-tap").click()
    rows = other.locator("[data-person]")
    rows.nth(0).locator("summary").click()
    rows.nth(0).locator("[data-way=izin]").click()
    rows.nth(1).locator(".att-tap").click()
    expect(other.locator("[data-waits]")).to_have_count(0)
    seen = mine.locator("[data-person]")
    expect(seen.nth(1)).to_have_attribute("data-status", "hadir", timeout=30_000)
    expect(seen.nth(1).locator(".att-tap")).to_have_attribute("aria-pressed", "true")
    # What waits on this phone stands, with what was tapped here.
    expect(seen.nth(0)).to_have_attribute("data-status", "hadir")
    expect(mine.locator("[data-came]")).to_have_text("2")
    # Somebody who is not on this list yet is told of, and one tap away.
    other.locator("#id_name").fill("Rina Wulandari")
    other.locator("label:has([name=sex][value=P])").click()
    other.locator("label:has([name=age_group][value='25-59'])").click()
    other.locator("#baru button.l-large").click()
    expect(mine.locator("[data-more]")).to_contain_text("1", timeout=30_000)
    mine.unroute("**/panggil/", lose)
    expect(mine.locator("[data-unsent]")).to_be_hidden(timeout=40_000)
    assert Attendance.objects.get(participant__name="Peserta 00", occurrence=row).status == "hadir"
    mine.locator("[data-more] a").click()
    expect(mine.locator("[data-came]")).to_have_text("3")
    complaints.said.clear()


def test_two_who_are_merged_while_a_roll_is_open_are_one_there(open_page, address, klaten, kader):
    row = weekly(klaten, people=3, proposer=kader)
    goes, stays = key_of("Peserta 00"), key_of("Peserta 01")
    page = open_page()
    sign_in(page, address, kader, hadir(row, "panggil/"))
    lines = page.locator("[data-person]")
    lines.nth(0).locator(".att-tap").click()
    expect(page.locator("[data-waits]")).to_have_count(0)
    put_together(klaten, goes, stays)
    # Both lines tell of who stays, who is one person of those who are here.
    for line in (lines.nth(0), lines.nth(1)):
        expect(line).to_have_attribute("data-status", "hadir", timeout=30_000)
    expect(page.locator("[data-came]")).to_have_text("1")
    expect(page.locator("[data-more]")).to_be_hidden()
    lines.nth(0).locator(".att-tap").click()
    expect(lines.nth(1)).to_have_attribute("data-status", "", timeout=30_000)
    expect(page.locator("[data-came]")).to_have_text("0")
    assert Attendance.objects.get(occurrence=row).status == "batal"


def test_a_roll_call_that_nobody_looks_at_asks_nothing(open_page, address, klaten, kader):
    row = weekly(klaten, people=1, proposer=kader)
    page, asked = open_page(), []
    page.on("request", lambda one: asked.append(one) if "keadaan.json" in one.url else None)
    page.add_init_script(
        "Object.defineProperty(document, 'hidden', {get: () => window.away === true});"
    )
    sign_in(page, address, kader, hadir(row, "panggil/"))
    page.evaluate("window.away = true; document.dispatchEvent(new Event('visibilitychange'))")
    page.wait_for_timeout(10_000)
    assert asked == []
    with page.expect_response("**/keadaan.json") as told:
        page.evaluate("window.away = false; document.dispatchEvent(new Event('visibilitychange'))")
    assert told.value.status == 200
    with page.expect_response("**/keadaan.json", timeout=30_000) as again:
        page.wait_for_timeout(9_000)
    assert again.value.status == 304


def test_without_a_script_the_roll_and_the_headcount_are_forms(open_page, address, klaten, kader):
    row = weekly(klaten, people=2, proposer=kader)
    page = open_page(java_script_enabled=False)
    sign_in(page, address, kader, hadir(row, "panggil/"))
    page.locator(".att-tap").first.click()
    expect(page.locator("[data-came]")).to_have_text("1")
    page.locator(".att-tap").first.click()
    expect(page.locator("[data-came]")).to_have_text("0")
    page.goto(address("klaten", hadir(row, "hitung/")))
    page.locator("button[value='semua-4-P:1']").click()
    page.locator("button[value='semua-4-P:1']").click()
    expect(page.locator("[name=semua-4-P]")).to_have_value("2")
    page.locator("[data-save]").click()
    expect(page.locator("[data-total]")).to_have_text("2")
    assert row.headcounts.get().number == 2


def test_a_rakor_with_fourteen_organisations(open_page, address, klaten, kader, axe):
    invited = [{"label": f"Dinas {number:02}"} for number in range(14)]
    row = held_now(klaten, proposer=kader, kind="rakor", company=Company(invited=invited))
    page = open_page()
    sign_in(page, address, kader, hadir(row, "lembaga/"))
    for number in range(14):
        answer = "tidak" if number == 13 else "ya"
        page.locator(f"label[for='came-{number}-{answer}']").click()
    page.locator("#role-2").fill("Kasi Perlindungan Anak")
    assert page.evaluate(FITS)
    assert axe(page) == []
    page.locator("main button.l-large").click()
    expect(page.locator("#came-13-tidak")).to_be_checked()
    told = OrganisationAttendance.objects.filter(occurrence=row)
    assert [told.filter(came=came).count() for came in (True, False)] == [13, 1]
    assert told.get(label="Dinas 02").represented_by == "Kasi Perlindungan Anak"


def test_a_guest_checks_in_by_the_code_on_the_wall(open_page, address, klaten, kader, axe):
    row = held_now(klaten, proposer=kader)
    wall = open_page(1280, 800)
    sign_in(wall, address, kader, hadir(row, "pintu/"))
    wall.locator("main button[value=buka]").click()
    expect(wall.locator(".att-qr")).to_be_visible()
    assert axe(wall) == []
    assert wall.evaluate(FITS)
    typed = wall.locator(".att-code").inner_text()
    assert wall.evaluate("document.querySelector('.att-qr').naturalWidth") > 0

    guest = open_page(java_script_enabled=False)
    guest.goto(address("klaten", "/hadir/"))
    guest.locator("#kode").fill(typed)
    guest.locator("main button.l-large").click()
    guest.locator("#id_name").fill("Budi Santoso")
    guest.locator("label:has([name=sex][value=L])").click()
    guest.locator("label:has([name=age_group][value='25-59'])").click()
    guest.locator("label[for=id_agrees]").click()
    guest.locator("main button.l-large").click()
    expect(guest.locator("[role=status]")).to_be_visible()
    assert row.attendance.get().way == "mandiri"
    # The wall hears of it without being loaded again.
    wall.evaluate("window.same = true")
    expect(wall.locator(".att-say b").last).to_have_text("1", timeout=30_000)
    assert wall.evaluate("window.same") is True


@pytest.mark.slow
@pytest.mark.parametrize(("width", "scheme"), [(360, "dark"), (1280, "light")])
def test_each_screen_is_accessible_and_fits(open_page, address, klaten, kader, axe, width, scheme):
    row = weekly(klaten, people=3, proposer=kader)
    door = doors.open_door(occurrence=row, actor=kader, now=timezone.now(), allows_static=True)
    page = open_page(width, 800, color_scheme=scheme)
    sign_in(page, address, kader, hadir(row))
    page.goto(address("klaten", hadir(row, "panggil/")))
    page.locator(".att-tap").first.click()
    expect(page.locator("[data-waits]")).to_have_count(0)
    one = page.locator("[data-person]").first.get_attribute("data-person")
    screens = ["", "panggil/", f"panggil/{one}/", "hitung/", "lembaga/", "pintu/", "layar/"]
    for rest in [*screens, "layar/kertas/", "pindai/"]:
        page.goto(address("klaten", hadir(row, rest)))
        assert axe(page) == [], rest
        assert page.evaluate(FITS), rest
    code = doors.current_code(door, timezone.now()).scanned
    for path in ("/hadir/", f"/hadir/{code}/", "/hadir/AAAAAA/"):
        page.goto(address("klaten", path))
        assert axe(page) == [], path
        assert page.evaluate(FITS), path
