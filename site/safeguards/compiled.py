"""Statements whose SQL is built once per process and then run with other values.

Building a query costs Django several times what the database needs to answer it by an index. Pages
that thousands read on a campaign day ask the same three queries, and a class that answers at once
writes the same three rows, so these are built once.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.sqlite3.base import FORMAT_QMARK_REGEX

SAMPLES = {
    str: lambda number: f"\x01slot{number}\x01",
    int: lambda number: 900_000_000 + number,
    UUID: lambda number: UUID(int=2**127 + number),
    date: lambda number: date(9000 + number, 1, 1),
    datetime: lambda number: datetime(9000 + number, 1, 1, tzinfo=UTC),
}


# Types that every database takes as they are.
AS_THEY_ARE = frozenset({str, int, float, bool, type(None)})


class Statement:
    """SQL as Django writes it, and as SQLite reads it.

    Django's cursor rewrites the marks of a statement each time, under a lock that others wait for.
    Where somebody listens to what is asked (a test, a debugger), it is taken all the same.
    """

    def __init__(self, sql: str):
        self.sql = sql
        self.for_sqlite = FORMAT_QMARK_REGEX.sub("?", sql).replace("%%", "%")

    def fetched(self, database: BaseDatabaseWrapper, params: list) -> list[tuple]:
        """All rows: or SQLite would not end the statement."""
        is_heard = database.queries_logged or database.execute_wrappers
        if database.vendor != "sqlite" or is_heard:
            with database.cursor() as cursor:
                cursor.execute(self.sql, params)
                return cursor.fetchall()
        if database.connection is None:
            database.ensure_connection()
        database.validate_no_broken_transaction()
        with database.wrap_database_errors:
            return database.connection.execute(self.for_sqlite, params).fetchall()


class CompiledQuery:
    """A query with named slots.

    `build` is called once with a stand-in for each slot and returns a queryset
    (of models, or of `.values_list()` rows). `slots` maps each name to `str`, `int`, `UUID`,
    `date` or `datetime`. A slot must reach the database unchanged: compare with exact, range, gt or
    in, not startswith.
    """

    def __init__(self, build: Callable[..., models.QuerySet], **slots: type):
        self.build = build
        self.slots = slots
        self.compiled: tuple | None = None
        self.names: list[str] = []

    def rows(self, **values: Any) -> list[tuple]:
        """The rows, each a tuple in the order of the queryset's columns."""
        sql, names, converters, compiler = self._ready()
        database = connections[DEFAULT_DB_ALIAS]
        stored = {name: self._stored(value, database) for name, value in values.items()}
        params = [stored.get(name, constant) for name, constant in names]
        found = sql.fetched(database, params)
        if not converters or not found:
            return found
        return [tuple(row) for row in compiler.apply_converters(found, converters)]

    def instances(self, **values: Any) -> list[Any]:
        """Model instances; for querysets without select_related or annotations."""
        found = self.rows(**values)
        if not found:
            return []
        model = self._ready()[-1].query.model
        return [model.from_db(DEFAULT_DB_ALIAS, self.names, row) for row in found]

    def _ready(self) -> tuple:
        if self.compiled is None:
            self.compiled = self._compile()
        return self.compiled

    def _compile(self) -> tuple:
        samples = {
            name: SAMPLES[kind](number) for number, (name, kind) in enumerate(self.slots.items())
        }
        database = connections[DEFAULT_DB_ALIAS]
        compiler = self.build(**samples).query.get_compiler(connection=database)
        sql, params = compiler.as_sql()
        by_sample = {self._stored(sample, database): name for name, sample in samples.items()}
        names = [
            (by_sample.get(param) if isinstance(param, str | int | UUID | date) else None, param)
            for param in params
        ]
        missing = set(self.slots) - {name for name, _constant in names}
        if missing:
            raise ValueError(f"These slots never reach the database: {sorted(missing)}")
        converters = compiler.get_converters([column for column, _sql, _alias in compiler.select])
        # Those of `only()`, where the query says so; of a query for values they are not asked for.
        self.names = [
            column.target.attname
            for column, _sql, _alias in compiler.select
            if hasattr(column, "target")
        ]
        return Statement(sql), names, converters, compiler

    @staticmethod
    def _stored(value: Any, database: BaseDatabaseWrapper) -> Any:
        if isinstance(value, UUID) and not database.features.has_native_uuid_field:
            return value.hex
        if type(value) is datetime:
            return database.ops.adapt_datetimefield_value(value)
        if type(value) is date:
            return database.ops.adapt_datefield_value(value)
        return value


class CompiledInsert:
    """An INSERT whose SQL is built once. A row that breaks a unique constraint is left out.

    For rows that are written by the hundred in one moment: no instance is made, no signal sent.
    """

    def __init__(self, model: type[models.Model]):
        self.model = model
        self.statement: Statement | None = None
        self.fields: list[tuple[models.Field, str, bool]] = []
        self.uuids_are_text = False

    def row(self, **values: Any) -> int | None:
        """Add a row, with the defaults of fields that are not named; return its key.

        `None` says that a unique constraint is met by another row, which has been committed: on
        PostgreSQL the statement waits for a concurrent one. Foreign keys are named `…_id`.
        """
        database = connections[DEFAULT_DB_ALIAS]
        if self.statement is None:
            self._compile(database)
        params = []
        for field, name, is_json in self.fields:
            value = values.pop(name) if name in values else field.get_default()
            if type(value) is UUID and self.uuids_are_text:
                value = value.hex
            elif type(value) is datetime:
                value = database.ops.adapt_datetimefield_value(value)
            elif is_json or type(value) not in AS_THEY_ARE:
                value = field.get_db_prep_save(value, connection=database)
            params.append(value)
        if values:
            raise TypeError(f"{self.model._meta.label} has no {', '.join(values)}")
        found = self.statement.fetched(database, params)
        return found[0][0] if found else None

    def _compile(self, database: BaseDatabaseWrapper) -> None:
        meta, quote = self.model._meta, database.ops.quote_name
        fields = [field for field in meta.concrete_fields if not field.primary_key]
        self.uuids_are_text = not database.features.has_native_uuid_field
        self.fields = [(f, f.attname, isinstance(f, models.JSONField)) for f in fields]
        columns = ", ".join(quote(field.column) for field in fields)
        self.statement = Statement(
            f"INSERT INTO {quote(meta.db_table)} ({columns})"  # noqa: S608 – names of a model
            f" VALUES ({', '.join(['%s'] * len(fields))}) ON CONFLICT DO NOTHING"
            f" RETURNING {quote(meta.pk.column)}"
        )
