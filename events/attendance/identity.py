"""Whom a request about one person means: all keys under which they were written down."""

from dataclasses import replace
from typing import Any

from django.db.models import Q, QuerySet

from events.models import Attendance, Participant
from safeguards.services.subjects import Subject


def widen(who: Subject) -> Subject:
    """A telephone number means everybody who was written down with it; a key also those who were
    merged with it, and the number where nobody else has it; all of it at the office of the site
    where one is told."""
    if not (who.phone or who.persons):
        return who
    keys = set(who.persons)
    if who.phone:
        with_it = _people(who).filter(phone=who.phone)
        keys |= set(with_it.values_list("key", flat=True))
    while True:
        same = Q(key__in=keys) | Q(merged_into__key__in=keys) | Q(merged__key__in=keys)
        found = set(_people(who).filter(same).values_list("key", flat=True)) - keys
        if not found:
            break
        keys |= found
    return replace(who, persons=frozenset(keys), phone=who.phone or _own_phone(who, keys))


def sessions_of(who: Subject) -> list[dict[str, Any]]:
    """For the export: where the person came, and as what they were written down."""
    rows = (
        Attendance.objects.filter(participant__in=_people(who).filter(key__in=who.persons))
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


def _people(who: Subject) -> QuerySet:
    return who.within(Participant.objects.all())


def _own_phone(who: Subject, keys: set) -> str:
    """The number of this person; "" where a family shares it."""
    theirs = _people(who).filter(key__in=keys).exclude(phone="").order_by("-told_at")
    phone = theirs.values_list("phone", flat=True).first() or ""
    shared = _people(who).filter(phone=phone).exclude(key__in=keys)
    return "" if phone and shared.exists() else phone
