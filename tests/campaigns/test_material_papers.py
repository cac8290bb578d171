"""`/materi/<slug>.pdf` as poppler reads it: the reading district's numbers, and words as typed."""

import re

import pytest
from django.test import Client

from campaigns import remaking
from campaigns.models import MaterialPage
from districts.models import Channel, Paper
from districts.services.aliases import sync_aliases
from safeguards import generation
from tests.factories.channels import ALWAYS, make_channel, make_emergency, make_placeholder
from tests.factories.pages import make_material, paragraph
from tests.factories.places import make_district, national
from tests.papers import info_of, text_of

pytestmark = pytest.mark.django_db

DANGEROUS = '#panic("x") *tebal* _miring_ $x^2$ <script>alert(1)</script> \\ @judul = [x]'
ESCAPED = DANGEROUS.replace("<", "&lt;").replace(">", "&gt;")
PRINTED = ("poster", "leaflet", "cards", "sheet")
LAYOUTS = (*PRINTED, "slides")


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def klaten():
    make_emergency(national())
    office = make_district("klaten")
    make_channel(office, label="UPTD Klaten", display="(0272) 3210")
    return office


def fetch(slug: str = "lembar", host: str = "klaten", prefix: str = "", **headers):
    generation.forget()
    host = f"{host}.localhost" if host else "localhost"
    return Client().get(f"{prefix}/materi/{slug}.pdf", headers={"host": host} | headers)


def pdf(*args, **kwargs) -> bytes:
    answer = fetch(*args, **kwargs)
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


def words(content: bytes) -> str:
    return " ".join(text_of(content).split())


def cards(*items: tuple[str, str, str], title: str = "Potong") -> dict:
    listed = [dict(zip(("title", "text", "drawing"), item, strict=True)) for item in items]
    return {"type": "cards", "value": {"title": title, "items": listed}}


WHOLE = [
    paragraph("<h2>Bagian satu</h2><p>Teks <b>tebal</b> &amp; <i>miring</i>.</p>"),
    paragraph("<ul><li>Butir</li></ul>"),
    {
        "type": "steps",
        "value": {"title": "Langkah", "items": [{"title": "Dengar", "text": "<p>Tenang.</p>"}]},
    },
    {"type": "do_dont", "value": {"do": ["Percaya"], "dont": ["Menyalahkan"]}},
    {"type": "callout", "value": {"tone": "urgent", "title": "Awas", "text": "<p>Pergi.</p>"}},
    {"type": "quote", "value": {"text": "Saya dengar.", "role": "Kader"}},
    {"type": "help", "value": {"issue": ""}},
    {"type": "links", "value": {"title": "Baca", "items": [{"text": "Di sini", "page": None, "url": "https://contoh.invalid/"}]}},
    cards(("Julukan", "Dito tidak suka.", "hands"), ("Grup", "", "")),
    paragraph("<ol><li>Kami ………………………</li></ol><h2>Untuk guru</h2><p>Akhir.</p>"),
]  # fmt: skip
SAID = (
    "Bagian satu", "tebal & miring.", "Butir", "Langkah", "Dengar", "Tenang.", "Percaya",
    "Menyalahkan", "Awas", "Pergi.", "Saya dengar.", "Kader", "Baca", "Di sini", "Untuk guru",
    "Akhir.",
)  # fmt: skip


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_layout_says_all_that_the_page_says(klaten, layout):
    make_material(klaten, slug="lembar", title="Lembar uji", layout=layout, body=WHOLE)

    content = pdf()
    told, text = info_of(content), words(content)

    missing = [said for said in SAID if said not in text]
    assert missing == []
    assert ("Julukan" in text) == (layout == "cards")
    assert told["Tagged"] == "yes"
    assert told["Title"] == "Lembar uji"
    assert b"/Lang(id)" in content
    assert b"<pdfuaid:part>1<" in content
    for said in ("110", "(0272) 3210", "klaten.localhost", "…"):
        assert (said in text) == (said != "…"), said


@pytest.mark.parametrize("layout", LAYOUTS)
def test_what_people_typed_is_never_an_order(klaten, layout):
    body = [
        paragraph(f"<h2>{ESCAPED}</h2><p>{ESCAPED}</p>"),
        {"type": "quote", "value": {"text": DANGEROUS, "role": DANGEROUS[:60]}},
        {"type": "do_dont", "value": {"do": [DANGEROUS], "dont": ["-"]}},
        cards((DANGEROUS[:40], DANGEROUS, "")),
    ]
    make_material(klaten, slug="lembar", title=f"Judul {DANGEROUS}", layout=layout, body=body)

    text = words(pdf()).replace("- ", "-")

    assert text.count('#panic("x") *tebal* _miring_') >= 4
    assert "&lt;" not in text
    assert "<script>" in text


