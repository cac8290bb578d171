"""A report from end to end, on a phone without scripts: written, sent back, accepted, printed."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect

from events.models import ReportFile, SessionReport
from tests.browser.fitting import FITS
from tests.factories.commitments import make_commitment
from tests.factories.events import make_terms
from tests.factories.places import make_district, make_user, national
from tests.factories.reports import count_heads, past_date, with_place
from tests.papers import info_of, text_of

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@pytest.fixture
def klaten(transactional_db):
    national()
    make_terms()
    return make_district("klaten")


@pytest.fixture
def kader(klaten):
    return make_user("kader", klaten)


@pytest.fixture
def row(klaten, kader):
    yesterday = timezone.now() - timedelta(days=1)
    start = yesterday.replace(hour=2, minute=0, second=0, microsecond=0)
    date = past_date(klaten, proposer=kader, starts_at=start, title="Rapat gugus tugas")
    count_heads(date, 24)
    make_commitment(klaten, number="2.3", measure="Kelas orang tua di setiap desa")
    return date


def sign_in(page, address, user, where: str) -> None:
    """Signed in already, as on a telephone that stays so."""
    client = Client(SERVER_NAME="klaten.localhost")
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    cookie = {"name": name, "value": client.cookies[name].value, "url": address("klaten", "/")}
    page.context.add_cookies([cookie])
    page.goto(address("klaten", where))
    expect(page).to_have_url(address("klaten", where))


@pytest.fixture
def phone(browser, browser_context_args, complaints):
    """A page on a phone that runs no script."""
    context = browser.new_context(**browser_context_args, java_script_enabled=False)
    yield complaints(context).new_page()
    context.close()


def test_a_report_from_end_to_end(phone, page, klaten, kader, row, address, complaints, axe):
    complaints(page.context)
    # The kader finds it among what is not reported yet, and begins to write.
    sign_in(phone, address, kader, "/ruang/laporan/")
    phone.get_by_role("link", name="Rapat gugus tugas").click()
    phone.locator("[name=minutes]").fill(
        "## Pembukaan\nOleh **Bu Camat**.\n\n- Usul satu\n- Usul dua"
    )
    phone.locator("[name=results]").fill("Kader siap mendampingi.")
    phone.locator("[name=f0-what]").fill("Bentuk kelompok")
    phone.locator("[name=f0-owner]").fill("PKK desa")
    phone.locator("[name=f0-due]").fill("2027-04-01")
    # What is wrong is told; what was typed stays.
    phone.locator("summary", has_text="Biaya").click()
    phone.locator("[name=cost]").fill("seadanya")
    phone.locator("button[value=kirim]").click()
    expect(phone.locator("#id_cost_error")).to_be_visible()
    expect(phone.locator("[name=f0-what]")).to_have_value("Bentuk kelompok")
    complaints.said.clear()
    phone.locator("[name=cost]").fill("1.250.000")
    phone.locator("summary", has_text="RAD").click()
    phone.locator("[name=commitments]").first.check()
    phone.locator("button[value=simpan]").click()
    expect(phone.locator("#tersimpan")).to_be_visible()
    # A photo of the room, with a place in its EXIF; then one in which a child is seen.
    phone.locator("main nav a[href$='/foto/']").click()
    upload = {"name": "foto.jpg", "mimeType": "image/jpeg"}
    phone.locator("[name=photo]").set_input_files({**upload, "buffer": with_place()})
    phone.locator("[name=caption]").fill("Peserta di pendopo")
    phone.locator("main form button.l-large").click()
    expect(phone.locator(".rep-photos img")).to_have_count(1)
    phone.locator("[name=photo]").set_input_files({**upload, "buffer": with_place((800, 600))})
    phone.locator("[name=shows_child_face]").check()
    phone.locator("main form button.l-large").click()
    expect(phone.locator("#id_consent_reference_error")).to_be_visible()
    complaints.said.clear()
    phone.locator("[name=photo]").set_input_files({**upload, "buffer": with_place((800, 600))})
    phone.locator("[name=consent_reference]").fill("Map izin 2026, lembar 14")
    phone.locator("main form button.l-large").click()
    expect(phone.locator(".rep-photos img")).to_have_count(2)
    assert ReportFile.objects.filter(shows_child_face=True).count() == 1
    phone.locator("main nav a[href$='/laporan/']").click()
    phone.locator("button[value=kirim]").click()
    assert SessionReport.objects.get().state == "terkirim"

    # The office reads it, and asks for more.
    where = f"/ruang/kalender/{row.event_id}/{row.pk}/laporan/"
    sign_in(page, address, make_user("moderator", klaten), where)
    expect(page.locator(".rep-text li")).to_have_text(["Usul satu", "Usul dua"])
    assert axe(page) == []
    assert page.evaluate(FITS)
    page.locator("[name=note]").fill("Tulis juga tantangannya.")
    page.locator("button[value=kembalikan]").click()
    expect(page.locator("main [data-state=closed]")).to_be_visible()
    phone.goto(address("klaten", where))
    expect(phone.locator("blockquote")).to_have_text("Tulis juga tantangannya.")
    phone.locator("[name=challenges]").fill("Hujan deras.")
    phone.locator("button[value=kirim]").click()
    page.goto(address("klaten", where))
    page.locator("button[value=terima]").click()
    expect(page.locator("main [data-state=open]")).to_be_visible()

    # The papers are there, without anything typed twice.
    reader, nobody = (Client(SERVER_NAME="klaten.localhost") for _ in range(2))
    reader.force_login(kader)
    papers = reader.get(f"{where}kegiatan.pdf?kertas=f4").content
    assert info_of(papers)["Tagged"] == "yes"
    words = " ".join(text_of(papers).split())
    for said in ("Usul dua", "Hujan deras.", "Bentuk kelompok", "2.3 Kelas orang tua", "24"):
        assert said in words
    # Everybody reads how many came, and nothing else of it.
    phone.context.clear_cookies()
    phone.goto(address("klaten", f"/kalender/{row.event.slug}/{row.day:%Y-%m-%d}/"))
    expect(phone.locator("main")).to_contain_text("24")
    expect(phone.locator("main")).not_to_contain_text("Usul")
    photo = ReportFile.objects.first().key
    assert nobody.get(f"{where}berkas/{photo}").status_code == 404


@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (1280, "dark")])
def test_each_screen_is_accessible_and_fits(
    browser, browser_context_args, complaints, address, klaten, kader, row, axe, width, scheme
):
    context = browser.new_context(
        **browser_context_args
        | {"viewport": {"width": width, "height": 800}, "color_scheme": scheme}
    )
    try:
        page = complaints(context).new_page()
        where = f"/ruang/kalender/{row.event_id}/{row.pk}/laporan/"
        sign_in(page, address, kader, "/ruang/laporan/")
        for path in ("/ruang/laporan/", where, f"{where}foto/", f"{where}dokumen/"):
            page.goto(address("klaten", path))
            assert axe(page) == []
            assert page.evaluate(FITS)
        page.goto(address("klaten", where))
        page.locator("[name=results]").fill("Kata" * 60)
        page.locator("summary").last.click()
        page.locator("[name=cost]").fill("banyak")
        with page.expect_response(lambda answer: answer.request.method == "POST") as sent:
            page.locator("button[value=simpan]").click()
        assert sent.value.status == 422
        complaints.said.clear()
        assert axe(page) == []
        assert page.evaluate(FITS)
    finally:
        context.close()


def test_a_report_begins_with_what_its_office_wrote_once(
    phone, page, klaten, kader, row, address, complaints, axe
):
    complaints(page.context)
    sign_in(page, address, make_user("admin", klaten), "/ruang/laporan/")
    page.locator("main a[href$='/laporan/kerangka/']").click()
    assert axe(page) == []
    assert page.evaluate(FITS)
    page.locator("main a[href$='/kerangka/semua/']").click()
    assert axe(page) == []
    assert page.evaluate(FITS)
    page.locator("[name=background]").fill("Kekerasan terhadap anak masih terjadi.")
    page.locator("[name=purpose]").fill("Warga tahu ke mana melapor.")
    page.locator("main form button.l-large").click()
    expect(page.locator("main")).to_contain_text("Sudah ditulis")

    # The kader finds it filled in, and changes what was different this time.
    where = f"/ruang/kalender/{row.event_id}/{row.pk}/laporan/"
    sign_in(phone, address, kader, where)
    phone.locator("summary", has_text="Bab").click()
    expect(phone.locator("[name=purpose]")).to_have_value("Warga tahu ke mana melapor.")
    phone.locator("[name=minutes]").fill("Rapat dibuka.")
    phone.locator("[name=purpose]").fill("Kader tahu cara mendengarkan.")
    phone.locator("button[value=kirim]").click()
    assert SessionReport.objects.get().state == "terkirim"

    # What the office begins with from now on is not what this report said.
    page.locator("main a[href$='/kerangka/semua/']").click()
    page.locator("[name=background]").fill("Ditulis kemudian.")
    page.locator("main form button.l-large").click()
    expect(page.locator("main h1")).to_be_visible()
    reader = Client(SERVER_NAME="klaten.localhost")
    reader.force_login(kader)
    words = " ".join(text_of(reader.get(f"{where}kegiatan.pdf").content).split())
    assert "Kekerasan terhadap anak masih terjadi." in words
    assert "Kader tahu cara mendengarkan." in words
    assert ("Ditulis kemudian." in words, "ke mana melapor" in words) == (False, False)
