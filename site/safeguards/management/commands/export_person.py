import json
import os

from django.core.management.base import BaseCommand, CommandError
from django.core.serializers.json import DjangoJSONEncoder
from django.utils.translation import gettext as _

from safeguards.services.persons import export_person
from safeguards.services.subjects import UnknownSubject


class Command(BaseCommand):
    help = "Writes everything registered about one person as JSON."

    def add_arguments(self, parser):
        parser.add_argument(
            "person", help="the user's id, an e-mail address or a telephone number (+62…)"
        )
        parser.add_argument("--output", help="a file to write, readable by its owner alone")

    def handle(self, *args, person, output, **options):
        try:
            told = export_person(person)
        except UnknownSubject as error:
            raise CommandError(
                _("Give a user's id, an e-mail address or a telephone number.")
            ) from error
        text = json.dumps(told, indent=2, ensure_ascii=False, cls=DjangoJSONEncoder)
        if not output:
            self.stdout.write(text)
            return
        try:
            handle = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
        except OSError as error:
            raise CommandError(
                _("%(path)s can't be written: %(reason)s.")
                % {"path": output, "reason": error.strerror}
            ) from error
        self.stdout.write(_("Written: %(path)s") % {"path": output})
