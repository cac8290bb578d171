"""The papers of a session: as its edition says, numbered as the page on which they are counted."""

import re
from datetime import date
from uuid import uuid4

import pytest
from django.utils import timezone

from districts.services.aliases import sync_aliases
from modules.countable import countable_of
from modules.models import LessonPage, ModulePage
from modules.services import runs
from modules.services.reviewing import withdraw
from tests.factories.module_papers import fetch, pages, pdf, whole_module, words
from tests.factories.modules import ITEM, block_id, make_module, make_run, sign
from tests.factories.places import make_district, make_user, national
from tests.factories.planning import client_of

pytestmark = pytest.mark.django_db
SECOND = block_id("lanjutan 1")


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def klaten():
    return make_district("klaten")


@pytest.fixture
def teacher(klaten):
    return client_of("guru", klaten)


@pytest.fixture
def module(klaten):
    source = whole_module(version="1.0")
    sync_aliases(klaten)
    return source


def planned(module, teacher, *, mode="kertas", **plan):
    plan = {"opened": False, "now": timezone.now()} | plan
    return make_run(module=module, facilitator=teacher.user, mode=mode, **plan)


def read(teacher, run, name) -> bytes:
    answer = teacher.get(f"/ruang/kelas/{run.pk}/{name}.pdf")
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "private, no-store"
    return b"".join(answer.streaming_content)


def republish(module) -> None:
    """Version 2.0: the first answer of the first question is the last one now."""
    module = ModulePage.objects.get(pk=module.pk)
    lesson = LessonPage.objects.child_of(module).first()
    steps = list(lesson.steps.get_prep_value())
    for block in steps[0]["value"]["learner"]:
        if block["id"] == str(ITEM["single"]):
            block["value"]["choices"].reverse()
    lesson.steps = steps
    lesson.save_revision().publish()
    module.version, module.materials = "2.0", "Papan baru"
    module.save_revision().publish()


def options_printed(content: bytes) -> list[str]:
    """The answers of the first question, in the order of their letters."""
    found = re.search(r"Soal single\?.*?A (.*?) B (.*?) C (.*?) 2\.", words(content))
    return list(found.groups())


def test_a_sheet_prints_what_the_run_was_planned_with(module, klaten, teacher):
    run = planned(module, teacher, district=klaten)
    republish(module)
    printed = read(teacher, run, "lembar-jawaban")
    [counted] = [one for one in countable_of(run) if one.item.id == ITEM["single"]]

    assert options_printed(printed) == [text for _key, _mark, text in counted.options]
    assert options_printed(pdf("lembar-jawaban")) == ["Keliru", "Kurang tepat", "Tepat"]
    for name in ("lembar-jawaban", "panduan"):
        told = pages(read(teacher, run, name))
        assert [number for number, page in enumerate(told) if "versi 1.0" not in page] == []
        assert not any("2.0" in page for page in told)
    guide = words(read(teacher, run, "panduan"))
    assert ("Papan tulis" in guide, "Papan baru" in guide) == (True, False)


def test_what_is_mended_beside_the_same_lessons_is_printed(module, klaten, teacher):
    run = planned(module, teacher, district=klaten)
    module.materials = "Papan yang lebih besar"
    module.save_revision().publish()
    assert "Papan yang lebih besar" in words(read(teacher, run, "panduan"))


def test_what_is_mended_stays_so_when_a_lesson_changes_later(module, klaten, teacher):
    planned(module, teacher, district=klaten)
    module = ModulePage.objects.get(pk=module.pk)
    module.materials, module.safeguarding = "Papan yang lebih besar", "<p>Catatan baru</p>"
    module.save_revision().publish()
    run = planned(module, teacher, district=klaten)
    republish(module)
    guide = words(read(teacher, run, "panduan"))
    told = ("Papan yang lebih besar", "Catatan baru", "Papan baru")
    assert [one in guide for one in told] == [True, True, False]
    assert "versi 1.0" in guide


def test_a_signature_holds_for_the_words_it_was_given_for(module, klaten, teacher):
    run = planned(module, teacher, district=klaten)
    sign(ModulePage.objects.get(pk=module.pk), day=date(2026, 3, 1))
    republish(module)
    said = "Berubah sejak ditinjau"
    assert said in words(pdf("lembar-jawaban"))
    printed = words(read(teacher, run, "panduan"))
    assert (said in printed, "Psikolog Ayu" in printed) == (False, True)


@pytest.mark.parametrize("is_open", [False, True])
def test_the_page_of_a_run_offers_its_papers_until_the_first_step(module, klaten, teacher, is_open):
    offered = {
        mode: re.findall(
            r'href="([^"]*\.pdf)"',
            teacher.get(f"/ruang/kelas/{run.pk}/").content.decode(),
        )
        for mode in ("kertas", "satu")
        for run in [planned(module, teacher, district=klaten, mode=mode)]
        if not is_open or runs.open_run(run=run, now=timezone.now())
    }
    named = {mode: [one.rpartition("/")[2] for one in found] for mode, found in offered.items()}
    assert named == {
        "kertas": ["panduan.pdf", "lembar-kerja.pdf", "lembar-jawaban.pdf", "kartu.pdf"],
        "satu": ["panduan.pdf", "lembar-kerja.pdf", "kartu.pdf"],
    }
    for address in (*offered["kertas"], *offered["satu"]):
        assert teacher.get(address)["Content-Type"] == "application/pdf"


