"""A demo of its own for a measurement: set up in a folder, served on a free port, stopped after."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/", headers={"Host": "klaten.localhost"})
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


@contextmanager
def demo(
    folder: Path,
    *,
    root: Path = ROOT,
    python: str = sys.executable,
    environ=None,
    limit: float = 300,
) -> Iterator[tuple[int, float]]:
    """Yield (port, seconds until a district's home page answered)."""
    port = free_port()
    folder.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    process = subprocess.Popen(
        [python, "manage.py", "demo", f"127.0.0.1:{port}"],
        cwd=root,
        env=(environ or os.environ.copy()) | {"LINDUNGI_DATA": str(folder)},
        stdout=subprocess.DEVNULL,
        stderr=(folder / "demo.log").open("w"),
        start_new_session=True,
    )
    try:
        while not answers(port):
            if process.poll() is not None or time.monotonic() - began > limit:
                raise SystemExit(
                    f"The demo did not come up:\n{(folder / 'demo.log').read_text()[-4000:]}"
                )
            time.sleep(0.1)
        yield port, time.monotonic() - began
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
