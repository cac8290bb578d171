"""Tables that somebody hands in, as CSV or XLSX, read with the row and column of every fault."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook

from safeguards.cells import plain_cell, safe_cell

CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
UTF_16 = (b"\xff\xfe", b"\xfe\xff")


class TableRejected(ValueError):
    """The file as a whole can't be read; `message` says why, in a sentence."""

    def __init__(self, message: str):
        super().__init__(message)
        self.message = message


@dataclass(frozen=True)
class Fault:
    """What is wrong in one cell. Rows count from 1, the header being row 1."""

    row: int
    column: str
    message: str

    def __str__(self) -> str:
        return _("row %(row)s, column %(column)s: %(message)s") % vars(self)


@dataclass(frozen=True)
class TableRow:
    """A row's number as people see it, and its cells by column."""

    number: int
    cells: dict[str, str]


@dataclass
class Table:
    """Rows that can be judged, and faults of rows that can't even be split into cells."""

    columns: tuple[str, ...]
    rows: list[TableRow] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def read_table(path: Path, *, required: Sequence[str], optional: Sequence[str] = ()) -> Table:
    """Read a file whose first row names the columns, in any order.

    CSV is UTF-8, with or without a byte-order mark, and with commas or semicolons. Unknown columns
    are refused: they may hold what nobody wants stored. Raises TableRejected.
    """
    lines = _xlsx_lines(path) if path.suffix.lower() == ".xlsx" else _csv_lines(path)
    header = tuple(cell.strip().lower() for cell in next(lines, []))
    if not any(header):
        raise TableRejected(_("The file is empty."))
    _check_header(header, required, optional)
    table = Table(columns=header)
    for number, cells in enumerate(lines, start=2):
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) > len(header) and any(cell.strip() for cell in cells[len(header) :]):
            table.faults.append(
                Fault(number, str(len(header) + 1), _("There are more cells than columns."))
            )
            continue
        padded = [*cells, *([""] * len(header))]
        row = dict(zip(header, (plain_cell(cell).strip() for cell in padded), strict=False))
        table.rows.append(TableRow(number, row))
    return table


def write_faulty_rows(
    path: Path, columns: Sequence[str], rows: Iterable[TableRow], faults: Iterable[Fault]
) -> int:
    """Write the rows that have faults, with what is wrong in two columns more; returns how many."""
    by_row: dict[int, list[Fault]] = {}
    for fault in faults:
        by_row.setdefault(fault.row, []).append(fault)
    written = 0
    with path.open("w", encoding="utf-8-sig", newline="") as target:
        writer = csv.writer(target)
        writer.writerow([*columns, "baris", "kesalahan"])
        for row in rows:
            if row.number in by_row:
                told = "; ".join(f"{f.column}: {f.message}" for f in by_row.pop(row.number))
                cells = [row.cells.get(column, "") for column in columns]
                writer.writerow([*(safe_cell(cell) for cell in cells), row.number, told])
                written += 1
        for number, left in by_row.items():
            told = "; ".join(f"{f.column}: {f.message}" for f in left)
            writer.writerow([*([""] * len(columns)), number, told])
            written += 1
    return written


def _check_header(
    header: tuple[str, ...], required: Sequence[str], optional: Sequence[str]
) -> None:
    # The two columns of our own faulty-rows file may come back.
    known = {*required, *optional, "baris", "kesalahan"}
    missing = [name for name in required if name not in header]
    if missing:
        raise TableRejected(
            _("The first row must name the columns %(wanted)s; it names %(found)s.")
            % {"wanted": ", ".join(required), "found": ", ".join(header)[:200]}
        )
    unknown = [name for name in header if name not in known]
    if unknown:
        raise TableRejected(
            _("These columns are not known: %(columns)s. Take them out and try again.")
            % {"columns": ", ".join(name or "–" for name in unknown)[:200]}
        )
    if len(set(header)) != len(header):
        raise TableRejected(_("A column is named twice in the first row."))


def _csv_lines(path: Path) -> Iterator[list[str]]:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise TableRejected(
            _("The file %(name)s can't be opened.") % {"name": path.name}
        ) from error
    if raw.startswith(UTF_16):
        raise TableRejected(_("The file is in UTF-16. Save it as “CSV UTF-8” and try again."))
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = raw.count(b"\n", 0, error.start) + 1
        raise TableRejected(
            _("Row %(row)s is not in UTF-8. Save the file as “CSV UTF-8” and try again.")
            % {"row": row}
        ) from error
    first = text.partition("\n")[0]
    delimiter = ";" if first.count(";") > first.count(",") else ","
    return _split(text, delimiter)


def _split(text: str, delimiter: str) -> Iterator[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        yield from reader
    except csv.Error as error:
        raise TableRejected(
            _("Row %(row)s can't be split into cells. Is a quotation mark missing?")
            % {"row": reader.line_num}
        ) from error


def _xlsx_lines(path: Path) -> Iterator[list[str]]:
    try:
        with CalamineWorkbook.from_path(str(path)) as book:
            # From the first cell on, so that row numbers are those people see.
            rows = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (CalamineError, OSError, ValueError, IndexError) as error:
        raise TableRejected(_("This spreadsheet could not be read.")) from error
    return iter([[_text(cell) for cell in row] for row in rows])


def _text(cell: Any) -> str:
    # Excel keeps typed digits as a number.
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)
