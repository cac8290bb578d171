"""`manage.py found_office anak.example.go.id --name "…" --superuser a@example.go.id`."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _

from districts.models import District, Region, Vocabulary
from districts.services.founding import FoundingRefused, check_is_served, found_district
from districts.services.regions import load_five_districts
from districts.services.vocabularies import use_version
from website.accounts.services import name_superuser
from website.reference import load_reference

HTTP, HTTPS = 80, 443


class Command(BaseCommand):
    help = _(
        "Opens the first office, the national one, on a fresh database, with regions, word lists "
        "and regulations. Other offices are opened in its admin. Safe to repeat."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("hostname", help=_("where readers find it, such as anak.example.go.id"))
        parser.add_argument("--name", required=True, help=_("the full name of the office"))
        parser.add_argument("--short-name", default="Nasional", help=_("as it stands in lists"))
        parser.add_argument("--slug", default="nasional", help=_("its name in the page tree"))
        parser.add_argument("--port", type=int, default=_usual_port(), help=_("as readers see it"))
        parser.add_argument(
            "--superuser",
            metavar="E-MAIL",
            help=_("make this account the administrator of all offices; prints a one-time link"),
        )

    def handle(self, *, hostname: str, superuser: str | None, **options: Any) -> None:
        hostname = hostname.strip().lower().rstrip(".")
        try:
            check_is_served(hostname)
            self._refuse_old_tables()
            if "cache" in settings.DATABASES:
                # The cache in a file of its own, which no migration makes.
                call_command("createcachetable", database="cache", verbosity=0)
            office = self._office(hostname, **options)
            self._reference_data()
            self._administrator(superuser, office)
        except FoundingRefused as error:
            faults = [error, *error.others]
            raise CommandError(" ".join(one.message for one in faults)) from error
        except ValidationError as error:
            raise CommandError(" ".join(str(one) for one in error.messages)) from error
        except DatabaseError as error:
            why = " ".join(str(error).split())
            raise CommandError(_("The database refuses: %(why)s") % {"why": why}) from error
        self.stdout.write(
            _("Next: open the other offices at %(address)s")
            % {"address": _address(office, "/admin/kantor/")}
        )

    @staticmethod
    def _refuse_old_tables() -> None:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            raise CommandError(_("The database is not up to date. Run `manage.py migrate` first."))

    def _office(self, hostname: str, **options: Any) -> District:
        known = District.objects.filter(level=District.Level.NASIONAL).select_related("site")
        if (office := known.first()) is not None:
            if office.site.hostname != hostname:
                raise CommandError(
                    _("The national office is open already, at %(host)s.")
                    % {"host": office.site.hostname}
                )
            self.stdout.write(_("%(office)s is open already.") % {"office": office.office_name})
            return office
        office = found_district(
            slug=options["slug"],
            hostname=hostname,
            port=options["port"],
            level=District.Level.NASIONAL,
            short_name=options["short_name"],
            office_name=options["name"],
        )
        self.stdout.write(
            _("%(office)s is open: %(address)s")
            % {"office": office.office_name, "address": _address(office, "/")}
        )
        return office

    def _reference_data(self) -> None:
        """What is stored already stays; of each word list one version is in use afterwards."""
        if not Region.objects.exists():
            load_five_districts()
        load_reference()
        in_use = Vocabulary.objects.filter(is_current=True).values("code")
        for vocabulary in Vocabulary.objects.exclude(code__in=in_use).order_by("code", "pk"):
            use_version(vocabulary)
        self.stdout.write(
            _("%(regions)d regions and %(lists)d word lists are there.")
            % {
                "regions": Region.objects.count(),
                "lists": Vocabulary.objects.filter(is_current=True).count(),
            }
        )

    def _administrator(self, email: str | None, office: District) -> None:
        if email is None:
            return
        user, path = name_superuser(email=email)
        self.stdout.write(_("%(email)s administers all offices.") % {"email": user.email})
        if path:
            self.stdout.write(
                _("To choose a password, once, within three days: %(link)s")
                % {"link": _address(office, path)}
            )


def _usual_port() -> int:
    return HTTPS if settings.SECURE_SSL_REDIRECT else HTTP


def _address(office: District, path: str) -> str:
    return f"{office.site.root_url}{path}"
