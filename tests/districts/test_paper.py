"""Papers are read with poppler, a reader that we did not write."""

import os
import subprocess
import threading
from pathlib import Path

import pytest

from districts.paper import PaperFault, press, qr_svg, typeset
from districts.paper.flow import rich_nodes
from tests.papers import headings_of, info_of, needs_poppler, text_of

HEAD = {
    "cloth": "tenun",
    "accent": "#6b1d2a",
    "office_name": "Kantor Uji",
    "short_name": "Uji",
    "lines": ["Kantor Uji", "Jalan Contoh"],
    "is_national": False,
}
DATA = {"title": "Judul", "language": "id", "head": HEAD, "address": "uji.localhost/bantuan/"}
DANGEROUS = '#panic("x") $x^2$ *a* _b_ `c` #import "/house.typ" @label <l> \\ // komentar = judul'


def test_text_is_data_and_never_typst(layout):
    name = layout("= #data.title\n#data.text")
    text = text_of(typeset(name, DATA | {"text": DANGEROUS, "title": "#panic()"}))
    assert "#panic()" in text
    assert " ".join(text.split()).count(DANGEROUS) == 1


def test_the_same_data_are_the_same_bytes(layout):
    name = layout("= #data.title\n#scan(data.address)")
    drawn = {"qr": qr_svg("http://uji.localhost/")}
    first = typeset(name, DATA, pictures=drawn)
    assert typeset(name, DATA, pictures=drawn) == first
    assert typeset(name, DATA | {"title": "Lain"}, pictures=drawn) != first


def test_a_paper_is_tagged_says_its_language_and_its_title(layout):
    content = typeset(layout("= #data.title"), DATA | {"language": "en", "title": "Whom to call"})
    told = info_of(content)
    assert told["Tagged"] == "yes"
    assert told["Title"] == "Whom to call"
    assert told["Page size"].endswith("(A4)")
    assert b"/Lang(en)" in content
    assert b"/MarkInfo" in content
    assert b"<pdfuaid:part>1<" in content


def test_libertinus_travels_with_the_paper(layout):
    needs_poppler()
    content = typeset(layout("= #data.title"), DATA)
    fonts = subprocess.run(["pdffonts", "-"], input=content, capture_output=True, check=True)
    rows = fonts.stdout.decode().splitlines()[2:]
    assert rows
    assert all("LibertinusSerif" in row and " yes yes yes " in row for row in rows)


@pytest.mark.parametrize("cloth", [path.stem for path in sorted(press.CLOTHS.glob("*.svg"))])
def test_every_cloth_is_drawn(layout, cloth):
    name = layout("= #data.title")
    plain = typeset(name, DATA | {"head": HEAD | {"cloth": "unknown"}}, form="png", ppi=36)
    drawn = typeset(name, DATA | {"head": HEAD | {"cloth": cloth}}, form="png", ppi=36)
    assert drawn.startswith(b"\x89PNG")
    assert (drawn == plain) == (cloth == "polos")


def test_a_picture_is_placed_and_its_file_removed(layout):
    png = typeset(layout("= #data.title"), DATA, form="png", ppi=10)
    name = layout('= #data.title\n#picture("foto", alt: "Halaman sekolah", width: 40mm)')
    content = typeset(name, DATA, pictures={"foto": png})
    assert b"/Subtype/Image" in content
    folder = press._root(os.getpid()) / "pictures"
    assert not folder.exists() or not any(folder.iterdir())


def test_a_broken_layout_raises_a_fault_that_names_it(layout):
    with pytest.raises(PaperFault, match=r"uji/rusak.*unknown variable"):
        typeset(layout("#nothing_of_the_kind", "rusak"), DATA)


@pytest.mark.parametrize("name", ["../etc/passwd", "uji/../x", "Uji/x", "uji", "uji/x\n", "x/y/z"])
def test_a_layout_has_a_plain_name(name):
    with pytest.raises(PaperFault, match="no name of a layout"):
        typeset(name, DATA)


def test_many_threads_set_papers_at_once(layout):
    name = layout("= #data.title")
    expected = {n: typeset(name, DATA | {"title": f"Judul {n}"}) for n in range(6)}
    found = {}

    def work(n: int) -> None:
        found[n] = typeset(name, DATA | {"title": f"Judul {n}"})

    threads = [threading.Thread(target=work, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == expected


def test_the_digest_follows_what_a_layout_imports(layout):
    layout("#let word = [satu]", "kata")
    name = layout('#import "kata.typ": word\n= #data.title\n#word')
    before = press.layout_digest(name)
    assert press.layout_digest(name) == before
    layout("#let word = [dua]", "kata")
    assert press.layout_digest(name) != before


def test_a_qr_code_reads_as_its_text():
    drawn = qr_svg("http://uji.localhost/bantuan/")
    assert drawn.startswith(b"<svg")
    assert qr_svg("http://uji.localhost/bantuan/") == drawn
    assert qr_svg("http://uji.localhost/") != drawn


def test_layouts_travel_with_the_apps():
    root = press._root(os.getpid())
    assert (root / "house.typ").resolve() == Path(press.__file__).parent / "house.typ"
    assert press._root(os.getpid()) == root


FLOW = '#import "/districts/flow.typ": *\n= #data.title\n#flow(nodes)'


def headed(level: int, text: str) -> dict:
    return {"kind": "heading", "level": level, "runs": [{"text": text, "strong": True}]}


def test_a_heading_of_signs_that_no_font_has_goes_and_those_below_it_move_up(layout):
    nodes = [
        headed(2, "🎉"), headed(3, "Satu"), headed(3, "Dua"), headed(2, "Tiga"), headed(3, "Empat"),
        headed(2, "👍🏽 🎉"), headed(3, "🎉"), headed(4, "Lima"),
        {"kind": "list", "ordered": False, "items": [{"runs": [], "below": [headed(3, "🎉")]}]},
    ]  # fmt: skip
    content = typeset(layout(FLOW), DATA | {"nodes": nodes})
    assert headings_of(content) == [
        (1, "Judul"), (2, "Satu"), (2, "Dua"), (2, "Tiga"), (3, "Empat"), (2, "Lima"),
    ]  # fmt: skip


@pytest.mark.parametrize("html", ["<h2>🎉</h2>", "<h2><br></h2>"])
def test_a_text_of_an_empty_heading_is_a_paper(layout, html):
    nodes = rich_nodes(f"{html}<p>Sisa</p>")
    assert "Sisa" in text_of(typeset(layout(FLOW), DATA | {"nodes": nodes}))


def test_a_title_of_signs_that_no_font_has_is_still_a_title(layout):
    content = typeset(layout("= #data.title\n#data.below"), DATA | {"title": "🎉🎉", "below": "🎉"})
    assert info_of(content)["Title"] == "?"
    assert text_of(content).split()[0] == "?"


def test_a_sign_that_no_font_has_is_left_out_and_the_rest_is_set(layout):
    name = layout("= #data.title\n#data.text")
    told = {"title": "Aman 🙂👨‍👩‍👧 漢字", "text": "Sisa \u200f\ufffe tetap é 𓀀 di sini."}

    text = text_of(typeset(name, DATA | told))

    assert "Aman" in text
    assert "??" in text
    assert "tetap é" in text
    assert "di sini." in text
