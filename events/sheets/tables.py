"""A list of the workspace as a file: all rows of what the screen shows, its columns explained."""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from events.sheets.layout import DATES
from events.sheets.writing import in_words
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
    """The file ("xlsx" or "csv") and how many rows it has.

    Days read as in Indonesia. An XLSX explains its columns on a second sheet; a CSV can't.
    """
    names = [column.name for column in table.columns]
    if form == "csv":
        pieces = list(csv_rows(names, (in_words(row) for row in table.rows)))
        return "".join(pieces).encode(), len(pieces) - 1
    body = io.BytesIO()
    number = write_xlsx(
        body,
        names,
        table.rows,
        title=table.title,
        date_format=DATES,
        widths=[column.width for column in table.columns],
        notes=(_("Columns"), [(column.name, column.meaning) for column in table.columns]),
    )
    return body.getvalue(), number
