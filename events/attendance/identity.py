"""Whom a request about one person means: all keys under which they were written down."""

from dataclasses import replace
from typing import Any

from django.db.models import Q

from events.models import Attendance, Participant
from safeguards.services.subjects import Subject


def widen(who: Subject) -> Subject:
    """A telephone number means everybody who was written down with it; a key also those who were
    merged with it, and the number where nobody else has it."""
    if not (who.phone or who.persons):
        return who
    keys = set(who.persons)
    if who.phone:
        with_it = Participant.objects.filter(phone=who.phone)
        keys |= set(with_it.values_list("key", flat=True))
    while True:
        same = Q(key__in=keys) | Q(merged_into__key__in=keys) | Q(merged__key__in=keys)
        found = set(Participant.objects.filter(same).values_list("key", flat=True)) - keys
        if not found:
            break
        keys |= found
    return replace(who, persons=frozenset(keys), phone=who.phone or _own_phone(keys))


def sessions_of(who: Subject) -> list[dict[str, Any]]:
    """For the export: where the person came, and as what they were written down."""
    rows = (
        Attendance.objects.filter(participant__key__in=who.persons)
        .select_related("occurrence__event")
        .order_by("occurrence__start", "pk")
    )
    return [
        {
            "id": row.pk,
            "session": row.occurrence.event.title,
            "day": row.occurrence.day,
            "status": row.status,
            "way": row.way,
        }
        for row in rows
    ]


def _own_phone(keys: set) -> str:
    """The number of this person; "" where a family shares it."""
    theirs = Participant.objects.filter(key__in=keys).exclude(phone="").order_by("-told_at")
    phone = theirs.values_list("phone", flat=True).first() or ""
    shared = Participant.objects.filter(phone=phone).exclude(key__in=keys)
    return "" if phone and shared.exists() else phone
