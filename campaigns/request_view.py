"""What people read of a request for a session: words instead of codes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from campaigns.models import RequestState, SessionRequest
from districts.models import Region, Term
from safeguards import generation
from safeguards.phones import masked

NEXT = {
    RequestState.NEW: _("The office reads your request and answers here. Come back in a few days."),
    RequestState.ASKED: _("The office needs to know something. Please answer below."),
    RequestState.ACCEPTED: _("The office comes. If something changes, they write here."),
    RequestState.DECLINED: _("This request is closed. You can send a new one at any time."),
    RequestState.DONE: _("The session took place. Thank you for asking."),
    RequestState.WITHDRAWN: _("You withdrew the request. You can send a new one at any time."),
}
# How the state of an office reads elsewhere in the house: open, closed, unknown.
MARKS = {
    RequestState.NEW: "unknown",
    RequestState.ASKED: "unknown",
    RequestState.ACCEPTED: "open",
    RequestState.DONE: "open",
    RequestState.DECLINED: "closed",
    RequestState.WITHDRAWN: "closed",
}


@dataclass(frozen=True)
class ShownRequest:
    """A request in words; times are in the office's zone."""

    row: SessionRequest
    state: str
    mark: str
    next: str
    where: str
    contact: str
    audience: list[str]
    issues: list[str]
    wished: list[date]
    received: datetime
    agreed: datetime | None
    zone: str
    is_open: bool


def shown(request: SessionRequest) -> ShownRequest:
    """The request in the language being read; region and district are expected with it."""
    zone = ZoneInfo(request.district.timezone)
    return ShownRequest(
        row=request,
        state=request.get_state_display(),
        mark=MARKS[request.state],
        next=NEXT[request.state],
        where=", ".join(filter(None, [request.place, place_name(request.region)])),
        contact=_masked_contact(request),
        audience=labels("audience", request.audience_codes),
        issues=labels("issue_area", request.issue_codes),
        wished=[date.fromisoformat(day) for day in request.wished_dates],
        received=request.created_at.astimezone(zone),
        agreed=request.agreed_at and request.agreed_at.astimezone(zone),
        zone=request.district.timezone_suffix,
        is_open=request.is_open,
    )


def place_name(region: Region | None) -> str:
    """A village with its kecamatan, a kecamatan alone by its name."""
    if region is None:
        return ""
    if region.level == Region.Level.DESA and region.parent is not None:
        return f"{region.name}, {region.parent.name}"
    return region.name


def labels(vocabulary: str, codes: Iterable[str]) -> list[str]:
    """The labels of these codes; a code that is no term any more stays itself."""
    known = generation.remembered(
        ("labels", vocabulary, get_language()),
        lambda: {term.code: term.label for term in Term.objects.of(vocabulary)},
    )
    return [known.get(code, code) for code in codes]


def _masked_contact(request: SessionRequest) -> str:
    if request.contact_kind != SessionRequest.ContactKind.EMAIL:
        return masked(request.contact_phone)
    name, _at, host = request.contact_email.partition("@")
    return f"{name[:1]}•••@{host}"
