"""Makes the same rows again, faster: the statements of the first time are run once more.

Opening an office writes some 300 rows through models, signals and searches, publishing a page some
30, and most tests begin with both. From the same state the same statements give the same rows. The
state is all that the database holds; of accounts, logs and what only migrations write, the number
of rows.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any
from uuid import UUID

from django.core.cache import cache
from django.db import connection, transaction
from django.db.models import Model
from django.utils.functional import Promise
from django.utils.translation import get_language

from modules import editions
from safeguards import generation

WRITES = ("INSERT", "UPDATE", "DELETE")
# Nothing that a factory makes depends on more of these than how many there are.
COUNTED = {
    "accounts_user",
    "auth_permission",
    "django_content_type",
    "django_migrations",
    "django_session",
    "safeguards_generation",
    "wagtailcore_modellogentry",
    "wagtailcore_pagelogentry",
}
PAGES = {"wagtailcore_page", "wagtailcore_revision"}


@dataclass
class Recording:
    """What `make` wrote, what it left for the end of the transaction, and what it returned."""

    statements: list[tuple[str, Any, bool]] = field(default_factory=list)
    afterwards: list[tuple[Callable, bool]] = field(default_factory=list)
    result: Any = None


_recorded: dict[tuple, Recording] = {}
_questions: dict[int, list[str]] = {}


def replayed(key: str, make: Callable[[], Any]) -> Any:
    """Run `make`, or what it wrote when it was run from this state before.

    What it returns is kept for other tests: a number or a word, no object.
    """
    state = (key, get_language(), connection.in_atomic_block, _state())
    recording = _recorded.get(state)
    if recording is None:
        recording = _recorded[state] = _record(make)
        return recording.result
    with transaction.atomic(), connection.cursor() as cursor:
        for sql, params, many in recording.statements:
            (cursor.executemany if many else cursor.execute)(sql, params)
            if " RETURNING " in sql:
                cursor.fetchall()
    for function, robust in recording.afterwards:
        transaction.on_commit(function, robust=robust)
    # Wagtail keeps the paths of sites here and would not know of the new one.
    cache.clear()
    generation.forget()
    editions.forget()
    return recording.result


def described(*values: Any) -> str | None:
    """The values as a key; None where one is more than words, numbers and saved rows."""
    try:
        return json.dumps(values, sort_keys=True, default=_plain)
    except TypeError:
        return None


def _plain(value: Any) -> Any:
    if isinstance(value, Model) and value.pk is not None:
        return [value._meta.label, value.pk]
    if isinstance(value, date | time | UUID | Promise):
        return [type(value).__name__, str(value)]
    raise TypeError


def _record(make: Callable[[], Any]) -> Recording:
    recording = Recording()

    def record(execute, sql, params, many, context):
        if sql.lstrip().upper().startswith(WRITES):
            recording.statements.append((sql, params, many))
        return execute(sql, params, many, context)

    before = len(connection.run_on_commit)
    with connection.execute_wrapper(record):
        recording.result = make()
    recording.afterwards = [
        (function, robust) for _ids, function, robust in connection.run_on_commit[before:]
    ]
    return recording


def _state() -> int:
    return _state_of_sqlite() if connection.vendor == "sqlite" else _state_of_postgres()


def _state_of_sqlite() -> int:
    with connection.cursor() as cursor:
        # The connection's own cursor: Django's would turn every row over once more.
        raw = cursor.connection.cursor()
        version = raw.execute("PRAGMA schema_version").fetchone()[0]
        if version not in _questions:
            _questions[version] = _ask(raw)
        return hash(tuple(tuple(raw.execute(sql).fetchall()) for sql in _questions[version]))


def _ask(raw) -> list[str]:
    """What to ask each table for.

    When pages changed tells them apart. In other tables a moment only says when a test ran.
    """
    raw.execute(
        "SELECT m.name, c.name, c.type, m.name IN (SELECT m.name FROM sqlite_master m"
        " JOIN pragma_table_info(m.name) p WHERE p.name = 'page_ptr_id')"
        " FROM sqlite_master m JOIN pragma_table_info(m.name) c"
        " WHERE m.type = 'table' AND m.name NOT LIKE '%fts%' ORDER BY m.name, c.cid"
    )
    columns: dict[str, list[str]] = {}
    for table, name, kind, of_pages in raw.fetchall():
        moment = kind == "datetime" and not of_pages and table not in PAGES
        columns.setdefault(table, []).append(f'"{name}" IS NULL' if moment else f'"{name}"')
    return [
        f'SELECT count(*), max(rowid) FROM "{table}"'
        if table in COUNTED
        else f'SELECT {", ".join(names)} FROM "{table}"'
        for table, names in columns.items()
    ]


def _state_of_postgres() -> int:
    """Here a rolled-back row has used its number up, so what the sequences say counts too."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sequencename, last_value FROM pg_sequences ORDER BY 1")
        numbers = cursor.fetchall()
        names = sorted(connection.introspection.table_names(cursor))
        cursor.execute(
            " UNION ALL ".join(
                f'SELECT count(*), 0 FROM "{name}"'
                if name in COUNTED
                else f'SELECT count(*), sum(hashtextextended(t::text, 0)) FROM "{name}" t'
                for name in names
            )
        )
        return hash((*numbers, *names, *cursor.fetchall()))
