"""A PostgreSQL server of our own, in a temporary folder, gone when the tests are."""

import contextlib
import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

INSTALL = "PostgreSQL is not installed: apt-get install postgresql"
# Nothing here outlives the tests, so nothing waits for the disk.
OPTIONS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "max_connections": "120",
    "shared_buffers": "64MB",
    "listen_addresses": "127.0.0.1",
}


def programs() -> Path | None:
    """The folder that holds initdb and postgres: a version's own folder before PATH."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    found = shutil.which("initdb")
    folders += [Path(found).resolve().parent] if found else []
    return next((f for f in folders if (f / "initdb").exists() and (f / "postgres").exists()), None)


def unprivileged() -> dict[str, object]:
    """Arguments for subprocess: another user than root, as whom PostgreSQL refuses to run."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            account = pwd.getpwnam(name)
            return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    raise RuntimeError("no user 'postgres' or 'nobody' to run PostgreSQL as")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def server() -> Iterator[str]:
    """Yield the `DATABASE_URL` of a fresh server; raises FileNotFoundError without PostgreSQL."""
    bin_folder = programs()
    if bin_folder is None:
        raise FileNotFoundError(INSTALL)
    as_user = unprivileged()
    folder = Path(tempfile.mkdtemp(prefix="lindungi-postgres-"))
    if as_user:
        os.chown(folder, as_user["user"], as_user["group"])
    password, port = secrets.token_hex(16), free_port()
    environ = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8", "HOME": str(folder)}

    def run(program: str, *arguments: str) -> None:
        done = subprocess.run(
            [str(bin_folder / program), *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=folder,
            env=environ,
            **as_user,
        )
        if done.returncode:
            raise RuntimeError(f"{program}: {done.stdout[-2000:]}")

    secret = folder / "password"
    secret.write_text(password)
    if as_user:
        os.chown(secret, as_user["user"], as_user["group"])
    data, log = str(folder / "data"), str(folder / "log")
    try:
        run("initdb", "-D", data, "-U", "lindungi", "-A", "scram-sha-256", "-E", "UTF8",
            "--locale=C.UTF-8", "--no-sync", f"--pwfile={secret}")  # fmt: skip
        options = " ".join(f"-c {key}={value}" for key, value in OPTIONS.items())
        options += f" -p {port} -k {folder}"
        # pg_ctl keeps the server's output in a file: a pipe would never close.
        run("pg_ctl", "-D", data, "-l", log, "-w", "-t", "60", "-o", options, "start")
        yield f"postgres://lindungi:{password}@127.0.0.1:{port}/postgres"
    finally:
        with contextlib.suppress(RuntimeError):
            run("pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
        shutil.rmtree(folder, ignore_errors=True)
