"""Invitations from a spreadsheet: read, judged by row and column, made once confirmed."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, BinaryIO
from uuid import UUID, uuid5

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook

from districts.models import District, Invitation, Organisation, Region, Role
from districts.services.invitations import InvitationGone, invite, open_invitations, renew
from districts.services.memberships import (
    InvalidGrant,
    check_placement,
    grantable_roles,
    reachable_organisations,
    reaches_everybody,
)
from districts.services.same_name import ANOTHER, SameNameWaits, alike, of_these_names
from safeguards.cells import plain_cell, write_xlsx
from safeguards.identifiers import refuse_identity_numbers
from safeguards.uploads import SPREADSHEET, check_upload

COLUMNS = ("nama", "surel", "peran", "organisasi", "kecamatan")
REQUIRED = ("nama", "peran")
MOST_ROWS = 500
LONGEST = {"nama": 120, "surel": 254, "peran": 60, "organisasi": 200, "kecamatan": 20}


class SheetRejected(ValueError):
    """The file as a whole can't be used; `status` is 413 (too much) or 422."""

    def __init__(self, message: str, status: int = 422):
        super().__init__(message)
        self.message = message
        self.status = status


@dataclass
class Row:
    """One line of the sheet: its number as people see it, what stood there, its faults."""

    number: int
    cells: dict[str, str]
    errors: dict[str, str] = field(default_factory=dict)
    placement: dict[str, Any] = field(default_factory=dict)
    # Invitations that wait for somebody of this name and role: who is it? A human says.
    waiting: list[Invitation] = field(default_factory=list)

    @property
    def is_good(self) -> bool:
        return not self.errors

    @property
    def values(self) -> list[str]:
        return [self.cells[column] for column in COLUMNS]

    @property
    def told(self) -> str:
        return "; ".join(f"{column}: {message}" for column, message in self.errors.items())


def read(file: Any) -> list[dict[str, str]]:
    """Return the filled lines of an XLSX or CSV file by column.

    The first line names the columns, in any order. Raises SheetRejected, or UploadRejected with a
    status of its own.
    """
    kind = check_upload(file, kinds=frozenset({SPREADSHEET}))
    lines = _csv_lines(file) if kind.extension == "csv" else _xlsx_lines(file)
    lines = iter(lines)
    header = [cell.strip().casefold() for cell in next(lines, [])]
    missing = [column for column in REQUIRED if column not in header]
    if missing:
        raise SheetRejected(
            _("The first line must name the columns; these are missing: %(columns)s.")
            % {"columns": ", ".join(missing)}
        )
    places = {column: header.index(column) for column in COLUMNS if column in header}
    found = []
    for number, cells in enumerate(lines, start=2):
        told = {
            column: cells[places[column]].strip()
            if column in places and places[column] < len(cells)
            else ""
            for column in COLUMNS
        }
        if not any(told.values()):
            continue
        if len(found) == MOST_ROWS:
            raise SheetRejected(
                _("At most %(most)s people fit in one file. Split it and send the parts.")
                % {"most": MOST_ROWS},
                status=413,
            )
        found.append({"number": str(number), **told})
    if not found:
        raise SheetRejected(_("There is nobody in this file."))
    return found


def _xlsx_lines(file: BinaryIO) -> Iterable[list[str]]:
    try:
        with CalamineWorkbook.from_filelike(file) as book:
            sheet = book.get_sheet_by_index(0)
            # Read from the first cell on, so that row numbers are those people see.
            rows = sheet.to_python(skip_empty_area=False, nrows=20 * MOST_ROWS)
    except (CalamineError, OSError, ValueError, IndexError) as error:
        raise SheetRejected(_("This spreadsheet could not be read.")) from error
    return [[_text(cell) for cell in row] for row in rows]


def _text(cell: Any) -> str:
    # Excel keeps a typed NPSN as a number.
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def _csv_lines(file: BinaryIO) -> Iterable[list[str]]:
    raw = file.read()
    try:
        wide = raw.startswith((b"\xff\xfe", b"\xfe\xff"))
        text = raw.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise SheetRejected(
            _("The letters of this file can't be read. Save it as “CSV UTF-8” or as XLSX.")
        ) from error
    # Excel in Indonesian separates by semicolons.
    first = text.partition("\n")[0]
    delimiter = max(";,\t", key=first.count)
    try:
        return [
            [plain_cell(cell) for cell in line]
            for line in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        ]
    except csv.Error as error:
        raise SheetRejected(_("This spreadsheet could not be read.")) from error


def judge(
    *,
    actor: Any,
    district: District,
    lines: Sequence[dict[str, str]],
    now: datetime | None = None,
) -> list[Row]:
    """Return every line with its faults by column, and who waits under its name; writes nothing.

    The number of queries does not depend on the number of lines.
    """
    roles = grantable_roles(actor, district)
    bound = not reaches_everybody(actor, district)
    names: dict[str, list[Organisation]] = {}
    by_npsn: dict[str, Organisation] = {}
    for organisation in reachable_organisations(actor, district):
        names.setdefault(organisation.name.casefold(), []).append(organisation)
        if organisation.npsn:
            by_npsn[organisation.npsn] = organisation
    codes = {line["kecamatan"] for line in lines} - {""}
    regions = {
        region.code.replace(".", ""): region
        for region in Region.objects.filter(
            valid_until__isnull=True,
            code__in=codes | {_dotted(code) for code in codes},
        )
    }
    waiting = of_these_names(
        open_invitations(now),
        actor=actor,
        district=district,
        names=[line["nama"] for line in lines],
    )
    rows, seen = [], {}
    for line in lines:
        row = Row(int(line["number"]), {column: line[column] for column in COLUMNS})
        _judge_texts(row)
        _judge_role(row, roles)
        _judge_organisation(row, names, by_npsn)
        if bound and not row.cells["organisasi"]:
            row.errors.setdefault("organisasi", _("Write which of your organisations."))
        code = row.cells["kecamatan"]
        if code and code.replace(".", "") not in regions:
            row.errors["kecamatan"] = _("This code is not known.")
        elif code:
            row.placement["region"] = regions[code.replace(".", "")]
        if row.is_good:
            _judge_placement(row, district)
        same = tuple(cell.casefold() for cell in row.values)
        if same in seen and row.is_good:
            row.errors["nama"] = _("The same as line %(number)s.") % {"number": seen[same]}
        seen.setdefault(same, row.number)
        if row.is_good:
            row.waiting = alike(
                waiting, name=row.cells["nama"], email=row.cells["surel"], **row.placement
            )
        rows.append(row)
    return rows


