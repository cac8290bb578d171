import subprocess
import sys

import pytest


def run(root, *command):
    done = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=root,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    return done.returncode, done.stdout[-4000:]


@pytest.mark.parametrize("arguments", [("check", "--no-cache"), ("format", "--check")])
def test_ruff_has_nothing_to_say(root, arguments):
    code, said = run(root, "ruff", *arguments, ".")
    assert code == 0, said


def templates(files):
    return [str(path) for path in files if path.suffix == ".html"]


def test_templates_are_indented(root, files):
    code, said = run(root, "djhtml", "--check", "--tabwidth", "4", *templates(files))
    assert code == 0, said


def test_templates_are_well_formed(root, files):
    code, said = run(root, "curlylint", *templates(files))
    assert code == 0, said
