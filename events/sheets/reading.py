"""An attendance sheet as it was handed in: limits before anything is opened, then lines of text."""

import csv
import io
import re
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from posixpath import normpath
from typing import Any, BinaryIO
from xml.etree import ElementTree

from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook

from events.attendance.persons import plain
from events.sheets.layout import ADDED, NAMES, NEEDED
from safeguards.cells import plain_cell
from safeguards.uploads import SPREADSHEET, check_upload

MOST_ROWS = 2_000
MOST_BYTES = 5 * 1024 * 1024
LONGEST_CELL = 500
# Below the last line people leave formats and borders behind.
SPARE_ROWS = 3_000
# Of rows that merged ranges touch: no honest sheet has more, and each is marked by itself.
MOST_MERGED = 50_000
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_ROW = re.compile(rb"<row[\s>/]")
_FORMULA = re.compile(rb'<c\s[^>]*?\br="([A-Z]{1,3})(\d{1,7})"[^>]*>\s*<f[\s>/]')
_PIECE = 1024 * 1024


class SheetRejected(ValueError):
    """The file as a whole can't be used; `status` is 413 (too much) or 422."""

    def __init__(self, message: str, status: int = 422):
        super().__init__(message)
        self.message = message
        self.status = status


@dataclass
class Line:
    """A filled row: its number as people see it, its cells by column, what is wrong by column.

    `repeat` is how often the words of its person stand above it, also in rows that are gone.
    """

    number: int
    cells: dict[str, str]
    faults: dict[str, str] = field(default_factory=dict)
    repeat: int = 0


def read(file: BinaryIO) -> list[Line]:
    """The filled rows of an XLSX or CSV file whose first row names the columns, in any order.

    Raises SheetRejected, or UploadRejected with a status of its own.
    """
    _check_whole(file)
    kind = check_upload(file, kinds=frozenset({SPREADSHEET}))
    lines = _csv_lines(file) if kind.extension == "csv" else _xlsx_lines(file)
    lines = iter(lines)
    _first, names, _faults = next(lines, (1, [], {}))
    header = [" ".join(plain(name).casefold().split()) for name in names]
    while header and not header[-1]:
        header.pop()
    _check_header(header)
    found = []
    for number, cells, faults in lines:
        texts = [plain(plain_cell(cell)) for cell in cells]
        if not any(texts):
            continue
        if len(found) == MOST_ROWS:
            raise _too_many()
        found.append(_line(number, header, texts, faults))
    if not found:
        raise SheetRejected(_("This sheet names nobody below its first row."))
    return found


def _line(number: int, header: list[str], texts: list[str], faults: dict[int, str]) -> Line:
    line = Line(number, dict.fromkeys(header, ""))
    for place, text in enumerate(texts):
        name = header[place] if place < len(header) else ""
        if name:
            line.cells[name] = text[:LONGEST_CELL]
        elif text:
            line.faults[letters(place)] = _("There is text beside the columns.")
    for place, why in faults.items():
        name = header[place] if place < len(header) and header[place] else letters(place)
        line.faults[name] = why
    return line


def letters(place: int) -> str:
    """A column as a spreadsheet calls it; 0 is A."""
    name = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        name = chr(65 + rest) + name
    return name


def _check_whole(file: BinaryIO) -> None:
    """What has a sentence of its own; everything else is for check_upload."""
    size = file.seek(0, 2)
    file.seek(0)
    head = file.read(8)
    file.seek(0)
    if size > MOST_BYTES:
        raise SheetRejected(_("This file is too large: an attendance sheet has at most 5 MB."), 413)
    if head.startswith(OLE):
        raise SheetRejected(
            _(
                "This file has a password or the old format .xls. Take the password off, or save "
                "it as .xlsx."
            )
        )
    if head.startswith(b"PK") and _has_macros(file):
        raise SheetRejected(
            _("This file holds a macro (a program). Save it as .xlsx without macros.")
        )


def _has_macros(file: BinaryIO) -> bool:
    try:
        with zipfile.ZipFile(file) as archive:
            return any(
                name.lower().endswith("vbaproject.bin") for name in archive.namelist()[:3_000]
            )
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        # Broken: check_upload says so.
        return False
    finally:
        file.seek(0)


def _check_header(header: list[str]) -> None:
    missing = [name for name in NEEDED if name not in header]
    if missing:
        raise SheetRejected(
            _(
                "The first row must name the columns. Missing: %(missing)s. Found: %(found)s. "
                "Use our empty sheet."
            )
            % {"missing": ", ".join(missing), "found": ", ".join(header)[:200] or "–"}
        )
    unknown = [name or "–" for name in header if name not in {*NAMES, *ADDED}]
    if unknown:
        raise SheetRejected(
            _("These columns are not known: %(columns)s. Take them out and try again.")
            % {"columns": ", ".join(unknown)[:200]}
        )
    if len(set(header)) != len(header):
        raise SheetRejected(_("A column is named twice in the first row."))


def _too_many() -> SheetRejected:
    return SheetRejected(
        _("This sheet has too many rows. At most %(most)d people fit into one; split it.")
        % {"most": MOST_ROWS},
        413,
    )


