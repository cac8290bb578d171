"""The private address of a registration.

Its token follows from the key of the form and our secret, so that a repeat of the form and a mail
can say it again, while the table holds its digest alone.
"""

from base64 import urlsafe_b64encode
from uuid import UUID

from django.urls import reverse
from django.utils.crypto import salted_hmac

from events.models import Registration
from safeguards.tokens import TOKEN_BYTES, digest


def token_of(key: UUID) -> str:
    """The token of a registration made with this key: 192 bits as 32 URL-safe characters."""
    made = salted_hmac("events.registration", key.hex, algorithm="sha256").digest()
    return urlsafe_b64encode(made[:TOKEN_BYTES]).decode()


def told_again(registration: Registration) -> str:
    """The full address of the private page, or "" where our secret has changed since."""
    token = token_of(registration.key)
    if digest(token) != registration.token_digest:
        return ""
    return registration.district.site.root_url + reverse("event_registration", args=[token])
