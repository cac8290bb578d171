"""What the office answers; of two who answer at once the second is shown the first's words."""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from campaigns.models import AnswerMail, RequestState, SessionRequest, SessionRequestStep
from campaigns.request_mail import tell_asker
from campaigns.services.session_requests.states import locked_row, move, note
from districts.models import District, Role
from districts.services.memberships import active_memberships

ANSWERERS = frozenset({Role.EDITOR, Role.MODERATOR, Role.ADMIN})


class Changed(Exception):
    """Somebody took another step since this one was thought of; `latest` is that step."""

    def __init__(self, latest: SessionRequestStep):
        super().__init__(str(latest))
        self.latest = latest


def may_answer(*, user: Any, district: District) -> bool:
    """Say whether the user sees and answers the requests of this district."""
    if user.is_active and user.is_superuser:
        return True
    return active_memberships(user, district).filter(role__in=ANSWERERS).exists()


def ask_back(
    *, request: SessionRequest, actor: Any, message: str, seen_step: int, now: datetime
) -> SessionRequest:
    """Ask who asked something; their answer opens the request again."""
    return _answer(request, RequestState.ASKED, actor, message, seen_step, now, "request.asked")


def accept_request(
    *,
    request: SessionRequest,
    actor: Any,
    message: str,
    seen_step: int,
    agreed_at: datetime | None,
    now: datetime,
) -> SessionRequest:
    """Promise the session, on a day if one was agreed; a second time changes the day."""
    return _answer(
        request,
        RequestState.ACCEPTED,
        actor,
        message,
        seen_step,
        now,
        "request.accepted",
        agreed_at=agreed_at,
    )


def decline(
    *, request: SessionRequest, actor: Any, message: str, seen_step: int, now: datetime
) -> SessionRequest:
    """Say no, why, and what else the asker can do."""
    return _answer(
        request, RequestState.DECLINED, actor, message, seen_step, now, "request.declined"
    )


def finish(
    *, request: SessionRequest, actor: Any, message: str, seen_step: int, now: datetime
) -> SessionRequest:
    """The session took place."""
    return _answer(request, RequestState.DONE, actor, message, seen_step, now, "request.done")


@transaction.atomic
def _answer(
    request: SessionRequest,
    state: str,
    actor: Any,
    message: str,
    seen_step: int,
    now: datetime,
    verb: str,
    *,
    agreed_at: datetime | None = None,
) -> SessionRequest:
    """A step of the office, if nobody took another since ``seen_step``."""
    if not may_answer(user=actor, district=request.district):
        raise PermissionDenied
    locked = locked_row(request)
    latest = locked.steps.select_related("author").order_by("-pk").first()
    if latest is not None and latest.pk != seen_step:
        raise Changed(latest)
    move(locked, state, message, now, agreed_at=agreed_at)
    step = SessionRequestStep.objects.create(
        district_id=locked.district_id,
        request=locked,
        state=state,
        message=message,
        author=actor,
        created_at=now,
    )
    note(verb, locked, actor.pk)
    if locked.contact_email:
        AnswerMail.objects.create(district_id=locked.district_id, step=step, due_at=now)
        pk = step.pk
        # A mail that can't be queued must not take the answer with it.
        transaction.on_commit(lambda: tell_asker.enqueue(pk), robust=True)
    return locked
