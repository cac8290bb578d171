"""Attendance lists and faulty rows as XLSX or CSV, written row by row from the database."""

import io
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from typing import Any, BinaryIO
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from events.models import Occurrence
from events.sheets.judging import Judged
from events.sheets.layout import (
    ADDED,
    DATES,
    NAMES,
    NO,
    READ,
    STATUS_WORDS,
    WAY_WORDS,
    WIDTHS,
    YES,
    explanations,
)
from safeguards.cells import csv_rows, write_xlsx
from safeguards.clocks import told_moment

FIELDS = (
    *("participant__name", "participant__sex", "participant__age_group"),
    *("participant__organisation__name", "participant__organisation_name"),
    *("participant__position", "participant__region__name", "participant__region_id"),
    *("participant__phone", "participant__disability", "participant__consent"),
    *("status", "way", "client_time", "server_time", "participant__key"),
)
CHUNK = 2_000


def rows_of(
    found: QuerySet, occurrence: Occurrence, told: Callable[[int], None] | None = None
) -> Iterator[list[Any]]:
    """A row of the layout for each attendance in `found`; `told` hears how many were read."""
    zone = ZoneInfo(occurrence.event.timezone)
    title, day = occurrence.title or occurrence.event.title, occurrence.day
    removed = _("(name removed)")
    disabled = {True: YES, False: NO}
    statuses = {str(code): word for code, word in STATUS_WORDS.items()}
    ways = {str(code): word for code, word in WAY_WORDS.items()}
    rows = found.values_list(*FIELDS).iterator(chunk_size=CHUNK)
    for number, values in enumerate(rows, start=1):
        (
            name, sex, age, listed, organisation, position, place, code, phone, disability, consent,
            status, way, client_time, server_time, key,
        ) = values  # fmt: skip
        yield [
            name or removed,
            sex,
            age,
            listed or organisation or None,
            position or None,
            code or place,
            phone or None,
            disabled.get(disability),
            YES if disability is not None else None,
            consent or None,
            statuses.get(status, status),
            title,
            day,
            ways.get(way, way),
            (told_moment(client_time) or server_time).astimezone(zone).replace(tzinfo=None),
            str(key),
        ]
        if told is not None and number % CHUNK == 0:
            told(number)


def write_list(
    target: str | BinaryIO,
    found: QuerySet,
    occurrence: Occurrence,
    told: Callable[[int], None] | None = None,
) -> int:
    """Write the list with a second sheet that explains its columns; return how many rows."""
    return write_xlsx(
        target,
        NAMES,
        rows_of(found, occurrence, told),
        title=_("Attendance"),
        date_format=DATES,
        widths=WIDTHS,
        notes=(_("Columns"), explanations()),
    )


def csv_of(
    found: QuerySet, occurrence: Occurrence, told: Callable[[int], None] | None = None
) -> Iterator[str]:
    return csv_rows(NAMES, (in_words(row) for row in rows_of(found, occurrence, told)))


def in_words(row: Iterable[Any]) -> list[Any]:
    """A row whose dates read as in Indonesia, for a file that has no dates of its own."""
    told = []
    for cell in row:
        if isinstance(cell, datetime):
            cell = f"{cell:%d/%m/%Y %H:%M}"
        elif isinstance(cell, date):
            cell = f"{cell:%d/%m/%Y}"
        told.append(cell)
    return told


def write_faulty(target: BinaryIO, rows: Iterable[Judged]) -> int:
    """Write the rows with faults, with their numbers and what is wrong, to be mended and sent."""
    header = (*READ, *ADDED)
    lines = (
        [
            *(one.line.cells.get(name, "") for name in READ),
            one.number,
            "; ".join(f"{column}: {why}" for column, why in one.faults.items()),
        ]
        for one in rows
        if not one.is_good
    )
    widths = (*WIDTHS[: len(READ)], 8, 60)
    notes = (_("Columns"), explanations())
    return write_xlsx(target, header, lines, title=_("Faulty rows"), widths=widths, notes=notes)


def empty_sheet() -> bytes:
    """The layout without anybody, to fill in."""
    body = io.BytesIO()
    widths = WIDTHS[: len(READ)]
    notes = (_("Columns"), explanations())
    write_xlsx(body, READ, [], title=_("Attendance"), widths=widths, notes=notes)
    return body.getvalue()
