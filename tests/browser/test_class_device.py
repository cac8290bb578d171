"""A class with one device, and one with paper: few taps, little typing, and results to read."""

import re
import time

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from modules.countable import countable_of
from modules.models import ClassRun, Tally
from modules.services import runs
from modules.services.groups import Cell
from modules.services.tallying import current_tallies
from tests.browser.fitting import FITS
from tests.factories.modules import QUESTIONS, block_id, make_lesson, make_module, make_run, step
from tests.factories.places import PASSWORD, make_district, make_user, national

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
SIZES = [
    (360, "light"),
    (1280, "dark"),
    pytest.param(360, "dark", marks=pytest.mark.slow),
    pytest.param(1280, "light", marks=pytest.mark.slow),
]
PUPILS, ASKED, MOST_TAPS = 36, 8, 40
# A practised hand needs a quarter of a second a key.
SECONDS_A_KEY, MOST_SECONDS = 0.25, 120


@pytest.fixture
def teacher(transactional_db):
    national()
    return make_user("guru", make_district("lebak"))


@pytest.fixture
def run(teacher):
    """36 pupils, one device, and a step with eight questions of three answers each."""
    module = make_module(survey=[])
    module.get_children().delete()
    eight = [QUESTIONS[0] | {"id": str(block_id(f"soal {n}"))} for n in range(ASKED)]
    make_lesson(module, step("hitung", *eight))
    return held(teacher, "satu", module=module)


@pytest.fixture
def paper(teacher):
    """36 pupils whose sheets lie on the desk."""
    make_module()
    run = held(teacher, "kertas")
    return runs.close_run(run=run, now=timezone.now())


@pytest.fixture
def phone(context, complaints):
    return complaints(context).new_page()


def held(teacher, mode, **more):
    cells = [Cell("P", "13-15", False, PUPILS)]
    district = teacher.memberships.get().district
    return make_run(
        district, facilitator=teacher, mode=mode, cells=cells, now=timezone.now(), **more
    )


def sign_in(page, address, teacher, path):
    page.goto(address("lebak", path))
    page.locator("[name=login]").fill(teacher.email)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main button.l-button").click()
    expect(page).to_have_url(address("lebak", path))


class Finger:
    """Taps, and counts them."""

    def __init__(self):
        self.taps = 0

    def tap(self, locator):
        self.taps += 1
        locator.click()


def test_eight_questions_for_36_pupils_take_forty_taps(phone, address, run, teacher, axe):
    runs.go_to(run=run, step=1, now=timezone.now())
    console = f"/ruang/kelas/{run.pk}/"
    sign_in(phone, address, teacher, console)
    finger = Finger()
    finger.tap(phone.locator(".room-list a.l-button").first)
    for number in range(ASKED):
        tiles = phone.locator("[data-pad]:not([hidden]) button")
        finger.tap(tiles.get_by_text("20", exact=True))
        finger.tap(tiles.get_by_text("10", exact=True))
        expect(phone.locator("[data-total]")).to_have_text("30")
        if number == 0:
            assert axe(phone) == []
            assert phone.locator("text=Penjelasan").count() == 0
        finger.tap(phone.locator("[data-rest-save]"))
        expect(phone.locator(".tally-right")).to_have_count(1)
        if number == 0:
            assert axe(phone) == []
        finger.tap(phone.locator(".tally-bar a.tally-save"))
    expect(phone).to_have_url(address("lebak", console))
    assert finger.taps <= MOST_TAPS
    counted = [row.counts for row in current_tallies(run).values()]
    assert counted == [{"0": 20, "1": 10, "2": 6}] * ASKED


@pytest.mark.slow
def test_numbers_can_be_stepped_typed_and_given_the_rest(phone, address, run, teacher):
    question = countable_of(run)[0]
    path = f"/ruang/kelas/{run.pk}/hitung/kuis/{question.item.id}/"
    sign_in(phone, address, teacher, path)
    first, second, third = (phone.locator(f"#n-{n}") for n in range(3))
    rows = phone.locator("[data-row]")
    rows.nth(0).get_by_text("+").click(click_count=3)
    expect(first).to_have_value("3")
    rows.nth(0).get_by_text("−").click()
    expect(first).to_have_value("2")
    second.fill("40")
    expect(phone.locator(".tally-sum")).to_have_attribute("data-over", "")
    phone.locator("[data-save]").click()
    # Too many: the sentence, and what was typed.
    expect(phone.locator("#fault")).to_be_focused()
    expect(phone.locator("#n-1")).to_have_value("40")
    assert Tally.objects.count() == 0
    second.fill("4")
    rows.nth(2).locator("[data-rest]").click()
    expect(third).to_have_value("30")
    phone.locator("[data-save]").click()
    expect(phone.locator(".tally-right")).to_have_count(1)
    assert Tally.objects.get().counts == {"0": 2, "1": 4, "2": 30}


