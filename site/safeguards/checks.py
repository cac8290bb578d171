"""Rules of this package as system checks."""

from django.conf import settings
from django.core import checks
from django.db import connections

from safeguards import registry
from safeguards.sqlite import has_wal_reset_fix


def _sqlite_aliases() -> list[str]:
    return [
        alias
        for alias, options in settings.DATABASES.items()
        if options.get("ENGINE", "").endswith("sqlite3")
    ]


@checks.register("safeguards")
def check_sqlite_library(app_configs, **kwargs):
    """E001: the SQLite library in use can lose a commit that was acknowledged."""
    for alias in _sqlite_aliases():
        version = connections[alias].Database.sqlite_version_info
        if not has_wal_reset_fix(version):
            return [
                checks.Error(
                    f"SQLite {'.'.join(map(str, version))} may lose data when its log is reset.",
                    hint="Install pysqlite3 and call safeguards.sqlite.use_safe_sqlite() first "
                    "in the settings, or use PostgreSQL.",
                    id="safeguards.E001",
                )
            ]
    return []


@checks.register("safeguards")
def check_sqlite_durability(app_configs, **kwargs):
    """W001: SQLite is open without the mode in which no write is lost or refused."""
    found = []
    for alias in _sqlite_aliases():
        options = settings.DATABASES[alias].get("OPTIONS", {})
        command = options.get("init_command", "").upper().replace(" ", "")
        immediate = str(options.get("transaction_mode", "")).upper() == "IMMEDIATE"
        if not immediate or "SYNCHRONOUS=FULL" not in command or "=WAL" not in command:
            found.append(
                checks.Warning(
                    f"The SQLite database '{alias}' is not set up for durable, concurrent writes.",
                    hint="Set transaction_mode IMMEDIATE, journal_mode=WAL, synchronous=FULL.",
                    id="safeguards.W001",
                )
            )
    return found


@checks.register("safeguards")
def check_personal_data(app_configs, **kwargs):
    """W002: a field looks personal and is not registered. E002: a registration is stale."""
    unregistered = [
        checks.Warning(
            f"{path} looks like personal data and is neither registered nor exempted.",
            hint="See safeguards.registry.register() and exempt().",
            id="safeguards.W002",
        )
        for path in registry.unregistered()
    ]
    stale = [
        checks.Error(f"Personal-data registry: {fault}.", id="safeguards.E002")
        for fault in registry.faults()
    ]
    return [*stale, *unregistered]
