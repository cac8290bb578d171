"""A sheet is handed in: looked at, its faults mended in the file that comes back, all recorded."""

import io
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import expect

from events.models import Attendance, Participant
from tests.browser.fitting import FITS
from tests.factories.attending import held_now, key_of, known
from tests.factories.places import make_user

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
HEADER = ("nama", "l/p", "kelompok umur", "lembaga", "telepon", "status")
ROWS = (
    ("Budi Santoso", "L", "60+", "PKK Delanggu", "", ""),
    ("Ani Lestari", "P", "tua", "", "", ""),
    ("Siti Aminnah", "P", "25-59", "PKK Delanggu", "", "terlambat"),
    ("Rini Astuti", "X", "25-59", "", "bukan nomor", ""),
    ("Dewi Sartika", "P", "18-24", "", "", "izin"),
)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture
def kader(klaten):
    return make_user("kader", klaten)


@pytest.fixture
def row(klaten, kader):
    return held_now(klaten, hours_ago=3, proposer=kader)


def hand_in(page, book: openpyxl.Workbook) -> None:
    out = io.BytesIO()
    book.save(out)
    file = {"name": "hadir.xlsx", "mimeType": XLSX, "buffer": out.getvalue()}
    page.locator("[name=file]").set_input_files(file)
    page.locator("main form button.l-large").click()


def came(row) -> dict[str, str]:
    rows = Attendance.objects.filter(occurrence=row)
    return dict(rows.values_list("participant__name", "status"))


def test_a_sheet_with_good_and_faulty_rows(page, klaten, kader, row, sign_in, axe):
    known(klaten, "Siti Aminah")
    sign_in(page, kader, f"/ruang/kalender/{row.event_id}/{row.pk}/hadir/impor/")
    book = openpyxl.Workbook()
    for cells in (HEADER, *ROWS):
        book.active.append(cells)
    hand_in(page, book)
    # Looked at before anything is recorded: which row, which column, what is wrong.
    faults = page.locator("#salah ~ .l-scroll tbody tr")
    expect(faults).to_have_count(2)
    expect(faults.first).to_contain_text("Ani Lestari")
    assert faults.locator("th").all_inner_texts() == ["3", "5"]
    assert faults.first.locator("strong").all_inner_texts() == ["kelompok umur"]
    assert sorted(faults.last.locator("strong").all_inner_texts()) == ["l/p", "telepon"]
    assert (came(row), axe(page), page.evaluate(FITS)) == ({}, [], True)
    with page.expect_download() as taken:
        page.locator("a[href$='salah.xlsx']").click()
    faulty = openpyxl.load_workbook(io.BytesIO(Path(taken.value.path()).read_bytes()))

    # Nobody is put together by guess: until somebody says who is meant, that row waits.
    record = page.locator("main form button.l-large")
    record.click()
    expect(page.locator("#periksa")).to_be_visible()
    assert came(row) == {"Budi Santoso": "hadir", "Dewi Sartika": "izin"}
    page.locator(f"[value='{key_of('Siti Aminah')}']").check()
    record.click()
    expect(page.locator("main .l-notice[role=status]")).to_be_visible()
    assert came(row)["Siti Aminah"] == "terlambat"

    # The file that came back is mended and handed in as it is.
    sheet = faulty.worksheets[0]
    columns = {cell.value: cell.column for cell in sheet[1]}
    assert [sheet.cell(line, columns["baris"]).value for line in (2, 3)] == [3, 5]
    for line, column, value in ((2, "kelompok umur", "60+"), (3, "l/p", "P"), (3, "telepon", None)):
        sheet.cell(line, columns[column]).value = value
    page.locator("main a[href$='/impor/']").last.click()
    hand_in(page, faulty)
    expect(page.locator("#salah")).to_have_count(0)
    record.click()
    expect(page.locator("main .l-notice[role=status]")).to_be_visible()
    assert came(row) == {
        "Ani Lestari": "hadir",
        "Budi Santoso": "hadir",
        "Dewi Sartika": "izin",
        "Rini Astuti": "hadir",
        "Siti Aminah": "terlambat",
    }
    assert Participant.objects.count() == 5
