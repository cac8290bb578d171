"""The files of the project, as the house rules see them."""

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LEFT_BEHIND = {".git", ".venv", "var", "dist", "__pycache__"}


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def files() -> list[Path]:
    """Paths below the root: what git tracks or would, or all of an unpacked archive."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if listed.returncode == 0:
        paths = [Path(name) for name in listed.stdout.split("\0") if name]
    else:
        paths = [path.relative_to(ROOT) for path in ROOT.rglob("*")]
        paths = [p for p in paths if not LEFT_BEHIND & set(p.parts) and ".venv" not in p.parts[0]]
    return sorted(path for path in paths if (ROOT / path).is_file())


@pytest.fixture(scope="session")
def texts(files) -> dict[Path, str]:
    """The text of every source file: Python, templates, scripts, styles, catalogues, settings."""
    kinds = {".py", ".html", ".js", ".css", ".po", ".toml", ".md", ".txt", ".yaml", ".yml", ""}
    found = {}
    for path in files:
        if path.suffix in kinds and (ROOT / path).stat().st_size < 400_000:
            found[path] = (ROOT / path).read_text(encoding="utf-8", errors="replace")
    return found
