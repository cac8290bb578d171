from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from districts.models import District
from events.correcting import NothingKnown, correct_person
from safeguards.facts import Refused
from safeguards.services.subjects import UnknownSubject

WORDS = ("name", "organisation", "position", "phone", "email")


class Command(BaseCommand):
    help = "Corrects what is written down of one person: on attendance lists and in registrations."

    def add_arguments(self, parser):
        parser.add_argument(
            "person", help="the key of a person, an e-mail address or a telephone number (+62…)"
        )
        parser.add_argument("--office", help="only at the office with this short name in addresses")
        for word in WORDS:
            parser.add_argument(f"--{word}", help=f'the right {word}; "" takes it out')

    def handle(self, *args, person, office, **options):
        told = {word: options[word] for word in WORDS if options[word] is not None}
        if not told:
            raise CommandError(_("Say what is to be corrected, for example --name."))
        if office and not District.objects.filter(slug=office).exists():
            raise CommandError(_("There is no office called %(name)s.") % {"name": office})
        site = District.objects.get(slug=office).site_id if office else None
        try:
            found = correct_person(person, told=told, now=timezone.now(), site=site)
        except UnknownSubject as error:
            raise CommandError(
                _("Give the key of a person, an e-mail address or a telephone number.")
            ) from error
        except NothingKnown as error:
            raise CommandError(_("Nothing was registered about this person.")) from error
        except Refused as error:
            raise CommandError(error.reason) from error
        for label, count in found.done.items():
            self.stdout.write(
                _("%(label)s: %(count)d corrected") % {"label": label, "count": count}
            )
        left = [
            _("%(label)s %(key)s: not corrected. %(reason)s")
            % {"label": label, "key": key, "reason": reason}
            for label, key, reason in found.left
        ]
        if not found.done:
            raise CommandError("\n".join(left))
        for line in left:
            self.stderr.write(line)
