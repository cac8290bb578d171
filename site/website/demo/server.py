"""Serves the demo: the application server, a background worker and the minute clock, as one."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress

from django.conf import settings
from django.core.management import call_command

WORKERS = 2
MINUTE = 60
LONGEST_START = 60


def _command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", *arguments]


def _server(host: str, port: int) -> list[str]:
    return _command(
        "granian",
        "--interface",
        "wsgi",
        "--host",
        socket.gethostbyname(host),  # granian takes addresses only
        "--port",
        str(port),
        "--workers",
        str(WORKERS),
        "--blocking-threads",
        "1",
        # A worker that died would take the others with it.
        "--respawn-failed-workers",
        "--log-level",
        "warning",
        "website.wsgi:application",
    )


def _start(command: list[str], environment: dict[str, str]) -> subprocess.Popen:
    return subprocess.Popen(  # noqa: S603
        command, env=environment, cwd=settings.BASE_DIR, start_new_session=True
    )


def serve(host: str, port: int, *, on_ready: Callable[[], None]) -> None:
    """Run until interrupted; `on_ready` is called once the server answers."""
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join([str(settings.BASE_DIR), str(settings.BASE_DIR / "site")]),
        "DJANGO_SETTINGS_MODULE": os.environ["DJANGO_SETTINGS_MODULE"],
    }
    running = [_start(_server(host, port), environment)]
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_args: stop.set())
    signal.signal(signal.SIGINT, lambda *_args: stop.set())
    try:
        _wait_until_it_answers(host, port, running[0])
        on_ready()
        # Only now: on a small machine it would make the first page wait.
        running.append(_start(_command("django", "db_worker", "--queue-name", "*"), environment))
        next_tick = time.monotonic()
        while not stop.wait(1):
            if running[0].poll() is not None:
                raise SystemExit(running[0].returncode)
            if time.monotonic() >= next_tick:
                next_tick += MINUTE
                call_command("tick", verbosity=0)
    finally:
        for process in running:
            _stop(process, signal.SIGTERM)
        for process in running:
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout=5)
            # Whatever a worker left behind would keep the port.
            _stop(process, signal.SIGKILL)


def _stop(process: subprocess.Popen, how: signal.Signals) -> None:
    """Signal the process and all it has started; each has a session of its own."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, how)


def _wait_until_it_answers(host: str, port: int, process: subprocess.Popen) -> None:
    deadline = time.monotonic() + LONGEST_START
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise SystemExit(process.returncode)
        connection = http.client.HTTPConnection(host, port, timeout=1)
        try:
            connection.request("GET", "/healthz")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.05)
        finally:
            connection.close()
    raise SystemExit("The server does not answer.")
