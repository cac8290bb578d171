"""What a lock file pins, and what an environment has of it."""

import os
import re
from pathlib import Path

PIN = re.compile(r"^([A-Za-z0-9][\w.-]*)==([^\s;\\]+)\s*(;?)", re.MULTILINE)
# Settings that would send packages elsewhere than into .venv.
DIVERTING = {"PYTHONHOME", "PYTHONPATH", "PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PIP_ROOT"}


def pins(lock: Path) -> dict[str, tuple[set[str], bool]]:
    """Name → (locked versions, True when every one depends on the platform)."""
    found: dict[str, tuple[set[str], bool]] = {}
    for name, version, marker in PIN.findall(lock.read_text()):
        versions, conditional = found.get(name, (set(), True))
        found[name] = (versions | {version}, conditional and bool(marker))
    return found


def python_of(venv: Path) -> Path:
    return venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def clean_environ() -> dict[str, str]:
    """The caller's surroundings (pip's own settings included) without what diverts packages."""
    kept = {key: value for key, value in os.environ.items() if key not in DIVERTING}
    return kept | {
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PIP_NO_INPUT": "1",
        "PIP_ROOT_USER_ACTION": "ignore",
        "PYTHONUNBUFFERED": "1",
    }


def installed(venv: Path) -> list[Path]:
    packages = "Lib/site-packages" if os.name == "nt" else "lib/python*/site-packages"
    return list(venv.glob(f"{packages}/*.dist-info"))
