"""Which step leads where, and what every step does: lock, move, leave a trace, tell the office."""

from datetime import datetime

from django.db import transaction

from campaigns.models import RequestState, SessionRequest
from campaigns.models.session_request import CLOSED_STATES
from campaigns.request_mail import tell_office
from safeguards import audit
from safeguards.identifiers import refuse_identity_numbers

STEPS = {
    RequestState.NEW: {
        RequestState.ASKED,
        RequestState.ACCEPTED,
        RequestState.DECLINED,
        RequestState.WITHDRAWN,
    },
    RequestState.ASKED: {
        RequestState.NEW,
        RequestState.ASKED,
        RequestState.ACCEPTED,
        RequestState.DECLINED,
        RequestState.WITHDRAWN,
    },
    RequestState.ACCEPTED: {
        RequestState.ASKED,
        RequestState.ACCEPTED,
        RequestState.DECLINED,
        RequestState.DONE,
        RequestState.WITHDRAWN,
    },
}


class NotPossible(Exception):
    """The request stands in a state from which this step does not lead on."""


def locked_row(request: SessionRequest) -> SessionRequest:
    """The row again, kept from others until the transaction ends."""
    rows = SessionRequest.objects.for_district(request.district_id)
    locked = rows.select_for_update().get(pk=request.pk)
    locked.district = request.district
    return locked


def move(
    locked: SessionRequest,
    state: str,
    message: str,
    now: datetime,
    *,
    agreed_at: datetime | None = None,
) -> None:
    """Put a locked request into a state; raise NotPossible where no step leads there."""
    refuse_identity_numbers(message)
    if state not in STEPS.get(locked.state, ()):
        raise NotPossible
    locked.state = state
    if state != RequestState.DONE:
        locked.agreed_at = agreed_at
    locked.closed_at = now if state in CLOSED_STATES else None
    locked.save(update_fields=["state", "agreed_at", "closed_at"])


def note(verb: str, request: SessionRequest, actor_id: int | None) -> None:
    audit.record(verb=verb, actor_id=actor_id, obj=request, site=request.district.site_id)


def tell_office_later(request: SessionRequest, news: str) -> None:
    pk = request.pk
    transaction.on_commit(lambda: tell_office.enqueue(pk, news), robust=True)
