"""The folder .venv: made from a hash-locked file, and made again if that was interrupted."""

import contextlib
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from bootstrap.locks import clean_environ, pins, python_of
from bootstrap.packages import install
from bootstrap.terminal import Progress, explain, say, stop

ROOT = Path(__file__).resolve().parents[2]
# The site takes 320 MB, with the tools of the tests 590 MB; pip unpacks elsewhere beforehand.
NEEDED_BYTES = {"requirements.lock": 600 * 1024**2, "tests/requirements.lock": 1000 * 1024**2}


def line_for(lock: Path) -> str:
    return f"{lock.relative_to(ROOT).as_posix()} {hashlib.sha256(lock.read_bytes()).hexdigest()}"


def stamped(venv: Path, lock: Path) -> bool:
    """True when .venv was finished from this very lock file (or from the tests', which adds)."""
    try:
        return line_for(lock) in (venv / "lindungi.stamp").read_text().splitlines()
    except OSError:
        return False


def works(venv: Path) -> bool:
    """False when, for example, the Python that .venv was made with is gone or was replaced."""
    try:
        run = subprocess.run([python_of(venv), "-Ic", "import django"], capture_output=True)
    except OSError:
        return False
    return run.returncode == 0


@contextlib.contextmanager
def alone(path: Path):
    """Hold a lock on `path`, so that two commands never build at once."""
    with path.open("a+") as handle:
        if os.name == "nt":
            import msvcrt

            def take(wait):
                msvcrt.locking(handle.fileno(), msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            def take(wait):
                fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))

        try:
            take(wait=False)
        except OSError:
            say("Menunggu perintah lain yang sedang menyiapkan .venv … (waiting for another run)")
            while True:
                with contextlib.suppress(OSError):
                    take(wait=True)
                    break
        yield


def build(venv: Path, lock: Path) -> None:
    """Make or mend .venv; whatever was interrupted is made again from the start."""
    try:
        make(venv, lock)
    except KeyboardInterrupt:
        stop("Dihentikan; perintah yang sama melanjutkannya.", "Stopped; run it again to go on.")
    except OSError as error:
        explain(f"[Errno {error.errno}] {error}")


def make(venv: Path, lock: Path) -> None:
    mark = venv / "lindungi.lock"
    if venv.is_dir() and any(venv.iterdir()) and not mark.exists():
        stop(
            f"Folder {venv.name} bukan buatan perintah ini dan isinya tidak cocok;"
            " ganti namanya atau hapus, lalu ulangi.",
            f"The folder {venv.name} was not made by this command and does not fit;"
            " rename or remove it, then try again.",
        )
    venv.mkdir(exist_ok=True)
    with alone(mark):
        if stamped(venv, lock) and works(venv):
            return
        if shutil.disk_usage(venv).free < NEEDED_BYTES[lock.relative_to(ROOT).as_posix()]:
            explain("No space left on device")
        progress = Progress(total=len(pins(lock)))
        stamp = venv / "lindungi.stamp"
        lines = stamp.read_text().splitlines() if stamp.exists() and works(venv) else []
        if not lines:
            progress.show(0, "folder .venv")
            make_empty(venv, keep=mark)
        stamp.unlink(missing_ok=True)
        said = install(venv, lock, progress)
        if said:
            give_up(venv, said)
        current = {line_for(ROOT / name) for name in ("requirements.lock", lock.relative_to(ROOT))}
        stamp.write_text("\n".join(sorted(current)) + "\n")
        progress.finish()


def make_empty(venv: Path, *, keep: Path) -> None:
    base = getattr(sys, "_base_executable", None) or sys.executable
    if subprocess.run([base, "-c", "import venv, ensurepip"], capture_output=True).returncode:
        stop(
            "Python ini tidak punya modul venv; pasang dahulu"
            " (Debian atau Ubuntu: sudo apt install python3-venv), lalu ulangi.",
            "This Python has no venv module; install it first"
            " (Debian or Ubuntu: sudo apt install python3-venv), then try again.",
        )
    for entry in venv.iterdir():
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        elif entry != keep:
            entry.unlink()
    made = subprocess.run(
        [base, "-m", "venv", str(venv)], capture_output=True, text=True, env=clean_environ()
    )
    if made.returncode:
        give_up(venv, made.stdout + made.stderr)


def give_up(venv: Path, said: str) -> None:
    """Explain why a program failed; some keep silent about a full disk."""
    if shutil.disk_usage(venv).free < 1024 * 1024:
        said = "No space left on device"
    log = venv / "lindungi.log"
    with contextlib.suppress(OSError):
        log.write_text(said)
    explain(said, log=log)
