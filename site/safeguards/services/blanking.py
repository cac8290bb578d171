"""Emptying the registered fields of rows that themselves must stay."""

from collections.abc import Callable
from typing import Any

from django.db import models, transaction
from django.db.models import Q

from safeguards import registry
from safeguards.columns import blank, is_single, placeholder


def blank_rows(entry: registry.Entry, rows: models.QuerySet) -> int:
    """Empty the registered fields of ``rows``; return how many still held something."""
    rows = entry.model._base_manager.filter(pk__in=list(rows.values_list("pk", flat=True)))
    columns = [entry.model._meta.get_field(name) for name in entry.fields]
    for column in columns:
        if column.many_to_many:
            through = getattr(entry.model, column.name).through
            through._base_manager.filter(**{f"{column.m2m_field_name()}__in": list(rows)}).delete()
    shared = {c.name: blank(c) for c in columns if not c.many_to_many and not is_single(c)}
    single = [column for column in columns if not column.many_to_many and is_single(column)]
    held = rows.exclude(_already(shared)) if shared and not single else rows
    remove_files(entry, held)
    pks = list(held.values_list("pk", flat=True))
    if shared:
        entry.model._base_manager.filter(pk__in=pks).update(**shared)
    for pk in pks if single else ():
        own = {column.name: placeholder(column) for column in single}
        entry.model._base_manager.filter(pk=pk).update(**own)
    return len(pks)


def remove_files(entry: registry.Entry, rows: models.QuerySet) -> None:
    """Delete the registered files of ``rows`` once the surrounding transaction commits."""
    columns = map(entry.model._meta.get_field, entry.fields)
    names = [column.name for column in columns if isinstance(column, models.FileField)]
    for obj in rows if names else ():
        for name in names:
            if stored := getattr(obj, name):
                # After the commit: a rollback must not leave a row without its file.
                transaction.on_commit(_removal(stored.storage, stored.name), robust=True)


def _already(shared: dict[str, Any]) -> Q:
    held = Q()
    for name, value in shared.items():
        held &= Q(**{f"{name}__isnull": True}) if value is None else Q(**{name: value})
    return held


def _removal(storage: Any, name: str) -> Callable[[], None]:
    return lambda: storage.delete(name)
