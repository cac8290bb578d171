"""What is said on the terminal: progress, and one plain sentence for every failure."""

import re
import sys
import time
from pathlib import Path

# What pip says, most telling first, and the sentences for it.
REASONS = (
    (
        r"No space left on device|Errno 28|Disk quota exceeded|WinError 112",
        "Ruang disk habis; kosongkan sedikitnya 1 GB di disk folder ini, lalu ulangi.",
        "The disk is full; free at least 1 GB on the disk of this folder, then try again.",
    ),
    (
        r"DO NOT MATCH THE HASHES",
        "Isi sebuah paket berbeda dari yang dikunci, jadi tidak dipasang;"
        " periksa indeks paket yang disetel pada pip.",
        "A package differs from the locked one and was not installed;"
        " check the package index that pip is set to.",
    ),
    (
        r"NewConnectionError|Failed to establish|Max retries exceeded|ProxyError|SSLError"
        r"|Connection(?: to \S+)? (?:refused|timed out|broken)|ConnectionResetError"
        r"|ConnectTimeout|ReadTimeout|Read timed out|RemoteDisconnected"
        r"|name resolution|Network is unreachable",
        "Tidak ada sambungan ke indeks paket; periksa internet (atau setelan pip) lalu ulangi.",
        "The package index cannot be reached; check the network (or pip's settings), try again.",
    ),
    (
        r"Permission denied|Read-only file system|Errno 13|WinError 5",
        "Folder ini tidak boleh ditulisi; salin Lindungi ke folder milik Anda lalu ulangi.",
        "This folder is not writable; copy Lindungi to a folder of yours and try again.",
    ),
    (
        r"No matching distribution found|Could not find a version",
        "Indeks paket tidak punya paket siap pakai untuk Python atau sistem ini;"
        " coba Python 3.11 sampai 3.14.",
        "The package index has no ready-made package for this Python or system;"
        " try Python 3.11 to 3.14.",
    ),
)


def stop(indonesian: str, english: str) -> None:
    """End with one plain sentence, said in both languages."""
    raise SystemExit(f"\n{indonesian}\n{english}")


def explain(said: str, log: Path | None = None) -> None:
    """Stop with the sentence that fits what a program or the system said."""
    for pattern, indonesian, english in REASONS:
        if re.search(pattern, said):
            stop(indonesian, english)
    last = next((line for line in reversed(said.splitlines()) if line.strip()), "?").strip()
    where = f" ({log})" if log else ""
    stop(
        f"Penyiapan .venv gagal: {last}{where}",
        f"Preparing .venv failed: {last}{where}",
    )


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


class Progress:
    """One line that moves on a terminal; a line every tenth part elsewhere."""

    def __init__(self, total: int):
        self.total = total
        self.began = time.monotonic()
        self.tenth = -1
        say("Menyiapkan .venv dari berkas terkunci; hanya sekali. (preparing .venv, once)")

    def show(self, fraction: float, what: str) -> None:
        percent = int(fraction * 100)
        seconds = int(time.monotonic() - self.began)
        bar = "#" * (percent // 5) + "." * (20 - percent // 5)
        line = f"  [{bar}] {percent:3d} %  {seconds} s  {what}"
        if sys.stderr.isatty():
            print(f"\r{line[:78]:<78}", end="", file=sys.stderr, flush=True)
        elif percent // 10 > self.tenth:
            self.tenth = percent // 10
            say(line)

    def finish(self) -> None:
        self.show(1, f"{self.total} paket siap")
        if sys.stderr.isatty():
            say("")
