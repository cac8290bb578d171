"""One person's words corrected wherever offices wrote them down; what the command does."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from events.attendance.people import visits_of
from events.attendance.persons import Person
from events.forms.registration import OwnWordsForm
from events.models import Participant, Registration
from events.services import participants, registered
from safeguards.facts import Refused
from safeguards.services.subjects import Subject

# What a word is called in either place; what a place does not have is left out.
OF_PEOPLE = {
    "name": "name",
    "organisation": "organisation_name",
    "position": "position",
    "phone": "phone",
}
OF_REGISTRATIONS = {
    "name": "name",
    "organisation": "organisation_name",
    "phone": "phone",
    "email": "email",
}


class NothingKnown(Exception):
    """No office has written this person down."""


class NotThis(Exception):
    """Raised for a row that stays as it is; the reason is in words."""


@dataclass(frozen=True)
class Corrected:
    """How many rows by the label of their model; `left` are (label, key, reason) of others."""

    done: dict[str, int]
    left: list[tuple[str, UUID, str]]


@transaction.atomic
def correct_person(
    subject: Any, *, told: dict[str, str], now: datetime, site: int | None = None
) -> Corrected:
    """Correct the rows of a person, or none where the words may not be kept.

    `told` has some of name, organisation, position, phone and email; with `site`, the id of one,
    only that office's rows are corrected. Each row leaves an audit line. Raises UnknownSubject,
    NothingKnown, and Refused for words that may not be kept.
    """
    who = replace(Subject.of(subject), site=site).completed()
    rows = [(row, _correct) for row in _people(who)]
    rows += [(row, _correct_registration) for row in _registrations(who)]
    if not rows:
        raise NothingKnown
    done, left = Counter(), []
    for row, correct in rows:
        try:
            correct(row, told, now)
        except NotThis as reason:
            left.append((row._meta.label, row.key, str(reason)))
        else:
            done[row._meta.label] += 1
    return Corrected(dict(done), left)


def _people(who: Subject) -> QuerySet:
    """Those who stay, each once; who was merged into them is the same person."""
    rows = who.within(Participant.objects.known()).filter(key__in=who.persons)
    return rows.select_related("district").order_by("pk")


def _registrations(who: Subject) -> QuerySet:
    wanted = Q(key__in=who.persons)
    if who.email:
        wanted |= Q(email__iexact=who.email)
    if who.phone:
        wanted |= Q(phone=who.phone)
    rows = who.within(Registration.objects.all()).filter(wanted)
    return rows.select_related("occurrence__event__district").order_by("pk")


def _correct(row: Participant, told: dict[str, str], now: datetime) -> None:
    changed = _of_these(told, OF_PEOPLE)
    if "organisation_name" in changed:
        # What is written by hand stands for what the directory said.
        changed["organisation"] = None
    last = visits_of(row).first()
    if last is None:
        raise NotThis(_("This person is on no list any more. Erase them instead."))
    person = Person(
        key=row.key, name=row.name, sex=row.sex, age_group=row.age_group,
        organisation=row.organisation_id, organisation_name=row.organisation_name,
        position=row.position, region=row.region_id or "", phone=row.phone,
        disability=row.disability, disability_agreed=row.disability is not None,
        consent=row.consent,
    )  # fmt: skip
    told_anew = replace(person, **changed)
    if not told_anew.name.strip():
        raise Refused(_("Please write a name."))
    participants.correct(
        participant=row, person=told_anew, occurrence=last.occurrence, actor=None, now=now
    )


def _correct_registration(row: Registration, told: dict[str, str], now: datetime) -> None:
    changed = _of_these(told, OF_REGISTRATIONS)
    form = OwnWordsForm(registered.words_of(row) | changed, mine=row)
    if not form.is_valid():
        faults = (fault for found in form.errors.values() for fault in found)
        raise Refused(" ".join(dict.fromkeys(faults)))
    values = {name: form.cleaned_data[name] for name in registered.WORDS}
    registered.correct(registration=row, values=values, now=now)


def _of_these(told: dict[str, str], names: dict[str, str]) -> dict[str, Any]:
    found = {names[word]: text for word, text in told.items() if word in names}
    if not found:
        raise NotThis(_("None of these words is kept here."))
    return found
