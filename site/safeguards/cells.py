"""Spreadsheets that hold text as text: no cell of ours becomes a formula in Excel or Calc."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, BinaryIO

import xlsxwriter

BOM = "\ufeff"
LONGEST_CELL = 32_767
MOST_ROWS = 1_048_576

_DANGEROUS = r"[\s\x00]*[=+\-@\uFF0B\uFF0D\uFF1D\uFF20]|[\t\r\n]"
_NEEDS_QUOTE = re.compile(rf"'*(?:{_DANGEROUS})")
_WAS_QUOTED = re.compile(rf"'+(?:{_DANGEROUS})")
_ILLEGAL_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")

XLSX_OPTIONS = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "remove_timezone": True,
    "constant_memory": True,
    "default_date_format": "yyyy-mm-dd",
}


class TooManyRows(ValueError):
    """Raised when a sheet can't hold all rows; nothing is left out silently."""


def safe_cell(value: Any) -> Any:
    """Return ``value`` for a CSV file: text that could be a formula gets a leading apostrophe.

    Numbers and dates stay themselves; ``plain_cell`` takes the apostrophe off again.
    """
    if isinstance(value, bool | int | float | Decimal | date | time) or value is None:
        return value
    text = str(value)
    return f"'{text}" if _NEEDS_QUOTE.match(text) else text


def plain_cell(text: str) -> str:
    """Return what ``safe_cell`` was given, for reading our own files back."""
    return text[1:] if _WAS_QUOTED.match(text) else text


def csv_rows(header: Sequence[Any], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """Yield a CSV file row by row, for a streaming response; the first piece has the BOM.

    Excel takes a file without it for the encoding of the country it runs in.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    buffer.write(BOM)
    writer.writerow([safe_cell(cell) for cell in header])
    yield buffer.getvalue()
    for row in rows:
        buffer.seek(0)
        buffer.truncate()
        writer.writerow([safe_cell(cell) for cell in row])
        yield buffer.getvalue()


def write_xlsx(
    target: str | BinaryIO,
    header: Sequence[Any],
    rows: Iterable[Sequence[Any]],
    *,
    title: str = "",
    date_format: str = "yyyy-mm-dd",
    widths: Sequence[float] = (),
    notes: tuple[str, Iterable[Sequence[Any]]] | None = None,
) -> int:
    """Write one sheet to a path or binary file; return the number of rows under the header.

    Text is written as text, so that ``+62…`` and ``=1+1`` come back as they went in. Times lose
    their zone: convert them to the zone people should read first. ``date_format`` is how Excel
    shows a date (the cell stays one); ``widths`` are those of the columns, in characters.
    ``notes`` are the name and the rows of a second sheet, for what the columns mean.
    """
    with xlsxwriter.Workbook(target, XLSX_OPTIONS | {"default_date_format": date_format}) as book:
        sheet = book.add_worksheet(_sheet_name(title))
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        bold = book.add_format({"bold": True})
        moment = book.add_format({"num_format": f"{date_format} hh:mm"})
        sheet.freeze_panes(1, 0)
        for column, cell in enumerate(header):
            sheet.write_string(0, column, _text(cell), bold)
        number = 0
        for number, row in enumerate(rows, start=1):
            if number >= MOST_ROWS:
                raise TooManyRows(f"a sheet holds {MOST_ROWS - 1} rows under its header")
            for column, cell in enumerate(row):
                # Most cells are short plain text; anything else is looked at more closely.
                if type(cell) is str and cell.isprintable() and len(cell) <= LONGEST_CELL:
                    sheet.write_string(number, column, cell)
                elif cell is not None:
                    _write_cell(sheet, number, column, cell, moment)
        if notes is not None:
            _write_notes(book, *notes)
    return number


def _write_notes(book: xlsxwriter.Workbook, title: str, rows: Iterable[Sequence[Any]]) -> None:
    sheet = book.add_worksheet(_sheet_name(title))
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 26)
    sheet.set_column(1, 1, 90)
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            sheet.write_string(number, column, _text(cell), wrapped)


def _write_cell(sheet, row: int, column: int, value: Any, moment) -> None:
    if value is None:
        return
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif isinstance(value, int | float | Decimal) and abs(value) < 10**15:
        sheet.write_number(row, column, value)
    elif isinstance(value, datetime):
        sheet.write_datetime(row, column, value, moment)
    elif isinstance(value, date | time):
        sheet.write_datetime(row, column, value)
    else:
        sheet.write_string(row, column, _text(value))


def _text(value: Any) -> str:
    # Excel breaks lines by LF alone, and not every reader understands an escaped CR.
    text = str(value).replace("\r\n", "\n").replace("\r", "\n")
    text = _ILLEGAL_IN_XML.sub("", text)
    return text if len(text) <= LONGEST_CELL else f"{text[: LONGEST_CELL - 1]}…"


def _sheet_name(title: str) -> str | None:
    return re.sub(r"[\[\]:*?/\\']", " ", title).strip()[:31] or None
