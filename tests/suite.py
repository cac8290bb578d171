"""What `manage.py test` runs: the suite on SQLite, then what PostgreSQL alone can show.

Arguments go to pytest. `LINDUNGI_TEST_DATABASE=postgres` runs everything on PostgreSQL instead.
With `CI=true` nothing may be skipped. The last line counts all runs together.
"""

import contextlib
import importlib.util
import os
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests import postgres

ROOT = Path(__file__).resolve().parents[1]
NO_TESTS = 5
DEFAULT = "not bench and not slow"
# The folders of what holds for the whole house.
RULES = ("bootstrap", "house", "isolation")
# What asks the site for whole pages, through Django's test client.
_CLIENT = re.compile(
    r"\b(?:Client|RequestFactory|phone|signed_in|text_of)\(|\b(?:client|rf|visit|live_server)\b"
    r"|\.(?:get|post)\(\s*(?:f?[\"']/|reverse\()"
)
# Questions to pytest itself, which run nothing.
QUESTIONS = {"--version", "-V", "--help", "-h", "--collect-only", "--co", "--markers", "--fixtures"}


def long_form() -> set[str]:
    """Names of tests that are `slow` because of what they cost, not of what they are."""
    lines = (ROOT / "tests" / "long_form.txt").read_text(encoding="utf-8").splitlines()
    return {line for line in lines if not line.startswith("#")}


def take_marker(args: list[str]) -> tuple[str, list[str]]:
    """Split off the marker expression that the caller gave with `-m`.

    Who names a file or a test wants all of it.
    """
    if "-m" in args[:-1]:
        at = args.index("-m")
        return args[at + 1], args[:at] + args[at + 2 :]
    named = any(arg.split("::")[0].endswith(".py") for arg in args)
    return ("not bench" if named else DEFAULT), args


def workers(args: list[str]) -> list[str]:
    """Two processes for the whole suite; one where single tests were named."""
    if args or not importlib.util.find_spec("xdist"):
        return []
    return ["-n", str(min(os.cpu_count() or 1, 4)), "--dist", "loadfile"]


def pytest_run(args: list[str], url: str = "", said: Path | None = None) -> tuple[int, Counter]:
    """Run pytest in a process of its own; return its exit code and its counts.

    What it prints goes to the file `said`, where there is one.
    """
    environ = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "site")])}
    if url:
        environ["DATABASE_URL"] = url
    with contextlib.ExitStack() as stack:
        report = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "report.xml"
        out = stack.enter_context(said.open("wb")) if said else None
        code = subprocess.call(
            [sys.executable, "-m", "pytest", *args, f"--junit-xml={report}"],
            cwd=ROOT,
            env=environ,
            stdout=out,
            stderr=out and subprocess.STDOUT,
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


@dataclass(frozen=True)
class Part:
    """One run of pytest."""

    on_postgres: bool
    arguments: list[str]

    def name(self, *, on_postgres: bool) -> str:
        database = "PostgreSQL" if on_postgres else "SQLite"
        return f"{database}, {self.arguments[self.arguments.index('-m') + 1]}"


def plan(args: list[str]) -> list[list[Part]]:
    """Every run of pytest that the arguments ask for; those of one list go side by side.

    The units come first, because they answer soonest; then the files that ask for whole pages; then
    the rules that hold for the whole house (its build, its sources, the isolation of districts);
    then the browser. Browser tests have a process of their own: Playwright keeps an event loop
    running in the thread, and Django then hands that thread another database connection than
    before.
    """
    marker, rest = take_marker(args)
    asked = bool(args)
    parallel = workers(rest)
    whole = os.environ.get("LINDUNGI_TEST_DATABASE") == "postgres"
    elsewhere = "not sqlite and " if whole else "not postgres and "
    # Where nothing was named, each run reads the files that can hold something for it.
    apart = [*(f"tests/{name}" for name in (*RULES, "browser")), *page_files()]
    units = {
        "not browser and not rules and not pages": [f"--ignore={name}" for name in apart],
        "pages and not browser": page_files(),
    }
    folders = {
        **({"not browser and not rules": []} if asked else units),
        "rules": [f"tests/{name}" for name in RULES],
        # Some tests of an app drive a browser too.
        "browser": ["tests/browser", *marked("browser")],
    }
    steps = [
        [
            Part(
                whole,
                [
                    *parallel,
                    *rest,
                    *([] if asked else where),
                    "-m",
                    f"{elsewhere}{part} and ({marker})",
                ],
            )
        ]
        for part, where in folders.items()
    ]
    if not whole:
        where = [] if asked else marked("postgres")
        races = Part(True, [*rest, *where, "-m", f"postgres and ({marker})"])
        steps = [*steps, [races]] if asked else [*steps[:-1], [*steps[-1], races]]
    return steps


def marked(name: str) -> list[str]:
    """The files that hold a test with this mark."""
    return [path for path, text in _files() if f"mark.{name}" in text]


def page_files() -> list[str]:
    """The files whose tests ask the site for pages; all of such a file is marked `pages`."""
    apart = tuple(f"tests/{name}/" for name in (*RULES, "browser"))
    return [path for path, text in _files() if _CLIENT.search(text) and not path.startswith(apart)]


@cache
def _files() -> list[tuple[str, str]]:
    """Every file of tests, from the project's folder, with its text."""
    return [
        (path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8"))
        for path in sorted((ROOT / "tests").rglob("test_*.py"))
    ]


def run_together(parts: list[Part], url: str) -> list[tuple[int, Counter]]:
    """Run parts side by side; what all but the first print is shown when the first has ended."""

    def start(part: Part, said: Path | None = None) -> tuple[int, Counter]:
        return pytest_run(part.arguments, url if part.on_postgres else "", said)

    def named(part: Part) -> str:
        return part.name(on_postgres=bool(part.on_postgres and url))

    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor() as pool:
        beside = [
            (part, said := Path(folder) / f"{n}.txt", pool.submit(start, part, said))
            for n, part in enumerate(parts[1:])
        ]
        print(f"\n── {named(parts[0])} ──", flush=True)
        results = [start(parts[0])]
        for part, said, began in beside:
            results.append(began.result())
            print(f"\n── {named(part)} ──", flush=True)
            print(said.read_text(encoding="utf-8", errors="replace"), flush=True)
    return results


def run(args: list[str]) -> int:
    """Return 0 when every test passed, and none was skipped in CI."""
    if QUESTIONS.intersection(args):
        return pytest_run(args)[0]
    strict = os.environ.get("CI") == "true"
    total, worst = Counter(passed=0, failed=0, skipped=0), 0
    with contextlib.ExitStack() as stack:
        url = ""
        try:
            url = stack.enter_context(postgres.server())
        except (FileNotFoundError, RuntimeError) as error:
            print(f"PostgreSQL: {error}", flush=True)
            # Asked for, it must not run on something else and look well.
            worst = 1 if strict or os.environ.get("LINDUNGI_TEST_DATABASE") == "postgres" else 0
        for parts in plan(args):
            for code, counted in run_together(parts, url):
                total.update(counted)
                worst = worst or (0 if code == NO_TESTS else code)
    if strict and total["skipped"]:
        worst = worst or 1
    if not sum(total.values()):
        worst = worst or NO_TESTS
    print("\n{passed} passed, {failed} failed, {skipped} skipped".format(**total), flush=True)
    return worst