@pytest.mark.slow
def test_it_counts_without_script(browser, browser_context_args, complaints, address, run, teacher):
    context = browser.new_context(**browser_context_args, java_script_enabled=False)
    try:
        page = complaints(context).new_page()
        question = countable_of(run)[0]
        path = f"/ruang/kelas/{run.pk}/hitung/kuis/{question.item.id}/"
        sign_in(page, address, teacher, path)
        page.locator("#n-0").fill("20")
        page.locator("[data-row]").nth(1).get_by_text("+").click()
        expect(page.locator("#n-1")).to_have_value("1")
        page.locator("[data-rest]").nth(2).click()
        expect(page.locator("#n-2")).to_have_value("15")
        page.locator("[data-save]").click()
        expect(page.locator(".tally-right")).to_have_count(1)
        assert Tally.objects.get().counts == {"0": 20, "1": 1, "2": 15}
    finally:
        context.close()


def test_36_sheets_are_typed_in_two_minutes_and_read(phone, address, paper, teacher, axe):
    path = f"/ruang/kelas/{paper.pk}/hitung/"
    sign_in(phone, address, teacher, path)
    assert axe(phone) == []
    began, keys = time.monotonic(), 0
    phone.locator(".tally-line input:not([type=hidden])").first.focus()
    for question in countable_of(paper):
        count = len(question.options)
        numbers = {2: ["26", "10"], 3: ["20", "10", "6"], 5: ["0", "5", "6", "15", "10"]}[count]
        for number in numbers:
            phone.keyboard.type(number)
            phone.keyboard.press("Enter")
            keys += len(number) + 1
    expect(phone.locator("[data-save]")).to_be_focused()
    expect(phone.locator("[data-line][data-full]")).to_have_count(9)
    phone.keyboard.press("Enter")
    expect(phone).to_have_url(re.compile(rf"/ruang/kelas/{paper.pk}/hasil/(#periksa)?$"))
    assert time.monotonic() - began + keys * SECONDS_A_KEY < MOST_SECONDS
    assert Tally.objects.count() == len(countable_of(paper))
    expect(phone.locator("h1")).to_contain_text("72%")
    assert phone.evaluate(FITS)
    assert axe(phone) == []
    phone.get_by_role("link", name=re.compile("Hapus sesi")).click()
    assert axe(phone) == []
    phone.locator("main .l-danger").click()
    expect(phone).to_have_url(address("lebak", "/ruang/kelas/"))
    assert ClassRun.objects.count() == 0


@pytest.mark.slow
@pytest.mark.parametrize(("width", "scheme"), SIZES)
def test_each_screen_is_accessible_and_fits(
    browser, browser_context_args, complaints, address, paper, teacher, axe, width, scheme
):
    context = browser.new_context(
        **browser_context_args
        | {"viewport": {"width": width, "height": 800}, "color_scheme": scheme}
    )
    try:
        page = complaints(context).new_page()
        root = f"/ruang/kelas/{paper.pk}/"
        sign_in(page, address, teacher, f"{root}hasil/")
        survey, *_, last = countable_of(paper)
        paths = [
            "hasil/",
            "hapus/",
            "hitung/",
            f"hitung/{survey.phase}/{survey.item.id}/",
            f"hitung/{last.phase}/{last.item.id}/",
        ]
        for path in paths:
            page.goto(address("lebak", root + path))
            assert axe(page) == []
            assert page.evaluate(FITS)
        # One question is wrong, the others are kept.
        page.goto(address("lebak", f"{root}hitung/"))
        lines = page.locator("[data-line]")
        lines.nth(0).locator("input:not([type=hidden])").nth(0).fill("36")
        lines.nth(1).locator("input:not([type=hidden])").nth(0).fill("40")
        expect(lines.nth(1).locator("[data-fault]")).to_be_visible()
        page.locator("[data-save]").click()
        expect(page.locator("#periksa")).to_be_focused()
        expect(page.locator("[data-line]").nth(1).locator("[data-fault]")).to_be_visible()
        assert axe(page) == []
        assert page.evaluate(FITS)
        page.goto(address("lebak", f"{root}hasil/"))
        assert axe(page) == []
        assert page.evaluate(FITS)
    finally:
        context.close()
