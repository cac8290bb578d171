"""What a fresh database gets in one step is what an older one got in many."""

import os
import subprocess
import sys

import pytest

pytestmark = pytest.mark.slow

# Prints every table with its columns, indexes and constraints; names of indexes are hashes of ours.
SHAPE = """
import re
import sys
import django
django.setup()
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

OURS = {"campaigns", "districts", "events", "home", "modules", "safeguards"}


class OneByOne(MigrationLoader):
    def load_disk(self):
        super().load_disk()
        for key, migration in list(self.disk_migrations.items()):
            if key[0] in OURS and migration.replaces:
                del self.disk_migrations[key]


executor = MigrationExecutor(connection)
if sys.argv[1] == "one by one":
    executor.loader = OneByOne(connection)
executor.migrate(executor.loader.graph.leaf_nodes())
with connection.cursor() as cursor:
    for table in sorted(connection.introspection.table_names(cursor)):
        if table == "django_migrations" or "fts" in table:
            continue
        for column in sorted(connection.introspection.get_table_description(cursor, table)):
            print(table, "column", *column)
        indexes = "SELECT sql FROM sqlite_master WHERE tbl_name = %s AND type = 'index'"
        cursor.execute(indexes, [table])
        print(table, *sorted(str(sql) for [sql] in cursor.fetchall()), sep="\\n  ")
        cursor.execute("SELECT sql FROM sqlite_master WHERE name = %s", [table])
        [said] = cursor.fetchone()
        checks = re.findall(r'CONSTRAINT "\\w+" (?:CHECK|UNIQUE) .*?(?=, CONSTRAINT|\\)$)', said)
        print(table, *sorted(checks), sep="\\n  ")
"""


def shape(root, data, how: str) -> list[str]:
    data.mkdir()
    environ = os.environ | {
        "PYTHONPATH": os.pathsep.join([str(root), str(root / "site")]),
        "DJANGO_SETTINGS_MODULE": "website.settings.dev",
        "LINDUNGI_DATA": str(data),
        "DATABASE_URL": "",
    }
    said = subprocess.run(
        [sys.executable, "-c", SHAPE, how],
        cwd=root,
        env=environ,
        capture_output=True,
        text=True,
    )
    assert said.stderr == ""
    return said.stdout.splitlines()


def test_a_fresh_database_looks_like_one_that_grew(root, tmp_path):
    grown = shape(root, tmp_path / "grown", "one by one")
    assert len(grown) > 1000
    assert shape(root, tmp_path / "fresh", "at once") == grown
