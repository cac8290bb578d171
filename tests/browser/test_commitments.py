"""A visitor reads what was promised on a phone; an editor takes a step and the page says it."""

from datetime import date
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import expect

from districts.services.vocabularies import load_regulations, load_vocabulary
from tests.factories.channels import make_emergency
from tests.factories.commitments import make_commitment, make_owner
from tests.factories.pages import make_topic
from tests.factories.places import PASSWORD, make_district, make_user, national

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
PHONE = {"width": 360, "height": 640}
DESK = {"width": 1280, "height": 800}
NARROW = ({"width": 320, "height": 568}, {"width": 180, "height": 320})


@pytest.fixture
def lebak():
    nation = national()
    make_emergency(nation)
    load_vocabulary(
        code="ampk",
        version="1",
        name="AMPK",
        terms=[
            {"code": "napza", "letter": "e", "label_id": "Anak dan penyalahgunaan NAPZA"},
            {"code": "pornografi", "letter": "f", "label_id": "Anak yang dirugikan pornografi"},
        ],
    )
    load_regulations(
        [{"code": "satu", "number": "UU 1", "year": 2020, "title": "Satu", "status": "dicabut"}]
    )
    make_topic(nation, slug="napza", ampk_codes=["napza"], regulation_codes=["satu"])
    office = make_district("lebak")
    make_commitment(
        office, "1.1", measure="Kartu bantuan di setiap desa", description="Dipasang di balai desa."
    )
    make_commitment(
        office,
        "1.2",
        measure="Rencana aksi ditetapkan",
        due=date(2026, 1, 31),
        owner=make_owner(office, "Badan Perencanaan Pembangunan Daerah Kabupaten Lebak"),
    )
    make_commitment(office, "2.1", measure="Kelas pengasuhan", status="selesai")
    make_commitment(office, "2.2", measure="Belum ditayangkan", is_published=False)
    return office


@pytest.mark.slow
def test_a_visitor_narrows_the_plan_and_opens_one_without_javascript(
    browser, lebak, address, complaints
):
    context = complaints(browser.new_context(java_script_enabled=False, viewport=PHONE))
    page = context.new_page()
    page.goto(address("lebak", "/bantuan/"))
    page.locator("footer a[href='/komitmen/']").click()
    expect(page.locator("main h1")).to_be_visible()
    rows = page.locator(".l-rows tbody tr")
    expect(rows).to_have_count(3)
    expect(page.locator("main")).not_to_contain_text("Belum ditayangkan")
    page.locator(".l-bars a", has_text="Lewat tenggat").click()
    expect(page).to_have_url(address("lebak", "/komitmen/?status=lewat-tenggat#komitmen"))
    expect(rows).to_have_count(1)
    expect(rows.first).to_contain_text("lewat tenggat")
    page.locator("main a", has_text="Tampilkan semua").click()
    summary = page.locator("summary", has_text="Kartu bantuan di setiap desa")
    assert summary.bounding_box()["height"] >= 48
    expect(page.get_by_text("Dipasang di balai desa.")).to_be_hidden()
    summary.click()
    expect(page.get_by_text("Dipasang di balai desa.")).to_be_visible()
    expect(page.locator("a[href='/komitmen.xlsx']")).to_be_visible()
    # Only browsers know every name below localhost.
    port = address().split(":")[2].strip("/")
    asked = Request(  # noqa: S310 – the test's own server
        f"http://127.0.0.1:{port}/komitmen.xlsx", headers={"Host": f"lebak.localhost:{port}"}
    )
    with urlopen(asked) as answer:  # noqa: S310
        assert 'filename="komitmen-lebak.xlsx"' in answer.headers["Content-Disposition"]
    context.close()


