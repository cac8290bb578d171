"""Which channels and changes a person reaches from the office whose host they are on."""

from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404, HttpRequest
from django.utils import timezone

from districts.channel_view import serves
from districts.hours import local_date
from districts.models import Channel, ChannelChange, District
from districts.scoping import district_for_request
from districts.services.second_person import districts_kept_by, standing

STATES = ("verified", "overdue", "unverified", "waiting", "hidden")


def office_of(request: HttpRequest) -> District:
    """The office of this host, if the person keeps its channels; else 404."""
    office = district_for_request(request)
    if office is None or not standing(request.user, office):
        raise Http404
    return office


def offices_within_reach(request: HttpRequest) -> QuerySet:
    """This host's office and, for a province or the nation, those below it, if one keeps them."""
    office = district_for_request(request)
    if office is None:
        return District.objects.none()
    kept = districts_kept_by(request.user)
    if office.is_national:
        return kept
    if office.level == District.Level.PROVINSI:
        return kept.filter(Q(pk=office.pk) | Q(region__code__startswith=f"{office.region_id}."))
    return kept.filter(pk=office.pk)


def channels_within_reach(request: HttpRequest) -> QuerySet:
    return Channel.objects.filter(district__in=offices_within_reach(request)).select_related(
        "organisation", "region", "district"
    )


def changes_within_reach(request: HttpRequest) -> QuerySet:
    return ChannelChange.objects.filter(district__in=offices_within_reach(request)).select_related(
        "district", "channel__organisation", "proposed_by"
    )


def in_state(channels: QuerySet, state: str, district: District, now: datetime | None = None):
    """Those of the channels that are verified, overdue, unverified, waiting or hidden."""
    today = local_date(now or timezone.now(), district.timezone)
    shown = Q(hidden_at__isnull=True, active=True) & serving(today)
    match state:
        case "verified":
            return channels.filter(shown, last_verified__isnull=False).exclude(review_due__lt=today)
        case "overdue":
            return channels.filter(shown, last_verified__isnull=False, review_due__lt=today)
        case "unverified":
            return channels.filter(shown, last_verified__isnull=True)
        case "waiting":
            return channels.filter(Exists(waiting_for(OuterRef("pk"))))
        case "hidden":
            return channels.exclude(shown)
    return channels


def waiting_for(channel: Any) -> QuerySet:
    return ChannelChange.objects.filter(channel=channel, status=ChannelChange.Status.WAITING)


def serving(today: date) -> Q:
    """Channels whose organisation has begun and has not ended; as `channel_view.serves`."""
    begins, ends = "organisation__active_from", "organisation__active_until"
    return (Q(**{f"{begins}__isnull": True}) | Q(**{f"{begins}__lte": today})) & (
        Q(**{f"{ends}__isnull": True}) | Q(**{f"{ends}__gte": today})
    )


def state_of(channel: Channel, now: datetime | None = None) -> str:
    """The one word for a channel in a list."""
    now = now or timezone.now()
    if channel.hidden_at is not None or not channel.active or not serves(channel, now):
        return "hidden"
    if not channel.is_verified:
        return "unverified"
    today = local_date(now, channel.timezone)
    if channel.review_due is not None and channel.review_due < today:
        return "overdue"
    return "verified"
