"""P-07: the month view with 1,000, 10,000 and 100,000 events of one office, without the page cache.

`python -m tests.bench.bench_calendar` prints the table and ends with 1 when a bar is missed. Rounds
are interleaved, because such figures drift on a shared machine. Beside requests a second it counts
the queries, the rows they return, and the steps SQLite's machine takes for them. Making a hundred
thousand events takes minutes.
"""

import json
import shutil
import statistics
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path

from tests.bench.bench_pages import ROUNDS, Asker, environment, median, prepare_bare

SIZES = (1_000, 10_000, 100_000)
HOST = "klaten.localhost"
BAR_RATE = 200
# The bar was set on a machine on which the bare page makes 374.
BAR_BESIDE = BAR_RATE / 374
# Rows and steps of one answer, counted in a process of its own.
COUNT = """
import json, sys
import django
django.setup()
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from tests.bench.worker import environ
handler, asked, steps = WSGIHandler(), [], [0]
def ask():
    response = handler(environ(sys.argv[1], sys.argv[2]), lambda status, headers: None)
    return b"".join(response)
from safeguards import generation
# Once a second, however long a request takes.
generation.REREAD_AFTER_SECONDS = 3600
ask()
import gc
from website.pagecache import PageCacheMiddleware
for found in [one for one in gc.get_objects() if type(one) is PageCacheMiddleware]:
    found.entries.clear()
class Counting:
    def __init__(self, cursor): self.cursor = cursor
    def __getattr__(self, name): return getattr(self.cursor, name)
    def __iter__(self):
        for row in self.cursor:
            asked[-1] += 1
            yield row
    def __enter__(self): self.cursor.__enter__(); return self
    def __exit__(self, *a): return self.cursor.__exit__(*a)
    def execute(self, *a, **k): asked.append(0); return self.cursor.execute(*a, **k)
    def fetchone(self):
        row = self.cursor.fetchone(); asked[-1] += row is not None; return row
    def fetchmany(self, *a):
        rows = self.cursor.fetchmany(*a); asked[-1] += len(rows); return rows
    def fetchall(self):
        rows = self.cursor.fetchall(); asked[-1] += len(rows); return rows
plain = connection.cursor
connection.cursor = lambda *a, **k: Counting(plain(*a, **k))
def step():
    steps[0] += 1
connection.connection.set_progress_handler(step, 1)
ask()
print(json.dumps({"queries": len(asked), "rows": sum(asked), "steps": steps[0]}))
"""
FILL = """
import sys
from datetime import date
import django
django.setup()
from districts.models import District
from tests.factories.many_events import make_many
klaten = District.objects.get(slug="klaten")
make_many(klaten, int(sys.argv[1]), today=date.fromisoformat(sys.argv[2]))
"""


FOUND = """
import django
django.setup()
from django.core.management import call_command
from tests.factories.events import make_terms
from tests.factories.places import make_district, national
call_command("createcachetable", database="cache", verbosity=0)
call_command("collectstatic", interactive=False, verbosity=0)
make_terms()
national()
make_district("klaten")
"""


def run(code: str, *arguments: str, env: dict[str, str]) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        check=True,
        env=environment("website.settings.dev", **env),
        stdout=subprocess.PIPE,
        text=True,
    )
    return done.stdout


def prepare(folder: Path, today: date) -> dict[int, dict[str, str]]:
    """For each size a district with so many events in a database of its own; environments by size.

    The office is made once and copied.
    """
    base = {"LINDUNGI_DATA": str(folder / "base")}
    command = [sys.executable, "-m", "django", "migrate", "-v0", "--skip-checks"]
    subprocess.run(command, check=True, env=environment("website.settings.dev", **base))
    run(FOUND, env=base)
    made = {}
    for size in SIZES:
        target = folder / str(size)
        shutil.copytree(folder / "base", target)
        made[size] = {"LINDUNGI_DATA": str(target)}
        run(FILL, str(size), today.isoformat(), env=made[size])
    return made


def main() -> int:
    today = date.today()
    path = f"/kalender/{today:%Y/%m}/"
    with tempfile.TemporaryDirectory(prefix="lindungi-bench-") as name:
        bare = Asker("tests.bench.bare.settings", **prepare_bare(Path(name)))
        askers, counted = {}, {}
        for size, env in prepare(Path(name), today).items():
            counted[size] = json.loads(run(COUNT, HOST, path, env=env))
            askers[size] = Asker("website.settings.dev", **env)
        rows: dict[int, list[dict]] = {size: [] for size in (0, *SIZES)}
        for _round in range(ROUNDS):
            rows[0].append(bare.ask("/bare/"))
            for size in SIZES:
                rows[size].append(askers[size].ask(path, host=HOST, flag="cold"))
        for asker in (bare, *askers.values()):
            asker.close()
    return told(path, rows, counted)


def told(path: str, rows: dict[int, list[dict]], counted: dict[int, dict]) -> int:
    print(f"{path:24}{'CPU ms':>9}{'req/s':>9}{'queries':>9}{'rows':>9}{'steps':>9}{'bytes':>9}")
    for size in (0, *SIZES):
        label = f"{size:,} events" if size else "bare Wagtail page"
        each, seen = median(rows[size], "each"), counted.get(size, {})
        print(
            f"{label:24}{each * 1000:9.2f}{1 / each:9.0f}{seen.get('queries', ''):>9}"
            f"{seen.get('rows', ''):>9}{seen.get('steps', ''):>9}{rows[size][-1]['bytes']:9}"
        )
    rate = 1 / median(rows[10_000], "each")
    beside, kept = ratio(rows, 0, 10_000), ratio(rows, 1_000, 100_000)
    few, many = counted[SIZES[0]], counted[SIZES[-1]]
    # Where a whole page of sessions goes on from before, the second look is not needed.
    same = many["queries"] <= few["queries"] and many["rows"] <= few["rows"] + 10
    failed = 0
    for label, value, bar, ok in (
        # A busy machine makes everything slower: then the bare page of the same run tells.
        ("P-07 requests/s", f"{rate:.0f}", BAR_RATE, rate >= BAR_RATE or beside >= BAR_BESIDE),
        ("P-07 : bare page", f"{beside:.2f}", f"{BAR_BESIDE:.2f}", beside >= BAR_BESIDE),
        ("P-07 100,000 : 1,000", f"{kept:.2f}", 0.85, kept >= 0.85),
        ("P-04 queries", many["queries"], 6, many["queries"] <= 6),
        ("P-07 no more rows read", "yes" if same else "no", "yes", same),
    ):
        failed += not ok
        print(f"{label:24}{value:>9}  bar {bar}  {'ok' if ok else 'MISSED'}")
    return 1 if failed else 0


def ratio(rows: dict[int, list[dict]], one: int, other: int) -> float:
    """How many times as fast the other is, round by round."""
    return statistics.median(
        a["each"] / b["each"] for a, b in zip(rows[one], rows[other], strict=True)
    )


if __name__ == "__main__":
    sys.exit(main())
