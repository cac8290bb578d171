"""Every module of the house once, as a teacher takes it: run-sheet, class, counts, results."""

import re
from itertools import count
from types import SimpleNamespace

import pytest
from playwright.sync_api import expect

from districts.services.aliases import sync_aliases
from modules.loading.folder import CONTENT, house_folders
from modules.loading.load import load_whole
from modules.loading.translated import read_with_translations
from modules.models import ClassRun, LessonPage, ModulePage, Tally
from safeguards import generation
from safeguards.models import Generation
from tests.factories.channels import make_channel, make_emergency
from tests.factories.places import PASSWORD, make_district, make_user, national
from tests.papers import text_of

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
# One in the short run, in each language; the others take their time.
SHORT = "bercanda-atau-merundung"
MODULES = [
    pytest.param(
        folder.name,
        language,
        id=f"{folder.name}-{language}",
        marks=[] if (folder.name, language) == (SHORT, "id") else pytest.mark.slow,
    )
    for folder in house_folders()
    for language in ("id", "en")
]
PEOPLE = 5
FETCH = """async path => [...new Uint8Array(await (await fetch(path)).arrayBuffer())]"""
MOST_STEPS = 40
_rounds = count(50_000_000, 1_000_000)


@pytest.fixture
def lebak(live_server, transactional_db):
    make_emergency(national())
    district = make_district("lebak")
    make_channel(district, label="UPTD Lebak", display="(0252) 3210")
    return SimpleNamespace(district=district, teacher=make_user("guru", district))


def loaded(slug: str, language: str, district) -> ModulePage:
    text, translations = read_with_translations(CONTENT / slug)
    load_whole(text=text, translations=translations, unreviewed=True)
    sync_aliases(district)
    # One server answers all tests; its page cache must not take this shelf for the last one.
    Generation.objects.update_or_create(pk=1, defaults={"number": next(_rounds)})
    generation.forget()
    return ModulePage.objects.get(slug=slug, locale__language_code=language, alias_of__isnull=True)


@pytest.mark.parametrize(("slug", "language"), MODULES)
def test_a_module_from_run_sheet_to_results(
    page, context, address, lebak, complaints, slug, language
):
    complaints(context)
    module = loaded(slug, language, lebak.district)
    prefix = "" if language == "id" else f"/{language}"

    # The shelf, the module, its run-sheet.
    page.goto(address("lebak", f"{prefix}/modul/"))
    page.get_by_role("link", name=module.title, exact=True).click()
    expect(page.locator("h1")).to_have_text(module.title)
    papers = page.locator("a[type='application/pdf']")
    expect(papers).to_have_count(4)
    told = text_of(bytes(page.evaluate(FETCH, papers.first.get_attribute("href"))))
    assert module.title in told
    assert "(0252) 3210" in told
    assert all(one.title in " ".join(told.split()) for one in LessonPage.objects.child_of(module))

    # In, and a class of five with one device.
    start = f"{prefix}/ruang/kelas/mulai/?modul={slug}"
    page.goto(address("lebak", start))
    page.locator("[name=login]").fill(lebak.teacher.email)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main button.l-button").first.click()
    expect(page).to_have_url(re.compile(r"/ruang/"))
    page.goto(address("lebak", start))
    plus = page.locator("button.room-step[value$=':1']").first
    for _n in range(PEOPLE):
        plus.click()
    expect(page.locator("[data-total]")).to_have_text(str(PEOPLE))
    page.locator("[name=mode][value=satu]").check()
    page.locator("button.l-large[value=mulai]").click()
    expect(page.locator("#do-next")).to_be_visible()
    run = ClassRun.objects.get()
    assert run.edition.page == module

    # Every step, the card always one tap away.
    walked = walk(page)
    assert [step for step in steps_of(module) if step not in " | ".join(walked)] == []
    page.locator("#bercerita summary").click()
    expect(page.locator(".room-sheet")).to_contain_text(module.disclosure_title)
    page.keyboard.press("Escape")

    # All hands for the first answer of each question.
    page.goto(address("lebak", f"{prefix}/ruang/kelas/{run.pk}/hitung/"))
    lines = page.locator("[data-line]")
    asked = lines.count()
    for number in range(asked):
        lines.nth(number).locator("input.l-input").first.fill(str(PEOPLE))
    page.locator("[data-save]").click()
    expect(page).not_to_have_url(re.compile("/hitung/"))
    assert Tally.objects.filter(run=run).count() == asked > 0

    page.goto(address("lebak", f"{prefix}/ruang/kelas/{run.pk}/"))
    page.locator("#atur summary").click()
    page.locator("#end-now").click()
    page.locator("main form button.l-button").click()
    expect(page.locator("#do-reopen")).to_be_visible()
    page.goto(address("lebak", f"{prefix}/ruang/kelas/{run.pk}/hasil/"))
    expect(page.locator(".result-head .l-lead")).to_have_text(module.title)
    expect(page.locator(".result-questions > li").first).to_be_visible()


def steps_of(module: ModulePage) -> list[str]:
    return [
        step.value["title"]
        for lesson in LessonPage.objects.child_of(module)
        for step in lesson.steps
    ]


def walk(page) -> list[str]:
    """Tap forward to the end; return what each point is called."""
    titles = [page.locator("h1").inner_text()]
    for _n in range(MOST_STEPS):
        forward = page.locator("form:has(#do-next)")
        if not forward.count():
            return titles
        seen = forward.locator("[name=seen]").get_attribute("value")
        forward.locator("#do-next").click()
        expect(page.locator(f"form:has(#do-next) [name=seen][value='{seen}']")).to_have_count(0)
        titles.append(page.locator("h1").inner_text())
    raise AssertionError(titles)
