"""Puts the packages of a lock file into .venv with pip.

Several pips at once, each with a share of the file: one alone mostly waits, for the index and then
for the disk. Shares hold different packages, so they never write the same file. Nothing is compiled
beforehand; Python does that with what it imports.
"""

import subprocess
import threading
from pathlib import Path
from tempfile import TemporaryDirectory

from bootstrap.locks import clean_environ, installed, pins, python_of
from bootstrap.terminal import Progress

SHARES = 4
OPTIONS = ("--no-deps", "--require-hashes", "--only-binary=:all:", "--no-compile", "--no-user")


def install(venv: Path, lock: Path, progress: Progress) -> str:
    """Install everything that `lock` pins, showing how far it is.

    Returns "" when all is there, else what the pip that failed has said.
    """
    with TemporaryDirectory(dir=venv) as folder:
        pips = [Pip(venv, share) for share in _shares(lock, Path(folder))]
        before = len(installed(venv))
        try:
            while not (failed := [pip for pip in pips if pip.failed]):
                running = [pip for pip in pips if pip.runs]
                if not running:
                    return ""
                _show(progress, pips, total=len(pins(lock)), placed=len(installed(venv)) - before)
                running[0].reader.join(0.25)
            return "".join(failed[0].said) or "pip"
        finally:
            for pip in pips:
                pip.process.terminate()
            for pip in pips:
                pip.process.wait()


class Pip:
    """A pip at work on one share of the lock file."""

    def __init__(self, venv: Path, share: Path):
        self.said: list[str] = []
        command = [str(python_of(venv)), "-m", "pip", "install", *OPTIONS]
        self.process = subprocess.Popen(
            [*command, "--progress-bar=off", "-r", str(share)],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            env=clean_environ(),
        )
        self.reader = threading.Thread(
            target=lambda: self.said.extend(self.process.stdout), daemon=True
        )
        self.reader.start()

    @property
    def runs(self) -> bool:
        return self.reader.is_alive()

    @property
    def failed(self) -> bool:
        return not self.runs and self.process.wait() != 0


def _shares(lock: Path, folder: Path) -> list[Path]:
    """The lock file in several parts; an entry's hashes stand indented below it."""
    entries: list[list[str]] = []
    for line in lock.read_text().splitlines(keepends=True):
        if line.startswith((" ", "\t")) and entries:
            entries[-1].append(line)
        elif line.strip() and not line.startswith("#"):
            entries.append([line])
    paths = []
    for number in range(min(SHARES, len(entries))):
        paths.append(folder / f"{number}.txt")
        paths[-1].write_text("".join(line for entry in entries[number::SHARES] for line in entry))
    return paths


def _show(progress: Progress, pips: list[Pip], *, total: int, placed: int) -> None:
    lines = [line for pip in pips for line in list(pip.said)]
    known = sum(line.startswith("Requirement already satisfied") for line in lines)
    skipped = sum(line.startswith("Ignoring ") for line in lines)
    collecting = [line.split()[1] for line in lines if line.startswith("Collecting ")]
    progress.total = max(1, total - skipped)
    done = (len(collecting) + max(0, placed)) / 2 + known
    what = "memasang" if placed > 0 else collecting[-1] if collecting else "pip"
    progress.show(min(done / progress.total, 0.99), what)
