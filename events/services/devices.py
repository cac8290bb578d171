"""Devices that send facts: registered by their member, bound to an office, revoked when lost."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Min, Q, QuerySet
from django.utils.translation import gettext as _

from districts.models import District, Membership
from districts.services.memberships import active_memberships
from events.attendance.access import may_judge, recordable
from events.attendance.persons import plain
from events.models import Device, Event, EventState
from events.services.planning import PLANNERS
from safeguards import audit
from safeguards.facts import Refused
from safeguards.identifiers import refuse_identity_numbers
from safeguards.tokens import digest, new_token

MOST_DEVICES = 10
# Seen is written at most so often, or every batch would write it.
SEEN_EVERY = timedelta(hours=1)
# What a device may be bound to: sessions to come, and those that may still be told of.
LATELY = timedelta(days=31)
MOST_SESSIONS = 200


def register(
    *, member: Any, district: District, label: str, now: datetime, events: Iterable[Event] = ()
) -> tuple[Device, str]:
    """Return the device and its token, which is shown this once.

    `events` binds it to these alone. Raises PermissionDenied, and Refused for an eleventh device,
    a name that is none, or events of another office.
    """
    if not active_memberships(member, district).filter(role__in=PLANNERS).exists():
        raise PermissionDenied
    label = plain(label)[:60]
    if not label:
        raise Refused(_("Please give the device a name, so that you know it again."))
    try:
        refuse_identity_numbers(label)
    except ValidationError as fault:
        raise Refused(" ".join(fault.messages)) from fault
    bound = list(events)
    if any(event.district_id != district.pk for event in bound):
        raise Refused(_("We know no such session."))
    token = new_token()
    with transaction.atomic():
        # Two that are registered at one moment are counted one after the other.
        get_user_model().objects.select_for_update(no_key=True).get(pk=member.pk)
        if of_member(member, district).count() >= MOST_DEVICES:
            raise Refused(_("You have ten devices already. Remove one that you do not use."))
        device = Device.objects.create(
            district=district,
            member=member,
            label=label,
            token_digest=digest(token),
            created_at=now,
        )
        device.events.set(bound)
        _note("device.registered", device, member, now)
    return device, token


def revoke(*, device: Device, actor: Any, now: datetime) -> Device:
    """End a device's token at once; its member may, and whoever decides. Safe to repeat."""
    district = device.district
    if device.member_id != actor.pk and not (
        actor.is_superuser or may_judge(active_memberships(actor, district))
    ):
        raise PermissionDenied
    with transaction.atomic():
        _end(device, actor, now)
    device.refresh_from_db(fields=["revoked_at"])
    return device


def revoke_all(*, member: Any, actor: Any, now: datetime, district: District | None = None) -> int:
    """End every token that sends for a member, at one office or at each; return how many.

    For whoever resets how they sign in and has judged that the actor may; None is the installation
    itself. What waits on a device stays there: registered again, it sends the same entries.
    """
    devices = Device.objects.active().filter(member=member).select_related("district")
    if district is not None:
        devices = devices.for_district(district)
    with transaction.atomic():
        return sum(_end(device, actor, now) for device in devices)


def _end(device: Device, actor: Any, now: datetime) -> bool:
    """Whether the token was still good."""
    done = Device.objects.active().filter(pk=device.pk).update(revoked_at=now)
    if done:
        _note("device.revoked", device, actor, now)
    return bool(done)


def sessions_of(
    *, member: Any, memberships: Iterable[Membership], district: District, now: datetime
) -> QuerySet[Event]:
    """Sessions at which the member may write, lately or to come, each with the `day` of the first
    such date; the next first."""
    since = now - LATELY
    rows = Event.objects.for_district(district).exclude(state=EventState.CANCELLED)
    rows = rows.filter(recordable(member, memberships))
    dates = Q(occurrences__end__gt=since, occurrences__is_cancelled=False)
    days = rows.annotate(day=Min("occurrences__day", filter=dates)).filter(day__isnull=False)
    return days.order_by("day", "title", "pk")[:MOST_SESSIONS]


def of_member(member: Any, district: District) -> Any:
    return Device.objects.for_district(district).active().filter(member=member)


def revocable(
    *, member: Any, memberships: Iterable[Membership], district: District
) -> QuerySet[Device]:
    """One's own; those of others too for whoever decides."""
    if member.is_superuser or may_judge(memberships):
        return Device.objects.for_district(district).active()
    return of_member(member, district)


def find(*, district: District, token: str, now: datetime) -> Device | None:
    """The device of this token; None for a revoked one, and where its member has no role now."""
    if not token:
        return None
    devices = Device.objects.for_district(district).active()
    found = devices.select_related("member").filter(token_digest=digest(token)).first()
    if found is None or not found.member.is_active:
        return None
    if not active_memberships(found.member, district).filter(role__in=PLANNERS).exists():
        return None
    if found.seen_at is None or now - found.seen_at > SEEN_EVERY:
        Device.objects.filter(pk=found.pk).update(seen_at=now)
    return found


def _note(verb: str, device: Device, actor: Any, now: datetime) -> None:
    audit.record(
        verb=verb, actor_id=getattr(actor, "pk", None), obj=device,
        site=device.district.site_id, now=now,
    )  # fmt: skip
