"""The import of the whole country: 91,000 rows in at most 60 seconds, and again without a change.

`python -m tests.bench.bench_regions` prints the table and ends with 1 when the bar is missed. The
bare measure is the same rows through the database driver alone, in the same run.
"""

import csv
import os
import subprocess
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROWS = 91_000
BAR_SECONDS = 60.0
# As many kabupaten, kecamatan and villages as make up the number above.
PROVINCES, KABUPATEN, KECAMATAN, VILLAGES = 38, 14, 14, 12


def rows():
    """Yield `(code, name)` of a made-up country, parents before children."""
    for p in range(11, 11 + PROVINCES):
        yield f"{p}", f"PROVINSI {p}"
        for k in range(1, KABUPATEN + 1):
            yield f"{p}.{k:02}", f"KAB. {p}{k:02}"
            for c in range(1, KECAMATAN + 1):
                yield f"{p}.{k:02}.{c:02}", f"Kecamatan {c}"
                for d in range(2001, 2001 + VILLAGES):
                    yield f"{p}.{k:02}.{c:02}.{d}", f"Desa {d}"


def write(path: Path) -> int:
    made = list(islice(rows(), ROWS))
    with path.open("w", newline="", encoding="utf-8") as target:
        writer = csv.writer(target)
        writer.writerow(["kode", "nama"])
        writer.writerows(made)
    return len(made)


def bare(database: Path, source: Path) -> float:
    """Seconds that SQLite takes for the same rows in one table and one transaction."""
    import sqlite3

    started = time.perf_counter()
    connection = sqlite3.connect(database)
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE region (code TEXT PRIMARY KEY, name TEXT, parent TEXT)")
    with source.open(newline="", encoding="utf-8") as lines, connection:
        connection.executemany(
            "INSERT INTO region VALUES (?, ?, ?)",
            (
                (code, name, code.rpartition(".")[0])
                for code, name in islice(csv.reader(lines), 1, None)
            ),
        )
    connection.close()
    return time.perf_counter() - started


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="lindungi-bench-") as folder:
        environ = os.environ | {
            "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "site")]),
            "DJANGO_SETTINGS_MODULE": "website.settings.dev",
            "LINDUNGI_DATA": folder,
        }

        def django(*arguments: str) -> tuple[float, str]:
            started = time.perf_counter()
            done = subprocess.run(
                [sys.executable, "-m", "django", *arguments, "--skip-checks"],
                env=environ,
                capture_output=True,
                text=True,
                check=True,
            )
            return time.perf_counter() - started, done.stdout.strip()

        source = Path(folder) / "negara.csv"
        number = write(source)
        django("migrate", "-v0")
        base = bare(Path(folder) / "bare.sqlite3", source)
        first, said_first = django("import_regions", str(source))
        second, said_second = django("import_regions", str(source))
        print(f"{number} rows{'seconds':>18}{'ratio':>8}{'bar':>8}")
        for name, seconds, bar in (
            ("bare insert", base, ""),
            ("first import", first, f"{BAR_SECONDS:.0f}"),
            ("second import", second, f"{BAR_SECONDS:.0f}"),
        ):
            print(f"{name:<16}{seconds:>12.1f}{seconds / base:>8.1f}{bar:>8}")
        print(said_first, said_second, sep="\n")
        return int(max(first, second) > BAR_SECONDS or number != ROWS)


if __name__ == "__main__":
    sys.exit(main())
