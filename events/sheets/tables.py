"""A list of the workspace as a file: all rows of what the screen shows, its columns explained."""

import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

from django.utils.translation import gettext as _

from events.sheets.layout import DATES
from events.sheets.writing import CHUNK, in_words
from safeguards.cells import csv_rows, write_xlsx
from safeguards.uploads import XLSX

TYPES = {"xlsx": XLSX, "csv": "text/csv; charset=utf-8"}


@dataclass(frozen=True)
class Column:
    """`width` in characters; `meaning` says what stands in it and of which time."""

    name: str
    width: int
    meaning: str


@dataclass(frozen=True)
class Table:
    """`rows` hold text, numbers, days, and moments in the zone in which people read them."""

    title: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Any]]


def written(table: Table, form: str) -> tuple[bytes, int]:
    """The file ("xlsx" or "csv") and how many rows it has."""
    body = io.BytesIO()
    number = write_table(body, table, form)
    return body.getvalue(), number


def write_table(
    target: BinaryIO, table: Table, form: str, told: Callable[[int], None] | None = None
) -> int:
    """Write the file; return how many rows it has. `told` hears how many were written so far.

    Days read as in Indonesia. An XLSX explains its columns on a second sheet; a CSV can't.
    """
    names, rows = [column.name for column in table.columns], _counted(table.rows, told)
    if form == "csv":
        number = -1
        for piece in csv_rows(names, (in_words(row) for row in rows)):
            target.write(piece.encode())
            number += 1
        return number
    return write_xlsx(
        target,
        names,
        rows,
        title=table.title,
        date_format=DATES,
        widths=[column.width for column in table.columns],
        notes=(_("Columns"), [(column.name, column.meaning) for column in table.columns]),
    )


def _counted(
    rows: Iterable[Sequence[Any]], told: Callable[[int], None] | None
) -> Iterator[Sequence[Any]]:
    for number, row in enumerate(rows, start=1):
        yield row
        if told is not None and number % CHUNK == 0:
            told(number)
