from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from modules.exporting.files import export_module, exported_modules
from modules.loading.faults import Faulty
from modules.loading.load import codes_in_use
from modules.loading.translated import read_with_translations
from modules.models import ModulePage


class Command(BaseCommand):
    help = _("Write learning modules, as they were last saved, into folders that can be loaded.")

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help=_("where the folders of the modules go"))
        parser.add_argument(
            "modules", nargs="*", metavar="MODULE", help=_("names in addresses; without any, all")
        )

    def handle(self, *, folder: Path, modules: list[str], **options):
        pages = ModulePage.objects.all()
        if modules:
            pages = pages.filter(slug__in=modules)
            missing = set(modules) - set(pages.values_list("slug", flat=True))
            if missing:
                said = _("There is no module “%(slug)s”.")
                raise CommandError(said % {"slug": ", ".join(sorted(missing))})
        written: set[str] = set()
        codes = codes_in_use()
        for page in exported_modules(pages):
            if page.slug in written:
                said = _("%(module)s: another module has the same name; this one stays behind.")
                self.stderr.write(said % {"module": page.slug})
                continue
            written.add(page.slug)
            for said in export_module(page, folder):
                self.stderr.write(said)
            try:
                read_with_translations(folder / page.slug, codes)
            except Faulty as error:
                self.stderr.write(_("Mend this before it is loaded:"))
                for fault in error.faults:
                    self.stderr.write(f"  {fault}")
        said = ngettext(
            "%(number)d module written to %(folder)s.",
            "%(number)d modules written to %(folder)s.",
            len(written),
        )
        self.stdout.write(said % {"number": len(written), "folder": folder})
