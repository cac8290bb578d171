from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from tqdm import tqdm

from districts.services.regions import COLUMNS, RegionsRefused, import_regions
from districts.tables import TableRejected, read_table, write_faulty_rows


class Command(BaseCommand):
    help = _("Import regions of Indonesia from a CSV with the columns kode and nama.")

    def add_arguments(self, parser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help=_("a CSV or XLSX file"))
        parser.add_argument(
            "--dry-run", action="store_true", help=_("say what would change, and write nothing")
        )
        parser.add_argument(
            "--skip-faulty",
            action="store_true",
            help=_("write the good rows, and the faulty ones to FILE.salah.csv"),
        )
        parser.add_argument(
            "--retire",
            action="store_true",
            help=_("end the validity of regions that are no longer in the file"),
        )

    def handle(self, *, file: Path, dry_run: bool, skip_faulty: bool, retire: bool, **options):
        try:
            table = read_table(file, required=COLUMNS)
        except TableRejected as error:
            raise CommandError(error.message) from error
        # `disable=None`: no bar where nobody watches.
        with tqdm(total=len(table.rows), unit="", leave=False, disable=None) as bar:
            try:
                done = import_regions(
                    table.rows,
                    faults=table.faults,
                    dry_run=dry_run,
                    skip_faulty=skip_faulty,
                    retire=retire,
                    progress=bar.update,
                )
            except RegionsRefused as error:
                bar.close()
                self.say(error.faults)
                raise CommandError(
                    _(
                        "%(number)s faults; nothing was written. "
                        "With --skip-faulty the good rows are written."
                    )
                    % {"number": len(error.faults)}
                ) from error
        if done.faults:
            self.say(done.faults)
            if not dry_run:
                target = file.with_name(f"{file.name}.salah.csv")
                number = write_faulty_rows(target, table.columns, table.rows, done.faults)
                self.stdout.write(
                    ngettext(
                        "%(number)s faulty row is in %(file)s.",
                        "%(number)s faulty rows are in %(file)s.",
                        number,
                    )
                    % {"number": number, "file": target.name}
                )
        if not done.changes:
            self.stdout.write(
                _("Nothing has changed: %(number)s regions.") % {"number": done.unchanged}
            )
            return
        told = {key: value for key, value in vars(done).items() if key != "faults"}
        self.stdout.write(
            (
                _("It would be: %(created)s new, %(changed)s changed, %(retired)s retired, "
                  "%(unchanged)s as before.")
                if dry_run
                else _("Done: %(created)s new, %(changed)s changed, %(retired)s retired, "
                       "%(unchanged)s as before.")
            )
            % told
        )  # fmt: skip

    def say(self, faults) -> None:
        for fault in faults:
            self.stderr.write(str(fault))
