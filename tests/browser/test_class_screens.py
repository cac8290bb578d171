"""A session in each mode on two or three screens, each of which is loaded again in the middle."""

import re
from types import SimpleNamespace

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from modules.countable import countable_of
from modules.models import Submission, Tally
from modules.services.groups import Cell
from modules.services.tallying import current_tallies
from tests.factories.modules import ITEM, make_module, make_run
from tests.factories.places import make_district, make_user, national

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
SOON = 12_000
PUPILS = 36


@pytest.fixture
def lebak(transactional_db):
    national()
    district = make_district("lebak")
    make_module(district, title="Bercanda?", slug="bercanda")
    return SimpleNamespace(district=district, teacher=make_user("guru", district))


@pytest.fixture
def screens(open_page, sign_in, lebak):
    """`screens(mode)`: the run, the facilitator's console on a phone, and the projector."""

    def build(mode):
        run = make_run(
            lebak.district,
            facilitator=lebak.teacher,
            mode=mode,
            cells=[Cell("P", "13-15", False, PUPILS)],
            now=timezone.now(),
        )
        console, wall = open_page(), open_page(1280, 800)
        sign_in(console, lebak.teacher, f"/ruang/kelas/{run.pk}/", host="lebak")
        sign_in(wall, lebak.teacher, f"/ruang/kelas/{run.pk}/layar/", host="lebak")
        return run, console, wall

    return build


def go_on(console, wall, title):
    """Tap forward to the step of this title; the projector comes along by itself."""
    for _n in range(9):
        if re.search(title, console.locator("h1").inner_text()):
            expect(wall.locator("h1")).to_contain_text(title, timeout=SOON)
            return
        before = console.locator(".room-head").inner_text()
        console.locator("#do-next").click()
        expect(console.locator(".room-head")).not_to_have_text(before)
    raise AssertionError(title)


def end(console, wall):
    console.locator("#atur summary").click()
    console.locator("#end-now").click()
    console.locator("main form button.l-button").click()
    expect(console.locator("#do-reopen")).to_be_visible()
    expect(wall.locator("h1")).to_contain_text("Terima kasih", timeout=SOON)


def test_phones_console_and_projector_are_loaded_again(screens, open_page, address):
    run, console, wall = screens("ponsel")
    pupil = open_page()
    pupil.goto(address("lebak", f"/gabung/{run.code}/"))
    pupil.locator("main button.l-large").click()
    go_on(console, wall, "Langkah satu")
    single, other = (pupil.locator(f"#tanya-{ITEM[kind]}") for kind in ("single", "true_false"))
    expect(single).to_be_visible(timeout=SOON)
    single.locator("[name=jawaban][value='0']").check()
    single.get_by_role("button").first.click()
    first, second = (
        f"[data-answered='{ITEM[kind]}'] [data-number]"
        for kind in (
            "single",
            "true_false",
        )
    )
    for page in (console, wall):
        expect(page.locator(first)).to_have_text("1", timeout=SOON)
    for page in (console, wall, pupil):
        page.reload()
    expect(single.locator(".pupil-told")).to_be_visible()
    for page in (console, wall):
        expect(page.locator("h1")).to_contain_text("Langkah satu")
        expect(page.locator(first)).to_have_text("1")
    # And all three go on hearing of each other.
    other.locator("[name=jawaban][value='1']").check()
    other.get_by_role("button").first.click()
    for page in (console, wall):
        expect(page.locator(second)).to_have_text("1", timeout=SOON)
    go_on(console, wall, "Langkah dua")
    expect(pupil.locator("[data-title]")).to_have_text("Langkah dua", timeout=SOON)
    end(console, wall)
    expect(pupil.locator("form[data-leave]")).to_be_visible(timeout=SOON)
    assert sorted(row.item for row in Submission.objects.all()) == sorted(
        ITEM[kind] for kind in ("single", "true_false")
    )


def test_hands_are_counted_while_screens_are_loaded_again(screens):
    run, console, wall = screens("satu")
    expect(wall.locator("h1")).to_have_text("Bercanda?")
    go_on(console, wall, "Langkah satu")
    console.locator(".room-list a.l-button").first.click()
    tiles = console.locator("[data-pad]:not([hidden]) button")
    tiles.get_by_text("20", exact=True).click()
    # In the middle of a question: what was counted is still there, and the next answer is open.
    console.reload()
    expect(console.locator("#n-0")).to_have_value("20")
    expect(console.locator("[data-total]")).to_have_text("20")
    tiles.get_by_text("10", exact=True).click()
    console.locator("[data-rest-save]").click()
    expect(console.locator(".tally-right")).to_have_count(1)
    wall.reload()
    expect(wall.locator("h1")).to_contain_text("Langkah satu")
    console.goto(console.url.partition("hitung/")[0])
    console.reload()
    expect(console.locator("h1")).to_contain_text("Langkah satu")
    go_on(console, wall, "Langkah dua")
    console.locator("#do-back").click()
    expect(wall.locator("h1")).to_contain_text("Langkah satu", timeout=SOON)
    console.locator(".room-list a.l-button").first.click()
    expect(console.locator("main")).to_contain_text("20")
    expect(console.locator(".tally-right")).to_have_count(1)
    console.go_back()
    end(console, wall)
    assert [row.counts for row in current_tallies(run).values()] == [{"0": 20, "1": 10, "2": 6}]
    assert Tally.objects.count() == 1


def test_sheets_are_typed_while_screens_are_loaded_again(screens):
    run, console, wall = screens("kertas")
    go_on(console, wall, "Langkah satu")
    for page in (console, wall):
        page.reload()
        expect(page.locator("h1")).to_contain_text("Langkah satu")
    go_on(console, wall, "Langkah dua")
    end(console, wall)
    console.goto(f"{console.url}hitung/")
    lines = console.locator("[data-line]")
    asked = countable_of(run)
    # Half of the pile is typed, and the phone loads the page again.
    for number in range(len(asked) // 2):
        lines.nth(number).locator("input.l-input").first.fill(str(PUPILS))
    console.reload()
    expect(console.locator("[data-line][data-full]")).to_have_count(len(asked) // 2)
    console.locator("[data-save]").click()
    expect(console).to_have_url(re.compile("/hasil/"))
    assert Tally.objects.count() == len(asked) // 2
    # The other half on another day: what is saved stands there, and is not typed once more.
    console.goto(f"{console.url.partition('hasil/')[0]}hitung/")
    expect(console.locator("[data-line][data-full]")).to_have_count(len(asked) // 2)
    for number in range(len(asked) // 2, len(asked)):
        lines.nth(number).locator("input.l-input").first.fill(str(PUPILS))
    console.locator("[data-save]").click()
    expect(console).to_have_url(re.compile("/hasil/"))
    console.reload()
    expect(console.locator(".result-questions > li").first).to_be_visible()
    assert len(current_tallies(run)) == Tally.objects.count() == len(asked)
    wall.reload()
    expect(wall.locator("h1")).to_contain_text("Terima kasih")
