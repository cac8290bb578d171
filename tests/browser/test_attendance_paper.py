"""The paper loop: printed, signed by hand, photographed, typed beside the photo, corrected."""

import io
import subprocess

import pytest
from django.test import Client
from PIL import Image, ImageDraw, ImageFont
from playwright.sync_api import expect

from events.attendance.totals import totals_of
from safeguards.models import AuditEntry
from tests.browser import camera
from tests.factories.attending import held_now
from tests.factories.places import make_user
from tests.factories.reports import count_heads
from tests.papers import needs_poppler, text_of

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
NAMES = (
    *("Siti Aminah", "Budi Santoso", "Ani Lestari", "Joko Widodo", "Dewi Sartika", "Rini Astuti"),
    *(
        "Agus Salim",
        "Sri Rahayu",
        "Bambang Irawan",
        "Endang Susilo",
        "Tono Raharjo",
        "Yuni Hapsari",
    ),
)
MEN = {1, 3, 6, 8, 10}


@pytest.fixture
def kader(klaten):
    return make_user("kader", klaten)


@pytest.fixture
def row(klaten, kader):
    return held_now(klaten, hours_ago=3, proposer=kader)


def printed(pdf: bytes) -> Image.Image:
    needs_poppler()
    command = ["pdftoppm", "-png", "-r", "110", "-f", "1", "-l", "1"]
    done = subprocess.run(command, input=pdf, capture_output=True, check=True)
    return Image.open(io.BytesIO(done.stdout)).convert("RGB")


def photographed(sheet: Image.Image) -> bytes:
    """The signed sheet on a table, held a little askew, as a telephone sends it."""
    signed, out = sheet.copy(), io.BytesIO()
    pen = ImageDraw.Draw(signed)
    for number, name in enumerate(NAMES):
        pen.text((110, 442 + 41 * number), name, fill="navy", font=ImageFont.load_default(22))
    table = signed.rotate(2, expand=True, fillcolor=(120, 90, 60))
    table.save(out, "JPEG", quality=70)
    return out.getvalue()


def test_a_signed_sheet_is_typed_beside_its_photo(page, klaten, kader, row, address, sign_in, axe):
    page.set_viewport_size({"width": 1280, "height": 800})
    here = f"/ruang/kalender/{row.event_id}/{row.pk}"
    sign_in(page, kader, f"{here}/laporan/dokumen/")
    blank = page.locator("a[href*='daftar-hadir-kosong.pdf']").first.get_attribute("href")
    reader = Client(SERVER_NAME="klaten.localhost")
    reader.force_login(kader)
    pdf = reader.get(blank).content
    assert row.event.title in text_of(pdf)
    sheet = printed(pdf)
    picture = io.BytesIO()
    sheet.save(picture, "PNG")
    # The code on the paper leads to where it is typed in.
    told = camera.read(page, picture.getvalue())
    assert told.endswith(f"{here}/hadir/kertas/")
    page.goto(address("klaten", f"{here}/hadir/kertas/"))
    # A row is begun before somebody thinks of the photo.
    page.locator("[name=nama-1]").fill(NAMES[0])
    photo = {"name": "IMG_2.jpg", "mimeType": "image/jpeg", "buffer": photographed(sheet)}
    page.locator("[name=photo]").set_input_files(photo)
    page.locator(".sh-photos button").click()
    shown = page.locator(".sh-photos img")
    expect(shown).to_be_in_viewport()
    expect(page.locator("[name=nama-1]")).to_have_value(NAMES[0])
    assert shown.evaluate("image => image.decode().then(() => image.naturalWidth)") > 800
    assert axe(page) == []

    for number, name in enumerate(NAMES):
        page.locator(f"[name=nama-{number + 1}]").fill(name)
        page.locator(f"[name=jk-{number + 1}]").select_option("L" if number in MEN else "P")
        page.locator(f"[name=umur-{number + 1}]").select_option("25-59")
    # Beside the last row the photo is still there.
    expect(page.locator(f"[name=nama-{len(NAMES)}]")).to_be_in_viewport()
    expect(shown).to_be_in_viewport()
    # One sex was forgotten: the rest is recorded, that row stays typed.
    page.locator("[name=jk-4]").select_option("")
    page.locator("[name=nama-12]").press("Enter")
    expect(page.locator("#periksa")).to_contain_text("11")
    expect(page.locator("[name=nama-1]")).to_have_value("Joko Widodo")
    page.locator("[name=jk-1]").select_option("L")
    page.locator("[name=nama-1]").press("Enter")
    expect(page.locator("[role=status]").first).to_contain_text("1")
    expect(page.locator("[name=nama-1]")).to_have_value("")
    assert set(row.attendance.values_list("way", "status")) == {("kertas", "hadir")}

    # The hand count on the paper says the same.
    count_heads(row, 7)
    count_heads(row, 5, sex="L")
    page.goto(address("klaten", f"{here}/hadir/"))
    expect(page.locator("h1")).to_contain_text("12")
    expect(page.locator("main [data-state=open]")).to_be_visible()
    # One signed for somebody else: corrected with a reason, and it stays to be read.
    page.goto(address("klaten", f"{here}/hadir/panggil/"))
    person = page.locator(".att-person", has_text="Tono Raharjo")
    person.locator("summary").click()
    person.locator("a[href*='/panggil/']").click()
    page.locator("label:has([value=tidak_hadir])").click()
    page.locator("label:has([value=daftar-kertas])").click()
    page.locator("main form button.l-large").click()
    expect(person).to_have_attribute("data-status", "tidak_hadir")
    person.locator("summary").click()
    person.locator("a[href*='/panggil/']").click()
    expect(page.locator(".plan-log li")).to_contain_text("Hadir → Tidak hadir")
    entry = AuditEntry.objects.get(verb="attendance.corrected")
    assert (entry.actor_id, entry.details["reason"]) == (kader.pk, "daftar-kertas")
    found = totals_of(row)
    assert (found.named, found.number, found.unnamed, found.reconciles) == (11, 12, 1, True)
