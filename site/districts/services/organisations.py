"""Organisations: schools from a list, and one organisation taking over from another."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from districts.models import District, Organisation, Region, Succession
from districts.renaming import names_changed
from districts.tables import CONTROL, Fault, TableRow
from safeguards import audit, generation
from safeguards.identifiers import contains_identity_number

COLUMNS = ("npsn", "nama", "kecamatan")
OPTIONAL_COLUMNS = ("catatan",)
NPSN = re.compile(r"[0-9A-Z]{8}")
LONGEST_NAME = 200
LONGEST_NOTE = 300
BATCH = 1_000


@dataclass
class OrganisationsImported:
    """How many schools a pass created, changed and left as they were."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    faults: list[Fault] = field(default_factory=list)

    @property
    def changes(self) -> int:
        return self.created + self.changed


class OrganisationsRefused(Exception):
    """Rows have faults, and nothing was written."""

    def __init__(self, faults: list[Fault]):
        super().__init__(f"{len(faults)} faults")
        self.faults = faults


class SuccessionRefused(ValueError):
    """One of the two cannot take over from the other; `message` says why."""

    def __init__(self, message: str):
        super().__init__(message)
        self.message = message


@transaction.atomic
def import_schools(
    district: District,
    rows: Iterable[TableRow],
    *,
    dry_run: bool = False,
    skip_faulty: bool = False,
    faults: Sequence[Fault] = (),
    progress: Callable[[int], object] = lambda number: None,
) -> OrganisationsImported:
    """Write rows of `npsn`, `nama`, `kecamatan` (a region code), `catatan`; safe to repeat.

    The NPSN is the key; a school stored without one gets it by name and kecamatan. With any fault
    it raises OrganisationsRefused and writes nothing, unless `skip_faulty`. Schools that are not in
    the file stay as they are.
    """
    judge = _Judge(district)
    good = [school for school in map(judge.school, rows) if school]
    found = sorted([*faults, *judge.faults], key=lambda fault: fault.row)
    if found and not skip_faulty:
        raise OrganisationsRefused(found)
    new, changed = [], []
    for school in good:
        before = judge.stored_like(school)
        if before is None:
            new.append(school)
        elif any(getattr(before, name) != getattr(school, name) for name in judge.compared):
            school.pk = before.pk
            changed.append(school)
    done = OrganisationsImported(
        created=len(new),
        changed=len(changed),
        unchanged=len(good) - len(new) - len(changed),
        faults=found,
    )
    if dry_run:
        return done
    Organisation.objects.bulk_create(new, batch_size=BATCH)
    progress(len(new))
    Organisation.objects.bulk_update(changed, ["npsn", "name", "region", "note"], batch_size=BATCH)
    progress(len(changed) + done.unchanged)
    if done.changes:
        generation.bump("schools imported")
        names_changed("organisation", [school.pk for school in changed])
    return done


@transaction.atomic
def succeed(
    *,
    predecessor: Organisation,
    successor: Organisation,
    since: date,
    note: str = "",
    actor=None,
) -> Succession:
    """Record that `successor` took over on `since`, and close or open their dates; safe to repeat.

    The predecessor's last day and the successor's first become `since`, where they were open or
    left a gap. Raises SuccessionRefused.
    """
    if predecessor.district_id != successor.district_id:
        raise SuccessionRefused(_("Both organisations must belong to the same district."))
    if predecessor.pk in _line_after(successor):
        raise SuccessionRefused(_("An organisation can't follow itself."))
    if predecessor.active_from and predecessor.active_from > since:
        raise SuccessionRefused(
            _("%(name)s began only after that day.") % {"name": predecessor.name}
        )
    if successor.active_until and successor.active_until < since:
        raise SuccessionRefused(_("%(name)s ended before that day.") % {"name": successor.name})
    succession, created = Succession.objects.get_or_create(
        predecessor=predecessor, successor=successor, defaults={"since": since, "note": note}
    )
    if succession.since != since:
        succession.since = since
        succession.save(update_fields=["since"])
    if predecessor.active_until is None or predecessor.active_until > since:
        predecessor.active_until = since
        predecessor.save(update_fields=["active_until"])
    if successor.active_from is None or successor.active_from > since:
        successor.active_from = since
        successor.save(update_fields=["active_from"])
    if created:
        audit.record(
            verb="organisation.succeeded",
            actor_id=getattr(actor, "pk", None),
            obj=predecessor,
            site=predecessor.district.site_id,
            successor=successor.pk,
        )
    return succession


