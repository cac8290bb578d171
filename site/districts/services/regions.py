"""Brings the Kemendagri list of regions into the database, all of it or nothing."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from importlib.resources import as_file, files
from itertools import islice

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from districts.models import Region
from districts.models.region import REGION_CODE
from districts.renaming import names_changed
from districts.tables import CONTROL, Fault, Table, TableRow, read_table
from safeguards import generation

COLUMNS = ("kode", "nama")
LEVEL_BY_LENGTH = {
    2: Region.Level.PROVINSI,
    5: Region.Level.KABUPATEN,
    8: Region.Level.KECAMATAN,
    13: Region.Level.DESA,
}
CODE = re.compile(REGION_CODE)
LONGEST_NAME = 120
BATCH = 2_000


@dataclass
class RegionsImported:
    """How many regions a pass created, changed, brought back, left and retired."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    retired: int = 0
    faults: list[Fault] = field(default_factory=list)

    @property
    def changes(self) -> int:
        return self.created + self.changed + self.retired


class RegionsRefused(Exception):
    """Rows have faults, and nothing was written."""

    def __init__(self, faults: list[Fault]):
        super().__init__(f"{len(faults)} faults")
        self.faults = faults


def import_regions(
    rows: Iterable[TableRow],
    *,
    dry_run: bool = False,
    skip_faulty: bool = False,
    retire: bool = False,
    faults: Sequence[Fault] = (),
    today: date | None = None,
    progress: Callable[[int], object] = lambda number: None,
) -> RegionsImported:
    """Write rows of `kode` and `nama`; a second pass changes nothing.

    With any fault it raises RegionsRefused and writes nothing, unless `skip_faulty`. `retire` ends
    the validity (as of `today`) of regions that are gone from a list of which they should be part:
    their parent is in the file with other children, or is retired itself. `progress` is told how
    many rows are done since the last call.
    """
    known = dict(Region.objects.values_list("code", "name"))
    ended = set(Region.objects.filter(valid_until__isnull=False).values_list("code", flat=True))
    names, found = _judge(list(rows), set(known))
    found = sorted([*faults, *found], key=lambda fault: fault.row)
    if found and not skip_faulty:
        raise RegionsRefused(found)
    new = {code: name for code, name in names.items() if code not in known}
    changed = {
        code: name
        for code, name in names.items()
        if code in known and (known[code] != name or code in ended)
    }
    gone = _vanished(names, set(known) - ended) if retire else set()
    done = RegionsImported(
        created=len(new),
        changed=len(changed),
        unchanged=len(names) - len(new) - len(changed),
        retired=len(gone),
        faults=found,
    )
    if dry_run:
        return done
    with transaction.atomic():
        for batch in _batches(sorted(new, key=lambda code: (len(code), code))):
            Region.objects.bulk_create([_region(code, new[code]) for code in batch])
            progress(len(batch))
        for batch in _batches(sorted(changed)):
            Region.objects.bulk_update(
                [_region(code, changed[code]) for code in batch], ["name", "valid_until"]
            )
            progress(len(batch))
        for batch in _batches(sorted(gone)):
            Region.objects.filter(pk__in=batch).update(valid_until=today or timezone.localdate())
        if done.changes:
            generation.bump("regions imported")
            names_changed("region", sorted(changed))
    progress(done.unchanged)
    return done


def five_districts() -> Table:
    """The regions this app ships: five districts, their provinces, kecamatan and villages."""
    with as_file(files("districts") / "data" / "wilayah.csv") as path:
        return read_table(path, required=COLUMNS)


def load_five_districts() -> RegionsImported:
    """Import what this app ships; safe to repeat."""
    return import_regions(five_districts().rows)


def _judge(rows: list[TableRow], known: set[str]) -> tuple[dict[str, str], list[Fault]]:
    """Sort rows into good ones, code → name, and faults. `known` are codes stored already."""
    faults: list[Fault] = []
    first_row: dict[str, int] = {}
    candidates: list[tuple[TableRow, str, str]] = []
    for row in rows:
        code, name = row.cells["kode"], row.cells["nama"]
        wrong = [Fault(row.number, *fault) for fault in _faults_of(code, name)]
        if not wrong and code in first_row:
            wrong = [
                Fault(
                    row.number,
                    "kode",
                    _("%(code)s stands in row %(row)s already.")
                    % {"code": code, "row": first_row[code]},
                )
            ]
        if wrong:
            faults += wrong
        else:
            first_row[code] = row.number
            candidates.append((row, code, name))
    names: dict[str, str] = {}
    # Shortest codes first, so that the children of a row that is refused are refused too.
    for row, code, name in sorted(candidates, key=lambda candidate: len(candidate[1])):
        parent = code.rpartition(".")[0]
        if parent and parent not in names and parent not in known:
            message = _("%(code)s belongs to %(parent)s, which is missing.")
            faults.append(Fault(row.number, "kode", message % {"code": code, "parent": parent}))
        else:
            names[code] = name
    return names, faults


def _faults_of(code: str, name: str) -> Iterable[tuple[str, str]]:
    if not code:
        yield "kode", _("The code is missing.")
    elif not CODE.fullmatch(code):
        yield (
            "kode",
            _("“%(code)s” is not a code like 33, 33.10, 33.10.05 or 33.10.05.2001.")
            % {"code": CONTROL.sub("?", code)[:40]},
        )
    if not name:
        yield "nama", _("The name is missing.")
    elif CONTROL.search(name):
        yield "nama", _("The name holds control characters.")
    elif len(name) > LONGEST_NAME:
        yield "nama", _("The name is longer than %(most)s characters.") % {"most": LONGEST_NAME}


def _vanished(names: dict[str, str], stored: set[str]) -> set[str]:
    """Stored codes that a list which covers their place no longer has."""
    covered = {code.rpartition(".")[0] for code in names} - {""}
    gone: set[str] = set()
    for code in sorted(stored - names.keys(), key=len):
        parent = code.rpartition(".")[0]
        if parent in gone or (parent in covered and parent in names):
            gone.add(code)
    return gone


def _region(code: str, name: str) -> Region:
    return Region(
        code=code,
        name=name,
        level=LEVEL_BY_LENGTH[len(code)],
        parent_id=code.rpartition(".")[0] or None,
        valid_until=None,
    )


def _batches(codes: list[str]) -> Iterable[list[str]]:
    remaining = iter(codes)
    while batch := list(islice(remaining, BATCH)):
        yield batch
