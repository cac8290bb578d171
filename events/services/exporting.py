"""Long lists that are written in the background, with how far they are."""

import tempfile
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, BinaryIO
from uuid import UUID

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import override

from districts.models import District
from events.models import Occurrence, SheetExport
from events.sheets.lists import Wanted
from events.sheets.offered import LISTS, Offer
from events.sheets.tables import write_table
from events.sheets.writing import csv_of, write_list
from safeguards import audit
from safeguards.files import private_storage

# Whoever waits longer for a file than this many rows take is told how far it is.
AT_ONCE = 5_000
# A list asked for again within this time is the one that is being written.
SAME = timedelta(minutes=10)
State = SheetExport.State


def ask(
    *,
    district: District,
    what: str,
    actor: Any,
    form: str,
    asked: dict[str, str],
    total: int,
    language: str,
    now: datetime,
    occurrence: Occurrence | None = None,
) -> SheetExport:
    """Have a list written; the same one asked for twice is written once."""
    from events.tasks import write_export

    same = SheetExport.objects.for_district(district).filter(
        what=what, occurrence=occurrence, asked_by=actor, kind=form, asked=asked,
        created_at__gt=now - SAME, state__in=(State.WAITING, State.RUNNING),
    )  # fmt: skip
    with transaction.atomic():
        if found := same.first():
            return found
        job = SheetExport.objects.create(
            district=district,
            what=what,
            occurrence=occurrence,
            kind=form,
            asked=asked,
            language_code=language,
            total=total,
            asked_by=actor,
            created_at=now,
        )
        transaction.on_commit(lambda: write_export.enqueue(str(job.key)))
    return job


def offer_of(job: SheetExport) -> Offer | None:
    """The list that a job writes, as it was asked for; None for the attendance of a date."""
    if job.what == SheetExport.ATTENDANCE:
        return None
    who = {"district": job.district, "member": job.asked_by, "now": job.created_at}
    return Offer(what=job.what, asked=job.asked, occurrence=job.occurrence, **who)


def write(*, key: UUID) -> int:
    """Write the list of a job to private storage; return how many rows. Safe to repeat.

    No file stays of a job that is gone by then: somebody it names was erased meanwhile.
    """
    jobs = SheetExport.objects.filter(key=key)
    job = jobs.select_related("occurrence__event__district", "district", "asked_by").first()
    if job is None or job.state == State.DONE:
        return 0
    jobs.update(state=State.RUNNING)
    try:
        with override(job.language_code):
            number, name = _write(job, lambda written: jobs.update(written=written))
    except Exception:
        jobs.update(state=State.FAILED)
        raise
    if not jobs.exclude(state=State.DONE).update(state=State.DONE, written=number, file=name):
        private_storage().delete(name)
        return 0
    return number


def note(occurrence: Occurrence, actor_id: int | None, rows: int, form: str) -> None:
    """The trail of a list with names that somebody took away."""
    audit.record(
        verb="attendance.exported",
        actor_id=actor_id,
        obj=occurrence,
        site=occurrence.event.district.site_id,
        rows=rows,
        form=form,
    )


def note_list(offer: Offer, rows: int, form: str) -> None:
    """The same of a list of the workspace."""
    told = {"rows": rows, "form": form, "list": offer.name}
    audit.record(
        verb=LISTS[offer.what].verb,
        actor_id=offer.member.pk,
        obj=offer.about,
        site=offer.district.site_id,
        **{name: told[name] for name in LISTS[offer.what].told},
    )


def _write(job: SheetExport, told: Callable[[int], Any]) -> tuple[int, str]:
    offer = offer_of(job)
    with tempfile.TemporaryFile("w+b") as target:
        if offer is None:
            number = _write_attendance(job, target, told)
        else:
            number = write_table(target, offer.table(offer.rows), job.kind, told)
        target.seek(0)
        slug = job.district.slug
        name = private_storage().save(f"unduhan/{slug}/{job.key.hex}.{job.kind}", File(target))
    return number, name


def _write_attendance(job: SheetExport, target: BinaryIO, told: Callable[[int], Any]) -> int:
    row = job.occurrence
    found = Wanted.of(job.asked).rows(row)
    if job.kind == "xlsx":
        return write_list(target, found, row, told)
    number = -1
    for piece in csv_of(found, row, told):
        target.write(piece.encode())
        number += 1
    return number
