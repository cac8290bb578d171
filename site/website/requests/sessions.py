"""A request for a session becomes a session of the calendar, and follows what becomes of it.

The calendar and the requests do not know each other; this is where they meet.
"""

from datetime import datetime
from typing import Any
from uuid import uuid5
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from campaigns.models import RequestState, SessionRequest
from campaigns.request_session import RequestedSession, register_source
from campaigns.services import session_requests as services
from districts.terms import term_labels
from events import listeners, origins
from events.models import Event, EventState, Occurrence
from events.services.bookkeeping import is_settled
from website.accounts.access import may_answer_requests

ORIGIN = "permintaan"
# What somebody asks for, where the vocabulary still has this kind.
KIND = "sosialisasi"
LONGEST_NUMBER = 18


def events_of(asked: SessionRequest) -> QuerySet:
    """The sessions that were made of a request, the newest first."""
    return (
        Event.objects.for_district(asked.district_id)
        .filter(request_key=asked.key)
        .select_related("district__site")
        .order_by("-created_at", "-pk")
    )


def session_of(asked: SessionRequest) -> Event | None:
    """The one that is not cancelled; a request has one at a time."""
    return events_of(asked).exclude(state=EventState.CANCELLED).first()


def date_of(event: Event, now: datetime) -> Occurrence | None:
    """The next date of a session, else its last one; None where all are cancelled."""
    rows = event.occurrences.filter(is_cancelled=False)
    return rows.filter(end__gt=now).order_by("start").first() or rows.order_by("-start").first()


def origin(request: HttpRequest, value: str) -> origins.Origin:
    """The form of a session, filled from a request; only for those who answer requests."""
    if not (value.isascii() and value.isdecimal()) or len(value) > LONGEST_NUMBER:
        raise Http404
    if not may_answer_requests(request):
        raise Http404
    asked = get_object_or_404(SessionRequest.objects.for_district(request.district), pk=value)
    known = session_of(asked)
    if known is None and not asked.is_open:
        raise Http404
    return origins.Origin(
        title=_("The session for request %(number)s") % {"number": asked.number},
        # Two who take the same request at once make one session of it.
        key=uuid5(asked.key, f"session {events_of(asked).count()}"),
        request_key=asked.key,
        initial=_initial(asked),
        known=known,
    )


def _initial(asked: SessionRequest) -> dict[str, Any]:
    zone = ZoneInfo(asked.district.timezone)
    today = timezone.localdate(timezone=zone)
    wished = [day for day in asked.wished_dates if day >= today.isoformat()]
    values: dict[str, Any] = {
        "kind": KIND if KIND in term_labels("event_type") else "",
        "audience_codes": asked.audience_codes,
        "issue_codes": asked.issue_codes,
        "seats": asked.people,
        "region": asked.region_id,
        "venue": asked.place or asked.asker,
        "day": wished[0] if wished else None,
        "invited_labels": [(None, asked.asker)],
    }
    if asked.agreed_at is not None:
        wall = asked.agreed_at.astimezone(zone)
        values |= {"day": wall.date(), "hour": wall.time()}
    # The member's own address has nothing to do with this place.
    return {"address": "", "is_home": False} | {
        name: value for name, value in values.items() if value not in (None, "", [])
    }


@listeners.register
def follow(event: Event, *, verb: str, actor: Any, now: datetime) -> None:
    """Let the request of a session move on; doing it again changes nothing."""
    if event.request_key is None:
        return
    rows = SessionRequest.objects.for_district(event.district_id).select_related("district__site")
    asked = rows.filter(key=event.request_key).first()
    if asked is None or not asked.is_open:
        return
    row = date_of(event, now)
    with translation.override(asked.language_code):
        if event.state == EventState.CANCELLED or row is None:
            _is_off(asked, event, actor, now)
        elif is_settled(event) and row.end > now:
            _stands(asked, event, row, actor, now)


def _stands(
    asked: SessionRequest, event: Event, row: Occurrence, actor: Any, now: datetime
) -> None:
    if asked.state == RequestState.ACCEPTED and asked.agreed_at == row.start:
        return
    moved = asked.state == RequestState.ACCEPTED and asked.agreed_at is not None
    text = _("The session is now on %(when)s.") if moved else _("We come on %(when)s.")
    _step(
        services.accept_request,
        asked,
        actor=_answerer(asked, event, actor),
        message=text % {"when": _when(event, row)},
        agreed_at=row.start,
        now=now,
    )


def _is_off(asked: SessionRequest, event: Event, actor: Any, now: datetime) -> None:
    """Only a session that was promised has to be taken back; another one may be planned already."""
    if asked.state != RequestState.ACCEPTED or session_of(asked) not in (None, event):
        return
    last = event.occurrences.order_by("-start").first()
    note = event.cancel_note or (last.note if last else "")
    lines = [
        _("The session of %(when)s is cancelled.") % {"when": _when(event, last)},
        note,
        _("Which other day would suit you? Please write it here."),
    ]
    _step(
        services.ask_back,
        asked,
        actor=_answerer(asked, event, actor),
        message="\n".join(filter(None, lines)),
        now=now,
    )


def _step(service: Any, asked: SessionRequest, *, actor: Any, now: datetime, **words: Any) -> None:
    """Take the step, if one leads there; what the calendar decided stands either way."""
    latest = asked.steps.order_by("-pk").values_list("pk", flat=True).first()
    if actor is None:
        return
    try:
        service(request=asked, actor=actor, seen_step=latest or 0, now=now, **words)
    except (services.NotPossible, services.Changed, PermissionDenied, ValidationError):
        return


def _answerer(asked: SessionRequest, event: Event, actor: Any) -> Any:
    """Who speaks to the asker: whoever did it, if they answer requests, else who approved it."""
    for person in (actor, event.approved_by, event.proposed_by):
        if person is not None and services.may_answer(user=person, district=asked.district):
            return person
    return None


def _when(event: Event, row: Occurrence) -> str:
    wall = row.start.astimezone(ZoneInfo(event.timezone))
    return f"{date_format(wall, 'l, j F Y, H.i')} {event.zone_suffix}"


@register_source
def requested(asked: SessionRequest) -> RequestedSession | None:
    """What the private page of a request says of its session."""
    event = session_of(asked)
    row = date_of(event, timezone.now()) if event is not None else None
    if event is None or row is None:
        return None
    address = f"{event.district.site.root_url}/kalender/{event.slug}/" if event.is_public else ""
    return RequestedSession(
        start=row.start.astimezone(ZoneInfo(event.timezone)),
        zone=event.zone_suffix,
        url=address,
        is_settled=is_settled(event),
    )


origins.register(ORIGIN, origin)
