import time

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _
from tqdm import tqdm

from safeguards.services.retention import purge_expired

QUIET_SECONDS = 2


class Command(BaseCommand):
    help = "Deletes or blanks personal data that was kept as long as it was needed for."

    def handle(self, *args, **options):
        bars: dict[str, tqdm] = {}
        started = time.monotonic()

        def progress(label: str, done: int, total: int) -> None:
            if time.monotonic() - started < QUIET_SECONDS:
                return
            bar = bars.setdefault(label, tqdm(total=total, desc=label, file=self.stderr))
            bar.update(done - bar.n)

        purged = purge_expired(timezone.now(), progress=progress)
        for bar in bars.values():
            bar.close()
        for label, count in purged.items():
            self.stdout.write(f"{label}: {count}")
        if not purged:
            self.stdout.write(_("Nothing has expired."))
