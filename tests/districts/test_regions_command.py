"""Files as people hand them in: wrong columns, encodings, missing quotes, spreadsheets."""

import csv
import io

import openpyxl
import pytest
from django.core.management import CommandError, call_command

from districts.models import Region

pytestmark = pytest.mark.django_db

GOOD = "kode,nama\n33,JAWA TENGAH\n33.10,KAB. KLATEN\n33.10.05,Cawas\n"


@pytest.fixture
def hand_in(tmp_path):
    """Write a file and import it; returns what was said."""

    def run(content: str | bytes, *arguments: str, name: str = "wilayah.csv") -> str:
        raw = content if isinstance(content, bytes) else content.encode()
        path = tmp_path / name
        path.write_bytes(raw)
        out, err = io.StringIO(), io.StringIO()
        try:
            call_command("import_regions", str(path), *arguments, stdout=out, stderr=err)
        except CommandError as error:
            return f"{err.getvalue()}{error}"
        return f"{err.getvalue()}{out.getvalue()}"

    return run


@pytest.mark.parametrize(
    "content",
    [
        GOOD,
        GOOD.encode("utf-8-sig"),
        GOOD.replace(",", ";"),
        GOOD.replace("\n", "\r\n"),
        GOOD.replace("\n", "\n\n"),
        "nama,kode\nJAWA TENGAH,33\nKAB. KLATEN,33.10\nCawas,33.10.05",
        "KODE , Nama\n33,JAWA TENGAH\n33.10,KAB. KLATEN\n33.10.05,Cawas\n",
    ],
)
def test_ordinary_csv_files_are_read(hand_in, content):
    hand_in(content)
    assert list(Region.objects.values_list("code", "name")) == [
        ("33", "JAWA TENGAH"),
        ("33.10", "KAB. KLATEN"),
        ("33.10.05", "Cawas"),
    ]


def test_a_second_run_says_that_nothing_has_changed(hand_in):
    first, second = hand_in(GOOD), hand_in(GOOD)
    assert first != second
    assert "3" in second
    assert hand_in(GOOD) == second


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", ""),
        (b"\n\n", ""),
        ("id,name\n33,JAWA TENGAH\n", "kode, nama"),
        ("kode,nama,nik\n33,JAWA TENGAH,1\n", "nik"),
        ("kode,nama,nama\n33,JAWA TENGAH,x\n", ""),
        ("kode,nama\n33,JAWA TENGAH\n33.10,Klatén\n".encode("latin-1"), "3"),
        (GOOD.encode("utf-16"), "UTF-16"),
        ('kode,nama\n33,"' + "x" * 200_000, "2"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_one_sentence(hand_in, content, told):
    said = hand_in(content)
    assert told in said
    assert said.rstrip().endswith(".") or said.rstrip().endswith("?")
    assert Region.objects.count() == 0


def test_a_missing_file_is_told(tmp_path):
    with pytest.raises(CommandError, match=r"tidakada\.csv"):
        call_command("import_regions", str(tmp_path / "tidakada.csv"))


def test_faults_are_told_by_row_and_column(hand_in):
    said = hand_in(GOOD + "33.10,Lagi\n34.01,Tanpa induk\n33.10.06,Bayat,lebih\n")
    assert [row for row in ("5", "6", "7") if f" {row}, " in said] == ["5", "6", "7"]
    assert Region.objects.count() == 0


def test_faulty_rows_come_back_as_a_file_that_can_be_handed_in_again(hand_in, tmp_path):
    hand_in(GOOD + "33.10.07,=1+1\n34.01,=Tanpa induk\n33.10.06,Bayat,lebih\n", "--skip-faulty")
    assert Region.objects.count() == 4
    path = tmp_path / "wilayah.csv.salah.csv"
    with path.open(encoding="utf-8-sig", newline="") as source:
        found = list(csv.DictReader(source))
    assert [(row["kode"], row["nama"], row["baris"]) for row in found] == [
        ("34.01", "'=Tanpa induk", "6"),
        ("", "", "7"),
    ]
    assert all(row["kesalahan"] for row in found)
    mended = path.read_text(encoding="utf-8-sig").replace("34.01", "33.10.08").splitlines()
    hand_in("\n".join(mended[:2]))
    assert Region.objects.get(pk="33.10.08").name == "=Tanpa induk"


def test_a_dry_run_writes_neither_regions_nor_files(hand_in, tmp_path):
    hand_in(GOOD + "34.01,Tanpa induk\n", "--dry-run", "--skip-faulty")
    assert Region.objects.count() == 0
    assert [path.name for path in tmp_path.iterdir()] == ["wilayah.csv"]


def test_a_spreadsheet_is_read_too(hand_in, tmp_path):
    book = openpyxl.Workbook()
    for row in (("kode", "nama"), (33, "JAWA TENGAH"), ("33.10", "KAB. KLATEN")):
        book.active.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    hand_in(buffer.getvalue(), name="wilayah.xlsx")
    assert list(Region.objects.values_list("code", flat=True)) == ["33", "33.10"]


def test_a_broken_spreadsheet_is_refused(hand_in):
    assert hand_in(b"PK\x03\x04 rusak", name="wilayah.xlsx").rstrip().endswith(".")
    assert Region.objects.count() == 0
