"""An SQLite library that does not lose what it acknowledged.

SQLite before 3.51.3 (3.50.7 and 3.44.6 hold the back-ported fix) may reset a write-ahead log that
still holds a commit (https://sqlite.org/wal.html). This module imports no Django, so that a
settings file can call it first.
"""

import sqlite3
import sys

FIXED_IN = (3, 51, 3)
BACKPORTS = {(3, 50): 7, (3, 44): 6}


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
    sys.modules["sqlite3"] = pysqlite3
    sys.modules["sqlite3.dbapi2"] = dbapi2
    return True
