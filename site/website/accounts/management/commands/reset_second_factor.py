"""`manage.py reset_second_factor a@example.id`: the way back in when no colleague can help."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from website.accounts.factors.resetting import reset_factors
from website.accounts.models import User
from website.accounts.services import address_of


class Command(BaseCommand):
    help = (
        "Takes app, passkeys, recovery codes and PINs of an account away and signs it out; what "
        "sent entries for it has to be registered again. The password stays. For a national "
        "administrator whose phone is gone."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("login", help="e-mail or sign-in name of the account")

    def handle(self, *args: Any, login: str, **options: Any) -> None:
        user = User.objects.filter(email=address_of(login)).first()
        if user is None:
            raise CommandError("No account has this e-mail or sign-in name.")
        count = reset_factors(actor=None, user=user, district=None)
        self.stdout.write(f"{count} factors taken away; everything is signed out.")
