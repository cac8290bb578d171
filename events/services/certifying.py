"""Certificates: issued once to every adult who came, printed again, revoked at any time."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.core.exceptions import PermissionDenied
from django.db import transaction

from districts.services.memberships import active_memberships
from events.attendance.access import may_judge, may_record
from events.models import CAME, Attendance, Certificate, Event, EventState, Participant
from events.serials import new_serial
from safeguards import audit
from safeguards.tokens import digest


def may_certify(actor: Any, event: Event) -> bool:
    """Whoever writes down who came also hands out what says so, of a session that was approved:
    a certificate is verified by everybody, and its page names the session. Who decides need not
    wait for that."""
    if actor.is_superuser:
        return True
    memberships = list(active_memberships(actor, event.district))
    if event.approved_at is None and event.state != EventState.PUBLISHED:
        return may_judge(memberships)
    return may_record(actor, memberships, event)


def earned(event: Event, now: datetime) -> dict[int, list[Any]]:
    """Occurrences that are over, by the adult who was there; nobody who was emptied or merged."""
    rows = (
        Attendance.objects.for_district(event.district_id)
        .filter(
            occurrence__event=event,
            occurrence__is_cancelled=False,
            occurrence__end__lte=now,
            status__in=CAME,
            participant__is_minor=False,
            participant__merged_into__isnull=True,
        )
        .exclude(participant__name="")
        .select_related("occurrence")
        .order_by("participant_id", "occurrence__start")
    )
    found = defaultdict(list)
    for row in rows:
        found[row.participant_id].append(row.occurrence)
    return dict(found)


def waiting(event: Event, now: datetime) -> dict[int, list[Any]]:
    """Of `earned` those who have none yet, a revoked one and those of merged rows included."""
    found = earned(event, now)
    rows = Certificate.objects.filter(event=event)
    have, line = set(), set()
    for person, stays in rows.values_list("participant_id", "participant__merged_into_id"):
        have.add(person)
        line.add(stays)
    merged = Participant.objects.filter(merged_into__isnull=False)
    # Whom they were merged into, and so on to who stays; a query a step, of the few it concerns.
    while line := line - have - {None}:
        have |= line
        line = set(merged.filter(pk__in=line).values_list("merged_into_id", flat=True))
    return {person: dates for person, dates in found.items() if person not in have}


def issue(*, event: Event, actor: Any, now: datetime) -> int:
    """Issue what was earned and not issued yet; return how many. Safe to repeat, also at once.

    `event` comes with its district. Raises PermissionDenied.
    """
    if not may_certify(actor, event):
        raise PermissionDenied
    with transaction.atomic():
        # One after the other: two taps make one certificate.
        Event.objects.select_for_update().get(pk=event.pk)
        found = waiting(event, now)
        people = Participant.objects.in_bulk(found)
        made = [_made(event, people[pk], dates, actor, now) for pk, dates in found.items()]
        Certificate.objects.bulk_create(made, batch_size=500)
        if made:
            audit.record(
                verb="certificates.issued", actor_id=actor.pk, obj=event,
                site=event.district.site_id, now=now, number=len(made),
            )  # fmt: skip
    return len(made)


def revoke(*, certificate: Certificate, actor: Any, now: datetime) -> Certificate:
    """From now on it does not hold; whoever decides may, and who issued it. Safe to repeat."""
    event = certificate.event
    allowed = actor.is_superuser or may_judge(active_memberships(actor, event.district))
    if not (allowed or certificate.issued_by_id == actor.pk):
        raise PermissionDenied
    with transaction.atomic():
        rows = Certificate.objects.standing().filter(pk=certificate.pk)
        if rows.update(revoked_at=now, revoked_by=actor):
            audit.record(
                verb="certificate.revoked", actor_id=actor.pk, obj=certificate,
                site=event.district.site_id, now=now,
            )  # fmt: skip
    certificate.refresh_from_db(fields=["revoked_at", "revoked_by"])
    return certificate


def verified(district: Any, serial: str) -> Certificate | None:
    """The certificate of this office with the serial, revoked ones too."""
    if not serial:
        return None
    rows = Certificate.objects.for_district(district).select_related("event__region__parent")
    return rows.filter(serial_digest=digest(serial)).first()


def _made(
    event: Event, person: Participant, dates: Iterable[Any], actor: Any, now: datetime
) -> Certificate:
    dates, key = list(dates), uuid4()
    spent = sum((one.end - one.start).total_seconds() for one in dates)
    return Certificate(
        district_id=event.district_id,
        key=key,
        serial_digest=digest(new_serial(key)),
        event=event,
        participant=person,
        name=person.name,
        title=event.title,
        first_day=dates[0].day,
        last_day=dates[-1].last_day,
        minutes=int(spent // 60),
        issued_by=actor,
        issued_at=now,
    )
