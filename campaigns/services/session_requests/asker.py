"""What who asked may do, with the token of the private page and without an account."""

from datetime import datetime

from django.db import transaction

from campaigns.models import RequestState, SessionRequest, SessionRequestStep
from campaigns.request_mail import send_links
from campaigns.services.session_requests.states import (
    NotPossible,
    locked_row,
    move,
    note,
    tell_office_later,
)
from districts.models import District
from safeguards.services.persons import readmit
from safeguards.tokens import digest


def find(*, district: District, token: str) -> SessionRequest:
    """Return the request this token opens; raise SessionRequest.DoesNotExist."""
    return (
        SessionRequest.objects.for_district(district)
        .select_related("region__parent", "district__site")
        .get(token_digest=digest(token))
    )


def answer_question(*, request: SessionRequest, message: str, now: datetime) -> SessionRequest:
    """The asker answers what the office wanted to know; the request is open again."""
    return _step(request, RequestState.NEW, message, now, "request.answered")


def withdraw(*, request: SessionRequest, now: datetime) -> SessionRequest:
    """The asker no longer wants the session."""
    return _step(request, RequestState.WITHDRAWN, "", now, "request.withdrawn")


@transaction.atomic
def correct_contact(
    *, request: SessionRequest, contact_kind: str, contact_phone: str, contact_email: str
) -> SessionRequest:
    """The asker says how to answer instead; raises NotPossible once the request is closed."""
    locked = locked_row(request)
    if not locked.is_open:
        raise NotPossible
    for contact in filter(None, (contact_phone, contact_email)):
        readmit(contact)
    locked.contact_kind = contact_kind
    locked.contact_phone, locked.contact_email = contact_phone, contact_email
    locked.save(update_fields=["contact_kind", "contact_phone", "contact_email"])
    note("request.contact_corrected", locked, None)
    return locked


def mail_links(*, district: District, email: str) -> None:
    """Mail the addresses of the status pages of this e-mail address, if there are any.

    Takes the same way for every address, so that nobody learns who asked for a session.
    """
    rows = SessionRequest.objects.for_district(district).filter(contact_email__iexact=email)
    send_links.enqueue(list(rows.values_list("pk", flat=True)[:10]))


@transaction.atomic
def _step(
    request: SessionRequest, state: str, message: str, now: datetime, verb: str
) -> SessionRequest:
    """A step of who asked."""
    locked = locked_row(request)
    move(locked, state, message, now)
    SessionRequestStep.objects.create(
        district_id=locked.district_id,
        request=locked,
        state=state,
        message=message,
        by_asker=True,
        created_at=now,
    )
    note(verb, locked, None)
    tell_office_later(locked, "answered" if state == RequestState.NEW else "withdrawn")
    return locked