def _csv_lines(file: BinaryIO) -> Iterator[tuple[int, list[str], dict[int, str]]]:
    raw = file.read()
    file.seek(0)
    if raw.count(b"\n") > MOST_ROWS + SPARE_ROWS:
        raise _too_many()
    if raw.startswith(UTF_16):
        text = raw.decode("utf-16", "replace")
    else:
        try:
            text = raw.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise SheetRejected(
                _("Row %(row)s is not in UTF-8. Save the file as “CSV UTF-8” and try again.")
                % {"row": raw.count(b"\n", 0, error.start) + 1}
            ) from error
    first = text.partition("\n")[0]
    delimiter = max(";,\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    number = 1
    try:
        for cells in reader:
            faults = {
                place: _formula() for place, cell in enumerate(cells) if cell[:1] in {"=", "@"}
            }
            yield number, cells, faults
            number = reader.line_num + 1
    except csv.Error as error:
        raise SheetRejected(
            _("Row %(row)s can't be split into cells. Is a quotation mark missing?")
            % {"row": reader.line_num}
        ) from error


def _xlsx_lines(file: BinaryIO) -> Iterator[tuple[int, list[str], dict[int, str]]]:
    formulas = _formulas_in(file)
    try:
        with CalamineWorkbook.from_filelike(file) as book:
            sheet = book.get_sheet_by_index(0)
            ranges = sheet.merged_cell_ranges or []
            # From the first cell on, so that row numbers are those people see.
            rows = sheet.to_python(skip_empty_area=False)
    except (CalamineError, OSError, ValueError, IndexError) as error:
        raise SheetRejected(_("This spreadsheet could not be read.")) from error
    merged = _merged_in(ranges, len(rows))
    for place, cells in enumerate(rows):
        faults = dict.fromkeys(sorted(formulas.get(place, ())), _formula())
        said = _("Cells are merged here. Unmerge them and write each value.")
        for left, right in merged.get(place, ()):
            faults |= dict.fromkeys(range(left, min(right, len(cells) - 1) + 1), said)
        yield place + 1, [_text(cell) for cell in cells], faults


def _formula() -> str:
    return _("This cell holds a formula. Write the value itself.")


def _merged_in(ranges: Any, height: int) -> dict[int, list[tuple[int, int]]]:
    """(first, last) column of merged ranges by row, from 0; raises SheetRejected for a crowd."""
    found: dict[int, list[tuple[int, int]]] = defaultdict(list)
    number = 0
    for (top, left), (bottom, right) in ranges:
        rows = range(top, min(bottom + 1, height))
        number += len(rows) + 1
        if number > MOST_MERGED:
            raise SheetRejected(_("Too many cells of this sheet are merged. Unmerge them first."))
        for row in rows:
            found[row].append((left, right))
    return found


def _formulas_in(file: BinaryIO) -> dict[int, set[int]]:
    """Columns of formulas on the first tab by row, from 0; raises SheetRejected for a crowd.

    `check_upload` has measured all parts before.
    """
    found: dict[int, set[int]] = defaultdict(set)

    def look(text: bytes) -> None:
        for column, row in _FORMULA.findall(text):
            found[int(row) - 1].add(_place(column))

    try:
        with zipfile.ZipFile(file) as archive, archive.open(_first_tab(archive)) as part:
            rows, rest = 0, b""
            while piece := part.read(_PIECE):
                text = rest + piece
                cut = text.rfind(b"<c ")
                cut = cut if cut > 0 and len(text) - cut < 4_096 else len(text)
                rows += len(_ROW.findall(text[:cut]))
                look(text[:cut])
                rest = text[cut:]
                if rows > MOST_ROWS + SPARE_ROWS:
                    raise _too_many()
            look(rest)
    except (KeyError, ElementTree.ParseError) as error:
        raise SheetRejected(_("This spreadsheet could not be read.")) from error
    file.seek(0)
    return found


def _first_tab(archive: zipfile.ZipFile) -> str:
    """The part that holds the tab people see first; the number in its name says nothing.

    Raises KeyError or ParseError where the workbook does not say.
    """
    book = _small_part(archive, "xl/workbook.xml")
    # Names without their namespace: "strict" files have another one.
    sheet = next((one for one in book.iter() if _bare(one.tag) == "sheet"), None)
    if sheet is None:
        raise KeyError("sheet")
    told = {_bare(name): value for name, value in sheet.items()}
    for one in _small_part(archive, "xl/_rels/workbook.xml.rels"):
        if one.get("Id") == told["id"]:
            target = one.attrib["Target"]
            return target[1:] if target.startswith("/") else normpath(f"xl/{target}")
    raise KeyError(told["id"])


def _small_part(archive: zipfile.ZipFile, name: str) -> ElementTree.Element:
    with archive.open(name) as part:
        # `check_upload` has refused entities in all parts.
        return ElementTree.fromstring(part.read(_PIECE))  # noqa: S314


def _bare(name: str) -> str:
    return name.rpartition("}")[2]


def _place(column: bytes) -> int:
    number = 0
    for letter in column:
        number = number * 26 + letter - 64
    return number - 1


def _text(cell: Any) -> str:
    # Excel keeps typed digits as a number.
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, bool):
        return "ya" if cell else "tidak"
    # An age group such as 6-12 became the sixth of December.
    if isinstance(cell, datetime | date):
        return f"{cell:%Y-%m-%d}"
    if isinstance(cell, time):
        return f"{cell:%H:%M}"
    return str(cell)
