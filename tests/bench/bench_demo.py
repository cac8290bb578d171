"""P-13: `manage.py demo` on a fresh machine ≤ 120 s with a warm package index, again ≤ 5 s.

Clones the repository into a temporary folder and runs the README's first command there with an
almost empty environment, so that it builds its own `.venv`.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.bench.served import ROOT, demo

FRESH, AGAIN = 120.0, 5.0
KEPT = ("PATH", "PIP_", "SSL_", "LANG", "HTTP")


def main() -> int:
    environ = {name: value for name, value in os.environ.items() if name.startswith(KEPT)}
    with tempfile.TemporaryDirectory(prefix="lindungi-fresh-") as name:
        clone = Path(name) / "clone"
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
        environ["HOME"] = name
        python = getattr(sys, "_base_executable", sys.executable)
        missed = 0
        for label, bar in (("fresh", FRESH), ("again", AGAIN)):
            with demo(Path(name) / "data", root=clone, python=python, environ=environ) as (
                _p,
                took,
            ):
                missed += took > bar
                verdict = "ok" if took <= bar else "MISSED"
                print(f"P-13 {label:6}{took:7.1f} s  bar {bar:.0f}  {verdict}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
