from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from safeguards.services.persons import erase_person
from safeguards.services.subjects import UnknownSubject

YES = {"y", "yes", "ya"}


class Command(BaseCommand):
    help = "Deletes or blanks everything registered about one person, and keeps it erased."

    def add_arguments(self, parser):
        parser.add_argument(
            "person", help="the user's id, an e-mail address or a telephone number (+62…)"
        )
        parser.add_argument("--yes", action="store_true", help="do not ask first")

    def handle(self, *args, person, yes, **options):
        if not yes and input(_("Erase this person for good? [y/N] ")).strip().lower() not in YES:
            raise CommandError(_("Nothing was erased."))
        try:
            done = erase_person(person)
        except UnknownSubject as error:
            raise CommandError(
                _("Give a user's id, an e-mail address or a telephone number.")
            ) from error
        for label, count in done.deleted.items():
            self.stdout.write(_("%(label)s: %(count)d deleted") % {"label": label, "count": count})
        for label, count in done.blanked.items():
            self.stdout.write(_("%(label)s: %(count)d blanked") % {"label": label, "count": count})
        if not done.deleted and not done.blanked:
            self.stdout.write(_("Nothing was registered about this person."))
