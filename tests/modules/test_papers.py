"""The papers of a module as poppler reads them: whole, and without a key."""

import re
import subprocess

import pytest

from districts.services.aliases import sync_aliases
from modules.loading.folder import house_folders
from modules.loading.load import load_whole
from modules.loading.translated import read_with_translations
from modules.models import LessonPage, ModulePage
from tests.factories.channels import ALWAYS, make_channel, make_emergency
from tests.factories.module_papers import (
    PAPERS,
    block,
    pages,
    pdf,
    whole_module,
    words,
)
from tests.factories.modules import QUESTIONS, block_id, make_lesson, make_module, step
from tests.factories.places import make_district, national
from tests.papers import info_of

pytestmark = pytest.mark.django_db

DANGEROUS = '#panic("x") *tebal* _miring_ $x^2$ <script>alert(1)</script> \\ @judul = [x]'
ESCAPED = DANGEROUS.replace("<", "&lt;").replace(">", "&gt;")


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def klaten():
    make_emergency(national())
    office = make_district("klaten")
    make_channel(office, label="UPTD Klaten", display="(0272) 3210")
    return office


@pytest.fixture
def module(klaten):
    source = whole_module()
    sync_aliases(klaten)
    return source


@pytest.mark.parametrize("name", PAPERS)
def test_every_page_says_title_version_source_licence_and_number(module, name):
    content = pdf(name)
    told, found = info_of(content), pages(content)

    assert (told["Tagged"], told["Title"]) == ("yes", "Modul uji")
    assert b"/Lang(id)" in content
    assert b"<pdfuaid:part>1<" in content
    assert len(found) == int(told["Pages"])
    for number, page in enumerate(found, start=1):
        for said in ("Modul uji", "2.3", "klaten.localhost/modul/modul-uji/", "CC BY-SA 4.0"):
            assert said in page, (number, said)
        assert re.search(rf"\b{number} ?/ ?{len(found)}\b", page)


def test_the_run_sheet_holds_what_a_lesson_takes(module):
    text = words(pdf("panduan"))

    said = (
        "0–10", "10–20", "0–7", "7–10", "Langkah kerja", "Panduan kerja.", "Halo.", "Apa bedanya?",
        "Semua senang.", "“Cuma bercanda.” → Kita periksa.", "Jika anak bercerita",
        "Dengarkan dulu.", "“Ini bukan salahmu.”", "Menjanjikan rahasia.", "(0272) 3210", "110",
        "Papan tulis", "Menyebut tiga ciri.", "Jangan bertanya pengalaman.", "Topi itu dilempar.",
        "Wulan duduk sendiri.", "Bacaan murid.",
    )  # fmt: skip
    assert [one for one in said if one not in text] == []


def test_what_is_read_says_its_name_once_where_the_step_is_called_the_same(klaten):
    module = make_module(klaten, slug="modul-uji", lessons=0)
    case = {"title": "Langkah pagi", "text": "<p>Wulan datang.</p>", "question": ""}
    block = {"type": "case", "id": str(block_id("kasus")), "value": case}
    make_lesson(module, step("pagi", block))

    reading = words(pdf("panduan")).partition("Untuk dibacakan")[2]

    assert reading.count("Langkah pagi") == 1
    assert "Wulan datang." in reading


def test_a_lesson_of_ordinary_length_takes_one_page(module):
    found = pages(pdf("panduan"))

    assert "0–10" in found[0]
    assert "20–30" in found[0]
    assert "Jika anak bercerita" in found[0]
    assert "7–10" in found[1]
    assert "Jika anak bercerita" in found[1]


@pytest.mark.parametrize(("paragraphs", "most"), [(16, 2), (60, 4)])
def test_a_long_lesson_goes_on_overleaf_and_loses_nothing(klaten, paragraphs, most):
    said = [f"Kalimat nomor {n}, {'kata ' * 30}akhir {n}." for n in range(paragraphs)]
    long = "".join(f"<p>{one}</p>" for one in said)
    module = make_module(klaten, slug="modul-uji", lessons=0)
    make_lesson(module, step("panjang", guide=long), step("tutup", guide="<p>Selesai.</p>"))

    content = pdf("panduan")
    text, count = words(content), int(info_of(content)["Pages"])

    assert all(f"akhir {n}." in text for n in range(paragraphs))
    assert "Selesai." in text
    assert count <= most


def test_the_worksheet_has_a_page_for_each_sheet_and_lines_to_write_on(klaten):
    text = "<p>Tulis: ____</p>"
    sheets = [block("sheet", name, title=f"Lembar {name}", text=text) for name in "abc"]
    module = make_module(klaten, slug="modul-uji", lessons=0)
    make_lesson(module, step("tulis", *sheets))

    found = pages(pdf("lembar-kerja"))

    assert [page[:8] for page in found] == ["Lembar a", "Lembar b", "Lembar c"]
    assert all("Tulis:" in page and "____" not in page for page in found)
    assert all("110" in page for page in found)


