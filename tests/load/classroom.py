"""A class as a machine meets it: a served site with one open run, and as many phones as wanted.

`python -m tests.load.classroom <number>` fills the database of the environment with a run and so
many participants, and prints as JSON what the phones need.
"""

import http.client
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from tests.bench.served import ROOT, free_port

HOST = "lebak.localhost"
LONGEST_START = 60


def environment(folder: Path, **more: str) -> dict[str, str]:
    """The durable settings of the demo, with the database in `folder` or at DATABASE_URL."""
    known = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    return known | {
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "site")]),
        "DJANGO_SETTINGS_MODULE": "website.settings.dev",
        "LINDUNGI_DATA": str(folder),
        **more,
    }


def set_up(environ: dict[str, str], participants: int) -> dict:
    """Make the run in a process of its own, because this one has other settings."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.load.classroom", str(participants)],
        cwd=ROOT,
        env=environ,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return json.loads(done.stdout.splitlines()[-1])


@contextmanager
def served(environ: dict[str, str], application: str = "website.wsgi:application") -> Iterator[int]:
    """Yield the port of the application behind the server of the demo, with two workers."""
    process, port = start(environ, application)
    try:
        yield port
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=20)


def start(environ: dict[str, str], application: str) -> tuple[subprocess.Popen, int]:
    """The server, which answers already, and its port; it leads a process group of its own."""
    port = free_port()
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1"),
            *("--port", str(port), "--workers", "2", "--blocking-threads", "1"),
            *("--backlog", "2048", "--log-level", "warning", application),
        ],
        cwd=ROOT,
        env=environ,
        start_new_session=True,
    )
    deadline = time.monotonic() + LONGEST_START
    while not _answers(port):
        if process.poll() is not None or time.monotonic() > deadline:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            raise RuntimeError("The server does not answer.")
        time.sleep(0.1)
    return process, port


def _answers(port: int) -> bool:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=5)) as connection:
        try:
            connection.request("GET", "/healthz", headers={"Host": HOST})
            return connection.getresponse().status == 200
        except OSError:
            return False


@dataclass
class Phone:
    """Speaks HTTP over one connection, keeps cookies, and notes how long each answer took."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    took: list[float] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)

    def ask(self, method: str, path: str, form: dict[str, str] | None = None) -> str:
        return self.fetch(path, method, form).decode()

    def fetch(self, path: str, method: str = "GET", form: dict[str, str] | None = None) -> bytes:
        headers = {"Host": HOST, "Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
        body = None
        if form is not None:
            body = urlencode(form | {"csrfmiddlewaretoken": self.cookies.get("csrftoken", "")})
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        began = time.perf_counter()
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        content = answer.read()
        self.took.append(time.perf_counter() - began)
        self.statuses.append(answer.status)
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                key, _sep, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0]
        return content

    def close(self) -> None:
        self.connection.close()


def at_once(acts: list) -> float:
    """Call all acts at the same moment, each in a thread of its own; return the seconds."""
    gate, faults = threading.Barrier(len(acts) + 1), []

    def run(act) -> None:
        gate.wait()
        try:
            act()
        except Exception as error:  # noqa: BLE001 – a thread must not swallow its failure
            faults.append(error)

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    gate.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]
    return time.perf_counter() - began


def percentile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


def main() -> None:
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.utils import timezone

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    if "cache" in settings.DATABASES:
        call_command("createcachetable", database="cache", verbosity=0)
    from modules.services.runs import go_to
    from tests.factories.modules import ITEM, make_participant, make_run

    now = timezone.now()
    run = make_run(now=now)
    people = [make_participant(run, now=now).pk for _n in range(int(sys.argv[1]))]
    # The first step of the lesson: waiting room, survey before, step.
    go_to(run=run, step=2, now=now)
    items = {kind: str(item) for kind, item in ITEM.items()}
    told = {"run": run.pk, "code": run.code, "participants": people, "items": items}
    sys.stdout.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    main()
