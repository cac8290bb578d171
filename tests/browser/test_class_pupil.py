"""A pupil on a cheap phone: from the code to the end, with and without network."""

import time

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from modules.agenda import agenda
from modules.models import Participant, Submission, SurveyAnswer
from modules.services import runs
from tests.browser.fitting import FITS
from tests.factories.modules import ITEM, make_module, make_run
from tests.factories.places import make_district, national

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
# A phone at the edge of the village: Chrome's own "Slow 3G".
SLOW_3G = {
    "offline": False,
    "latency": 400,
    "downloadThroughput": 400 * 1024 / 8,
    "uploadThroughput": 400 * 1024 / 8,
}
SIZES = [
    (360, "light"),
    (1280, "dark"),
    pytest.param(360, "dark", marks=pytest.mark.slow),
    pytest.param(1280, "light", marks=pytest.mark.slow),
]


@pytest.fixture
def run(transactional_db):
    national()
    make_module()
    return make_run(make_district("lebak"), now=timezone.now())


@pytest.fixture
def phone(context, complaints):
    return complaints(context).new_page()


def show(run, title):
    number = next(p.number for p in agenda(run) if title in (p.kind, p.step and p.step.title))
    runs.go_to(run=run, step=number, now=timezone.now())


def join(page, address, run):
    page.goto(address("lebak", f"/gabung/{run.code}/"))
    page.locator("main button.l-large").click()
    expect(page.locator("#kelas")).to_be_visible()


def ask(page, kind):
    return page.locator(f"#tanya-{ITEM[kind]}")


def test_a_class_from_the_code_to_the_end(phone, address, run, axe):
    phone.goto(address("lebak", "/gabung/"))
    assert axe(phone) == []
    phone.get_by_role("textbox").fill(run.code.lower())
    phone.keyboard.press("Enter")
    expect(phone).to_have_url(address("lebak", f"/gabung/{run.code}/"))
    assert axe(phone) == []
    phone.locator("main button.l-large").click()
    name = Participant.objects.get().nickname
    expect(phone.locator("h1")).to_have_text(name)
    assert axe(phone) == []
    phone.reload()
    expect(phone.locator("h1")).to_have_text(name)

    # The class moves on, and so does the phone, by itself.
    show(run, "sebelum")
    sheet = phone.locator("#survei-sebelum")
    expect(sheet).to_be_visible(timeout=15_000)
    expect(phone.locator("#kabar")).not_to_be_empty()
    assert axe(phone) == []
    assert phone.evaluate(FITS)
    sheet.locator("input[type=radio]").first.check()
    for number, picture in enumerate(("ikan", "daun", "bola"), 1):
        sheet.locator(f"[name=gambar-{number}][value={picture}]").check(force=True)
    sheet.locator("button.l-large").click()
    expect(sheet).to_have_count(0)
    assert SurveyAnswer.objects.get().pair_code == "ikan-daun-bola"

    show(run, "Langkah satu")
    expect(ask(phone, "single")).to_be_visible(timeout=15_000)
    assert axe(phone) == []
    # What is begun elsewhere on the page stays begun.
    ask(phone, "true_false").locator("[name=jawaban][value='1']").check()
    ask(phone, "single").locator("[name=jawaban][value='1']").check()
    ask(phone, "single").get_by_role("button").first.click()
    expect(ask(phone, "single").locator(".pupil-told")).to_be_visible()
    expect(ask(phone, "single")).to_be_focused()
    expect(ask(phone, "true_false").locator("[name=jawaban][value='1']")).to_be_checked()
    assert axe(phone) == []

    # The class goes on while a form is half filled in: nothing is taken away.
    show(run, "Langkah tiga")
    onward = phone.locator("#lanjut")
    expect(onward).to_be_visible(timeout=15_000)
    expect(ask(phone, "true_false").locator("[name=jawaban][value='1']")).to_be_checked()
    assert axe(phone) == []
    onward.click()
    expect(ask(phone, "likert")).to_be_visible()
    expect(onward).to_be_hidden()

    runs.close_run(run=run, now=timezone.now())
    leave = phone.locator("form[data-leave] button")
    expect(leave).to_be_visible(timeout=15_000)
    assert axe(phone) == []
    leave.click()
    expect(phone).to_have_url(address("lebak", "/gabung/"))
    assert [cookie["name"] for cookie in phone.context.cookies()].count("kelas") == 0


def test_an_answer_waits_for_the_connection(phone, address, run, complaints):
    show(run, "Langkah satu")
    join(phone, address, run)
    ask(phone, "single").locator("[name=jawaban][value='0']").check()
    phone.context.set_offline(True)
    ask(phone, "single").get_by_role("button").first.click()
    waiting = phone.locator("#antre")
    expect(waiting).to_be_visible()
    kept = f"sessionStorage.getItem('antre:kelas:{run.code}')"
    assert phone.evaluate(kept) is not None
    # A second tap is the same answer.
    ask(phone, "single").get_by_role("button").first.click()
    assert Submission.objects.count() == 0
    phone.context.set_offline(False)
    expect(ask(phone, "single").locator(".pupil-told")).to_be_visible(timeout=20_000)
    expect(waiting).to_be_hidden()
    assert phone.evaluate(kept) is None
    assert Submission.objects.get().answer == {"choice": 0}
    # What a browser says of the lost connection is no complaint.
    complaints.said.clear()