def _dotted(code: str) -> str:
    """`331005` as `33.10.05`, and `3310052001` as `33.10.05.2001`."""
    digits = code.replace(".", "")
    return ".".join(part for part in (digits[:2], digits[2:4], digits[4:6], digits[6:]) if part)


def _judge_texts(row: Row) -> None:
    for column in COLUMNS:
        text = row.cells[column]
        if len(text) > LONGEST[column]:
            row.errors[column] = _("Too long: at most %(most)s characters.") % {
                "most": LONGEST[column]
            }
            row.cells[column] = text[: LONGEST[column]]
        try:
            refuse_identity_numbers(text)
        except ValidationError as error:
            row.errors[column] = error.messages[0]
            # Refused means not kept either, not even in the file we hand back.
            row.cells[column] = ""
    if not row.cells["nama"]:
        row.errors.setdefault("nama", _("Write a name."))
    if row.cells["surel"]:
        try:
            validate_email(row.cells["surel"])
        except ValidationError:
            row.errors.setdefault("surel", _("This is not an e-mail address."))


def _judge_role(row: Row, roles: Sequence[str]) -> None:
    typed = row.cells["peran"].casefold()
    known = {name.casefold(): role for role in Role for name in (role.value, str(role.label))}
    if typed not in known:
        row.errors.setdefault(
            "peran",
            _("Write one of these: %(roles)s.") % {"roles": ", ".join(map(str, roles))},
        )
    elif known[typed] not in roles:
        row.errors["peran"] = _("You can't give this role.")
    else:
        row.placement["role"] = known[typed]


def _judge_organisation(
    row: Row, names: dict[str, list[Organisation]], by_npsn: dict[str, Organisation]
) -> None:
    typed = row.cells["organisasi"]
    if not typed or "organisasi" in row.errors:
        return
    fitting = names.get(typed.casefold(), [])
    found = by_npsn.get(typed.upper()) or (fitting[0] if len(fitting) == 1 else None)
    if len(fitting) > 1 and found is None:
        row.errors["organisasi"] = _("Several have this name; write the NPSN.")
    elif found is None:
        row.errors["organisasi"] = _("Not among the organisations you can invite for.")
    else:
        row.placement["organisation"] = found


def _judge_placement(row: Row, district: District) -> None:
    columns = {"organisation": "organisasi", "region": "kecamatan"}
    try:
        check_placement(
            district,
            row.placement["role"],
            row.placement.get("organisation"),
            row.placement.get("region"),
        )
    except InvalidGrant as error:
        row.errors[columns[error.field]] = str(error.message)


@transaction.atomic
def invite_all(
    *,
    actor: Any,
    district: District,
    rows: Sequence[Row],
    key: UUID | None = None,
    said: Mapping[int, str] | None = None,
    now: datetime | None = None,
) -> list[tuple[Row, Invitation, str]]:
    """Make the invitations of all good rows, or none if one is refused. Returns their tokens.

    Where somebody waits under the name of a row, `said` tells by its number who it is: ANOTHER, or
    the number of the invitation that gets a new link. Without a word the row is left out, and the
    link of who waits goes on working; so is a row that was said to be of somebody who has answered
    meanwhile. A sheet with a `key` that is sent twice makes each once.
    """
    made = []
    for row in rows:
        if row.is_good:
            row_key = uuid5(key, str(row.number)) if key else None
            asked = {"actor": actor, "key": row_key, "now": now}
            word = (said or {}).get(row.number, "")
            same = next((one for one in row.waiting if str(one.pk) == word), None)
            if same is None and row.number in (said or {}) and word != ANOTHER:
                continue
            # A repeat meets what it made itself.
            with suppress(SameNameWaits, InvitationGone):
                if same is not None:
                    made.append((row, same, renew(invitation=same, **asked)))
                    continue
                invitation, token = invite(
                    district=district,
                    name=row.cells["nama"],
                    email=row.cells["surel"],
                    another=not row.waiting or word == ANOTHER,
                    **asked,
                    **row.placement,
                )
                made.append((row, invitation, token))
    return made


def faulty_sheet(lines: Iterable[Sequence[str]]) -> bytes:
    """Faulty rows (`values` and `told`) as XLSX; corrected, the file can be sent again."""
    body = io.BytesIO()
    write_xlsx(body, [*COLUMNS, _("what to correct")], lines, title=_("To correct"))
    return body.getvalue()


def empty_sheet() -> bytes:
    """The form to fill in: its columns and nothing else."""
    body = io.BytesIO()
    write_xlsx(body, COLUMNS, [], title=_("Invitations"))
    return body.getvalue()


def links_sheet(lines: Iterable[tuple[str, str, str]]) -> bytes:
    """Name, role and link as XLSX, for passing on."""
    body = io.BytesIO()
    write_xlsx(body, [_("name"), _("role"), _("link")], lines, title=_("Invitations"))
    return body.getvalue()
