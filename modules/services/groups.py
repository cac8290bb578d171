"""Groups of a facilitator: counts of people, and no name."""

import re
from collections.abc import Iterable
from dataclasses import astuple, dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from districts.models import District, Organisation
from modules.models import Group, GroupCount, Sex
from modules.models.groups import LARGEST_GROUP
from safeguards.identifiers import refuse_identity_numbers
from safeguards.lost_updates import check_opened

WORDS = ("label", "period", "organisation")
# "13-17", "60+" or none: the form of the codes of the vocabulary, in which nobody can be named.
AGE_GROUP = re.compile(r"[0-9]{0,3}[-+]?[0-9]{0,3}")


@dataclass(frozen=True)
class Cell:
    """So many people of one sex, age group and disability."""

    sex: str
    age_group: str
    with_disability: bool
    number: int


def check_cells(cells: Iterable[Cell]) -> list[Cell]:
    """Those that count anybody, each cell once; ValidationError for 0 people or over 2,000."""
    kept: dict[tuple, Cell] = {}
    for cell in cells:
        place = (cell.sex, cell.age_group, cell.with_disability)
        is_known = cell.sex in Sex.values and AGE_GROUP.fullmatch(cell.age_group)
        if not is_known or place in kept:
            raise ValidationError(_("These counts do not fit together. Please fill them in again."))
        if cell.number < 0:
            raise ValidationError(_("A number of people can't be below zero."))
        if cell.number:
            kept[place] = cell
    total = sum(cell.number for cell in kept.values())
    if total == 0:
        raise ValidationError(_("Say how many people there are: at least one."), code="empty")
    if total > LARGEST_GROUP:
        raise ValidationError(
            _("%(total)d people are more than one session can hold; at most %(most)d."),
            code="too_many",
            params={"total": total, "most": LARGEST_GROUP},
        )
    return list(kept.values())


def save_group(
    *,
    district: District,
    facilitator: Any,
    values: dict[str, Any],
    cells: Iterable[Cell],
    group: Group | None = None,
    copied_from: Group | None = None,
    opened: str | None = None,
) -> Group:
    """Make or change a group. `values`: kind, label, period, organisation. ValidationError.

    A group is changed only while it is as it was `opened`, an imprint of `words_of`; else Outdated.
    """
    kept = check_cells(cells)
    refuse_identity_numbers(values.get("label", ""))
    organisation: Organisation | None = values.get("organisation")
    if organisation is not None and organisation.district_id != district.pk:
        raise ValidationError({"organisation": _("This organisation is not of your district.")})
    with transaction.atomic():
        if group is None:
            group = Group(district=district, facilitator=facilitator, copied_from=copied_from)
        else:
            group = Group.objects.select_for_update(of=("self",)).get(pk=group.pk)
            stands = words_of(group)
            told = values | {"organisation": organisation and organisation.pk}
            told = {name: told.get(name, stands[name]) for name in WORDS}
            check_opened(opened, stands=stands, told=told | {"cells": in_order(kept)})
        for name in ("kind", "label", "period", "organisation"):
            if name in values:
                setattr(group, name, values[name])
        group.full_clean(exclude=["district", "facilitator"])
        group.save()
        group.counts.all().delete()
        GroupCount.objects.bulk_create(
            GroupCount(
                group=group,
                sex=cell.sex,
                age_group=cell.age_group,
                with_disability=cell.with_disability,
                number=cell.number,
            )
            for cell in kept
        )
    return group


def words_of(group: Group) -> dict[str, Any]:
    """What the form of a group shows."""
    return {
        "label": group.label,
        "period": group.period,
        "organisation": group.organisation_id,
        "cells": in_order(cells_of(group)),
    }


def in_order(cells: Iterable[Cell]) -> list[tuple[str, str, bool, int]]:
    """The cells as values that can be compared."""
    return sorted(astuple(cell) for cell in cells)


def cells_of(counted: Any) -> list[Cell]:
    """The cells of a Group or a ClassRun; one query unless prefetched."""
    return [
        Cell(row.sex, row.age_group, row.with_disability, row.number)
        for row in counted.counts.all()
    ]


def copy_group(*, group: Group, period: str, label: str = "") -> Group:
    """Last year's group for this year, with the same counts to correct; the old one stays."""
    return save_group(
        district=group.district,
        facilitator=group.facilitator,
        values={
            "kind": group.kind,
            "label": label or group.label,
            "period": period,
            "organisation": group.organisation,
        },
        cells=cells_of(group),
        copied_from=group,
    )


def archive_group(*, group: Group, now: datetime) -> None:
    """Put a group away; its runs stay."""
    Group.objects.filter(pk=group.pk, archived_at__isnull=True).update(archived_at=now)


def restore_group(*, group: Group) -> None:
    """Take a group out again that was put away."""
    Group.objects.filter(pk=group.pk).update(archived_at=None)


def delete_group(*, group: Group) -> None:
    """Delete a group; runs keep the counts and the label that they copied."""
    group.delete()
