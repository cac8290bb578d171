"""P-11: 100,000 rows of attendance as XLSX, from the database, beside bare XlsxWriter.

`python -m tests.bench.bench_export` prints the table and ends with 1 when a bar is missed. The bare
one writes the same rows, ready in memory, in its mode of constant memory. Both are measured by the
time of the processor, SQLite's included, so that neighbours on a shared machine do not decide. How
much memory ours needs is measured in a process of its own. `BENCH_ROWS` makes it shorter.
"""

import os
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

ROWS = int(os.environ.get("BENCH_ROWS", 100_000))
BAR, MEGABYTES = 0.6, 150


def prepare() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "website.settings.test")
    import django

    django.setup()


def settle() -> None:
    """A database of its own with one session and its list."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    from events.models import Attendance, Participant
    from tests.factories.attendance import make_date
    from tests.factories.places import make_district, national

    national()
    row = make_date(make_district("klaten"))
    now = datetime(2026, 3, 12, 3, tzinfo=UTC)
    for first in range(0, ROWS, 5_000):
        people = Participant.objects.bulk_create(
            Participant(
                district_id=row.district_id,
                key=uuid4(),
                name=f"Peserta Nomor {n:06}",
                folded=f"peserta nomor {n:06}",
                sex="LP"[n % 2],
                age_group="25-59",
                organisation_name=f"PKK Desa {n % 400}",
                position="Anggota",
                phone=f"+62812{n:07}",
                told_at=now,
                told_key=uuid4(),
                created_at=now,
                keep_until=now.date() + timedelta(days=365),
            )
            for n in range(first, first + 5_000)
        )
        Attendance.objects.bulk_create(
            Attendance(
                district_id=row.district_id,
                occurrence=row,
                participant=person,
                status="hadir",
                way="panggil",
                rank=1,
                told_at=now,
                key=uuid4(),
                server_time=now,
            )
            for person in people
        )


def occurrence():
    from events.models import Occurrence

    return Occurrence.objects.select_related("event__district").get()


def ours(target: Path) -> float:
    from events.sheets.lists import Wanted
    from events.sheets.writing import write_list

    row = occurrence()
    started = time.process_time()
    written = write_list(str(target), Wanted().rows(row), row)
    assert written == ROWS, written
    return time.process_time() - started


def bare(target: Path, rows: list) -> float:
    import xlsxwriter

    started = time.process_time()
    options = {"constant_memory": True, "default_date_format": "dd/mm/yyyy"}
    with xlsxwriter.Workbook(str(target), options) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return time.process_time() - started


def peak() -> float:
    """Megabytes that this process held at most; getrusage would count its parent's as well."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def measure_memory(target: Path) -> None:
    """In a process of its own: how much the list adds to what was there before it."""
    occurrence()
    before = peak()
    ours(target)
    print(f"{peak() - before:.1f}")


def main() -> int:
    folder = Path(
        os.environ.setdefault("LINDUNGI_DATA", tempfile.mkdtemp(prefix="lindungi-bench-"))
    )
    prepare()
    if sys.argv[1:] == ["memory"]:
        measure_memory(folder / "memory.xlsx")
        return 0
    settle()
    from events.sheets.lists import Wanted
    from events.sheets.writing import rows_of

    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.bench_export", "memory"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    grown = float(done.stdout.split()[-1])
    row = occurrence()
    ready = list(rows_of(Wanted().rows(row), row))
    spent = {"bare": 0.0, "ours": 0.0}
    for _round in range(2):
        spent["bare"] += bare(folder / "bare.xlsx", ready)
        spent["ours"] += ours(folder / "ours.xlsx")
    rates = {who: 2 * ROWS / seconds for who, seconds in spent.items()}
    ratio = rates["ours"] / rates["bare"]
    print(f"{ROWS} rows of {len(ready[0])} columns, {(folder / 'ours.xlsx').stat().st_size} bytes")
    print(f"{'XlsxWriter, rows in memory':<32} {rates['bare']:8.0f} rows/s")
    print(f"{'attendance list of ours':<32} {rates['ours']:8.0f} rows/s")
    print(f"P-11 ratio {ratio:.2f} (bar {BAR}), memory +{grown:.0f} MB (at most {MEGABYTES})")
    return 0 if ratio >= BAR and grown <= MEGABYTES else 1


if __name__ == "__main__":
    sys.exit(main())
