"""How many were there, by sex, age group and disability: always possible, and nobody is named."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from events.attendance import ages, closing, order
from events.models import LARGEST_CELL, Headcount, Occurrence, Sex
from events.services.attending import Source, answered
from safeguards import audit, facts

KIND = "hitung"
MOST_CELLS = 60


@dataclass(frozen=True)
class Cell:
    """`age_group` is a code of the vocabulary, or "" where nobody asked."""

    sex: str
    age_group: str
    with_disability: bool
    number: int

    @property
    def place(self) -> tuple[str, str, bool]:
        return self.sex, self.age_group, self.with_disability


def count(
    *,
    occurrence: Occurrence,
    cells: Iterable[Cell],
    key: UUID,
    now: datetime,
    source: Source,
    client_time: datetime | None = None,
    seen: Mapping[tuple[str, str, bool], int] | None = None,
) -> facts.Outcome:
    """Set these cells; others stay as they are, and 0 says that there was nobody.

    `response` is {"cells", "total", "applied"}: how many cells were told, all people counted at
    this date now, and whether every cell told is what holds. The latest count of each cell by
    (client_time, key) holds; one told live holds at once. A changed number leaves an audit line.
    `seen` are the cells as whoever tells this saw them. Refused: 422 for numbers that are none, 409
    for a closed or cancelled session, and for a cell that is no longer as it was seen.
    """
    item = facts_item(
        occurrence=occurrence, cells=cells, key=key, now=now, source=source,
        client_time=client_time, seen=seen,
    )  # fmt: skip
    return answered(item, now)


def facts_item(
    *,
    occurrence: Occurrence,
    cells: Iterable[Cell],
    key: UUID,
    now: datetime,
    source: Source,
    client_time: datetime | None = None,
    seen: Mapping[tuple[str, str, bool], int] | None = None,
) -> facts.Item:
    told = order.telling(key, client_time, now)
    kept = sorted(cells, key=lambda cell: cell.place)
    fault = _fault(kept)
    doubt = "" if fault or source.insists else closing.doubt(occurrence, told, now, came=True)

    def apply() -> dict[str, Any]:
        if fault:
            raise facts.Refused(fault)
        if doubt:
            raise facts.Doubtful(doubt) if source.is_queued else facts.Refused(doubt, http=409)
        return _put(occurrence, kept, told, source, now, seen)

    return facts.Item(
        kind=KIND,
        key=key,
        body={
            "occurrence": str(occurrence.key),
            "cells": [[*cell.place, cell.number] for cell in kept],
            "at": told.client_time,
        },
        site=occurrence.event.district.site_id,
        apply=apply,
        client_time=client_time,
        aside=source.aside,
    )


def _fault(cells: list[Cell]) -> str:
    if not cells or len(cells) > MOST_CELLS or len({c.place for c in cells}) < len(cells):
        return _("Please count each group once.")
    for cell in cells:
        if cell.sex not in Sex.values or not isinstance(cell.with_disability, bool):
            return _("Please count each group once.")
        if cell.age_group and not ages.is_known(cell.age_group):
            return _("We do not know this age group.")
        is_number = isinstance(cell.number, int) and not isinstance(cell.number, bool)
        if not is_number or not 0 <= cell.number <= LARGEST_CELL:
            return _("Please write whole numbers from 0 to %(most)d.") % {"most": LARGEST_CELL}
    return ""


def _put(
    occurrence: Occurrence,
    cells: list[Cell],
    told: order.Telling,
    source: Source,
    now: datetime,
    seen: Mapping[tuple[str, str, bool], int] | None,
) -> dict[str, Any]:
    # The date is the lock: two devices count into the same cells.
    Occurrence.objects.select_for_update().get(pk=occurrence.pk)
    rows = Headcount.objects.for_district(occurrence.district_id).filter(occurrence=occurrence)
    known = {(row.sex, row.age_group, row.with_disability): row for row in rows}
    if seen is not None and any(
        seen.get(cell.place) != (known[cell.place].number if cell.place in known else None)
        for cell in cells
    ):
        raise facts.Refused(_("Somebody else has just saved something here."), http=409)
    values = {
        "key": told.key,
        "client_time": told.client_time,
        "server_time": now,
        "skewed": told.skewed,
        "recorded_by_id": getattr(source.member, "pk", None),
    }
    changed: dict[str, list[int]] = {}
    applied, is_live = True, source.is_live(told.client_time)
    for cell in cells:
        row, ours = known.get(cell.place), told
        if row is not None and is_live:
            ours = order.just_after(told, row.told_at, row.key)
        if row is None:
            row = known[cell.place] = Headcount(
                district_id=occurrence.district_id,
                occurrence=occurrence,
                sex=cell.sex,
                age_group=cell.age_group,
                with_disability=cell.with_disability,
            )
        elif (row.told_at, row.key) >= (ours.at, ours.key):
            applied = applied and row.number == cell.number
            continue
        elif row.number != cell.number:
            changed[f"{cell.sex} {cell.age_group} {int(cell.with_disability)}"] = [
                row.number,
                cell.number,
            ]
        row.number, row.told_at = cell.number, ours.at
        for name, value in values.items():
            setattr(row, name, value)
        row.save()
    if changed:
        audit.record(
            verb="headcount.changed",
            actor_id=values["recorded_by_id"],
            obj=occurrence,
            site=occurrence.event.district.site_id,
            now=now,
            **{name.replace(" ", "_"): numbers for name, numbers in changed.items()},
        )
    return {
        "cells": len(cells),
        "total": sum(row.number for row in known.values()),
        "applied": applied,
    }