def test_the_answer_sheet_asks_everything_once_and_the_survey_twice(module):
    survey, *rest = pages(pdf("lembar-jawaban"))
    quiz, tally = rest

    assert survey.count("Soal tahu?") == survey.count("Soal sikap?") == 2
    for kind in ("single", "true_false", "multiple", "order", "match", "likert"):
        assert quiz.count(f"Soal {kind}?") == 1
    # A private note is never collected, a story is read aloud.
    assert "short_text" not in quiz
    assert "scenario" not in quiz
    for kind in ("single", "true_false", "multiple", "likert"):
        assert f"Soal {kind}?" in tally
    assert "Soal order?" not in tally
    assert tally.count("Soal tahu?") == 2
    # A question keeps its number, so that sheets and sums are found by it.
    assert re.search(r"6\. Soal likert\?", tally)
    assert re.search(r"6\. Soal likert\?", quiz)


def test_no_paper_says_which_answer_is_right(module):
    """The answers of every item, the piles and reasons of cards that the server scores."""
    for name in PAPERS:
        text = words(pdf(name))
        for said in ("Umpan balik", "Penjelasan ", "Semua tertawa.", "Satu terluka.", "Ia lega."):
            assert said not in text, (name, said)


def test_the_answer_sheet_is_the_same_whichever_answer_is_right(klaten):
    module = make_module(klaten, slug="modul-uji", lessons=0, survey=[])
    item = {**QUESTIONS[0], "value": dict(QUESTIONS[0]["value"])}
    lesson = make_lesson(module, step("tanya", item))
    before = words(pdf("lembar-jawaban"))

    choices = item["value"]["choices"]
    item["value"]["choices"] = [one | {"right": not one["right"]} for one in choices]
    lesson.steps = [step("tanya", item)]
    lesson.save_revision().publish()

    assert "Soal single?" in before
    assert words(pdf("lembar-jawaban")) == before


def test_cards_of_an_activity_have_a_key_and_scored_ones_do_not(module):
    found = pages(pdf("kartu"))
    cards, key = " ".join(found[:-1]), found[-1]

    for said in ("Kartu pilah 1", "Kartu lucu", "Kartu sakit", "Boleh aku duduk di sini?", "Lucu"):
        assert said in cards
    assert "Sebab" not in cards
    assert re.search(r"Lucu 1 Kartu pilah 1 → Sebab 1\. 3 Kartu pilah 3 → Sebab 3\.", key)
    assert re.search(r"Sakit 2 Kartu pilah 2 → Sebab 2\.", key)
    assert "Kartu lucu" not in key
    assert "Kartu sakit" not in key


def test_cards_to_match_have_a_key_where_they_are_a_self_check(klaten):
    match = {**QUESTIONS[4], "value": QUESTIONS[4]["value"] | {"scored": False}}
    make_lesson(make_module(klaten, slug="modul-uji", lessons=0), step("pilah", match))

    assert re.search(r"Bercanda \d Kartu lucu → Semua tertawa\.", pages(pdf("kartu"))[-1])


@pytest.mark.parametrize(("count", "piles", "words_each"), [(8, 3, 1), (12, 2, 1), (8, 2, 20)])
def test_cards_of_one_deck_lie_on_one_page_and_name_it(klaten, count, piles, words_each):
    cards = [
        {"text": f"Kartu {n}{' kata' * words_each}.", "pile": "Lucu", "why": ""}
        for n in range(count)
    ]
    named = ["Lucu", "Sakit", "Lain"][:piles]
    deck = block("card_sort", title="Pilahan", piles=named, cards=cards)
    make_lesson(make_module(klaten, slug="modul-uji", lessons=0), step("pilah", deck))

    found = pages(pdf("kartu"))

    assert len(found) == 2
    assert all(f"Kartu {n} " in found[0] for n in range(count))
    assert found[0].count("Pilahan") == count + 1


def test_twelve_cards_with_many_words_keep_large_letters_on_two_pages(klaten):
    cards = [{"text": f"Kartu {n} {'kata ' * 20}.", "pile": "Lucu", "why": ""} for n in range(12)]
    deck = block("card_sort", title="Pilahan", piles=["Lucu", "Sakit"], cards=cards)
    make_lesson(make_module(klaten, slug="modul-uji", lessons=0), step("pilah", deck))

    assert len(pages(pdf("kartu"))) == 3


