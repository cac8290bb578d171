"""Both lock files hold what pyproject.toml asks for, with hashes and without addresses."""

import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

LOCKS = {"requirements.lock": ("site",), "tests/requirements.lock": ("site", "test")}


def asked(root, extras) -> list[Requirement]:
    project = tomllib.loads((root / "pyproject.toml").read_text())["project"]
    lines = list(project["dependencies"])
    for extra in extras:
        lines += project["optional-dependencies"][extra]
    return [Requirement(line) for line in lines]


def entries(root, lock) -> list[tuple[Requirement, int]]:
    """(requirement, number of hashes) of every entry."""
    blocks = re.split(r"\n(?=\S)", (root / lock).read_text().strip())
    return [
        (
            Requirement(block.split(" \\\n")[0]),
            len(re.findall(r"--hash=sha256:[0-9a-f]{64}", block)),
        )
        for block in blocks
    ]


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_holds_what_the_project_asks_for(root, lock):
    locked = {}
    for requirement, _ in entries(root, lock):
        version = str(requirement.specifier).removeprefix("==")
        locked.setdefault(canonicalize_name(requirement.name), set()).add(version)
    for wanted in asked(root, LOCKS[lock]):
        versions = locked[canonicalize_name(wanted.name)]
        assert versions == set(wanted.specifier.filter(versions)), wanted


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_has_hashes_and_no_address(root, lock):
    assert [str(pin) for pin, hashes in entries(root, lock) if not hashes] == []
    assert [str(pin) for pin, _ in entries(root, lock) if pin.url] == []
    text = (root / lock).read_text()
    assert re.findall(r"(?m)^\s*(?:--?(?:index|extra|find|trusted|f |i )\S*|.*://).*$", text) == []


def test_the_tests_lock_holds_the_same_versions_as_the_site(root):
    site, tests = (
        {(pin.name, str(pin.specifier)) for pin, _ in entries(root, lock)} for lock in LOCKS
    )
    assert site - tests == set()


@pytest.mark.parametrize(("python", "series"), [("3.11", "5.2"), ("3.12", "6.1"), ("3.14", "6.1")])
def test_each_python_gets_its_django(root, python, series):
    environment = {"python_version": python, "python_full_version": f"{python}.9"}
    chosen = [
        str(pin.specifier)
        for pin, _ in entries(root, "requirements.lock")
        if pin.name == "django" and (not pin.marker or pin.marker.evaluate(environment))
    ]
    assert [version.startswith(f"=={series}.") for version in chosen] == [True]
