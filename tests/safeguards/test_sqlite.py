import sys
from contextlib import closing
from unittest import mock

import pytest
from django.conf import settings
from django.db import connection

from safeguards import checks
from safeguards.sqlite import has_wal_reset_fix, use_safe_sqlite


@pytest.mark.parametrize(
    ("version", "safe"),
    [
        ((3, 40, 1), False),
        ((3, 44, 5), False),
        ((3, 44, 6), True),
        ((3, 45, 9), False),
        ((3, 50, 6), False),
        ((3, 50, 7), True),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 53, 4), True),
        ((4, 0, 0), True),
    ],
)
def test_has_wal_reset_fix_knows_the_backports(version, safe):
    assert has_wal_reset_fix(version) is safe


def test_use_safe_sqlite_puts_a_safe_library_in_place():
    assert use_safe_sqlite() is True
    assert has_wal_reset_fix(sys.modules["sqlite3"].sqlite_version_info)


def test_check_refuses_an_old_library(monkeypatch):
    assert checks.check_sqlite_library(None) == []
    if connection.vendor == "sqlite":
        monkeypatch.setattr(connection.Database, "sqlite_version_info", (3, 40, 1))
        assert [found.id for found in checks.check_sqlite_library(None)] == ["safeguards.E001"]


def configured(database):
    return mock.patch.object(settings, "DATABASES", {"default": database})


def test_check_warns_of_a_database_that_may_lose_writes():
    engine = {"ENGINE": "django.db.backends.sqlite3"}
    good = {
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous = FULL;",
    }
    with configured(engine | {"OPTIONS": good}):
        assert checks.check_sqlite_durability(None) == []
    for missing in good:
        options = {name: value for name, value in good.items() if name != missing}
        with configured(engine | {"OPTIONS": options}):
            found = checks.check_sqlite_durability(None)
        assert [warning.id for warning in found] == ["safeguards.W001"]


def test_the_connection_knows_how_many_parameters_it_takes():
    use_safe_sqlite()
    sqlite3 = sys.modules["sqlite3"]
    with closing(sqlite3.connect(":memory:")) as connection:
        most = connection.getlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER)
        marks = ",".join("?" * most)
        row = connection.execute(f"SELECT 1 IN ({marks})", [1] * most).fetchone()
        assert row == (1,)
        with pytest.raises(sqlite3.OperationalError, match="too many SQL variables"):
            connection.execute(f"SELECT 1 IN ({marks},?)", [1] * (most + 1))
