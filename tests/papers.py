"""Read a PDF with poppler, which is not ours."""

import shutil
import subprocess

from tests.conftest import missing


def needs_poppler() -> None:
    if shutil.which("pdftotext") is None:
        missing("needs pdftotext: apt-get install poppler-utils")


def text_of(content: bytes, *, layout: bool = False) -> str:
    """The text of a PDF in reading order, or as it lies on the page."""
    needs_poppler()
    options = ["-layout"] if layout else []
    command = ["pdftotext", *options, "-", "-"]
    return subprocess.run(command, input=content, capture_output=True, check=True).stdout.decode()


def info_of(content: bytes) -> dict[str, str]:
    """What `pdfinfo` says: Title, Pages, Tagged, Page size …"""
    needs_poppler()
    told = subprocess.run(["pdfinfo", "-"], input=content, capture_output=True, check=True)
    pairs = (line.split(":", 1) for line in told.stdout.decode().splitlines() if ":" in line)
    return {name.strip(): value.strip() for name, value in pairs}
