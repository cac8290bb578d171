"""Read a PDF with poppler, which is not ours."""

import re
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


def headings_of(content: bytes) -> list[tuple[int, str]]:
    """(level, words) of the headings that a reader aloud finds."""
    needs_poppler()
    command = ["pdfinfo", "-struct-text", "-"]
    read = subprocess.run(command, input=content, capture_output=True, check=True).stdout
    found: list[tuple[int, str]] = []
    deep = None
    # What elements are titled it writes as UTF-16.
    for line in read.decode(errors="replace").splitlines():
        place = len(line) - len(line.lstrip())
        if one := re.match(r" *H(\d) ", line):
            deep = place
            found.append((int(one[1]), ""))
        elif deep is not None and place <= deep:
            deep = None
        elif deep is not None and (words := re.fullmatch(r' +"(.*)"', line)):
            found[-1] = (found[-1][0], found[-1][1] + words[1])
    return found
