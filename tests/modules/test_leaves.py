"""What comes with the house is light on a phone: long pages are cut into leaves."""

import gzip
import re
from functools import cache
from hashlib import sha256
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.http import Http404
from django.test import Client, RequestFactory

from districts.models import Term, Vocabulary
from modules.leaves import cut, leaves_asked, weight_of
from modules.loading.folder import CONTENT, read_module
from modules.loading.load import load_module
from modules.models import LessonPage, ModuleIndexPage, ModulePage
from safeguards import generation
from tests.factories.channels import make_channel
from tests.factories.modules import make_lesson, make_module, step
from tests.factories.pages import below
from tests.factories.places import make_district

# What the design asks of HTML with its style sheets, and of a first visit with its scripts.
# An office's own menu, addresses and names of files with a digest add so much to what is here.
AT_AN_OFFICE = 300
PAGE_BYTES, ALL_BYTES = 14 * 1024 - AT_AN_OFFICE, 20 * 1024 - AT_AN_OFFICE
SLUGS = sorted(path.parent.name for path in CONTENT.glob("*/modul.yaml"))
LINES = ("Polisi", "Layanan SAPA", "UPTD PPA", "Puspaga", "Sekretariat dinas")
STATIC = re.compile(r'(?:rel="stylesheet" href|<script type="module" src)="/static/([^"]+)"')
# A text that can't be packed well, so that its bytes can be counted on.
NOISE = "".join(sha256(str(n).encode()).hexdigest() for n in range(150))


@pytest.fixture
def klaten(db):
    return make_district("klaten")


def visit(path: str, host: str = "klaten"):
    generation.forget()
    return Client().get(path, headers={"host": f"{host}.localhost"})


def packed(content: bytes) -> int:
    return len(gzip.compress(content, 6))


@cache
def weight_of_file(name: str) -> int:
    return packed(Path(finders.find(name)).read_bytes())


def weights(path: str) -> tuple[int, int]:
    """(HTML and style sheets, these with the scripts) of a first visit, in bytes."""
    answer = visit(path)
    assert answer.status_code == 200, path
    files = {name: weight_of_file(name) for name in STATIC.findall(answer.content.decode())}
    page = packed(answer.content)
    styles = sum(size for name, size in files.items() if name.endswith(".css"))
    assert (styles > 0, len(files) > 3) == (True, True)
    return page + styles, page + sum(files.values())


def leaves_of(path: str) -> list[str]:
    """All addresses of a page: its leaves one after the other, as somebody turns them."""
    found, address = [], path
    while address:
        found.append(address)
        turned = re.search(r'rel="next" href="(\?page=\d+)"', visit(address).content.decode())
        address = path + turned[1] if turned else ""
    return found


@pytest.mark.parametrize("slug", SLUGS)
def test_a_module_of_the_house_is_as_light_as_every_page(klaten, slug):
    areas, _new = Vocabulary.objects.get_or_create(code="issue_area", defaults={"name": "I"})
    for label in LINES:
        make_channel(klaten, label=label, note="Petugas menjawab dalam bahasa Indonesia.")
    parent = below(klaten, ModuleIndexPage)
    load_module(text=read_module(CONTENT / slug), parent=parent, unreviewed=True)
    module = ModulePage.objects.get(slug=slug)
    for code in module.issue_codes:
        Term.objects.get_or_create(vocabulary=areas, code=code, defaults={"label_id": code})

    names = ["", *(f"{one.slug}/" for one in LessonPage.objects.child_of(module))]
    sizes = {leaf: weights(leaf) for name in names for leaf in leaves_of(f"/modul/{slug}/{name}")}

    assert {path: size for path, (size, _all) in sizes.items() if size > PAGE_BYTES} == {}
    assert {path: size for path, (_page, size) in sizes.items() if size > ALL_BYTES} == {}
    # No leaf is cut for nothing.
    assert len(sizes) <= 6 * len(names)


def test_leaves_take_as_many_texts_as_they_have_room_for():
    each = weight_of(NOISE[:500])
    texts = [NOISE[n * 500 : n * 500 + 500] for n in range(6)]

    assert cut(texts, room=10 * each) == [1] * 6
    assert cut(texts, room=int(2.2 * each)) == [1, 1, 2, 2, 3, 3]
    # What the first leaf holds already, and what comes with a text, take room too.
    assert cut(texts, room=int(2.2 * each), first=each) == [1, 2, 2, 3, 3, 4]
    assert cut(texts[:3], room=int(2.2 * each), extra=[0, each, 0]) == [1, 2, 3]
    # What has no room anywhere has a leaf of its own.
    assert cut([texts[0], NOISE, texts[1]], room=2 * each) == [1, 2, 3]
    assert cut([], room=100) == []