def test_a_question_has_one_number_everywhere(klaten, teacher):
    module = make_module(slug="modul-uji", lessons=2)
    sync_aliases(klaten)
    whole = planned(module, teacher, district=klaten)
    second = planned(module, teacher, district=klaten, lessons=[1])
    # A story and a private note, of the first lesson, stand on no sheet.
    numbers = {ITEM["single"]: 1, ITEM["true_false"]: 2, ITEM["multiple"]: 3, ITEM["likert"]: 6}
    for run, expected in ((whole, numbers | {SECOND: 7}), (second, {SECOND: 7})):
        counted = {one.item.id: one.number for one in countable_of(run) if one.is_quiz}
        assert counted == expected
        page = teacher.get(f"/ruang/kelas/{run.pk}/hitung/").content.decode()
        entered = re.findall(r'id="kuis-[^"]*" data-line[^>]*>\s*<legend><b>(\d+)</b>', page)
        assert [int(number) for number in entered] == list(expected.values())
        # The page on which the sheets are counted.
        last = pages(read(teacher, run, "lembar-jawaban"))[-1]
        quiz = re.search("Pertanyaan selama sesi(.*)Survei sesudah", last).group(1)
        assert re.findall(r"(\d+)\. Soal", quiz) == [str(number) for number in expected.values()]
        answers = {"key": str(uuid4()), "sequence": "1", "n-0": "1", "n-1": "2"}
        teacher.post(f"/ruang/kelas/{run.pk}/hitung/kuis/{SECOND}/", answers)
        results = teacher.get(f"/ruang/kelas/{run.pk}/hasil/").content.decode()
        told = re.findall(r'id="soal-(\d+)" data-number="(\d+)"', results)
        # What sheets ask and nobody counts stands there as well.
        on_sheet = range(1, 8) if run == whole else range(7, 8)
        assert told == [(str(number), str(number)) for number in on_sheet]
    shown = teacher.get(f"/ruang/kelas/{second.pk}/hitung/kuis/{SECOND}/").content.decode()
    where = re.search(r'tally-where">(.*?)</p>', shown, re.S).group(1)
    assert re.findall(r"\d+", where.rpartition("·")[2]) == ["7", "1", "1"]


def test_a_run_of_one_lesson_prints_that_lesson(klaten, teacher):
    module = make_module(slug="modul-uji", lessons=3)
    sync_aliases(klaten)
    run = planned(module, teacher, district=klaten, lessons=[1])
    sheet, guide = (words(read(teacher, run, name)) for name in ("lembar-jawaban", "panduan"))
    assert ("Soal lanjutan 1?" in sheet, "Soal lanjutan 2?" in sheet) == (True, False)
    assert "Soal single?" not in sheet
    # The survey comes before the first lesson and after the last.
    assert "Soal tahu?" not in sheet
    assert "Pelajaran 2:" in guide
    assert not any(f"Pelajaran {number}:" in guide for number in (1, 3))


@pytest.mark.parametrize(("lessons", "titles"), [([0], ["Sebelum sesi"]), ([1], ["Sesudah sesi"])])
def test_the_survey_is_printed_where_the_run_asks_it(klaten, teacher, lessons, titles):
    module = make_module(slug="modul-uji", lessons=2)
    run = planned(module, teacher, district=klaten, lessons=lessons)
    sheet = words(read(teacher, run, "lembar-jawaban"))
    assert [said for said in ("Sebelum sesi", "Sesudah sesi") if said in sheet] == titles


def test_papers_of_a_run_are_its_facilitators(module, klaten, teacher):
    run = planned(module, teacher, district=klaten)
    address = f"/ruang/kelas/{run.pk}/lembar-jawaban.pdf"
    other, editor = client_of("guru", klaten), client_of("editor", klaten)
    elsewhere = client_of("guru", make_district("lebak"))
    statuses = [one.get(address).status_code for one in (teacher, other, editor, elsewhere)]
    assert statuses == [200, 404, 404, 404]
    assert teacher.get(f"/ruang/kelas/{run.pk}/lembar-rahasia.pdf").status_code == 404


def test_of_a_module_that_was_taken_back_nothing_is_printed(module, klaten, teacher):
    run = planned(module, teacher, district=klaten)
    read(teacher, run, "panduan")
    moderator = make_user("moderator", national())
    withdraw(page=module, actor=moderator, reason="Isinya salah.", now=timezone.now())
    assert fetch("panduan").status_code == 410
    assert teacher.get(f"/ruang/kelas/{run.pk}/panduan.pdf").status_code == 410
