"""Counts that a teacher kept on a device before there was an account become a run of theirs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from districts.models import District
from modules.models import ClassRun, ModulePage, Tally
from modules.services.groups import Cell, cells_of, check_cells, in_order
from modules.services.headcount import correct_people
from modules.services.runs import Mode, State, end_held, plan_run
from modules.services.tallying import tally
from safeguards import facts

PEOPLE_KIND = "modules.claimed_people"
MOST_TALLIES = 200


class Unreadable(ValueError):
    """What the device told is not in the form it is kept in; nothing of it was taken."""


@dataclass(frozen=True)
class Kept:
    """What a device kept of one module, read and checked for its form only."""

    key: UUID
    slug: str
    label: str
    began: datetime | None
    cells: list[Cell]
    tallies: list[dict[str, Any]]


@dataclass(frozen=True)
class Claimed:
    """What became of it: the run, and one outcome for each count, in order.

    With a run, `outcome` may still refuse the number of people.
    """

    outcome: facts.Outcome
    run: ClassRun | None = None
    tallies: list[facts.Outcome] = field(default_factory=list)

    @property
    def refused(self) -> list[facts.Outcome]:
        return [one for one in self.tallies if not _is_taken(one)]

    @property
    def is_taken(self) -> bool:
        """Whether the run and its people stand as they were told; counts are judged alone."""
        return _is_taken(self.outcome)


def read_kept(told: Any) -> Kept:
    """Read one record of the device's store; raises Unreadable.

    {"key", "module", "label", "began", "cells": [[sex, age group, disability, number]],
    "tallies": [{"key", "phase", "item", "counts", "sequence", "at"}]}
    """
    try:
        rows = list(told["tallies"])
        if len(rows) > MOST_TALLIES:
            raise Unreadable
        return Kept(
            key=UUID(told["key"]),
            slug=str(told["module"])[:255],
            label=str(told.get("label") or "")[:60],
            began=parse_datetime(str(told.get("began") or "")),
            cells=[Cell(str(s), str(a)[:10], bool(d), int(n)) for s, a, d, n in told["cells"]],
            tallies=[
                {
                    "key": UUID(row["key"]),
                    "phase": str(row["phase"])[:8],
                    "item": UUID(row["item"]),
                    "counts": _counts(row["counts"]),
                    "sequence": int(row["sequence"]),
                    "at": parse_datetime(str(row.get("at") or "")),
                }
                for row in rows
            ],
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Unreadable from error


def claim(
    *, district: District, facilitator: Any, module: ModulePage, kept: Kept, now: datetime
) -> Claimed:
    """Make the run and its counts once, however often it is sent; each count is judged alone.

    Another number of people under the same key corrects that of the run.
    """
    known = ClassRun.objects.for_district(district).filter(key=kept.key).first()
    if known is not None and known.facilitator_id != facilitator.pk:
        reason = _("Somebody else has taken these counts over already.")
        return Claimed(facts.Outcome("rejected", 409, reason=reason))
    if known is None:
        outcome = plan_run(
            district=district,
            facilitator=facilitator,
            key=kept.key,
            module=module,
            mode=Mode.DEVICE,
            cells=kept.cells,
            group_label=kept.label,
            client_time=kept.began,
            now=now,
            was_held=True,
        )
        if not _is_taken(outcome):
            return Claimed(outcome)
        made = outcome.response.get("run")
        known = ClassRun.objects.for_district(district).filter(pk=made).first()
        if known is None:
            reason = _("You deleted this session here, so its counts were not taken over again.")
            return Claimed(facts.Outcome("rejected", 410, reason=reason))
    else:
        outcome = facts.Outcome("already", 200, response={"run": known.pk})
    run = known
    people = _tell_people(run, kept.cells, facilitator, now)
    told = [
        tally(
            run=run,
            key=row["key"],
            phase=row["phase"],
            item=row["item"],
            source=Tally.Source.HANDS,
            counts=row["counts"],
            sequence=row["sequence"],
            client_time=row["at"],
            now=now,
        )
        for row in kept.tallies
    ]
    if not _is_taken(people):
        # Fewer people than were counted may fit by what was counted since.
        people = _tell_people(run, kept.cells, facilitator, now)
    if run.state == State.PLANNED:
        end_held(run=run, began=kept.began, now=now)
    return Claimed(outcome if _is_taken(people) else people, run, told)


def _tell_people(run: ClassRun, cells: list[Cell], actor: Any, now: datetime) -> facts.Outcome:
    """Each number of people counts once: a repeat undoes no correction that was made since."""

    def apply() -> dict[str, Any]:
        if in_order(check_cells(cells)) != in_order(cells_of(run)):
            correct_people(run=run, cells=cells, actor=actor, now=now)
        return {}

    return facts.accept(
        kind=PEOPLE_KIND,
        key=uuid5(run.key, str(in_order(cells))),
        body={"run": run.pk},
        site=run.district.site,
        apply=apply,
        now=now,
    )


def _is_taken(outcome: facts.Outcome) -> bool:
    return outcome.status in {"created", "already"}


def _counts(told: Mapping[str, Any]) -> dict[str, int]:
    if not isinstance(told, Mapping) or len(told) > 20:
        raise Unreadable
    return {str(key): int(number) for key, number in told.items()}
