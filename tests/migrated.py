"""A migrated SQLite database, made once for each state of the migrations and copied after.

Migrating takes longer than most tests together, and every worker of every run would pay it.
"""

import hashlib
import os
import sqlite3
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

from django.apps import apps
from django.conf import settings


def template() -> Path:
    """Where the database for today's migrations and packages lies, once a run has made it."""
    digest = hashlib.sha256(f"{sys.version} {version('django')} {version('wagtail')}".encode())
    for config in sorted(apps.get_app_configs(), key=lambda config: config.name):
        for path in sorted(Path(config.path).glob("migrations/*.py")):
            digest.update(path.read_bytes())
    folder = Path(tempfile.gettempdir()) / f"lindungi-migrated-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder / f"{digest.hexdigest()[:24]}.sqlite3"


def is_sqlite() -> bool:
    return settings.DATABASES["default"]["ENGINE"].endswith("sqlite3")


def copy(source: Path, target: Path) -> None:
    """Copy with SQLite's own backup, write-ahead log included; whole or not at all."""
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_name(f"{target.name}.{os.getpid()}")
    with sqlite3.connect(source) as one, sqlite3.connect(unfinished) as other:
        one.backup(other)
    one.close()
    other.close()
    unfinished.replace(target)