def test_an_editor_takes_a_step_and_readers_see_it_at_once(browser, lebak, page, address):
    editor = make_user("editor", lebak, email="editor.lebak@contoh.id")
    page.goto(address("lebak", "/komitmen/"))
    expect(page.locator(".l-rows tbody tr").first).to_contain_text("Berjalan")
    context = browser.new_context(locale="id-ID", viewport=DESK)
    mine = context.new_page()
    mine.goto(address("lebak", "/admin/"))
    mine.locator("[name=login]").fill(editor.email)
    mine.locator("[name=password]").fill(PASSWORD)
    mine.locator("main button.l-button").click()
    mine.wait_for_url("**/admin/")
    # The first panel names what is overdue and quiet.
    mine.locator("#attention a, main a", has_text="lewat tenggat tanpa langkah").first.click()
    mine.wait_for_url("**/admin/komitmen/?status=lewat-tenggat")
    mine.goto(address("lebak", "/admin/komitmen/"))
    mine.locator("a", has_text="Kartu bantuan di setiap desa").click()
    mine.locator("main a", has_text="Catat langkah").click()
    mine.locator("[name=status][value=selesai]").check()
    mine.locator("[name=day]").fill("31/31/2026")
    mine.locator("[name=note]").fill("Semua desa sudah.")
    mine.locator("main form button", has_text="Catat langkah ini").click()
    expect(mine.locator("[name=note]")).to_have_value("Semua desa sudah.")
    expect(mine.locator(".error-message").first).to_be_visible()
    mine.locator("[name=day]").fill("2026-02-02")
    mine.keyboard.press("Escape")
    mine.locator("main form button", has_text="Catat langkah ini").click()
    mine.wait_for_url("**/admin/komitmen/*/")
    context.close()
    # Another worker notices within a second.
    page.wait_for_timeout(1_100)
    page.goto(address("lebak", "/komitmen/"))
    expect(page.locator(".l-rows tbody tr").first).to_contain_text("Selesai")
    expect(page.locator(".l-rows tbody tr").first).to_contain_text("2 Februari 2026")


@pytest.mark.slow
def test_plans_and_topics_can_be_read_by_anybody(browser, lebak, address, complaints, axe):
    context = complaints(
        browser.new_context(locale="id-ID", viewport=PHONE, reduced_motion="reduce")
    )
    page = context.new_page()
    faults = []
    for host, path in (
        ("lebak", "/komitmen/"),
        ("lebak", "/komitmen/?status=tertunda"),
        ("", "/komitmen/"),
        ("", "/topik/"),
        ("", "/topik/napza/"),
    ):
        for size, scheme in ((PHONE, "light"), (DESK, "dark"), (PHONE, "dark"), (DESK, "light")):
            page.set_viewport_size(size)
            page.emulate_media(color_scheme=scheme)
            assert page.goto(address(host, path)).status == 200
            for closed in page.locator("main details").all():
                closed.evaluate("element => { element.open = true }")
            faults += axe(page)
        for size in NARROW:
            page.set_viewport_size(size)
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                faults.append(f"{host}{path} wider than {size}")
    context.close()
    assert not faults, "\n".join(faults)


@pytest.mark.slow
def test_the_printed_plan_is_one_table_on_landscape_sheets(browser, lebak, address, tmp_path):
    import subprocess

    context = browser.new_context(locale="id-ID", viewport=DESK)
    page = context.new_page()
    page.goto(address("lebak", "/komitmen/"))
    printed = tmp_path / "komitmen.pdf"
    page.pdf(path=printed, prefer_css_page_size=True)
    context.close()
    facts = subprocess.run(["pdfinfo", printed], capture_output=True, text=True, check=True).stdout
    text = subprocess.run(
        ["pdftotext", "-layout", printed, "-"], capture_output=True, text=True, check=True
    ).stdout
    assert "841.9" in facts.split("Page size:")[1].split("x")[0]
    for words in (
        "Rencana aksi ditetapkan",
        "31 Januari 2026",
        "Penanggung jawab",
        "lewat tenggat",
    ):
        assert words in text
    assert "Bawa tabelnya" not in text