def test_what_people_typed_is_never_an_order(klaten):
    module = make_module(klaten, slug="modul-uji", title=f"Judul {DANGEROUS}", lessons=0)
    html = f"<p>{ESCAPED}</p>"
    card = {"text": DANGEROUS, "pile": "b", "why": DANGEROUS}
    choice = {"text": DANGEROUS, "right": True, "feedback": ""}
    asked = QUESTIONS[0]["value"] | {"prompt": html, "choices": [choice] * 2}
    learner = (
        block("sheet", title=DANGEROUS, text=html),
        block("card_sort", title=DANGEROUS, piles=[DANGEROUS, "b"], cards=[card] * 2),
        block("case", title=DANGEROUS, text=html, question=DANGEROUS),
        QUESTIONS[0] | {"value": asked},
    )
    make_lesson(module, step("aneh", *learner, guide=html, say=html))

    for name in PAPERS:
        text = words(pdf(name)).replace("- ", "-")
        assert text.count('#panic("x") *tebal* _miring_') >= 2, name
        assert "<script>" in text
        assert "&lt;" not in text


@pytest.mark.parametrize("prefix", ["", pytest.param("/en", marks=pytest.mark.slow)])
def test_every_lesson_of_the_house_fits_on_the_two_sides_of_one_sheet(klaten, prefix):
    # As many as a run-sheet names, and with the words that an office writes.
    for n in range(5):
        make_channel(
            klaten,
            label=f"Layanan ke-{n} lewat WhatsApp",
            display="08111-129-129",
            cost="Memakai kuota internet Anda",
            hours=ALWAYS,
        )
    for folder in house_folders():
        text, translations = read_with_translations(folder, {})
        load_whole(text=text, translations=translations if prefix else (), unreviewed=True)
    sync_aliases(klaten)

    language = prefix[1:] or "id"
    for module in ModulePage.objects.filter(alias_of__isnull=False, locale__language_code=language):
        found = pages(pdf("panduan", module.slug, prefix=prefix))
        begins = [n for n, page in enumerate(found) if re.match(r"(Pelajaran|Lesson) \d", page)]
        lessons = LessonPage.objects.child_of(module).count()
        assert begins[:lessons] == [2 * n for n in range(lessons)], module.slug
        assert re.match("Sebelum mengajar|Before you teach", found[2 * lessons])
        # No page holds some last lines alone.
        assert min(len(page.split()) for page in found) > 60, module.slug


def left_edges(content: bytes) -> list[tuple[str, float]]:
    """(word, points from the edge of its column) of the first page, as poppler places them."""
    command = ["pdftotext", "-bbox", "-l", "1", "-", "-"]
    told = subprocess.run(command, input=content, capture_output=True, check=True).stdout.decode()
    placed = re.findall(r'xMin="([\d.]+)"[^>]*>([^<]+)</word>', told)
    return [(word, float(x) % 263.6) for x, word in placed]


def test_cards_carry_their_pictures_and_the_key_names_them(klaten):
    cards = [
        {"text": "Awan kelabu", "picture": "awan", "pile": "Lucu", "why": "Sebab."},
        {"text": "Tanpa gambar", "pile": "Sakit"},
    ]
    make_lesson(
        make_module(klaten, slug="modul-uji", lessons=0),
        step("pilah", block("card_sort", title="Pilah", piles=["Lucu", "Sakit"], cards=cards)),
    )

    content = pdf("kartu")

    *_cards, key = pages(content)
    assert "Awan kelabu (Awan) → Sebab." in key
    assert "Tanpa gambar (" not in key
    # The drawing fills its place beside the words; the card without one begins at its edge.
    found = dict(left_edges(content))
    assert found["Awan"] - found["Tanpa"] > 40


def test_the_note_to_take_home_is_the_last_page_of_the_worksheet(klaten):
    whole_module(
        take_home_title="Untuk keluarga",
        take_home="<p>Dengarkan di rumah.</p><h3>Setiap hari</h3><p>Satu terima kasih.</p>",
        take_home_may_be_withheld=True,
    )
    sync_aliases(klaten)

    sheet, guide = pages(pdf("lembar-kerja")), words(pdf("panduan"))

    assert len(sheet) == 2
    told = ("Untuk keluarga", "Dengarkan di rumah.", "Setiap hari", "(0272) 3210")
    assert [one for one in told if one not in sheet[1]] == []
    assert "Dengarkan di rumah." not in sheet[0]
    assert "“Untuk keluarga”" in guide
    # Whether it is handed out is the facilitator's business alone.
    withheld = "Anda yang memutuskan apakah ini dibagikan"
    assert (withheld in guide, withheld in " ".join(sheet)) == (True, False)


def test_a_note_alone_fills_a_worksheet(klaten):
    make_lesson(make_module(klaten, slug="modul-uji", lessons=0, take_home="<p>Pulang.</p>"))

    [sheet] = pages(pdf("lembar-kerja"))

    assert "Pulang." in sheet


def test_the_licence_is_the_modules_own(klaten):
    whole_module(licence="CC0 1.0")
    sync_aliases(klaten)

    told = words(pdf("panduan"))

    assert ("CC0 1.0" in told, "CC BY-SA 4.0" in told) == (True, False)
