"""A teacher runs a class from her phone, a projector follows, and a pupil answers."""

import re
from types import SimpleNamespace

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from modules.models import ClassRun, Group, Participant
from modules.services import runs
from tests.browser.fitting import FITS
from tests.factories.modules import ITEM, make_group, make_module, make_run
from tests.factories.places import PASSWORD, make_district, make_user, national

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
SIZES = [
    (360, "light"),
    (1280, "dark"),
    pytest.param(360, "dark", marks=pytest.mark.slow),
    pytest.param(1280, "light", marks=pytest.mark.slow),
]
SOON = 12_000


@pytest.fixture
def lebak(transactional_db):
    national()
    district = make_district("lebak")
    make_module(district, title="Bercanda?", slug="bercanda")
    return SimpleNamespace(district=district, teacher=make_user("guru", district))


def sign_in(page, address, teacher, path):
    page.goto(address("lebak", path))
    page.locator("[name=login]").fill(teacher.email)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main button.l-button").click()
    expect(page).to_have_url(address("lebak", path))


def step_named(page, title):
    """Tap forward until the step of this title is shown."""
    for _n in range(9):
        if re.search(title, page.locator("h1").inner_text()):
            return
        before = page.locator(".room-head").inner_text()
        page.locator("#do-next").click()
        expect(page.locator(".room-head")).not_to_have_text(before)
    raise AssertionError(title)


def test_a_class_with_phones_from_the_shelf_to_the_end(open_page, address, lebak, axe, complaints):
    teacher = open_page()
    sign_in(teacher, address, lebak.teacher, "/ruang/kelas/")
    assert axe(teacher) == []
    assert teacher.evaluate(FITS)
    # A group first: five taps of a number, and its name.
    teacher.locator("a[href='/ruang/kelas/kelompok/baru/']").click()
    teacher.locator("#id_label").fill("8B")
    plus = teacher.locator("button.room-step[value$=':1']").first
    for _n in range(5):
        plus.click()
    expect(teacher.locator("[data-total]")).to_have_text("5")
    assert axe(teacher) == []
    assert teacher.evaluate(FITS)
    teacher.locator("main form.form button.l-large").click()
    expect(teacher).to_have_url(re.compile(r"/ruang/kelas/(#periksa)?$"))
    group = Group.objects.get()
    assert sum(row.number for row in group.counts.all()) == 5
    # The shelf, the module, phones, now.
    teacher.goto(address("lebak", f"/ruang/kelas/mulai/?kelompok={group.pk}"))
    assert axe(teacher) == []
    teacher.locator("main h2 a").first.click()
    expect(teacher.locator(f"[name=group][value='{group.pk}']")).to_be_checked()
    teacher.locator("[name=mode][value=ponsel]").check()
    assert axe(teacher) == []
    assert teacher.evaluate(FITS)
    teacher.locator("button.l-large[value=mulai]").click()
    expect(teacher.locator(".room-code")).to_be_visible()
    run = ClassRun.objects.get()
    assert axe(teacher) == []
    assert teacher.evaluate(FITS)

    wall = open_page(1280, 800, color_scheme="dark")
    sign_in(wall, address, lebak.teacher, f"/ruang/kelas/{run.pk}/layar/")
    expect(wall.locator(".wall-code")).to_have_text(f"{run.code[:3]} {run.code[3:]}")
    assert axe(wall) == []
    assert wall.evaluate(FITS)

    pupil = open_page()
    pupil.goto(address("lebak", f"/gabung/{run.code}/"))
    pupil.locator("main button.l-large").click()
    expect(pupil.locator("#kelas")).to_be_visible()
    nickname = Participant.objects.get().nickname
    # Both screens hear of it by themselves.
    expect(wall.locator(".wall-names")).to_contain_text(nickname, timeout=SOON)
    expect(teacher.locator("[data-participants]").first).to_have_text("1", timeout=SOON)

    step_named(teacher, "Langkah satu")
    expect(teacher.locator("[data-left]")).to_be_visible()
    expect(wall.locator("h1")).to_contain_text("Langkah satu", timeout=SOON)
    assert nickname not in wall.locator("main").inner_text()
    assert axe(teacher) == []
    assert axe(wall) == []
    question = pupil.locator(f"#tanya-{ITEM['true_false']}")
    expect(question).to_be_visible(timeout=SOON)
    question.locator("input[type=radio]").first.check()
    question.locator("button.l-button").first.click()
    counted = f"[data-answered='{ITEM['true_false']}'] [data-number]"
    expect(teacher.locator(counted)).to_have_text("1", timeout=SOON)
    expect(wall.locator(counted)).to_have_text("1", timeout=SOON)

    # The card is one tap away, and Escape closes it.
    teacher.locator("#bercerita summary").click()
    expect(teacher.locator(".room-sheet")).to_be_visible()
    teacher.keyboard.press("Escape")
    expect(teacher.locator(".room-sheet")).to_be_hidden()

    # Without a connection the page stays and says so; then it goes on.
    teacher.context.set_offline(True)
    expect(teacher.locator("[data-lost]")).to_be_visible(timeout=SOON)
    teacher.locator("#do-next").click()
    expect(teacher.locator("h1")).to_contain_text("Langkah satu")
    teacher.context.set_offline(False)
    complaints.said.clear()
    expect(teacher.locator("[data-lost]")).to_be_hidden(timeout=40_000)
    complaints.said.clear()

    # Sent out after asking; the pupil's answer counts no more.
    teacher.locator("#peserta summary").click()
    teacher.get_by_role("button", name=nickname).click()
    assert axe(teacher) == []
    teacher.locator("main button.l-danger").click()
    expect(teacher.locator(counted)).to_have_text("0")
    expect(wall.locator(counted)).to_have_text("0", timeout=SOON)

    teacher.locator("#atur summary").click()
    teacher.locator("#end-now").click()
    assert axe(teacher) == []
    teacher.locator("main form button.l-button").click()
    expect(teacher.locator("#do-reopen")).to_be_visible()
    assert axe(teacher) == []
    assert teacher.evaluate(FITS)
    expect(wall.locator(".wall-middle")).to_be_visible(timeout=SOON)
    run.refresh_from_db()
    assert run.state == "tutup"
    # The phone that was sent out is told so, with a 403.
    assert [line for line in complaints.said if "403" not in line] == []
    complaints.said.clear()


