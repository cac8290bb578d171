"""P-08: the feed of 10,000 events beside `icalendar` alone, and its 304 beside a trivial view.

`python -m tests.bench.bench_feeds` prints the table and ends with 1 when a bar is missed.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path

from tests.bench.bench_calendar import FILL, FOUND, run
from tests.bench.bench_pages import Asker, environment, median

EVENTS = 10_000
ROUNDS = 3
FIRST_BAR, AGAIN_BAR = 1.5, 0.9


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="lindungi-bench-") as name:
        ours = {"LINDUNGI_DATA": os.path.join(name, "ours")}
        bare = {"BARE_DATABASE": os.path.join(name, "bare.sqlite3")}
        migrate = [sys.executable, "-m", "django", "migrate", "-v0", "--skip-checks"]
        subprocess.run(migrate, check=True, env=environment("website.settings.dev", **ours))
        run(FOUND, env=ours)
        run(FILL, str(EVENTS), date.today().isoformat(), env=ours)
        trivial = Asker("tests.bench.bare.settings", **bare)
        rows, plain = [], []
        for _round in range(ROUNDS):
            done = subprocess.run(
                [sys.executable, "-m", "tests.bench.feeds_worker"],
                check=True,
                env=environment("website.settings.dev", **ours),
                stdout=subprocess.PIPE,
                text=True,
                cwd=Path(__file__).parents[2],
            )
            rows.append(json.loads(done.stdout.splitlines()[-1]))
            plain.append(trivial.ask("/trivial/", count=4_000))
        trivial.close()
    floor, whole, flat = (
        statistics.median(one for row in rows for one in row[key])
        for key in ("floor", "whole", "flat")
    )
    again, base = statistics.median(row["again"] for row in rows), median(plain, "each")
    number = rows[0]["events"]
    print(f"{number} events, {rows[0]['bytes'] / 1024:.0f} KB compressed{'CPU s':>14}{'1/s':>10}")
    for label, seconds in (
        ("icalendar alone", floor),
        ("/kalender.ics, first answer", whole),
        ("/kalender.ics?datar=1", flat),
    ):
        print(f"{label:36}{seconds:9.3f}{number / seconds:10.0f}")
    for label, seconds in (("304 of /kalender.ics", again), ("trivial view", base)):
        print(f"{label:36}{seconds:9.6f}{1 / seconds:10.0f}")
    first_ok = whole / floor <= FIRST_BAR
    again_ok = base / again >= AGAIN_BAR and all(row["status"][:3] == "304" for row in rows)
    print(
        f"P-08 first answer : icalendar {whole / floor:6.3f}  bar {FIRST_BAR}"
        f"  {'ok' if first_ok else 'MISSED'}"
    )
    print(
        f"P-08 trivial : 304  {base / again:6.2f}  bar {AGAIN_BAR}"
        f"  {'ok' if again_ok else 'MISSED'}"
    )
    return 0 if first_ok and again_ok else 1


if __name__ == "__main__":
    sys.exit(main())