@pytest.mark.parametrize("paper", ["a4", "f4", "a3"])
@pytest.mark.parametrize("layout", PRINTED)
def test_a_paper_has_the_size_that_was_chosen(klaten, layout, paper):
    make_material(klaten, slug="lembar", layout=layout, paper_size=paper, body=WHOLE)

    width, height = re.match(r"([\d.]+) x ([\d.]+)", info_of(pdf())["Page size"]).groups()
    wanted = {"a4": (210, 297), "f4": (215, 330), "a3": (297, 420)}[paper]
    found = sorted(round(float(side) / 72 * 25.4) for side in (width, height))

    assert found == list(wanted)
    assert (float(width) > float(height)) == (layout == "leaflet")


def test_an_alias_bears_the_numbers_of_the_district_that_reads(klaten):
    lebak = make_district("lebak")
    make_channel(lebak, label="UPTD Lebak", display="(0252) 6540")
    make_material(national(), slug="lembar")
    for office in (klaten, lebak):
        sync_aliases(office)

    found = {host: words(pdf(host=host)) for host in ("klaten", "lebak", "")}

    assert "(0272) 3210" in found["klaten"]
    assert "(0252) 6540" not in found["klaten"]
    assert "(0252) 6540" in found["lebak"]
    assert "(0272) 3210" not in found["lebak"]
    assert "klaten.localhost" in found["klaten"]
    assert not re.search(r"02[57]2", found[""])
    assert all("110" in text for text in found.values())
    assert Paper.objects.filter(key__startswith="materi/").count() == 3


def test_a_number_that_nobody_confirmed_is_on_no_paper(klaten):
    make_placeholder(klaten, label="Menunggu")
    make_material(klaten, slug="lembar")

    assert "Menunggu" not in words(pdf())


def test_a_changed_number_is_on_the_next_paper_and_an_unchanged_one_is_kept(klaten):
    make_material(klaten, slug="lembar")
    first = fetch()
    kept = fetch(**{"if-none-match": first["ETag"]})
    channel = klaten_channel(klaten)
    channel.display = "(0272) 9876"
    channel.save()
    changed = fetch(**{"if-none-match": first["ETag"]})

    assert (kept.status_code, changed.status_code) == (304, 200)
    assert "(0272) 9876" in words(b"".join(changed.streaming_content))
    assert Paper.objects.get(district=klaten).size > 10_000


def klaten_channel(office):
    from districts.models import Channel

    return Channel.objects.get(district=office)


