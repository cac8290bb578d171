"""A class by keyboard alone: a pupil's from the code to the end, a facilitator's from the shelf."""

from types import SimpleNamespace

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from modules.agenda import agenda
from modules.editions import frozen
from modules.models import ClassRun, Submission, SurveyAnswer, Tally
from modules.services import runs
from tests.browser.keyboard import Keyboard
from tests.factories.modules import ITEM, RIGHT, SURVEY_ITEM, make_module, make_run
from tests.factories.places import make_district, make_user, national

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
SOON = 15_000


@pytest.fixture
def lebak(transactional_db):
    national()
    district = make_district("lebak")
    make_module(district, title="Bercanda?", slug="bercanda")
    return SimpleNamespace(district=district, teacher=make_user("guru", district))


@pytest.fixture
def run(lebak):
    return make_run(lebak.district, facilitator=lebak.teacher, now=timezone.now())


def show(run, title):
    number = next(p.number for p in agenda(run) if title in (p.kind, p.step and p.step.title))
    runs.go_to(run=run, step=number, now=timezone.now())


def ask(page, kind):
    return page.locator(f"#tanya-{ITEM[kind]}")


def answered(page, kind):
    """The answer is told, and the focus stands on the question, not at the top of the page."""
    expect(ask(page, kind).locator(".pupil-told")).to_be_visible(timeout=SOON)
    expect(ask(page, kind)).to_be_focused()


def fill_in(keys, sheet, value):
    keys.pick(sheet.locator(f"[name='s-{SURVEY_ITEM['tahu']}'][value='{value}']"))
    for number, picture in enumerate(("ikan", "daun", "bola"), 1):
        keys.pick(sheet.locator(f"[name=gambar-{number}][value={picture}]"))
    keys.push(sheet.locator("button.l-large"))
    expect(sheet).to_have_count(0)


def test_a_pupil_from_the_code_to_the_end(open_page, address, run):
    page = open_page()
    keys = Keyboard(page)
    page.goto(address("lebak", "/gabung/"))
    keys.go_round()
    keys.write(page.locator("#kode"), run.code)
    keys.press("Enter")
    expect(page).to_have_url(address("lebak", f"/gabung/{run.code}/"))
    keys.push(page.locator("main button.l-large"))
    expect(page.locator("#kelas")).to_be_visible()

    show(run, "sebelum")
    sheet = page.locator("#survei-sebelum")
    expect(sheet).to_be_visible(timeout=SOON)
    keys.go_round()
    fill_in(keys, sheet, 1)

    show(run, "Langkah satu")
    expect(ask(page, "single")).to_be_visible(timeout=SOON)
    keys.pick(ask(page, "single").locator("[name=jawaban][value='0']"))
    keys.push(ask(page, "single").locator("button").first)
    answered(page, "single")
    for value in (0, 2):
        keys.push(ask(page, "multiple").locator(f"[name=jawaban][value='{value}']"), "Space")
    keys.push(ask(page, "multiple").locator("button").first)
    answered(page, "multiple")

    show(run, "Langkah dua")
    expect(ask(page, "order")).to_be_visible(timeout=SOON)
    keys.go_round()
    for place, line in enumerate(frozen(run.edition_id).items[ITEM["order"]].sequence, start=1):
        keys.to(ask(page, "order").get_by_label(line, exact=True))
        for _n in range(place):
            keys.press("ArrowDown")
    keys.push(ask(page, "order").locator("button").first)
    answered(page, "order")
    keys.push(ask(page, "scenario").locator("[name=pilih][value='0']"))
    answered(page, "scenario")
    keys.push(ask(page, "match").locator("[name=lewati]"))
    answered(page, "match")

    show(run, "Langkah tiga")
    expect(ask(page, "likert")).to_be_visible(timeout=SOON)
    keys.pick(ask(page, "likert").locator("[name=jawaban][value='5']"))
    keys.push(ask(page, "likert").locator("button").first)
    answered(page, "likert")
    show(run, "sesudah")
    sheet = page.locator("#survei-sesudah")
    expect(sheet).to_be_visible(timeout=SOON)
    fill_in(keys, sheet, 0)

    runs.close_run(run=run, now=timezone.now())
    leave = page.locator("form[data-leave] button")
    expect(leave).to_be_visible(timeout=SOON)
    keys.push(leave)
    expect(page).to_have_url(address("lebak", "/gabung/"))
    kept = {row.item: row.answer for row in Submission.objects.all()}
    kinds = ("single", "multiple", "order", "scenario", "likert")
    assert kept == {ITEM[kind]: RIGHT[kind] for kind in kinds} | {ITEM["match"]: {"skipped": True}}
    assert [row.pair_code for row in SurveyAnswer.objects.all()] == ["ikan-daun-bola"] * 2


def test_a_facilitator_from_the_shelf_to_the_end(open_page, sign_in, lebak):
    page = open_page()
    keys = Keyboard(page)
    sign_in(page, lebak.teacher, "/ruang/kelas/mulai/", host="lebak")
    keys.go_round()
    keys.push(page.locator("main h2 a").first)
    expect(page.locator("[data-total]")).to_be_visible()
    for _n in range(3):
        keys.push(page.locator("button.room-step[value$=':1']").first, "Space")
    expect(page.locator("[data-total]")).to_have_text("3")
    keys.pick(page.locator("[name=mode][value=satu]"))
    keys.push(page.locator("button.l-large[value=mulai]"))
    expect(page.locator("#do-next")).to_be_visible()
    run = ClassRun.objects.get()
    console = page.url
    keys.go_round()

    # Forward, the focus stays on the button, and back.
    keys.to(page.locator("#do-next"))
    for number in (1, 2):
        keys.press("Enter")
        expect(page.locator("form:has(#do-next) [name=seen]")).to_have_value(str(number))
        expect(page.locator("#do-next")).to_be_focused()
    expect(page.locator("h1")).to_contain_text("Langkah satu")
    keys.go_round()

    # The card opens and closes, and the focus is back where it was.
    card = page.locator("#bercerita summary")
    keys.push(card)
    expect(page.locator(".room-sheet")).to_be_visible()
    keys.tab()
    keys.press("Escape")
    expect(page.locator(".room-sheet")).to_be_hidden()
    expect(card).to_be_focused()

    # Three hands are counted.
    keys.push(page.locator(".room-list a.l-button").first)
    expect(page.locator("#n-0")).to_be_visible()
    keys.go_round()
    keys.write(page.locator("#n-0"), "2")
    keys.write(page.locator("#n-1"), "1")
    keys.push(page.locator("[data-save]"))
    expect(page.locator(".tally-right")).to_have_count(1)
    page.goto(console)

    # To the last part, which has a button of its own for the end.
    keys.push(page.locator("#atur summary"))
    keys.push(page.locator("#ke"), "End")
    keys.push(page.locator("#atur form:has(#ke) button"))
    expect(page.locator("#do-close")).to_be_visible()
    expect(page.locator("#atur form:has(#ke) button")).to_be_focused()
    # Back one, and on again with a button that the last part has not: the focus is on its title.
    keys.push(page.locator("#do-back"))
    keys.push(page.locator("#do-next"))
    expect(page.locator("h1")).to_be_focused()
    keys.push(page.locator("#do-close"))
    keys.push(page.locator("main form button.l-button"))
    expect(page.locator("#do-reopen")).to_be_visible()
    run.refresh_from_db()
    assert run.state == "tutup"
    assert Tally.objects.get().counts == {"0": 2, "1": 1, "2": 0}
