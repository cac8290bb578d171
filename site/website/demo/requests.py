"""The demo's requests for sessions, in every state, with private pages that can be visited.

Their tokens are fixed and printed here, `contoh-<district>-<number>` as in
`/minta/contoh-lebak-2026-0004/`: in a demo nothing is secret. Real ones are random; see
campaigns.services.request_links.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.db import transaction

from campaigns.models import SessionRequest, SessionRequestCount, SessionRequestStep
from campaigns.models.session_request import CLOSED_STATES
from districts.models import District, Membership, Role
from safeguards.tokens import digest
from website.demo.days import no_sunday
from website.demo.texts import CONTENT, read_data


def load_requests(districts: dict[str, District], *, now: datetime) -> int:
    """Create what is missing; return how many. Requests without a file of texts are none."""
    if not (CONTENT / "data" / "requests.yaml").exists():
        return 0
    made = 0
    for entry in read_data("requests")["requests"]:
        made += _load(districts[entry["district"]], entry, now)
    return made


@transaction.atomic
def _load(district: District, entry: dict[str, Any], now: datetime) -> bool:
    number = str(entry["number"])
    name = f"contoh-{district.slug}-{number}"
    key = uuid5(NAMESPACE_URL, name)
    known = SessionRequest.objects.for_district(district).filter(number=number)
    if known.exists():
        return False
    came = now - timedelta(days=entry["days_ago"])
    steps = [(step, now - timedelta(days=step["days_ago"])) for step in entry["steps"]]
    last = steps[-1][1] if steps else came
    request = SessionRequest.objects.create(
        district=district,
        number=number,
        key=key,
        token_digest=digest(name),
        state=entry["state"],
        asker_kind=entry["asker_kind"],
        asker=entry["asker"],
        asker_role=entry.get("asker_role") or "",
        contact_kind=entry["contact_kind"],
        contact_phone=entry.get("phone") or "",
        contact_email=entry.get("email") or "",
        region_id=entry.get("region") or None,
        place=entry.get("place") or "",
        audience_codes=entry.get("audience") or [],
        people=entry["people"],
        issue_codes=entry.get("issues") or [],
        wished_dates=[
            no_sunday((came + timedelta(days=days)).date()).isoformat()
            for days in entry.get("wished_in_days") or []
        ],
        note=entry.get("note") or "",
        created_at=came,
        closed_at=last if entry["state"] in CLOSED_STATES else None,
    )
    office = _somebody(district)
    for minute, (step, day) in enumerate(steps):
        SessionRequestStep.objects.create(
            district=district,
            request=request,
            state=step["state"],
            message=step.get("message") or "",
            by_asker=bool(step.get("by_asker")),
            author_id=None if step.get("by_asker") else office,
            # Two steps of one day stay in their order.
            created_at=day + timedelta(minutes=minute),
        )
    _count(district, number)
    return True


def _somebody(district: District) -> int | None:
    """A member who answers here, if the demo's people are loaded."""
    moderators = Membership.objects.for_district(district).filter(
        role=Role.MODERATOR, ended_at__isnull=True
    )
    return moderators.values_list("user_id", flat=True).first()


def _count(district: District, number: str) -> None:
    """The next request of this year takes a number after the demo's."""
    year, _hyphen, taken = number.partition("-")
    count, _made = SessionRequestCount.objects.get_or_create(district=district, year=int(year))
    if count.last < int(taken):
        count.last = int(taken)
        count.save(update_fields=["last"])