@pytest.mark.parametrize("asked", ["0", "4", "x", "-1", "+1", "1_0", "９９", "1e1", " 1", "00001"])
def test_a_leaf_that_is_not_there_is_not_found(asked):
    with pytest.raises(Http404):
        leaves_asked(RequestFactory().get("/", {"page": asked}), [1, 2, 3])


def test_an_address_asks_for_one_leaf_or_for_all():
    def asked(query: str, leaf_of=(1, 2, 2)):
        leaves = leaves_asked(RequestFactory().get(f"/{query}"), leaf_of)
        return [leaf for leaf in (1, 2) if leaves.holds(leaf)]

    assert [asked(query) for query in ("", "?page=1", "?page=2", "?page=semua")] == [
        [1], [1], [2], [1, 2],
    ]  # fmt: skip
    preview = RequestFactory().get("/")
    preview.is_preview = True
    assert leaves_asked(preview, (1, 2)).number == 0


def long_steps(number: int) -> list[dict]:
    return [step(f"s{n}", say=f"<p>{NOISE[n * 1500 : n * 1500 + 1500]}</p>") for n in range(number)]


def test_a_long_lesson_is_turned_leaf_by_leaf_with_all_its_steps_listed_first(klaten):
    module = make_module(klaten, slug="a", lessons=0)
    make_lesson(module, *long_steps(6), slug="satu")
    make_lesson(module, step("akhir"), slug="dua")

    addresses = leaves_of("/modul/a/satu/")
    bodies = [visit(one).content.decode() for one in addresses]
    whole = visit("/modul/a/satu/?page=semua").content.decode()

    shown = [re.findall(r'id="(langkah-\d)"', body) for body in bodies]
    assert len(addresses) > 2
    assert sum(shown, []) == [f"langkah-{number}" for number in range(1, 7)]
    assert re.findall(r'id="(langkah-\d)"', whole) == sum(shown, [])
    # The list on the first leaf leads to each step, wherever it stands.
    listed = re.findall(r'<li><a href="([^"]*#langkah-\d)">', bodies[0])
    assert listed == [
        f"{'' if leaf == 1 else f'?page={leaf}'}#{anchor}"
        for leaf, anchors in enumerate(shown, start=1)
        for anchor in anchors
    ]
    # The next lesson follows the last leaf only; each leaf has an address of its own.
    assert ['rel="next" href="/modul/a/dua/"' in body for body in bodies] == [
        *[False] * (len(bodies) - 1), True,
    ]  # fmt: skip
    canonical = [
        re.search(r'rel="canonical" href="[^"]*localhost[^/]*([^"]*)"', b)[1] for b in bodies
    ]
    assert canonical == addresses
    assert 'rel="prev" href="./"' in bodies[1]
    assert visit(f"/modul/a/satu/?page={len(addresses) + 1}").status_code == 404


def test_a_long_module_says_on_its_first_leaf_what_stands_on_the_others(klaten):
    make_module(
        klaten,
        slug="a",
        objectives="Menjelaskan ciri",
        preparation=f"<p>{NOISE[:4000]}</p>",
        safeguarding=f"<p>{NOISE[4000:8000]}</p>",
        take_home_title="Untuk orang tua",
        take_home="<p>Dengarkan di rumah.</p>",
        disclosure_steps="Dengarkan",
    )

    first, *others = [visit(one).content.decode() for one in leaves_of("/modul/a/")]
    named = dict(re.findall(r'<a href="(\?page=\d+#\w+)">([^<]+)</a>', first))
    whole = visit("/modul/a/?page=semua").content.decode()

    assert (len(others), 'id="tujuan"' in first, 'id="cerita"' in first) == (2, True, True)
    assert list(named) == ["?page=2#siapkan", "?page=3#aman", "?page=3#rumah"]
    assert named["?page=3#rumah"] == "Untuk orang tua"
    for address in named:
        number, _hash, anchor = address.removeprefix("?page=").partition("#")
        assert f'id="{anchor}"' in others[int(number) - 2]
    # What stands once stands on the first leaf: to teach, to print, whom to call.
    told = ['href="/modul/a/pakai/"' in body for body in (first, *others, whole)]
    assert told == [True, False, False, True]
    assert [f'id="{anchor}"' in whole for anchor in ("siapkan", "aman", "rumah")] == [True] * 3
    assert "?page=" not in whole.replace("?page=semua", "")
