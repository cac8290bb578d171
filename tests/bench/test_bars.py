"""Each benchmark as a test: red when its bar is missed; `-m bench -s` shows the tables."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.bench


@pytest.mark.parametrize(
    "name",
    [
        "pages",
        "paper",
        "regions",
        "demo",
        "writes",
        "checkin",
        "calendar",
        "feeds",
        "lighthouse",
        "export",
        "certificates",
    ],
)
def test_benchmark_meets_its_bars(name):
    done = subprocess.run(
        [sys.executable, "-m", f"tests.bench.bench_{name}"],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "site")])},
    )
    assert done.returncode == 0
