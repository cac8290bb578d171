"""Finds or builds the Python environment that a command needs, and goes on inside it.

Standard library only. It changes nothing but .venv: an interpreter that already holds the locked
versions is used as it is, any other is only borrowed to make that folder.
`LINDUNGI_VENV` names another folder; `LINDUNGI_NO_VENV=1` leaves everything to the caller.
"""

import os
import subprocess
import sys
from importlib import metadata
from pathlib import Path

from bootstrap.address import check_address
from bootstrap.environment import ROOT, build, stamped, works
from bootstrap.locks import pins, python_of
from bootstrap.terminal import stop


def prepare(argv: list[str]) -> None:
    """Return when this interpreter holds what `argv`'s command needs; else go on in .venv's."""
    command = argv[1] if len(argv) > 1 else ""
    if command == "demo":
        check_address(argv[2:])
    if os.environ.get("LINDUNGI_NO_VENV") == "1":
        return
    lock = ROOT / ("tests/requirements.lock" if command == "test" else "requirements.lock")
    venv = ROOT / os.environ.get("LINDUNGI_VENV", ".venv")
    inside = venv.is_dir() and os.path.samefile(sys.prefix, venv)
    if (inside and stamped(venv, lock)) or satisfied(lock):
        return
    if not (stamped(venv, lock) and works(venv)):
        build(venv, lock)
    if os.environ.get("LINDUNGI_INSIDE"):
        stop(f"{venv.name} rusak; hapus lalu ulangi.", f"{venv.name} is broken; remove it.")
    go_on_inside(venv, argv)


def satisfied(lock: Path) -> bool:
    """True when this interpreter holds the locked versions."""
    locked = pins(lock)
    for name in sorted(locked, key=lambda name: name != "django"):
        versions, conditional = locked[name]
        try:
            if metadata.version(name) not in versions:
                return False
        except metadata.PackageNotFoundError:
            if not conditional or name == "django":
                return False
    return True


def go_on_inside(venv: Path, argv: list[str]) -> None:
    command = [str(python_of(venv)), str(ROOT / "manage.py"), *argv[1:]]
    environ = os.environ | {"LINDUNGI_INSIDE": "1"}
    sys.stdout.flush()
    sys.stderr.flush()
    if os.name == "nt":  # exec there returns to the prompt too early.
        raise SystemExit(subprocess.call(command, env=environ))
    os.execve(command[0], command, environ)
