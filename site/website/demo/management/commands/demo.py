"""Sets up and serves the real thing: `demo [host:port]`."""

import json
import os
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections
from django.test import override_settings
from wagtail.models import Site
from wagtail.signal_handlers import disable_reference_index_auto_update

from campaigns.tasks import make_papers_of_district
from districts.models import District
from safeguards import tasks
from website.demo.disk import sentence_for
from website.demo.loader import (
    PASSWORD,
    code_fingerprint,
    content_fingerprint,
    load_offices,
    load_sessions,
    set_ports,
)
from website.demo.server import serve
from website.search.signals import indexed_later

DEFAULT_ADDRESS = "localhost:8000"
# Seconds that one process of the setup waits for the other's transaction.
PATIENCE = 600


def nothing_queued() -> override_settings:
    """Leave no background work: the setup itself does all of it that readers could miss.

    Some two thousand tasks, most of them the same, would keep a small machine busy for minutes.
    """
    return override_settings(TASKS={"default": {"BACKEND": tasks.DUMMY_BACKEND}})


def awake() -> None:
    """What a new process has done when it can say so: found and read all of this code."""


def wait_for_the_other() -> None:
    """Wait as long as it takes where both processes write: indexes are long transactions.

    For connections that are opened afterwards.
    """
    for connection in connections.all(initialized_only=False):
        if connection.vendor == "sqlite":
            connection.close()
            connection.settings_dict["OPTIONS"]["timeout"] = PATIENCE


def load_sessions_alone(*, unfinished: bool) -> None:
    """`load_sessions` in a process of its own."""
    wait_for_the_other()
    with nothing_queued():
        load_sessions(unfinished=unfinished)


class Command(BaseCommand):
    help = "Sets up the five districts and serves them. `demo 127.0.0.1:8123` serves elsewhere."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("address", nargs="?", default=DEFAULT_ADDRESS, help="host:port")
        parser.add_argument(
            "--only-setup", action="store_true", help="Set up and stop; do not serve."
        )

    def handle(self, *args, address, only_setup, **options):
        host, _sep, port_text = address.rpartition(":")
        if not port_text.isdecimal() or not 0 < int(port_text) < 65536:
            raise CommandError("demo [host:port], for example: demo 127.0.0.1:8123")
        if not getattr(settings, "MODULES_DEMO", False):
            # Its accounts have a password that everybody knows, and its modules no approval.
            raise CommandError("Pengaturan ini bukan untuk contoh: tidak ada yang dimuat.")
        self.host, self.port = host or "localhost", int(port_text)
        self.started = time.monotonic()
        try:
            logins = self._set_up()
            set_ports(self.port)
        except Exception as error:
            sentence = sentence_for(error, Path(settings.DATA_DIR))
            if not sentence:
                raise
            raise CommandError(sentence) from error
        if only_setup:
            return
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "website.settings.dev")
        serve(self.host, self.port, on_ready=lambda: self._say_addresses(logins))

    def _set_up(self) -> list[tuple[str, str, str]]:
        """Migrate and load, unless nothing has changed since the last time."""
        stamp_file = Path(settings.DATA_DIR) / "demo-ready.json"
        stamp = {
            "code": code_fingerprint(Path(settings.BASE_DIR)),
            "content": content_fingerprint(),
            "static": self._static_fingerprint(),
        }
        known = json.loads(stamp_file.read_text()) if stamp_file.exists() else {}
        if {key: known.get(key) for key in stamp} == stamp:
            return [tuple(row) for row in known["logins"]]
        settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
        self._step("basis data")
        wait_for_the_other()
        call_command("migrate", interactive=False, verbosity=0)
        if "cache" in settings.DATABASES:
            call_command("createcachetable", database="cache", verbosity=0)
        # Sessions are no pages, so another process can load them while this one reads the pages.
        # While it writes them, this one only waited for the other: SQLite has one writer.
        with ProcessPoolExecutor(1, get_context("spawn"), initializer=django.setup) as beside:
            beside.submit(awake)
            # Both indexes are made once, below, and not with each of hundreds of pages.
            with disable_reference_index_auto_update(), indexed_later(), nothing_queued():
                logins = load_offices(port=self.port, progress=self._step)
            self._step("kalender, dan indeks")
            sessions = beside.submit(load_sessions_alone, unfinished=not known)
            call_command("rebuild_modelsearch_index", verbosity=0)
            call_command("reindex", missing=True, verbosity=0)
            if known.get("static") != stamp["static"]:
                call_command("collectstatic", interactive=False, verbosity=0, clear=True)
            try:
                sessions.result()
            except Exception as error:
                raise CommandError(
                    f"Kalender contoh gagal dimuat ({error}); perintah yang sama melanjutkannya."
                ) from error
        # One long transaction: whoever writes beside it would wait.
        call_command("rebuild_references_index", verbosity=0)
        # So that the shelf tells the size of what nobody has taken yet.
        for office in District.objects.order_by("pk"):
            make_papers_of_district.enqueue(office.pk)
        stamp_file.write_text(json.dumps(stamp | {"logins": logins}))
        return logins

    @staticmethod
    def _static_fingerprint() -> str:
        """Newest change among our own static files, in whole seconds."""
        base = Path(settings.BASE_DIR)
        files = [
            path
            for folder in (base / "site", base / "campaigns", base / "modules", base / "events")
            for path in folder.glob("**/static/**/*")
            if path.is_file()
        ]
        return f"{len(files)} {int(max((path.stat().st_mtime for path in files), default=0))}"

    def _step(self, what: str) -> None:
        self.stdout.write(f"[{time.monotonic() - self.started:5.1f} s] {what}")
        self.stdout.flush()

    def _say_addresses(self, logins: list[tuple[str, str, str]]) -> None:
        write = self.stdout.write
        write("")
        for site in Site.objects.order_by("-district__level", "hostname"):
            write(f"  http://{site.hostname}:{self.port}")
        write("")
        write(f"  /masuk/ dan /admin/, kata sandi contoh: {PASSWORD}")
        for email, role, district in logins:
            write(f"  {email:34} {role:16} {district}")
        write("")
        write(f"Siap dalam {time.monotonic() - self.started:.1f} detik. Berhenti: Ctrl+C.")
        self.stdout.flush()
