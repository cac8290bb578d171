"""An attendance sheet: kept for a day, looked at, and recorded row by row once somebody says so."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction

from events.models import Occurrence, SheetUpload, Way
from events.services.entering import recorded_lines
from events.sheets.judging import Judged, judge
from events.sheets.reading import read
from safeguards import audit
from safeguards.files import private_storage


@dataclass
class Recorded:
    """What came of a sheet: numbers of rows, and why rows were refused, by their number."""

    new: int = 0
    already: int = 0
    undecided: list[int] = field(default_factory=list)
    refused: dict[int, str] = field(default_factory=dict)

    @property
    def saved(self) -> int:
        return self.new + self.already


def keep(*, occurrence: Occurrence, actor: Any, key: UUID, file: Any, now: datetime) -> SheetUpload:
    """Keep a sheet that can be read, for a day; the same form sent twice is one sheet.

    Nothing of it is recorded. Raises SheetRejected or UploadRejected, each with its status.
    """
    known = SheetUpload.objects.for_district(occurrence.district_id).filter(key=key)
    if found := known.filter(uploaded_by=actor, occurrence=occurrence).first():
        return found
    read(file)
    file.seek(0)
    ending = "xlsx" if file.read(2) == b"PK" else "csv"
    file.seek(0)
    storage = private_storage()
    slug = occurrence.event.district.slug
    name = storage.save(f"impor/{slug}/{key.hex}.{ending}", ContentFile(file.read()))
    try:
        with transaction.atomic():
            return SheetUpload.objects.create(
                district_id=occurrence.district_id,
                key=key,
                occurrence=occurrence,
                file=name,
                uploaded_by=actor,
                created_at=now,
            )
    except BaseException as error:
        storage.delete(name)
        found = known.filter(uploaded_by=actor, occurrence=occurrence).first()
        if isinstance(error, IntegrityError) and found is not None:
            return found
        raise


def judged(upload: SheetUpload, occurrence: Occurrence) -> list[Judged]:
    """The rows of a kept sheet, with their faults; what was refused when recorded is one."""
    with upload.file.open("rb") as file:
        found = judge(read(file), occurrence)
    for one in found:
        if (why := upload.refused.get(str(one.number))) and one.is_good:
            one.faults["nama"] = why
    return found


def record(
    *,
    upload: SheetUpload,
    occurrence: Occurrence,
    choices: Mapping[int, str],
    actor: Any,
    now: datetime,
) -> Recorded:
    """Record every row without faults; `choices` say by row who is meant where that was asked.

    A row nobody decided about waits. Safe to repeat: the same row is the same fact.
    """
    done = Recorded()
    with upload.file.open("rb") as file:
        lines = read(file)
    for one, outcome in recorded_lines(
        occurrence=occurrence, lines=lines, choices=choices, way=Way.IMPORT, actor=actor, now=now
    ):
        if not one.is_good:
            continue
        if outcome is None:
            done.undecided.append(one.number)
        elif outcome.status == "created":
            done.new += 1
        elif outcome.http == 200:
            done.already += 1
        else:
            done.refused[one.number] = outcome.reason
    with transaction.atomic():
        upload.refused = {str(number): why for number, why in done.refused.items()}
        upload.recorded = done.saved
        upload.save(update_fields=["refused", "recorded"])
        audit.record(
            verb="attendance.imported",
            actor_id=actor.pk,
            obj=occurrence,
            site=occurrence.event.district.site_id,
            now=now,
            new=done.new,
            already=done.already,
            refused=len(done.refused),
        )
    return done
