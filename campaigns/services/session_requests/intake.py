"""A request comes in: once, with a number, however often its form is sent."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.crypto import salted_hmac

from campaigns.models import (
    RequestState,
    SessionRequest,
    SessionRequestCount,
    SessionRequestStep,
)
from campaigns.services.request_links import LINK
from campaigns.services.session_requests.states import note, tell_office_later
from districts.models import District
from safeguards import facts
from safeguards.models import Fact
from safeguards.tokens import digest

KIND = "campaigns.session_request"


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
    outcome = facts.accept(
        kind=KIND,
        key=key,
        body={"words": _keyed_digest(values)},
        site=district.site,
        apply=lambda: _record(district, key, values, language_code, now),
        subjects=contacts,
        readmits=contacts,
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
    return Receipt(outcome.http, number=number, token=LINK.token_of(key))


def _record(
    district: District, key: UUID, values: dict[str, Any], language_code: str, now: datetime
) -> dict[str, Any]:
    request = SessionRequest.objects.create(
        district=district,
        number=next_number(district=district, now=now),
        key=key,
        token_digest=digest(LINK.token_of(key)),
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
    note("request.received", request, None)
    tell_office_later(request, "new")
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


def _keyed_digest(values: dict[str, Any]) -> str:
    plain = {name: getattr(value, "pk", value) for name, value in values.items()}
    told = facts.canonical_hash(plain)
    return salted_hmac("campaigns.session_request.words", told, algorithm="sha256").hexdigest()
