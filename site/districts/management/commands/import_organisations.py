from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from tqdm import tqdm

from districts.models import District
from districts.services.organisations import (
    COLUMNS,
    OPTIONAL_COLUMNS,
    OrganisationsRefused,
    import_schools,
)
from districts.tables import TableRejected, read_table, write_faulty_rows


class Command(BaseCommand):
    help = _("Import schools of a district, with the columns npsn, nama and kecamatan (a code).")

    def add_arguments(self, parser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help=_("a CSV or XLSX file"))
        parser.add_argument("--district", required=True, help=_("short name, such as klaten"))
        parser.add_argument(
            "--dry-run", action="store_true", help=_("say what would change, and write nothing")
        )
        parser.add_argument(
            "--skip-faulty",
            action="store_true",
            help=_("write the good rows, and the faulty ones to FILE.salah.csv"),
        )

    def handle(self, *, file: Path, district: str, dry_run: bool, skip_faulty: bool, **options):
        office = District.objects.filter(slug=district).first()
        if office is None:
            raise CommandError(_("There is no office called %(slug)s.") % {"slug": district})
        try:
            table = read_table(file, required=COLUMNS, optional=OPTIONAL_COLUMNS)
            # `disable=None`: no bar where nobody watches.
            with tqdm(total=len(table.rows), unit="", leave=False, disable=None) as bar:
                done = import_schools(
                    office,
                    table.rows,
                    faults=table.faults,
                    dry_run=dry_run,
                    skip_faulty=skip_faulty,
                    progress=bar.update,
                )
        except TableRejected as error:
            raise CommandError(error.message) from error
        except OrganisationsRefused as error:
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
        told = {key: value for key, value in vars(done).items() if key != "faults"}
        if not done.changes:
            self.stdout.write(_("Nothing has changed: %(unchanged)s schools.") % told)
        elif dry_run:
            self.stdout.write(
                _("It would be: %(created)s new, %(changed)s changed, %(unchanged)s as before.")
                % told
            )
        else:
            self.stdout.write(
                _("Done: %(created)s new, %(changed)s changed, %(unchanged)s as before.") % told
            )

    def say(self, faults) -> None:
        for fault in faults:
            self.stderr.write(str(fault))
