"""A whole action plan from a spreadsheet: judged row by row first, written only when told."""

import io
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from districts.hours import local_date
from districts.models import Commitment, CommitmentStatus, District, Organisation, Term
from districts.services.commitments import clean_fields, create_commitment
from districts.tables import CONTROL, Fault, TableRejected, TableRow, read_table
from safeguards.cells import write_xlsx
from safeguards.uploads import SPREADSHEET, check_upload

REQUIRED = ("nomor", "komitmen", "pemilik", "tenggat")
OPTIONAL = ("indikator", "keterangan", "isu", "status", "sejak")
COLUMNS = (*REQUIRED, *OPTIONAL)
MOST_ROWS = 500
# The service's field → the column people wrote it in.
COLUMN_OF = {
    "number": "nomor",
    "measure": "komitmen",
    "owner": "pemilik",
    "due": "tenggat",
    "indicator": "indikator",
    "description": "keterangan",
    "issue_codes": "isu",
    "status": "status",
    "day": "sejak",
}


@dataclass
class Judged:
    """What a plan would bring: new commitments, numbers that stand already, and faults."""

    new: list[dict[str, Any]] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def read_plan(file: Any) -> tuple[list[TableRow], list[Fault]]:
    """The filled rows of an upload; raises TableRejected, or UploadRejected with its status."""
    kind = check_upload(file, kinds=frozenset({SPREADSHEET}))
    with tempfile.NamedTemporaryFile(suffix=f".{kind.extension}") as copy:
        for piece in file.chunks():
            copy.write(piece)
        copy.flush()
        table = read_table(Path(copy.name), required=REQUIRED, optional=OPTIONAL)
    if len(table.rows) > MOST_ROWS:
        raise TableRejected(
            _("At most %(most)s rows fit in one file. Split it and send the parts.")
            % {"most": MOST_ROWS}
        )
    if not table.rows and not table.faults:
        raise TableRejected(_("There is no commitment in this file."))
    return table.rows, table.faults


def judge_plan(
    district: District,
    rows: Iterable[TableRow],
    faults: Sequence[Fault] = (),
    *,
    now: datetime | None = None,
) -> Judged:
    """Say what the rows would bring to this office; writes nothing."""
    today = local_date(now or timezone.now(), district.timezone)
    judge = _Judge(district, today)
    for row in rows:
        judge.row(row)
    judge.judged.faults = sorted([*faults, *judge.judged.faults], key=lambda fault: fault.row)
    return judge.judged


@transaction.atomic
def import_plan(
    *, district: District, actor: Any, rows: Iterable[TableRow], now: datetime | None = None
) -> list[Commitment]:
    """Write all new commitments of the rows, hidden from readers, or none if one has a fault.

    Numbers that stand already are left as they are, so that a plan can be sent again.
    """
    judged = judge_plan(district, rows, now=now)
    if judged.faults:
        raise ValidationError([str(fault) for fault in judged.faults])
    return [
        create_commitment(district=district, actor=actor, now=now, **values)
        for values in judged.new
    ]


def empty_plan() -> bytes:
    """The sheet to fill in: its columns and nothing else."""
    body = io.BytesIO()
    write_xlsx(body, COLUMNS, [], title=_("Commitments"), widths=(9, 48, 32, 14, 40, 40, 16, 14))
    return body.getvalue()


class _Judge:
    def __init__(self, district: District, today: date):
        self.district, self.today = district, today
        self.judged = Judged()
        self.numbers = set(
            Commitment.objects.for_district(district).values_list("number", flat=True)
        )
        self.seen: dict[str, int] = {}
        self.owners: dict[str, list[Organisation]] = {}
        for owner in Organisation.objects.for_district(district):
            self.owners.setdefault(owner.name.casefold(), []).append(owner)
        self.issues = {}
        for term in Term.objects.of("issue_area"):
            for name in (term.code, term.label_id, term.label_en):
                self.issues[name.casefold()] = term.code
        self.statuses = {code: code for code in CommitmentStatus.values}
        for code, label in CommitmentStatus.choices:
            self.statuses[str(label).casefold()] = code

    def row(self, row: TableRow) -> None:
        cells = {column: row.cells.get(column, "") for column in COLUMNS}
        faults: dict[str, str] = {
            column: _("There are control characters in it.")
            for column, cell in cells.items()
            if CONTROL.search(cell.replace("\n", " "))
        }
        number = " ".join(cells["nomor"].split())
        if number in self.seen:
            faults["nomor"] = _("This number stands in row %(row)s already.") % {
                "row": self.seen[number]
            }
        elif number:
            self.seen[number] = row.number
        values = {
            "number": number,
            "measure": cells["komitmen"],
            "description": cells["keterangan"],
            "indicator": cells["indikator"],
            "owner": self._owner(cells["pemilik"], faults),
            "due": self._day(cells["tenggat"], "tenggat", faults),
            "issue_codes": self._issues(cells["isu"], faults),
        }
        status = self.statuses.get(cells["status"].casefold() or CommitmentStatus.PLANNED)
        if status is None:
            faults["status"] = _("Write one of: %(words)s.") % {
                "words": ", ".join(str(label) for label in CommitmentStatus.labels)
            }
        day = self._day(cells["sejak"], "sejak", faults) if cells["sejak"] else self.today
        if day and day > self.today:
            faults["sejak"] = _("This day has not come yet.")
        try:
            clean_fields(self.district, values)
        except ValidationError as error:
            for name, messages in error.message_dict.items():
                faults.setdefault(COLUMN_OF[name], " ".join(messages))
        for column, message in faults.items():
            self.judged.faults.append(Fault(row.number, column, message))
        if number in self.numbers and not faults:
            self.judged.known.append(number)
        elif not faults:
            self.judged.new.append({"fields": values, "status": status, "day": day})

    def _owner(self, typed: str, faults: dict[str, str]) -> Organisation | None:
        found = self.owners.get(typed.casefold(), [])
        if len(found) == 1:
            return found[0]
        faults["pemilik"] = (
            _("Several organisations have this name; add the place to theirs.")
            if found
            else _("No organisation of this office has this name.")
        )
        return None

    def _day(self, typed: str, column: str, faults: dict[str, str]) -> date | None:
        for shape in ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d %H:%M:%S"):
            try:
                return datetime.strptime(typed, shape).date()
            except ValueError:
                continue
        faults[column] = _("Please give a date, such as 2027-06-30.")
        return None

    def _issues(self, typed: str, faults: dict[str, str]) -> list[str]:
        words = [word.strip() for word in typed.replace(";", ",").split(",") if word.strip()]
        unknown = [word for word in words if word.casefold() not in self.issues]
        if unknown:
            faults["isu"] = _("Not an issue area: %(words)s.") % {"words": ", ".join(unknown)[:100]}
        return [self.issues[word.casefold()] for word in words if word not in unknown]