def _line_after(organisation: Organisation) -> set[int]:
    """This organisation and all that came after it."""
    line, ends = {organisation.pk}, {organisation.pk}
    while ends:
        following = Succession.objects.filter(predecessor__in=ends)
        ends = set(following.values_list("successor_id", flat=True)) - line
        line |= ends
    return line


class _Judge:
    """Turns rows into schools of one district, and collects what is wrong."""

    compared = ("npsn", "name", "region_id", "note")

    def __init__(self, district: District):
        self.district = district
        self.faults: list[Fault] = []
        self.kecamatan = set(
            Region.objects.filter(
                level=Region.Level.KECAMATAN,
                valid_until__isnull=True,
                code__startswith=f"{district.region_id}.",
            ).values_list("code", flat=True)
        )
        self.elsewhere = set(
            Organisation.objects.exclude(npsn="")
            .exclude(district=district, kind=Organisation.Kind.SEKOLAH)
            .values_list("npsn", flat=True)
        )
        schools = Organisation.objects.for_district(district).filter(kind=Organisation.Kind.SEKOLAH)
        self.by_npsn = {school.npsn: school for school in schools if school.npsn}
        self.by_place = {(school.region_id, school.name): school for school in schools}
        self.rows_by_npsn: dict[str, int] = {}
        self.rows_by_place: dict[tuple[str, str], int] = {}

    def school(self, row: TableRow) -> Organisation | None:
        cells = row.cells
        school = Organisation(
            district=self.district,
            kind=Organisation.Kind.SEKOLAH,
            npsn=cells["npsn"].upper(),
            name=cells["nama"],
            region_id=cells["kecamatan"],
            note=cells.get("catatan", ""),
        )
        wrong = [Fault(row.number, *told) for told in self._faults(school)]
        self.faults += wrong
        if wrong:
            return None
        self.rows_by_npsn[school.npsn] = row.number
        self.rows_by_place[school.region_id, school.name] = row.number
        return school

    def stored_like(self, school: Organisation) -> Organisation | None:
        return self.by_npsn.get(school.npsn) or self.by_place.get((school.region_id, school.name))

    def _faults(self, school: Organisation) -> Iterable[tuple[str, str]]:
        if not NPSN.fullmatch(school.npsn):
            yield "npsn", _("An NPSN has 8 characters, digits or capital letters.")
        elif school.npsn in self.rows_by_npsn:
            yield (
                "npsn",
                _("This NPSN stands in row %(row)s already.")
                % {"row": self.rows_by_npsn[school.npsn]},
            )
        elif school.npsn in self.elsewhere:
            yield "npsn", _("This NPSN is in use elsewhere.")
        if not school.name:
            yield "nama", _("The name is missing.")
        elif len(school.name) > LONGEST_NAME:
            yield "nama", _("The name is longer than %(most)s characters.") % {"most": LONGEST_NAME}
        else:
            yield from self._faults_of_text("nama", school.name)
        if school.region_id not in self.kecamatan:
            yield (
                "kecamatan",
                _("This is no kecamatan code of %(district)s.")
                % {"district": self.district.short_name},
            )
        elif (school.region_id, school.name) in self.rows_by_place:
            yield (
                "nama",
                _("The same name and kecamatan stand in row %(row)s already.")
                % {"row": self.rows_by_place[school.region_id, school.name]},
            )
        elif self._is_another(school):
            yield "nama", _("A school of this name in this kecamatan has another NPSN.")
        if len(school.note) > LONGEST_NOTE:
            yield (
                "catatan",
                _("The note is longer than %(most)s characters.") % {"most": LONGEST_NOTE},
            )
        else:
            yield from self._faults_of_text("catatan", school.note)

    def _is_another(self, school: Organisation) -> bool:
        there = self.by_place.get((school.region_id, school.name))
        if there is None or there.npsn == school.npsn:
            return False
        return bool(there.npsn) or school.npsn in self.by_npsn

    def _faults_of_text(self, column: str, text: str) -> Iterable[tuple[str, str]]:
        if CONTROL.search(text):
            yield column, _("The text holds control characters.")
        elif contains_identity_number(text):
            yield column, _("This looks like a NIK or NISN, which is not stored.")
