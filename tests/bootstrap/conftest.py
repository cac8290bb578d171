"""A copy of the bootstrap with a lock of one tiny package, in surroundings of its own."""

import os
import shutil
import subprocess
import sys
import zipfile
from hashlib import sha256
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NAME, VERSION = "django", "0.0.1"


def tiny_wheel(folder: Path) -> Path:
    """A package that calls itself Django and says what it was asked to do."""
    path = folder / f"{NAME}-{VERSION}-py3-none-any.whl"
    info = f"{NAME}-{VERSION}.dist-info"
    management = "import sys\ndef execute_from_command_line(argv):\n    print('ran', argv[1:])\n"
    with zipfile.ZipFile(path, "w") as wheel:
        for name, content in {
            "django/__init__.py": "",
            "django/core/__init__.py": "",
            "django/core/management/__init__.py": management,
            f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {NAME}\nVersion: {VERSION}\n",
            f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
            f"{info}/RECORD": "",
        }.items():
            wheel.writestr(name, content)
    return path


class Copy:
    """A folder with manage.py and the bootstrap; `run` starts its commands as a person would."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.wheels = folder.parent / "wheels"
        self.wheels.mkdir()
        (folder / "tests").mkdir(parents=True)
        shutil.copy(ROOT / "manage.py", folder)
        shutil.copytree(ROOT / "site/bootstrap", folder / "site/bootstrap")
        wheel = tiny_wheel(self.wheels)
        self.lock(sha256(wheel.read_bytes()).hexdigest())

    def lock(self, digest: str) -> None:
        for name in ("requirements.lock", "tests/requirements.lock"):
            (self.folder / name).write_text(f"{NAME}=={VERSION} \\\n    --hash=sha256:{digest}\n")

    @property
    def venv(self) -> Path:
        return self.folder / ".venv"

    def environ(self, **more: str) -> dict[str, str]:
        """Nothing of ours: the system's PATH, and pip told to look into one folder only."""
        kept = {"PATH": os.defpath, "HOME": str(self.folder), "PIP_CONFIG_FILE": os.devnull}
        local = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(self.wheels)}
        return kept | local | more

    def start(self, *arguments: str, python: str = "", **environ: str) -> subprocess.Popen:
        base = python or getattr(sys, "_base_executable", sys.executable)
        return subprocess.Popen(
            [base, "manage.py", *arguments],
            cwd=self.folder,
            env=self.environ(**environ),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def run(self, *arguments: str, python: str = "", **environ: str) -> tuple[int, str]:
        process = self.start(*arguments, python=python, **environ)
        said, _ = process.communicate(timeout=120)
        return process.returncode, said


@pytest.fixture
def copy(tmp_path) -> Copy:
    return Copy(tmp_path / "lindungi")
