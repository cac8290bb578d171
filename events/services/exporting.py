"""Long lists that are written in the background, with how far they are."""

import tempfile
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import override

from events.models import Occurrence, SheetExport
from events.sheets.lists import Wanted
from events.sheets.writing import csv_of, write_list
from safeguards import audit
from safeguards.files import private_storage

# A list asked for again within this time is the one that is being written.
SAME = timedelta(minutes=10)
State = SheetExport.State


def ask(
    *,
    occurrence: Occurrence,
    actor: Any,
    form: str,
    asked: dict[str, str],
    total: int,
    language: str,
    now: datetime,
) -> SheetExport:
    """Have a list written; the same one asked for twice is written once."""
    from events.tasks import write_export

    same = SheetExport.objects.for_district(occurrence.district_id).filter(
        occurrence=occurrence, asked_by=actor, kind=form, asked=asked,
        created_at__gt=now - SAME, state__in=(State.WAITING, State.RUNNING),
    )  # fmt: skip
    with transaction.atomic():
        if found := same.first():
            return found
        job = SheetExport.objects.create(
            district_id=occurrence.district_id,
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


def write(*, key: UUID) -> int:
    """Write the list of a job to private storage; return how many rows. Safe to repeat.

    No file stays of a job that is gone by then: somebody it names was erased meanwhile.
    """
    jobs = SheetExport.objects.filter(key=key)
    job = jobs.select_related("occurrence__event__district").first()
    if job is None or job.state == State.DONE:
        return 0
    jobs.update(state=State.RUNNING)
    try:
        with override(job.language_code):
            number, name = _write(job, lambda done: jobs.update(written=done))
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


def _write(job: SheetExport, told: Any) -> tuple[int, str]:
    row = job.occurrence
    found = Wanted.of(job.asked).rows(row)
    with tempfile.TemporaryFile("w+b") as target:
        if job.kind == "xlsx":
            number = write_list(target, found, row, told)
        else:
            number = -1
            for piece in csv_of(found, row, told):
                target.write(piece.encode())
                number += 1
        target.seek(0)
        slug = row.event.district.slug
        name = private_storage().save(f"unduhan/{slug}/{job.key.hex}.{job.kind}", File(target))
    return number, name
