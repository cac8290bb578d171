import time

from django.core.management.base import BaseCommand, CommandError
from django.db import close_old_connections
from django.utils import timezone

from safeguards.ticks import run_due


class Command(BaseCommand):
    help = "Runs the periodic jobs that are due; meant for once a minute."

    def add_arguments(self, parser):
        parser.add_argument(
            "--every",
            type=int,
            metavar="SECONDS",
            help="stay and run again every so many seconds, instead of once",
        )

    def handle(self, *args, every, **options):
        if every is None:
            ran = run_due(timezone.now())
            for name, succeeded in ran.items():
                self.stdout.write(f"{name}: {'ok' if succeeded else 'failed'}")
            if not all(ran.values()):
                raise CommandError("A periodic job failed; the log says why.")
            return
        while True:
            close_old_connections()
            run_due(timezone.now())
            time.sleep(max(every, 1))
