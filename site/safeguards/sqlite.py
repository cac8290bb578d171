"""An SQLite library that does not lose what it acknowledged.

SQLite before 3.51.3 (3.50.7 and 3.44.6 hold the back-ported fix) may reset a write-ahead log that
still holds a commit (https://sqlite.org/wal.html). This module imports no Django, so that a
settings file can call it first.
"""

import sqlite3
import sys
from contextlib import closing
from functools import wraps
from types import ModuleType

FIXED_IN = (3, 51, 3)
BACKPORTS = {(3, 50): 7, (3, 44): 6}

# Name, number and default of the limits Django asks for: https://sqlite.org/limits.html and
# https://sqlite.org/c3ref/c_limit_attached.html
LIMITS = (("COLUMN", 2, 2_000), ("VARIABLE_NUMBER", 9, 32_766))


def has_wal_reset_fix(version: tuple[int, ...]) -> bool:
    """Say whether an SQLite library of this version, such as ``(3, 50, 7)``, holds the fix."""
    if tuple(version) >= FIXED_IN:
        return True
    patch = BACKPORTS.get(tuple(version[:2]))
    return patch is not None and version[2] >= patch


def use_safe_sqlite() -> bool:
    """Put ``pysqlite3`` in the place of ``sqlite3`` if Python's own library lacks the fix.

    Call it in the settings, before Django imports its SQLite backend; repeating it does no harm.
    Returns whether the ``sqlite3`` that later imports find is safe.
    """
    current = sys.modules.get("sqlite3", sqlite3)
    if has_wal_reset_fix(current.sqlite_version_info):
        return True
    try:
        import pysqlite3
        from pysqlite3 import dbapi2
    except ImportError:
        return False
    if not has_wal_reset_fix(pysqlite3.sqlite_version_info):
        return False
    _complete(pysqlite3, dbapi2)
    sys.modules["sqlite3"] = pysqlite3
    sys.modules["sqlite3.dbapi2"] = dbapi2
    return True


def _complete(package: ModuleType, dbapi2: ModuleType) -> None:
    """Give ``pysqlite3`` what Django 6.1 asks of a connection and only Python's own has."""
    if hasattr(dbapi2.Connection, "getlimit"):
        return

    limits = _limits(dbapi2)

    class Connection(dbapi2.Connection):
        def getlimit(self, category: int) -> int:
            return limits[category]

    plain_connect = dbapi2.connect

    @wraps(plain_connect)
    def connect(*args, **kwargs):
        # The class is the sixth argument, for those who do not name it.
        if len(args) < 6:
            kwargs.setdefault("factory", Connection)
        return plain_connect(*args, **kwargs)

    for module in (dbapi2, package):
        module.connect, module.Connection = connect, Connection
        for name, number, _ in LIMITS:
            setattr(module, f"SQLITE_LIMIT_{name}", number)


def _limits(dbapi2: ModuleType) -> dict[int, int]:
    """Return the limits by number, as the library was built."""
    with closing(dbapi2.connect(":memory:")) as connection:
        options = [option for (option,) in connection.execute("PRAGMA compile_options")]
    built = dict(option.split("=", 1) for option in options if "=" in option)
    return {number: int(built.get(f"MAX_{name}", default)) for name, number, default in LIMITS}
