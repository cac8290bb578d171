"""The private address of a request's status page.

Its token follows from the key of the form and our secret, so that a repeat of the form and a mail
can say it again, while the table holds its digest alone.
"""

from uuid import UUID

from django.db import transaction
from django.urls import reverse

from campaigns.models import SessionRequest
from safeguards import audit, tokens
from safeguards.tokens import digest, new_token


def token_of(key: UUID) -> str:
    """The token of a request that was made with this key."""
    return tokens.token_of(key, purpose="campaigns.session_request")


def told_again(request: SessionRequest) -> str:
    """The full address of the status page, or "" where our secret has changed since."""
    token = token_of(request.key)
    return address(request, token) if digest(token) == request.token_digest else ""


@transaction.atomic
def renewed(request: SessionRequest) -> str:
    """The full address of the status page; a new one where the first can't be told again."""
    if known := told_again(request):
        return known
    token = new_token()
    request.token_digest = digest(token)
    request.save(update_fields=["token_digest"])
    audit.record(
        verb="request.link_renewed", actor_id=None, obj=request, site=request.district.site_id
    )
    return address(request, token)


def address(request: SessionRequest, token: str) -> str:
    """The status page on the host of the request's office."""
    return request.district.site.root_url + reverse("session_request", args=[token])
