"""The page of components: photographed, complete, and without a finding of axe."""

import pytest

from districts.models import District
from website.gaya import BODY, CHANNELS, COLOURS, DRAWINGS, ICONS

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

DESK = {"width": 1280, "height": 800}
WAYS = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "print": {"media": "print"},
    "forced": {"forced_colors": "active"},
}
SECTIONS = [
    *("kain", "warna", "huruf", "tombol", "pemberitahuan", "saluran", "kartu", "kecil"),
    *("formulir", "tabel", "kosong", "tulisan", "gambar"),
]
# Every component in every state that the page promises, and how often.
PARTS = {
    ".cloth[data-cloth]:not(.foot *, .l-card *)": len(District.Cloth.choices) + 1,
    ".swatch": len(COLOURS),
    "#tombol ~ p .l-button": 5,
    "#tombol ~ p [disabled]": 1,
    "#tombol ~ p .l-danger": 1,
    "[aria-labelledby=pemberitahuan] .l-notice": 3,
    "[aria-labelledby=pemberitahuan] [role=alert].l-bad": 1,
    "[aria-labelledby=saluran] .l-channel": len(CHANNELS),
    "[aria-labelledby=saluran] .l-sample": sum(not c.verified for c in CHANNELS),
    "[data-state=open]": 2,
    "[data-state=closed]": 1,
    "[data-state=unknown]": 1,
    "[data-state=always]": 3,
    "[aria-labelledby=kartu] .l-card": 3,
    "[aria-labelledby=kecil] time": 3,
    "[aria-labelledby=kecil] .l-tags li": 3,
    "[aria-labelledby=kecil] .pages [rel=prev], [aria-labelledby=kecil] .pages [rel=next]": 2,
    "[aria-labelledby=formulir] .l-field": 5,
    "[aria-labelledby=formulir] [aria-invalid=true]": 3,
    "[aria-labelledby=tabel] tbody tr": 4,
    "[aria-labelledby=kosong] .l-empty": 1,
    "[aria-labelledby=tulisan] .l-flow > *": len(BODY) + 1,
    "[aria-labelledby=gambar] .l-drawing": len(DRAWINGS),
    "[aria-labelledby=gambar] .l-icon": len(ICONS),
}
# What a `use` points to is drawn; a name without a drawing would have no box.
EMPTY_PICTURES = """() => [...document.querySelectorAll('svg use')].filter(
    use => { const box = use.getBBox(); return !box.width && !box.height }
).map(use => use.getAttribute('href'))"""


@pytest.mark.slow
def test_each_component_is_drawn_in_each_state(browser, office, address, complaints, axe, tmp_path):
    context = complaints(browser.new_context(viewport=DESK, reduced_motion="reduce"))
    page = context.new_page()
    page.goto(address("klaten", "/gaya/"))
    ids = "[...document.querySelectorAll('main > section > h2')].map(h => h.id)"
    assert page.evaluate(ids) == SECTIONS
    assert {part: page.locator(part).count() for part in PARTS} == PARTS
    assert page.evaluate(EMPTY_PICTURES) == []
    for way, media in WAYS.items():
        page.emulate_media(**{"media": "screen", "forced_colors": "none"} | media)
        picture = tmp_path / f"gaya-{way}.png"
        page.screenshot(path=picture, full_page=True)
        assert picture.stat().st_size > 50_000, way
        if way == "print":
            assert page.locator("[aria-labelledby=tombol] .l-button").first.is_hidden()
            assert page.locator(".safety a").first.is_hidden()
            assert page.locator("[aria-labelledby=saluran] .l-call").first.is_visible()
        else:
            # The system chooses forced colours; axe reads those of the style sheet.
            assert axe(page, *(["color-contrast"] if way == "forced" else [])) == [], way
            for part in PARTS:
                assert page.locator(part).first.is_visible(), (way, part)
    context.close()
