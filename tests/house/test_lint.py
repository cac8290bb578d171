import os
import subprocess
import sys
import tempfile
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

import pytest


def run(root, *command):
    done = subprocess.run(
        [sys.executable, *command],
        cwd=root,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    return done.returncode, done.stdout[-4000:]


@pytest.mark.parametrize("arguments", [("check", "--no-cache"), ("format", "--check")])
def test_ruff_has_nothing_to_say(root, arguments):
    code, said = run(root, "-m", "ruff", *arguments, ".")
    assert code == 0, said


def templates(files):
    return [str(path) for path in files if path.suffix == ".html"]


def test_templates_are_indented(root, files):
    code, said = run(root, "-m", "djhtml", "--check", "--tabwidth", "4", *templates(files))
    assert code == 0, said


# curlylint's parser takes a quarter of a second for a page. It judges every file by itself, so
# bytes that it found well formed under the same rules stay well formed.
WITHOUT_COLLECTING = (
    "import gc; gc.disable(); from curlylint.cli import patched_main as main; main()"
)


def fingerprint(root, path) -> str:
    rules = (root / "pyproject.toml").read_text().partition("[tool.curlylint]")[2]
    rules = rules.partition("\n[tool.i")[0] + version("curlylint")
    return sha256(rules.encode() + b"\0" + (root / path).read_bytes()).hexdigest()


def test_templates_are_well_formed(root, files):
    known = Path(tempfile.gettempdir()) / f"lindungi-well-formed-{os.getuid()}"
    seen = set(known.read_text().split()) if known.exists() else set()
    prints = {path: fingerprint(root, path) for path in templates(files)}
    unseen = [path for path, found in prints.items() if found not in seen]
    if unseen:
        code, said = run(root, "-c", WITHOUT_COLLECTING, *unseen)
        assert code == 0, said
    known.write_text("\n".join(prints.values()))
