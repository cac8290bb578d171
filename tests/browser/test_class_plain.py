"""A pupil whose phone runs no script: from the code on the board to the last page."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from modules.agenda import agenda
from modules.editions import frozen
from modules.models import Participant, Submission, SurveyAnswer
from modules.services import runs
from tests.factories.modules import ITEM, RIGHT, SURVEY_ITEM, make_module, make_run
from tests.factories.places import make_district, national

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
PICTURES = ("ikan", "daun", "bola")


@pytest.fixture
def run(transactional_db):
    national()
    make_module()
    return make_run(make_district("lebak"), now=timezone.now())


@pytest.fixture
def phone(open_page):
    return open_page(java_script_enabled=False)


def show(page, run, title):
    """The class goes on, and the pupil follows the link at the end of the page."""
    number = next(p.number for p in agenda(run) if title in (p.kind, p.step and p.step.title))
    runs.go_to(run=run, step=number, now=timezone.now())
    page.locator(f"#kelas p.l-meta a[href='/gabung/{run.code}/']").click()


def ask(page, kind):
    return page.locator(f"#tanya-{ITEM[kind]}")


def send(page, kind):
    ask(page, kind).get_by_role("button").first.click()
    expect(ask(page, kind).locator(".pupil-told")).to_be_visible()


def choose(page, kind, *values):
    for value in values:
        ask(page, kind).locator(f"[name=jawaban][value='{value}']").check()


def fill_in(sheet, **answers):
    for name, value in answers.items():
        sheet.locator(f"[name='s-{SURVEY_ITEM[name]}'][value='{value}']").check()
    for number, picture in enumerate(PICTURES, 1):
        sheet.locator(f"[name=gambar-{number}][value={picture}]").check(force=True)


def test_from_the_code_to_the_last_page(phone, address, run):
    phone.goto(address("lebak", "/gabung/"))
    phone.get_by_role("textbox").fill("AAAAAA")
    phone.locator("main button").click()
    expect(phone.locator("#kode-salah")).to_be_visible()
    expect(phone.get_by_role("textbox")).to_have_value("AAAAAA")
    phone.get_by_role("textbox").fill(run.code)
    phone.locator("main button").click()
    # Tapped twice, as one does when nothing seems to happen: still one seat.
    phone.locator("main button.l-large").dblclick()
    expect(phone.locator("#kelas")).to_be_visible()
    nickname = Participant.objects.get().nickname
    expect(phone.locator("h1")).to_have_text(nickname)
    phone.reload()
    expect(phone.locator("h1")).to_have_text(nickname)

    show(phone, run, "sebelum")
    sheet = phone.locator("#survei-sebelum")
    fill_in(sheet, tahu="1", sikap="4")
    sheet.locator("button.l-large").dblclick()
    expect(phone.locator("#kelas .l-notice")).to_be_visible()
    expect(sheet).to_have_count(0)
    assert SurveyAnswer.objects.count() == 1

    show(phone, run, "Langkah satu")
    twin = phone.context.new_page()
    twin.goto(phone.url)
    choose(phone, "single", 0)
    ask(phone, "single").get_by_role("button").first.dblclick()
    expect(ask(phone, "single").locator(".pupil-told")).to_be_visible()
    # The same form, still open elsewhere, sends something else: the first answer counts.
    choose(twin, "single", 1)
    ask(twin, "single").get_by_role("button").first.click()
    expect(ask(twin, "single").locator(".l-error")).to_contain_text("jawaban pertama")
    expect(ask(twin, "single").locator(".pupil-told")).to_contain_text("Tepat")
    choose(phone, "true_false", 1)
    send(phone, "true_false")
    choose(phone, "multiple", 0, 2)
    send(phone, "multiple")

    show(phone, run, "Langkah dua")
    order = ask(phone, "order")
    order.locator("select").first.select_option("1")
    order.get_by_role("button").first.click()
    expect(order.locator(".l-error")).to_be_visible()
    expect(order.locator("select").first).to_have_value("1")
    for place, line in enumerate(frozen(run.edition_id).items[ITEM["order"]].sequence, start=1):
        order.get_by_label(line, exact=True).select_option(str(place))
    send(phone, "order")
    ask(phone, "scenario").locator("[name=pilih][value='0']").click()
    expect(ask(phone, "scenario").locator(".pupil-told")).to_be_visible()
    ask(phone, "match").locator("[name=lewati]").click()
    expect(ask(phone, "match").locator(".pupil-told")).to_be_visible()

    show(phone, run, "Langkah tiga")
    # A private note has nowhere to go.
    note = ask(phone, "short_text").locator("textarea")
    assert note.evaluate("one => [one.name, one.form]") == ["", None]
    twin.goto(phone.url)
    choose(twin, "likert", 4)

    show(phone, run, "sesudah")
    sheet = phone.locator("#survei-sesudah")
    fill_in(sheet, tahu="0", sikap="2")
    sheet.locator("button.l-large").click()
    expect(sheet).to_have_count(0)

    # Somebody is late: the class is over, and what was chosen is still there.
    runs.close_run(run=run, now=timezone.now())
    ask(twin, "likert").get_by_role("button").first.click()
    expect(ask(twin, "likert").locator(".l-error")).to_contain_text("terlambat")
    expect(ask(twin, "likert").locator("[name=jawaban][value='4']")).to_be_checked()
    expect(ask(twin, "likert").get_by_role("button")).to_have_count(0)
    phone.reload()
    expect(phone.locator(".l-helpbox a[href='/bantuan/']")).to_be_visible()
    phone.locator("form[data-leave] button").click()
    expect(phone).to_have_url(address("lebak", "/gabung/"))
    assert [cookie["name"] for cookie in phone.context.cookies()].count("kelas") == 0

    kept = {row.item: row.answer for row in Submission.objects.all()}
    answered = ("single", "true_false", "multiple", "order", "scenario")
    assert kept == {ITEM[kind]: RIGHT[kind] for kind in answered} | {
        ITEM["match"]: {"skipped": True}
    }
    assert Submission.objects.count() == 6
    before, after = SurveyAnswer.objects.order_by("phase")
    assert [before.phase, after.phase] == ["sebelum", "sesudah"]
    assert before.pair_code == after.pair_code == "-".join(PICTURES)
    told = [sheet.answers[str(SURVEY_ITEM["tahu"])] for sheet in (before, after)]
    assert told == [1, 0]


def test_a_sheet_that_comes_too_late_is_told_and_still_there(phone, address, run):
    phone.goto(address("lebak", f"/gabung/{run.code}/"))
    phone.locator("main button.l-large").click()
    show(phone, run, "sebelum")
    sheet = phone.locator("#survei-sebelum")
    fill_in(sheet, tahu="1", sikap="4")
    runs.close_run(run=run, now=timezone.now())

    sheet.locator("button.l-large").click()
    expect(phone.locator("main [role=alert]")).to_contain_text("terlambat")
    for name, value in {"tahu": "1", "sikap": "4"}.items():
        expect(sheet.locator(f"[name='s-{SURVEY_ITEM[name]}'][value='{value}']")).to_be_checked()
    for number, picture in enumerate(PICTURES, 1):
        expect(sheet.locator(f"[name=gambar-{number}][value={picture}]")).to_be_checked()
    expect(phone.locator(".l-helpbox a[href='/bantuan/']")).to_be_visible()
    assert SurveyAnswer.objects.count() == 0


def test_a_picture_picked_twice_is_told_and_can_be_left_out(phone, address, run):
    phone.goto(address("lebak", f"/gabung/{run.code}/"))
    phone.locator("main button.l-large").click()
    show(phone, run, "sebelum")
    sheet = phone.locator("#survei-sebelum")
    fill_in(sheet, tahu="1", sikap="4")
    sheet.locator("[name=gambar-2][value=ikan]").check(force=True)
    sheet.locator("button.l-large").click()
    expect(phone.locator("main [role=alert]")).to_be_visible()
    # With the keyboard alone, in the row of the picture that was picked.
    for number, picture in enumerate(("ikan", "ikan", "bola"), 1):
        sheet.locator(f"[name=gambar-{number}][value={picture}]").focus()
        none = sheet.locator(f"[name=gambar-{number}][value='']")
        for _n in range(13):
            if not none.is_checked():
                phone.keyboard.press("ArrowDown")
        expect(none).to_be_checked()
        expect(none).to_be_focused()
    sheet.locator("button.l-large").click()
    expect(phone.locator("#kelas .l-notice")).to_be_visible()
    kept = SurveyAnswer.objects.get()
    told = {str(SURVEY_ITEM["tahu"]): 1, str(SURVEY_ITEM["sikap"]): 4}
    assert (kept.pair_code, kept.answers) == ("", told)
