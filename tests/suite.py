"""What `manage.py test` runs: the suite on SQLite, then what PostgreSQL alone can show.

Arguments go to pytest. `LINDUNGI_TEST_DATABASE=postgres` runs everything on PostgreSQL instead.
With `CI=true` nothing may be skipped. The last line counts both runs together.
"""

import contextlib
import importlib.util
import os
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from collections import Counter
from pathlib import Path

from tests import postgres

ROOT = Path(__file__).resolve().parents[1]
NO_TESTS = 5
DEFAULT = "not bench and not slow"
# Questions to pytest itself, which run nothing.
QUESTIONS = {"--version", "-V", "--help", "-h", "--collect-only", "--co", "--markers", "--fixtures"}


def take_marker(args: list[str]) -> tuple[str, list[str]]:
    """Split off the marker expression that the caller gave with `-m`."""
    if "-m" in args[:-1]:
        at = args.index("-m")
        return args[at + 1], args[:at] + args[at + 2 :]
    return DEFAULT, args


def workers(args: list[str]) -> list[str]:
    """Two processes for the whole suite; one where single tests were named."""
    if args or not importlib.util.find_spec("xdist"):
        return []
    return ["-n", str(min(os.cpu_count() or 1, 4)), "--dist", "loadfile"]


def pytest_run(args: list[str], url: str = "") -> tuple[int, Counter]:
    """Run pytest in a process of its own; return its exit code and its counts."""
    environ = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "site")])}
    if url:
        environ["DATABASE_URL"] = url
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        code = subprocess.call(
            [sys.executable, "-m", "pytest", *args, f"--junit-xml={report}"], cwd=ROOT, env=environ
        )
        return code, counts(report)


def counts(report: Path) -> Counter:
    total = Counter(passed=0, failed=0, skipped=0)
    if not report.exists():
        return total
    for suite in ET.parse(report).getroot().iter("testsuite"):
        number = {key: int(suite.get(key, 0)) for key in ("tests", "failures", "errors", "skipped")}
        failed = number["failures"] + number["errors"]
        passed = max(0, number["tests"] - failed - number["skipped"])
        total.update(passed=passed, failed=failed, skipped=number["skipped"])
    return total


def plan(args: list[str]) -> list[tuple[bool, list[str]]]:
    """(on PostgreSQL?, pytest's arguments) for every run.

    The units come first, because they answer soonest; then the rules that hold for the whole house
    (its build, its sources, the isolation of districts); then the browser. Browser tests have a
    process of their own: Playwright keeps an event loop running in the thread, and Django then
    hands that thread another database connection than before.
    """
    marker, rest = take_marker(args)
    parallel = workers(rest)
    whole = os.environ.get("LINDUNGI_TEST_DATABASE") == "postgres"
    parts = ("not browser and not rules", "rules", "browser")
    elsewhere = "" if whole else "not postgres and "
    runs = [
        (whole, [*parallel, *rest, "-m", f"{elsewhere}{part} and ({marker})"]) for part in parts
    ]
    if not whole:
        runs.append((True, [*rest, "-m", f"postgres and ({marker})"]))
    return runs


def run(args: list[str]) -> int:
    """Return 0 when every test passed, and none was skipped in CI."""
    if QUESTIONS.intersection(args):
        return pytest_run(args)[0]
    strict = os.environ.get("CI") == "true"
    total, worst = Counter(passed=0, failed=0, skipped=0), 0
    with contextlib.ExitStack() as stack:
        for on_postgres, arguments in plan(args):
            url = ""
            if on_postgres:
                try:
                    url = stack.enter_context(postgres.server())
                except (FileNotFoundError, RuntimeError) as error:
                    print(f"PostgreSQL: {error}", flush=True)
                    if strict:
                        worst = worst or 1
            print(f"\n── {'PostgreSQL' if url else 'SQLite'}, {arguments[-1]} ──", flush=True)
            code, counted = pytest_run(arguments, url)
            total.update(counted)
            worst = worst or (0 if code == NO_TESTS else code)
    if strict and total["skipped"]:
        worst = worst or 1
    if not sum(total.values()):
        worst = worst or NO_TESTS
    print("\n{passed} passed, {failed} failed, {skipped} skipped".format(**total), flush=True)
    return worst
