"""How many people a session has: corrected when more came than were planned, or fewer."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from modules.models import ClassRun, RunCount
from modules.services.groups import Cell, cells_of, check_cells, in_order
from modules.services.tallying import current_tallies, may_be_tallied, people_of, question_of
from safeguards import audit
from safeguards.lost_updates import check_opened


def correct_people(
    *, run: ClassRun, cells: Iterable[Cell], actor: Any, now: datetime, opened: str | None = None
) -> list[Cell]:
    """Replace the counts of a run; the group that it was planned with stays as it is.

    Safe to repeat. ValidationError for nobody, too many, fewer than were counted for a question,
    and a month after the end; Outdated where the counts are not as they were `opened`, an imprint
    of `counted_as`.
    """
    kept = check_cells(cells)
    total = sum(cell.number for cell in kept)
    with transaction.atomic():
        # First, because the row is the lock.
        ClassRun.objects.filter(pk=run.pk).update(pulse=F("pulse") + 1)
        if not may_be_tallied(run, now):
            raise ValidationError(
                _("The session ended over a month ago. Its counts stay as they are.")
            )
        check_opened(opened, stands=counted_as(cells_of(run)), told=counted_as(kept))
        counted = counted_at_most(run)
        if total < counted:
            raise ValidationError(
                _(
                    "%(counted)d people were counted for a question already, so they can't be "
                    "%(people)d. Correct the counts first."
                ),
                params={"counted": counted, "people": total},
            )
        before = people_of(run)
        run.counts.all().delete()
        RunCount.objects.bulk_create(
            RunCount(
                run=run,
                sex=cell.sex,
                age_group=cell.age_group,
                with_disability=cell.with_disability,
                number=cell.number,
            )
            for cell in kept
        )
        audit.record(
            verb="run.people_corrected",
            actor_id=actor.pk,
            obj=run,
            site=run.district.site_id,
            now=now,
            before=before,
            after=total,
        )
    return kept


def counted_as(cells: Iterable[Cell]) -> dict[str, Any]:
    """What the form of the counts shows."""
    return {"cells": in_order(cells)}


def counted_at_most(run: ClassRun) -> int:
    """The most people that a question was counted with; 0 where none was."""
    most = 0
    for (phase, item), row in current_tallies(run).items():
        question = question_of(run, phase, item)
        several = question is not None and question.kind == "multiple"
        numbers = row.counts.values()
        most = max(most, max(numbers, default=0) if several else sum(numbers))
    return most
