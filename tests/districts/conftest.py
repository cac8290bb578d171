"""What several tests of this folder need."""

import os

import pytest

from districts.paper import press


@pytest.fixture
def layout(tmp_path):
    """A layout of its own for a test: write its text, get its name."""
    folder = press._root(os.getpid()) / "uji"
    folder.mkdir(exist_ok=True)

    def write(text: str, name: str = "lembar") -> str:
        (folder / f"{name}.typ").write_text('#import "/house.typ": *\n#show: paper\n' + text)
        press._digest_once.cache_clear()
        return f"uji/{name}"

    yield write
    for path in folder.glob("*.typ"):
        path.unlink()
    folder.rmdir()
