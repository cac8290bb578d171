"""Puts a database back to what migrations left in it, after a test with real transactions.

Django empties 130 tables one by one, and fills them again from a serialised copy; both databases
can copy a whole one in the time that a few of these take.
"""

import contextlib

from django.conf import settings
from django.core.cache import caches
from django.db import connection, connections

from modules import editions
from safeguards import generation

_kept = {}


def keep() -> None:
    """Remember the database as it is now; `restore` comes back to it."""
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        _kept["sqlite"] = connection.Database.connect(":memory:", check_same_thread=False)
        connection.connection.backup(_kept["sqlite"])
    elif connection.vendor == "postgresql":
        _kept["postgresql"] = f"{connection.settings_dict['NAME']}_pristine"
        drop()
        _copy(connection.settings_dict["NAME"], _kept["postgresql"])


def restore() -> None:
    """Give every connection the kept database, and nobody a memory of another."""
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        _kept["sqlite"].backup(connection.connection)
    else:
        name = connection.settings_dict["NAME"]
        _statement(f'DROP DATABASE "{name}" WITH (FORCE)')
        _copy(_kept["postgresql"], name)
    for alias in settings.CACHES:
        caches[alias].clear()
    generation.forget()
    editions.forget()


def drop() -> None:
    """Leave nothing on a server that is not ours."""
    if "postgresql" in _kept:
        _statement(f'DROP DATABASE IF EXISTS "{_kept["postgresql"]}" WITH (FORCE)')


def _copy(source: str, target: str) -> None:
    _statement(f'CREATE DATABASE "{target}" TEMPLATE "{source}"')


def _statement(sql: str) -> None:
    """Run it from beside the database, where no connection of ours is in the way."""
    connections.close_all()
    with contextlib.closing(connection), connection._nodb_cursor() as cursor:
        cursor.execute(sql)
