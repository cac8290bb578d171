"""Querysets whose SQL is built once per process and then asked with other values.

Building a query costs Django several times what the database needs to answer it by an index. Pages
that thousands read on a campaign day ask the same three queries, so these are built once.
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db import connection, models

SAMPLES = {
    str: lambda number: f"\x01slot{number}\x01",
    int: lambda number: 900_000_000 + number,
    UUID: lambda number: UUID(int=2**127 + number),
}


class CompiledQuery:
    """A query with named slots.

    `build` is called once with a stand-in for each slot and returns a queryset
    (of models, or of `.values_list()` rows). `slots` maps each name to `str`, `int` or `UUID`. A
    slot must reach the database unchanged: compare with exact, range, gt or in, not startswith.
    """

    def __init__(self, build: Callable[..., models.QuerySet], **slots: type):
        self.build = build
        self.slots = slots
        self.compiled: tuple | None = None

    def rows(self, **values: Any) -> list[tuple]:
        """The rows, each a tuple in the order of the queryset's columns."""
        sql, names, converters, compiler = self._ready()
        stored = {name: self._stored(value) for name, value in values.items()}
        params = [stored.get(name, constant) for name, constant in names]
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
            found = cursor.fetchall()
        if not converters:
            return found
        return [tuple(row) for row in compiler.apply_converters(found, converters)]

    def instances(self, **values: Any) -> list[Any]:
        """Model instances; for querysets without select_related, only() or annotations."""
        model = self._ready()[-1].query.model
        names = [field.attname for field in model._meta.concrete_fields]
        return [model.from_db(connection.alias, names, row) for row in self.rows(**values)]

    def _ready(self) -> tuple:
        if self.compiled is None:
            self.compiled = self._compile()
        return self.compiled

    def _compile(self) -> tuple:
        samples = {
            name: SAMPLES[kind](number) for number, (name, kind) in enumerate(self.slots.items())
        }
        compiler = self.build(**samples).query.get_compiler(connection=connection)
        sql, params = compiler.as_sql()
        by_sample = {self._stored(sample): name for name, sample in samples.items()}
        names = [
            (by_sample.get(param) if isinstance(param, str | int | UUID) else None, param)
            for param in params
        ]
        missing = set(self.slots) - {name for name, _constant in names}
        if missing:
            raise ValueError(f"These slots never reach the database: {sorted(missing)}")
        converters = compiler.get_converters([column for column, _sql, _alias in compiler.select])
        return sql, names, converters, compiler

    @staticmethod
    def _stored(value: Any) -> Any:
        if isinstance(value, UUID) and not connection.features.has_native_uuid_field:
            return value.hex
        return value
