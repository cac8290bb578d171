"""Files of lists, read back with readers that are not ours."""

import csv
import io
from datetime import date, datetime

import openpyxl


def body_of(answer) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def table(answer, columns: int | None = None) -> list[list]:
    """The rows of an XLSX under its header; its second sheet has a line for each column."""
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "private, no-store"
    book = openpyxl.load_workbook(io.BytesIO(body_of(answer)))
    header, *rows = (list(line) for line in book.worksheets[0].values)
    explained = list(book.worksheets[1].values)
    assert [line[0] for line in explained] == header
    assert columns in {None, len(header)}
    assert all(line[1] for line in explained)
    assert {cell.data_type for line in book.worksheets[0] for cell in line} <= {"s", "n", "d"}
    return rows


def lines(answer) -> list[list[str]]:
    """The rows of a CSV under its header."""
    return list(csv.reader(io.StringIO(body_of(answer).decode("utf-8-sig"))))[1:]


def midnight(day: date) -> datetime:
    """A day as openpyxl reads it."""
    return datetime(day.year, day.month, day.day)
