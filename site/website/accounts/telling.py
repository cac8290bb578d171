"""A mail to the owner of an account when what opens it has changed, so that a thief is noticed."""

from functools import partial
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from safeguards.tasks import task
from website.accounts.models import User

NEWS = {
    "added": gettext_lazy("A new way to sign in was set up."),
    "removed": gettext_lazy("A way to sign in was taken away."),
    "reset": gettext_lazy("Your ways to sign in were reset by your office."),
    "recovery": gettext_lazy("A recovery code was used."),
}


def tell(user: User, news: str) -> None:
    """Mail the owner, once the change is certain; who has no e-mail is told by the screen alone."""
    if user.has_email:
        transaction.on_commit(partial(_enqueue, user.pk, news), robust=True)


def _enqueue(user_id: int, news: str) -> Any:
    return tell_owner.enqueue(user_id, news)


@task()
def tell_owner(user_id: int, news: str) -> int:
    """Return how many mails went out; nothing in it helps anybody to sign in."""
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is None or not user.has_email or news not in NEWS:
        return 0
    with translation.override(settings.LANGUAGE_CODE):
        body = render_to_string("account/mail/factor.txt", {"user": user, "news": NEWS[news]})
        return send_mail(_("How you sign in has changed"), body, None, [user.email])
