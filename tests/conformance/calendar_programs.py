"""Programs of others that read calendars: installed where they are missing, asked, compared."""

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

READERS = Path(__file__).parent / "readers"
ICAL_JS = "ical.js@2.2.1"


@dataclass(frozen=True, order=True)
class Shown:
    """One date as a reader shows it: moments in UTC, or days, as text."""

    start: str
    end: str
    status: str
    summary: str
    location: str


def installed(*packages: str) -> None:
    """Debian's packages, as CI installs those it needs."""
    found = subprocess.run(["dpkg", "-s", *packages], capture_output=True)
    if found.returncode == 0:
        return
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    root = [] if os.geteuid() == 0 else ["sudo", "--preserve-env=DEBIAN_FRONTEND"]
    subprocess.run([*root, "apt-get", "update", "-qq"], check=True, env=quiet)
    command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
    subprocess.run([*root, *command], check=True, env=quiet, stdout=subprocess.DEVNULL)


def icaljs(folder: Path) -> list[str]:
    if not (shutil.which("node") and shutil.which("npm")):
        installed("nodejs", "npm")
    (folder / "package.json").write_text('{"private": true}')
    command = ["npm", "install", "--no-audit", "--no-fund", ICAL_JS]
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    return ["node", str(READERS / "icaljs.mjs")]


def sabre(_folder: Path) -> list[str]:
    installed("php-cli", "php-sabre-vobject")
    return ["php", str(READERS / "sabre.php")]


def libical(folder: Path) -> list[str]:
    installed("gcc", "libc6-dev", "libical-dev")
    program = str(folder / "libical")
    subprocess.run(["cc", str(READERS / "libical.c"), "-lical", "-o", program], check=True)
    return [program]


def evolution(_folder: Path) -> list[str]:
    installed("evolution-data-server", "gir1.2-ecal-2.0", "python3-gi", "dbus-daemon")
    return ["dbus-run-session", "--", "/usr/bin/python3", str(READERS / "evolution.py")]


def shown_by(command: list[str], feed: bytes, folder: Path) -> list[Shown]:
    """All dates of the feed, in order, as the program shows them."""
    return _shown(_told(command, folder, feed))


def names_seen_by(command: list[str], feed: bytes, folder: Path) -> list[list[str]]:
    """The names of the properties of every date."""
    return [json.loads(line)["names"] for line in _told(command, folder, feed).splitlines()]


def shown_by_client(command: list[str], address: str, folder: Path) -> list[Shown]:
    """The same by a program that fetches the feed itself; it has a home of its own."""
    own = os.environ | {"HOME": str(folder), "XDG_RUNTIME_DIR": str(folder)}
    for name in ("CONFIG", "CACHE", "DATA"):
        own[f"XDG_{name}_HOME"] = str(folder / name.lower())
    return _shown(_told([*command, address], folder, b"", env=own))


def _told(command: list[str], folder: Path, feed: bytes, **more) -> str:
    done = subprocess.run(command, input=feed, cwd=folder, capture_output=True, timeout=300, **more)
    sys.stderr.write(done.stderr.decode(errors="replace")[-4_000:])
    assert done.returncode == 0, done.stderr.decode(errors="replace")[-4_000:]
    return done.stdout.decode()


def _shown(told: str) -> list[Shown]:
    lines = [line for line in told.split("\n") if line]
    return sorted(_of_json(line) if line.startswith("{") else _of_text(line) for line in lines)


def _of_json(line: str) -> Shown:
    one = json.loads(line)
    return Shown(*(one[name] for name in ("start", "end", "status", "summary", "location")))


def _of_text(line: str) -> Shown:
    _uid, start, end, status, *words = line.split("\t")
    plain = {"\\\\": "\\", "\\n": "\n", "\\t": "\t"}
    summary, location = (
        re.sub(r"\\[\\nt]", lambda found: plain[found[0]], text) for text in words[:2]
    )
    return Shown(start, end, status, summary, location)