def test_an_answer_outlives_a_reload_and_an_answer_of_the_server_that_got_lost(
    phone, address, run, complaints
):
    show(run, "Langkah satu")
    join(phone, address, run)
    name = Participant.objects.get().nickname

    def lose(route):
        # It arrives, and what the server says to it does not.
        host = route.request.url.split("/")[2]
        route.fetch(
            url=route.request.url.replace("lebak.localhost", "127.0.0.1"),
            headers=route.request.all_headers() | {"host": host},
            max_redirects=0,
        )
        route.abort()

    phone.route("**/jawab/", lose, times=1)
    ask(phone, "single").locator("[name=jawaban][value='0']").check()
    ask(phone, "single").get_by_role("button").first.click()
    expect(phone.locator("#antre")).to_be_visible()
    assert Submission.objects.count() == 1
    phone.reload()
    expect(ask(phone, "single").locator(".pupil-told")).to_be_visible()
    expect(phone.locator("#kelas")).to_contain_text(name)
    expect(phone.locator("#antre")).to_be_hidden()
    assert Submission.objects.count() == 1
    complaints.said.clear()


def test_a_refused_sheet_and_a_late_answer_stay_where_they_can_be_sent(
    phone, address, run, complaints
):
    show(run, "sebelum")
    join(phone, address, run)
    sheet = phone.locator("#survei-sebelum")
    first = sheet.locator("input[type=radio]").first
    first.check()
    for field in ("gambar-1", "gambar-2"):
        sheet.locator(f"[name={field}]").first.check(force=True)
    sheet.get_by_role("button").first.click()
    expect(phone.locator("#kelas > [role=alert]")).to_be_visible()
    show(run, "Langkah satu")
    onward = phone.locator("#lanjut")
    expect(onward).to_be_visible(timeout=15_000)
    expect(first).to_be_checked()
    onward.click()

    choice = ask(phone, "single").locator("[name=jawaban][value='0']")
    choice.check()
    runs.close_run(run=run, now=timezone.now())
    ask(phone, "single").get_by_role("button").first.click()
    expect(phone.locator("#kelas")).to_contain_text("terlambat masuk")
    expect(ask(phone, "single").get_by_role("button")).to_have_count(0)
    run.refresh_from_db()
    runs.reopen_run(run=run, now=timezone.now())
    phone.evaluate("dispatchEvent(new Event('online'))")
    expect(ask(phone, "single").get_by_role("button").first).to_be_visible(timeout=15_000)
    expect(choice).to_be_checked()
    ask(phone, "single").get_by_role("button").first.click()
    expect(ask(phone, "single").locator(".pupil-told")).to_be_visible()
    assert Submission.objects.get().answer == {"choice": 0}
    # What a browser says of a 422 and a 410 is no complaint.
    complaints.said.clear()


def test_a_private_note_never_leaves_the_phone(phone, address, run):
    show(run, "Langkah tiga")
    join(phone, address, run)
    sent = []
    phone.on("request", lambda request: sent.append(f"{request.url} {request.post_data}"))
    ask(phone, "short_text").locator("textarea").fill("rahasia kecil")
    ask(phone, "likert").locator("[value='4']").check()
    ask(phone, "likert").get_by_role("button").first.click()
    expect(ask(phone, "likert").locator(".pupil-told")).to_be_visible()
    expect(ask(phone, "short_text").locator("textarea")).to_have_value("rahasia kecil")
    stored = phone.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
    assert sent
    assert [line for line in [*sent, stored] if "rahasia" in line] == []


@pytest.mark.slow
def test_who_is_sent_out_is_told_at_the_next_step(phone, address, run, complaints):
    join(phone, address, run)
    participant = Participant.objects.get()
    runs.remove_participant(
        run=run, participant=participant.pk, actor=run.facilitator, now=timezone.now()
    )
    show(run, "Langkah satu")
    expect(phone.locator("[data-out]")).to_be_visible(timeout=15_000)
    expect(phone.locator("main")).not_to_contain_text(participant.nickname)
    # What a browser says of an answer 403 is no complaint.
    complaints.said.clear()


@pytest.mark.slow
def test_from_the_qr_code_to_the_first_question_on_slow_3g(phone, address, run):
    show(run, "Langkah satu")
    devtools = phone.context.new_cdp_session(phone)
    devtools.send("Network.enable")
    devtools.send("Network.emulateNetworkConditions", SLOW_3G)
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    began = time.monotonic()
    phone.goto(address("lebak", f"/gabung/{run.code}/"), wait_until="commit")
    phone.locator("main button.l-large").click()
    expect(ask(phone, "single")).to_be_visible(timeout=20_000)
    # Three round trips at least: otherwise nothing was slow.
    assert 3 * SLOW_3G["latency"] / 1000 < time.monotonic() - began < 10


@pytest.mark.slow
@pytest.mark.parametrize(("width", "scheme"), SIZES)
def test_each_screen_is_accessible_and_fits(
    browser, browser_context_args, complaints, address, run, axe, width, scheme
):
    context = browser.new_context(
        **browser_context_args
        | {"viewport": {"width": width, "height": 800}, "color_scheme": scheme}
    )
    try:
        page = complaints(context).new_page()
        page.goto(address("lebak", "/gabung/AAAAAA/"))
        assert axe(page) == []
        join(page, address, run)
        for point in agenda(run):
            runs.go_to(run=run, step=point.number, now=timezone.now())
            page.reload()
            assert axe(page) == []
            assert page.evaluate(FITS)
            small = page.evaluate(
                "[...document.querySelectorAll('main button, main select, main label.l-check')]"
                ".filter(e => e.checkVisibility() && e.getBoundingClientRect().height < 48).length"
            )
            assert (point.kind, small) == (point.kind, 0)
        runs.lock_run(run=run, locked=True, now=timezone.now())
        context.clear_cookies()
        page.goto(address("lebak", f"/gabung/{run.code}/"))
        assert axe(page) == []
        complaints.said.clear()
    finally:
        context.close()
