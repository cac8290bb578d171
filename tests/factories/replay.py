"""Makes the same rows again, faster: the statements of the first time are run once more.

Opening an office writes some 300 rows through models, signals and searches, publishing a page some
30, and most tests begin with both. Where the tables that were read or written hold the same as
before, the same statements give the same rows; `tests.factories.states` compares them.
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
from tests.factories.states import Tables

WRITES = ("INSERT", "UPDATE", "DELETE")


@dataclass
class Recording:
    """What `make` wrote, what it left for the end of the transaction, and what it returned."""

    statements: list[tuple[str, Any, bool]] = field(default_factory=list)
    afterwards: list[tuple[Callable, bool]] = field(default_factory=list)
    result: Any = None


# What is made → the tables it read or wrote → what they held → what was recorded then.
_recorded: dict[tuple, dict[frozenset[str], dict[int, Recording]]] = {}


def replayed(key: str, make: Callable[[], Any]) -> Any:
    """Run `make`, or what it wrote when it was run from this state before.

    What it returns is kept for other tests: a number or a word, no object.
    """
    key = (key, get_language(), connection.vendor, connection.in_atomic_block)
    tables = Tables(connection)
    known = _recorded.setdefault(key, {})
    for names, recordings in known.items():
        if recording := recordings.get(tables.state(names)):
            _replay(recording)
            return recording.result
    # What a process remembers would be read without a statement.
    _forget()
    before = tables.kept()
    recording, names = _record(make, tables)
    _forget()
    known.setdefault(names, {})[before(names)] = recording
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


def _replay(recording: Recording) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        for sql, params, many in recording.statements:
            (cursor.executemany if many else cursor.execute)(sql, params)
            if " RETURNING " in sql:
                cursor.fetchall()
    for function, robust in recording.afterwards:
        transaction.on_commit(function, robust=robust)
    _forget()


def _forget() -> None:
    # Wagtail keeps the paths of sites here and would not know of a new one.
    cache.clear()
    generation.forget()
    editions.forget()


def _record(make: Callable[[], Any], tables: Tables) -> tuple[Recording, frozenset[str]]:
    recording, asked = Recording(), set()

    def record(execute, sql, params, many, context):
        if sql.lstrip().upper().startswith(WRITES):
            recording.statements.append((sql, params, many))
        asked.add(sql)
        return execute(sql, params, many, context)

    before = len(connection.run_on_commit)
    with connection.execute_wrapper(record):
        recording.result = make()
    recording.afterwards = [
        (function, robust) for _ids, function, robust in connection.run_on_commit[before:]
    ]
    return recording, tables.named_in(asked)
