import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from safeguards.cells import TooManyRows, csv_rows, plain_cell, safe_cell, write_xlsx

DANGEROUS = ["=1+1", "+6281234567890", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "\n=1", "＝1"]
HARMLESS = ["Klaten", "", "'kutipan", "0812", "a=b", "'", "''x"]
TRICKY = ["'=1", "''=1", "'\t"]


@pytest.mark.parametrize("text", DANGEROUS)
def test_safe_cell_disarms_formulas(text):
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize("text", HARMLESS)
def test_safe_cell_leaves_other_text_alone(text):
    assert safe_cell(text) == text


@pytest.mark.parametrize("value", [-5, 1.5, Decimal("-2"), True, None, date(2026, 11, 25)])
def test_safe_cell_leaves_numbers_and_dates_alone(value):
    assert safe_cell(value) is value


@pytest.mark.parametrize("text", [*DANGEROUS, *HARMLESS, *TRICKY])
def test_plain_cell_returns_what_was_written(text):
    assert plain_cell(safe_cell(text)) == text


def test_csv_rows_streams_and_survives_the_round_trip():
    asked = []

    def rows():
        for text in DANGEROUS:
            asked.append(text)
            yield [text, 1]

    pieces = csv_rows(["=nama", "n"], rows())
    first = next(pieces)
    assert asked == []
    text = first + "".join(pieces)
    assert text.startswith("\ufeff")
    read = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    assert read[0] == ["'=nama", "n"]
    assert [plain_cell(row[0]) for row in read[1:]] == DANGEROUS
    assert not [row for row in read if row[0][:1] in "=+-@\t\r"]


def test_write_xlsx_keeps_text_as_text_for_two_readers(tmp_path):
    path = tmp_path / "hadir.xlsx"
    rows = [[text, 7, date(2026, 11, 25), None] for text in DANGEROUS]
    assert write_xlsx(str(path), ["=h", "n", "d", "k"], rows, title="Kec/[1]") == len(DANGEROUS)
    sheet = openpyxl.load_workbook(path).active
    read = list(sheet.iter_rows())
    assert {cell.data_type for row in read[1:] for cell in row[:1]} == {"s"}
    expected = [text.replace("\r", "\n") for text in DANGEROUS]
    assert [row[0].value.replace("\r", "\n") for row in read[1:]] == expected
    assert [row[1].value for row in read[1:]] == [7] * len(DANGEROUS)
    calamine = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    assert [row[0].replace("\r", "\n") for row in calamine[1:]] == expected
    assert calamine[1][2] == date(2026, 11, 25)


def test_write_xlsx_takes_links_long_text_times_and_control_characters():
    target = io.BytesIO()
    moment = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)
    row = ["https://a.go.id/#x", "x" * 40_000, moment, "a\x00\x0bb", 10**20, "12"]
    write_xlsx(target, list("abcdef"), [row])
    target.seek(0)
    read = [cell.value for cell in openpyxl.load_workbook(target).active[2]]
    assert read[0] == "https://a.go.id/#x"
    assert (len(read[1]), read[1][-1]) == (32_767, "…")
    assert read[2:] == [datetime(2026, 11, 25, 9, 30), "ab", str(10**20), "12"]


def test_write_xlsx_refuses_what_a_sheet_cannot_hold(monkeypatch):
    monkeypatch.setattr("safeguards.cells.MOST_ROWS", 3)
    with pytest.raises(TooManyRows):
        write_xlsx(io.BytesIO(), ["a"], [[1], [2], [3]])