@pytest.mark.slow
def test_two_consoles_agree(open_page, address, lebak, complaints):
    run = make_run(lebak.district, facilitator=lebak.teacher, now=timezone.now())
    first, second = open_page(), open_page()
    for page in (first, second):
        sign_in(page, address, lebak.teacher, f"/ruang/kelas/{run.pk}/")
    second.context.set_offline(True)
    first.locator("#do-next").click()
    expect(first.locator("#do-back")).to_be_visible()
    second.context.set_offline(False)
    complaints.said.clear()
    second.locator("#do-next").click()
    expect(second.locator("#do-back")).to_be_visible(timeout=SOON)
    run.refresh_from_db()
    assert run.step == 1
    complaints.said.clear()


def test_without_script_everything_is_a_form(open_page, address, lebak):
    page = open_page(java_script_enabled=False)
    sign_in(page, address, lebak.teacher, "/ruang/kelas/mulai/")
    page.locator("main h2 a").click()
    page.locator("button.room-step[value$=':1']").first.click()
    expect(page.locator("[data-total]")).to_have_text("1")
    page.locator("[name=mode][value=satu]").check()
    page.locator("button.l-large[value=mulai]").click()
    page.locator("#do-next").click()
    page.locator("#do-next").click()
    expect(page.locator("h1")).to_contain_text("Langkah satu")
    expect(page.locator("[data-plain-time]")).to_be_visible()
    expect(page.locator("[data-left]")).to_be_hidden()
    page.locator("#bercerita summary").click()
    expect(page.locator(".room-sheet")).to_be_visible()
    page.locator("#bercerita summary").click()
    page.locator("#do-back").click()
    page.locator("#atur summary").click()
    page.locator("#end-now").click()
    page.locator("main form button.l-button").click()
    expect(page.locator("#do-reopen")).to_be_visible()
    assert ClassRun.objects.get().state == "tutup"


@pytest.mark.slow
@pytest.mark.parametrize(("width", "scheme"), SIZES)
def test_each_screen_is_accessible_and_fits(open_page, address, lebak, axe, width, scheme):
    district, teacher = lebak.district, lebak.teacher
    group = make_group(district, teacher)
    now = timezone.now()
    run = make_run(district, facilitator=teacher, group=group, mode="satu", now=now)
    runs.go_to(run=run, step=2, now=now)
    plan = make_run(district, facilitator=teacher, opened=False, planned_for=now.date(), now=now)
    page = open_page(width, 800, color_scheme=scheme)
    sign_in(page, address, teacher, "/ruang/kelas/")
    for path in (
        "",
        f"kelompok/{group.pk}/",
        f"kelompok/{group.pk}/salin/",
        f"kelompok/{group.pk}/hapus/",
        "mulai/",
        "mulai/?modul=bercanda",
        f"{plan.pk}/",
        f"{run.pk}/",
        f"{run.pk}/layar/",
    ):
        page.goto(address("lebak", f"/ruang/kelas/{path}"))
        assert axe(page) == [], path
        assert page.evaluate(FITS), path
