"""Requests for a session: taking them in, answering them, and what who asked may do."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.crypto import salted_hmac

from campaigns.models import (
    RequestState,
    SessionRequest,
    SessionRequestCount,
    SessionRequestStep,
)
from campaigns.models.session_request import CLOSED_STATES
from campaigns.request_mail import send_links, tell_asker, tell_office
from campaigns.services.request_links import token_of
from districts.models import District, Role
from districts.services.memberships import active_memberships
from safeguards import audit, facts
from safeguards.identifiers import refuse_identity_numbers
from safeguards.models import Fact
from safeguards.services.persons import readmit
from safeguards.tokens import digest

KIND = "campaigns.session_request"
ANSWERERS = frozenset({Role.EDITOR, Role.MODERATOR, Role.ADMIN})
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


class Changed(Exception):
    """Somebody took another step since this one was thought of; `latest` is that step."""

    def __init__(self, latest: SessionRequestStep):
        super().__init__(str(latest))
        self.latest = latest


@dataclass(frozen=True)
class Receipt:
    """What became of a form; `token` opens the status page, and is empty unless it was kept."""

    http: int
    number: str = ""
    token: str = ""
    reason: str = ""
    retry_after: int | None = None

    @property
    def kept(self) -> bool:
        return bool(self.token)


def is_known(*, district: District, key: UUID) -> bool:
    """Say whether a form with this key was sent before."""
    return Fact.objects.filter(kind=KIND, site=district.site_id, key=key).exists()


def submit(
    *,
    district: District,
    key: UUID,
    values: dict[str, Any],
    language_code: str,
    now: datetime,
) -> Receipt:
    """Keep a request once, however often it is sent.

    ``values`` are fields of SessionRequest that a form has judged. Answers 201, 200 for a repeat,
    409 for other words under the same key (``number`` is then the first one's), 410 when the
    request was erased since. The fact holds a keyed digest of the words and nothing of them.
    """
    contacts = [c for c in (values["contact_email"], values["contact_phone"]) if c]
    if not is_known(district=district, key=key):
        # Who was erased and writes again does so of their own will.
        for contact in contacts:
            readmit(contact)
    outcome = facts.accept(
        kind=KIND,
        key=key,
        body={"words": _keyed_digest(values)},
        site=district.site,
        apply=lambda: _record(district, key, values, language_code, now),
        subjects=contacts,
        now=now,
    )
    number = outcome.response.get("number", "")
    if outcome.status == "conflict" and outcome.retry_after is None:
        first = SessionRequest.objects.for_district(district).filter(key=key).first()
        return Receipt(409, number=first.number if first else "", reason=outcome.reason)
    if outcome.status not in {"created", "already"}:
        return Receipt(outcome.http, reason=outcome.reason, retry_after=outcome.retry_after)
    if not number:
        return Receipt(410, reason=outcome.reason)
    return Receipt(outcome.http, number=number, token=token_of(key))


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
    locked = _locked(request)
    if not locked.is_open:
        raise NotPossible
    for contact in filter(None, (contact_phone, contact_email)):
        readmit(contact)
    locked.contact_kind = contact_kind
    locked.contact_phone, locked.contact_email = contact_phone, contact_email
    locked.save(update_fields=["contact_kind", "contact_phone", "contact_email"])
    _note("request.contact_corrected", locked, None)
    return locked


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


def mail_links(*, district: District, email: str) -> None:
    """Mail the addresses of the status pages of this e-mail address, if there are any.

    Takes the same way for every address, so that nobody learns who asked for a session.
    """
    rows = SessionRequest.objects.for_district(district).filter(contact_email__iexact=email)
    send_links.enqueue(list(rows.values_list("pk", flat=True)[:10]))


def _record(
    district: District, key: UUID, values: dict[str, Any], language_code: str, now: datetime
) -> dict[str, Any]:
    request = SessionRequest.objects.create(
        district=district,
        number=next_number(district=district, now=now),
        key=key,
        token_digest=digest(token_of(key)),
        language_code=language_code,
        created_at=now,
        **values,
    )
    SessionRequestStep.objects.create(
        district=district,
        request=request,
        state=RequestState.NEW,
        by_asker=True,
        created_at=now,
    )
    _note("request.received", request, None)
    _tell_office(request, "new")
    return {"number": request.number, "request": request.pk}


def next_number(*, district: District, now: datetime) -> str:
    """Take the next number of the district's year, as in "2026-0007"; the row is the lock."""
    year = now.astimezone(ZoneInfo(district.timezone)).year
    counts = SessionRequestCount.objects
    if not counts.for_district(district).filter(year=year).exists():
        counts.bulk_create(
            [SessionRequestCount(district=district, year=year)], ignore_conflicts=True
        )
    count = counts.for_district(district).select_for_update().get(year=year)
    count.last += 1
    count.save(update_fields=["last"])
    return f"{year}-{count.last:04d}"


@transaction.atomic
def _step(
    request: SessionRequest, state: str, message: str, now: datetime, verb: str
) -> SessionRequest:
    """A step of who asked."""
    locked = _locked(request)
    _move(locked, state, message, now)
    SessionRequestStep.objects.create(
        district_id=locked.district_id,
        request=locked,
        state=state,
        message=message,
        by_asker=True,
        created_at=now,
    )
    _note(verb, locked, None)
    _tell_office(locked, "answered" if state == RequestState.NEW else "withdrawn")
    return locked


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
    locked = _locked(request)
    latest = locked.steps.select_related("author").order_by("-pk").first()
    if latest is not None and latest.pk != seen_step:
        raise Changed(latest)
    _move(locked, state, message, now, agreed_at=agreed_at)
    step = SessionRequestStep.objects.create(
        district_id=locked.district_id,
        request=locked,
        state=state,
        message=message,
        author=actor,
        created_at=now,
    )
    _note(verb, locked, actor.pk)
    if locked.contact_email:
        pk = step.pk
        # A mail that can't be queued must not take the answer with it.
        transaction.on_commit(lambda: tell_asker.enqueue(pk), robust=True)
    return locked


def _locked(request: SessionRequest) -> SessionRequest:
    rows = SessionRequest.objects.for_district(request.district_id)
    locked = rows.select_for_update().get(pk=request.pk)
    locked.district = request.district
    return locked


def _move(
    locked: SessionRequest,
    state: str,
    message: str,
    now: datetime,
    *,
    agreed_at: datetime | None = None,
) -> None:
    refuse_identity_numbers(message)
    if state not in STEPS.get(locked.state, ()):
        raise NotPossible
    locked.state = state
    if state != RequestState.DONE:
        locked.agreed_at = agreed_at
    locked.closed_at = now if state in CLOSED_STATES else None
    locked.save(update_fields=["state", "agreed_at", "closed_at"])


def _note(verb: str, request: SessionRequest, actor_id: int | None) -> None:
    audit.record(verb=verb, actor_id=actor_id, obj=request, site=request.district.site_id)


def _tell_office(request: SessionRequest, news: str) -> None:
    pk = request.pk
    transaction.on_commit(lambda: tell_office.enqueue(pk, news), robust=True)


def _keyed_digest(values: dict[str, Any]) -> str:
    plain = {name: getattr(value, "pk", value) for name, value in values.items()}
    told = facts.canonical_hash(plain)
    return salted_hmac("campaigns.session_request.words", told, algorithm="sha256").hexdigest()
