"""A teacher with an old phone and no JavaScript looks for a poster, finds it and downloads it."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from districts.models import Term, Vocabulary
from districts.services.aliases import sync_aliases
from tests.factories.channels import make_channel, make_emergency
from tests.factories.pages import make_material, paragraph
from tests.factories.places import make_district, national
from tests.papers import info_of, text_of

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@pytest.fixture
def klaten(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    vocabulary, _new = Vocabulary.objects.get_or_create(code="audience", defaults={"name": "S"})
    for code, label in (("guru", "Guru"), ("orang-tua", "Orang tua")):
        Term.objects.get_or_create(vocabulary=vocabulary, code=code, defaults={"label_id": label})
    nation = national()
    make_emergency(nation)
    office = make_district("klaten")
    make_channel(office, label="UPTD Klaten", display="(0272) 3210")
    words = {"body": [paragraph("<p>Pulang dengan tenang.</p>")], "illustration": "schoolyard"}
    make_material(nation, title="Poster kelas", slug="kelas", audience_codes=["guru"], **words)
    make_material(nation, title="Poster rumah", slug="rumah", audience_codes=["orang-tua"], **words)
    make_material(
        nation, title="Lembar guru", slug="lembar", kind="lembar", layout="sheet",
        audience_codes=["guru"], **words,
    )  # fmt: skip
    sync_aliases(office)
    return office


@pytest.mark.parametrize("scheme", ["light", pytest.param("dark", marks=pytest.mark.slow)])
def test_a_teacher_finds_a_poster_and_takes_it_home(
    browser, browser_context_args, klaten, address, complaints, axe, scheme
):
    context = complaints(
        browser.new_context(**browser_context_args, java_script_enabled=False, color_scheme=scheme)
    )
    page = context.new_page()
    page.goto(address("klaten", "/materi/"))
    expect(page.locator(".l-shelf > li")).to_have_count(3)
    page.locator("#saring-jenis").select_option("poster")
    page.locator("#saring-sasaran").select_option("guru")
    page.locator("#cari button").click()
    expect(page.locator(".l-shelf > li")).to_have_count(1)
    assert "jenis=poster" in page.url
    assert "sasaran=guru" in page.url
    # A filter is taken away by one tap, and the other stays.
    page.locator(".l-tags a", has_text="Guru").click()
    expect(page.locator(".l-shelf > li")).to_have_count(2)
    page.get_by_role("link", name="Poster kelas").click()
    expect(page.locator("article")).to_contain_text("Pulang dengan tenang.")
    button = page.locator("a[href='/materi/kelas.pdf']")
    assert button.bounding_box()["height"] >= 48
    with page.expect_download() as waiting:
        button.click()
    assert waiting.value.suggested_filename == "kelas.pdf"
    content = Path(waiting.value.path()).read_bytes()
    assert "(0272) 3210" in text_of(content)
    assert "klaten.localhost" in text_of(content)
    assert info_of(content)["Tagged"] == "yes"
    # The size is known from now on.
    complaints.said[:] = [said for said in complaints.said if not said.endswith(".pdf")]
    context.close()


@pytest.mark.slow
@pytest.mark.parametrize(
    "path", ["/materi/", "/materi/?jenis=poster", "/materi/?jenis=x", "/materi/kelas/"]
)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_read_the_shelf(
    browser, browser_context_args, klaten, address, axe, path, scheme
):
    context = browser.new_context(
        **browser_context_args, color_scheme=scheme, reduced_motion="reduce"
    )
    page = context.new_page()
    for width in (320, 360, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(address("klaten", path))
        assert axe(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()
