"""Makes the same rows again, faster: the statements of the first time are run once more.

Opening an office writes some 300 rows through models, signals and searches, and most tests begin
with one. On SQLite a rolled-back test leaves even the row numbers as they were, so from the same
state the same statements give the same rows. The state is compared by the number of rows and the
highest row number of every table, and by the pages themselves.
"""

from collections.abc import Callable
from typing import Any

from django.core.cache import cache
from django.db import connection

from safeguards import generation

_recorded: dict[tuple, list[tuple[str, Any]]] = {}
WRITES = ("INSERT", "UPDATE", "DELETE")


def replayed(key: str, make: Callable[[], Any]) -> None:
    """Run `make`, or what it wrote when it was run from this state before."""
    if connection.vendor != "sqlite":
        make()
        return
    state = (key, _state())
    statements = _recorded.get(state)
    if statements is None:
        statements = []

        def record(execute, sql, params, many, context):
            if sql.lstrip().upper().startswith(WRITES):
                statements.append((sql, params))
            return execute(sql, params, many, context)

        with connection.execute_wrapper(record):
            make()
        _recorded[state] = statements
        return
    with connection.cursor() as cursor:
        for sql, params in statements:
            cursor.execute(sql, params)
            if " RETURNING " in sql:
                cursor.fetchall()
    # Wagtail keeps the paths of sites here and would not know of the new one.
    cache.clear()
    generation.forget()


def _state() -> tuple:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '%fts%'"
        )
        names = sorted(name for (name,) in cursor.fetchall())
        counts = " UNION ALL ".join(f'SELECT count(*), max(rowid) FROM "{name}"' for name in names)
        cursor.execute(counts)
        rows = cursor.fetchall()
        # Pages are copied into a new office: their words and times count, not only their number.
        cursor.execute("SELECT id, title, latest_revision_created_at FROM wagtailcore_page")
        pages = cursor.fetchall()
        cursor.execute(
            "SELECT m.name FROM sqlite_master m JOIN pragma_table_info(m.name) c"
            " WHERE m.type = 'table' AND c.name = 'body' ORDER BY m.name"
        )
        bodies = [name for (name,) in cursor.fetchall()]
        cursor.execute(
            " UNION ALL ".join(f'SELECT total(length(body)) FROM "{name}"' for name in bodies)
        )
        return (*rows, *pages, *cursor.fetchall())
