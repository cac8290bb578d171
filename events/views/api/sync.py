"""`POST /api/v1/sync`: a batch of facts from a device, judged one by one."""

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, JsonResponse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from districts.scoping import district_for_request
from events.services import devices, syncing
from safeguards import facts, sync

SCHEME = "bearer "
LONGEST_KIND = 64


@csrf_exempt
@require_POST
def receive(request: HttpRequest) -> JsonResponse:
    """200 with an outcome for each fact; 401, 413 or 400 for the batch as a whole.

    No cookie is read here, so no other site can have a browser send anything.
    """
    now = timezone.now()
    district = district_for_request(request)
    if district is None:
        raise Http404
    device = devices.find(district=district, token=_token(request), now=now)
    if device is None:
        reason = _(
            "This device is not registered here, or was removed. Nothing was recorded, and nothing "
            "is lost: keep the entries, register the device again and send them."
        )
        return _refused(401, reason)
    if _length(request) > sync.MOST_BYTES:
        return _refused(413, _too_much())
    # One byte more than is allowed says enough, whatever the header promised.
    raw = request.read(sync.MOST_BYTES + 1)
    if len(raw) > sync.MOST_BYTES:
        return _refused(413, _too_much())
    try:
        sent = json.loads(raw)["facts"]
    except (ValueError, TypeError, KeyError, RecursionError):
        return _refused(400, _("This could not be read. Nothing was recorded."))
    if not isinstance(sent, list):
        return _refused(400, _("This could not be read. Nothing was recorded."))
    if len(sent) > sync.MOST_FACTS:
        return _refused(413, _too_much())
    read = [_read(one, now) for one in sent]
    told = [one for one in read if isinstance(one, sync.Told)]
    judged = iter(sync.judge(told, syncing.teller_of(device)))
    outcomes = [next(judged) if isinstance(one, sync.Told) else one for one in read]
    results = [_result(one, outcome) for one, outcome in zip(sent, outcomes, strict=True)]
    return _private(JsonResponse({"server_time": now.isoformat(), "results": results}))


def _read(one: Any, now: datetime) -> sync.Told | facts.Outcome:
    try:
        kind, key, body = one["kind"], UUID(str(one["key"])), one["body"]
        client_time = _moment(one.get("client_time"))
        if not isinstance(kind, str) or len(kind) > LONGEST_KIND or not isinstance(body, dict):
            raise TypeError(kind)
    except (KeyError, TypeError, ValueError, AttributeError):
        return facts.Outcome(
            "rejected", 422, reason=_("This could not be read. Nothing was recorded.")
        )
    return sync.Told(kind=kind, key=key, body=body, client_time=client_time, now=now)


def _moment(text: Any) -> datetime | None:
    if text is None:
        return None
    found = parse_datetime(text)
    if found is None:
        raise ValueError("client_time")
    return found


def _result(one: Any, outcome: facts.Outcome) -> dict[str, Any]:
    known = one if isinstance(one, dict) else {}
    result = {
        "kind": str(known.get("kind", ""))[:LONGEST_KIND],
        "key": str(known.get("key", ""))[:36],
        "status": outcome.status,
        "http": outcome.http,
        "reason": outcome.reason,
        "response": outcome.response,
    }
    if outcome.retry_after is not None:
        result["retry_after"] = outcome.retry_after
    return result


def _token(request: HttpRequest) -> str:
    header = request.headers.get("Authorization", "")
    return header[len(SCHEME) :].strip() if header.lower().startswith(SCHEME) else ""


def _length(request: HttpRequest) -> int:
    text = request.headers.get("Content-Length", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0


def _too_much() -> str:
    return _("At most %(most)d entries and 1 MB can be sent at once. Send them in parts.") % {
        "most": sync.MOST_FACTS
    }


def _refused(status: int, reason: str) -> JsonResponse:
    answer = _private(JsonResponse({"reason": reason}, status=status))
    if status == 401:
        answer["WWW-Authenticate"] = "Bearer"
    return answer


def _private(answer: JsonResponse) -> JsonResponse:
    answer["Cache-Control"] = "private, no-store"
    return answer