def test_papers_are_made_in_the_background_when_something_changes(
    klaten, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        source = make_material(national(), slug="lembar")
    sync_aliases(klaten)
    alias = MaterialPage.objects.get(alias_of=source)
    assert Paper.objects.filter(key=f"materi/{source.pk}").count() == 1
    with django_capture_on_commit_callbacks(execute=True):
        source.save_revision().publish()
    first = Paper.objects.get(district=klaten, key=f"materi/{alias.pk}")
    with django_capture_on_commit_callbacks(execute=True):
        channel = klaten_channel(klaten)
        channel.display = "(0272) 9876"
        channel.save()
    second = Paper.objects.get(district=klaten, key=f"materi/{alias.pk}")

    assert second.digest != first.digest
    assert "(0272) 9876" in words(second.file.read())
    generation.forget()
    body = Client().get("/materi/", headers={"host": "klaten.localhost"}).content.decode()
    assert re.search(r"PDF · A4 · [\d,]+\sKB", body)


@pytest.mark.parametrize("title", ["Kata " * 50, "Pertanggungjawaban" * 12, "Ⓐ漢字 🙂 \u200fעברית"])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_title_of_any_length_is_set(klaten, layout, title):
    make_material(klaten, slug="lembar", title=title[:255].strip(), layout=layout, body=WHOLE)

    # However long a title is, it fills one slide and leaves the others as they are.
    assert int(info_of(pdf())["Pages"]) <= (6 if layout == "slides" else 4)


@pytest.mark.parametrize(("count", "pages"), [(1, 2), (8, 2), (9, 3), (12, 3)])
def test_cards_lie_eight_on_a_sheet(klaten, count, pages):
    items = [(f"Kartu {number}", "Satu kalimat.", "path") for number in range(count)]
    make_material(klaten, slug="lembar", kind="kartu", layout="cards", body=[cards(*items)])

    content = pdf()
    text = words(content)

    assert int(info_of(content)["Pages"]) == pages
    assert all(f"Kartu {number} " in text for number in range(count))


def test_an_english_material_is_set_in_english(klaten):
    from campaigns.models import MaterialIndexPage

    index = MaterialIndexPage.objects.get(
        locale__language_code="en", url_path__startswith="/klaten"
    )
    page = MaterialPage(
        title="Look and listen", slug="look", locale=index.locale, kind="poster", layout="poster"
    )
    index.add_child(instance=page)
    page.save_revision().publish()

    assert fetch("look").status_code == 404
    content = pdf("look", prefix="/en")
    assert b"/Lang(en)" in content
    assert "Whom can I call?" in words(content)


def test_other_addresses_are_not_found(klaten):
    make_district("lebak")
    make_material(klaten, slug="lembar")

    assert fetch("lembar", host="lebak").status_code == 404
    assert fetch("tidak-ada").status_code == 404
    assert fetch("lembar", host="lain").status_code == 404
    for path in ("/materi/lembar.pdf/", "/materi/../lembar.pdf", "/materi/lem%00bar.pdf"):
        answer = Client().get(path, headers={"host": "klaten.localhost"})
        assert answer.status_code in {404, 301}, path
    posted = Client().post("/materi/lembar.pdf", headers={"host": "klaten.localhost"})
    assert posted.status_code == 405


def test_a_paper_is_sent_as_a_file_and_never_guessed(klaten):
    make_material(klaten, slug="lembar")

    answer = fetch()

    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'attachment; filename="lembar.pdf"'
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_slides_are_sixteen_to_nine_with_a_thought_on_each(klaten):
    points = "".join(
        f"<li>Butir nomor {n} yang cukup panjang untuk satu baris.</li>" for n in range(30)
    )
    body = [paragraph(f"<h2>Dengar</h2><ul>{points}</ul><h2>Rujuk</h2><p>Hari itu juga.</p>")]
    make_material(klaten, slug="lembar", kind="paparan", layout="slides", title="Rapat", body=body)

    content = pdf()
    about = info_of(content)
    width, height = re.match(r"([\d.]+) x ([\d.]+)", about["Page size"]).groups()
    assert round(float(width) / float(height), 2) == 1.78
    assert about["Tagged"] == "yes"
    pages = text_of(content).split("\f")[:-1]
    assert "Rapat" in pages[0]
    assert "Rujuk" in pages[-2]
    assert "(0272) 3210" in pages[-1]
    # What does not fit goes on on the next slide, under the same words; nothing is lost.
    assert all("Dengar" in page for page in pages[1:-2])
    assert len(pages) > 4
    assert [f"nomor {n} " in words(content) for n in range(30)] == [True] * 30


def test_the_last_slide_holds_all_numbers_and_what_stands_at_its_foot(klaten):
    for n in range(4):
        make_channel(klaten, label=f"Layanan ke-{n}", hours=ALWAYS, cost="Memakai kuota Anda")
    body = [paragraph("<h2>Rujuk</h2><p>Hari itu juga.</p>")]
    make_material(klaten, slug="lembar", kind="paparan", layout="slides", title="Rapat", body=body)

    *_others, text, last = text_of(pdf()).split("\f")[:-1]

    assert "Hari itu juga." in text
    assert [said for said in ("110", "ke-3", "klaten.localhost", "CC BY") if said not in last] == []


def test_a_national_number_goes_into_the_stored_papers_of_districts(
    klaten, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        source = make_material(national(), slug="lembar")
    sync_aliases(klaten)
    alias = MaterialPage.objects.get(alias_of=source)
    assert "110" in words(pdf())
    for path in ("/bantuan/poster.pdf", "/bantuan/kartu/33.10.05.pdf"):
        fetch_path(path)
    before = dict(Paper.objects.filter(district=klaten).values_list("key", "digest"))
    assert set(before) == {f"materi/{alias.pk}", "bantuan/poster", "kartu/33.10.05"}
    channel = Channel.objects.get(district=national())
    channel.display = "119"
    with django_capture_on_commit_callbacks(execute=True):
        channel.save()
    after = dict(Paper.objects.filter(district=klaten).values_list("key", "digest"))
    assert [key for key in before if before[key] == after[key]] == []
    for paper in Paper.objects.filter(district=klaten):
        assert "119" in words(paper.file.read())


def test_stored_papers_are_gone_through_a_few_at_a_time(
    klaten, monkeypatch, django_capture_on_commit_callbacks
):
    monkeypatch.setattr(remaking, "AT_A_TIME", 1)
    for path in ("/bantuan/poster.pdf", "/bantuan/kartu/33.10.05.pdf"):
        fetch_path(path)
    assert remaking.remake("") == (0, Paper.objects.first().pk)
    channel = Channel.objects.get(district=national())
    channel.display = "119"
    with django_capture_on_commit_callbacks(execute=True):
        channel.save()
    assert ["119" in words(paper.file.read()) for paper in Paper.objects.all()] == [True, True]
    # Those of an office that is in another province have other numbers.
    assert remaking.stored_papers("32").count() == 0
    assert remaking.stored_papers("33").count() == 2


def fetch_path(path: str) -> None:
    generation.forget()
    assert Client().get(path, headers={"host": "klaten.localhost"}).status_code == 200
