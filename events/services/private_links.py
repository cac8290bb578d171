"""The private address of a registration.

Its token follows from the key of the form and our secret, so that a repeat of the form and a mail
can say it again, while the table holds its digest alone.
"""

from uuid import UUID

from django.db import transaction
from django.urls import reverse

from events.models import Registration
from safeguards import audit, tokens


def token_of(key: UUID) -> str:
    """The token of a registration made with this key."""
    return tokens.token_of(key, purpose="events.registration")


def told_again(registration: Registration) -> str:
    """The full address of the private page, or "" where our secret has changed since."""
    token = token_of(registration.key)
    known = tokens.digest(token) == registration.token_digest
    return address(registration, token) if known else ""


@transaction.atomic
def renewed(registration: Registration) -> str:
    """The full address of the private page; a new one where the first can't be told again."""
    if known := told_again(registration):
        return known
    token = tokens.new_token()
    registration.token_digest = tokens.digest(token)
    registration.save(update_fields=["token_digest"])
    audit.record(
        verb="registration.link_renewed",
        actor_id=None,
        obj=registration,
        site=registration.district.site_id,
    )
    return address(registration, token)


def address(registration: Registration, token: str) -> str:
    return registration.district.site.root_url + reverse("event_registration", args=[token])
