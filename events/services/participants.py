"""People who come to sessions: written down once, and told anew."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _

from districts.models import District, Organisation, Region
from events.attendance import ages, order
from events.attendance.persons import Person, cleaned, folded, key_at
from events.attendance.roll import MOST_MERGES
from events.models import Certificate, Occurrence, Participant
from events.services.planning import settings_of
from safeguards import audit, generation
from safeguards.compiled import CompiledInsert, CompiledQuery
from safeguards.facts import Refused
from safeguards.lost_updates import check_opened

# The school year ends in the middle of July.
SCHOOL_YEAR_ENDS = (7, 15)
# What a form tells anew of somebody who is known.
WORDS = (
    *("name", "sex", "age_group", "organisation_name", "position", "phone"),
    *("region_id", "disability", "consent"),
)
# What stands in two fields is one thing: of the directory, or as somebody wrote it.
_ORGANISATION = ("organisation_id", "organisation_name")
_PERSON = CompiledInsert(Participant)
_KNOWN = CompiledQuery(
    lambda **named: Participant.objects.filter(**named).order_by(), district_id=int, key=UUID
)
# What has to be known of somebody of whom nothing is told anew.
_BRIEFLY = CompiledQuery(
    lambda **named: (
        Participant.objects.filter(**named)
        .order_by()
        .only("district_id", "name", "is_minor", "merged_into_id", "keep_until")
    ),
    district_id=int,
    key=UUID,
)
_HELD = CompiledQuery(
    lambda **named: Participant.objects.select_for_update(no_key=True).filter(**named).order_by(),
    pk=int,
)


@dataclass(frozen=True)
class Prepared:
    """A person whose words were judged, and until when they are kept."""

    person: Person
    keep_until: date


def no_consent() -> Refused:
    """S-09: the one sentence for a child's name that may not be written down."""
    return Refused(_("A parent's or guardian's consent is not recorded yet."))


def prepared(*, occurrence: Occurrence, person: Person) -> Prepared:
    """Judge what is told of a person before anything is locked. Raises Refused.

    `occurrence` comes with its event and the event's district.
    """
    district = occurrence.event.district
    person = cleaned(person)
    if not person.is_told:
        return Prepared(person, kept_until(district, occurrence, is_minor=False))
    if person.organisation is not None:
        found = Organisation.objects.for_district(district).filter(pk=person.organisation)
        if not 0 < person.organisation < 2**63 or not found.exists():
            raise Refused(_("This organisation is not in the directory of the office."))
    if person.region and not Region.objects.filter(pk=person.region).exists():
        raise Refused(_("We know no village or kecamatan with this code."))
    is_minor = ages.is_minors(person.age_group)
    if is_minor and not (person.consent and settings_of(district).names_minors):
        raise no_consent()
    return Prepared(person, kept_until(district, occurrence, is_minor=is_minor))


def check_minor(occurrence: Occurrence) -> None:
    """A child who is known by name comes only where the office still allows that."""
    if not settings_of(occurrence.event.district).names_minors:
        raise no_consent()


def kept_until(district: District, occurrence: Occurrence, *, is_minor: bool) -> date:
    """An adult so many days after their last session, a child until the school year ends."""
    day = occurrence.last_day
    if not is_minor:
        return day + timedelta(days=person_days(district))
    ends = date(day.year, *SCHOOL_YEAR_ENDS)
    return ends if day <= ends else date(day.year + 1, *SCHOOL_YEAR_ENDS)


def person_days(district: District) -> int:
    return generation.remembered(
        ("days of persons", district.pk), lambda: settings_of(district).person_days
    )


def keep(
    *,
    occurrence: Occurrence,
    known: Prepared,
    told: order.Telling,
    now: datetime,
    fills: bool = False,
) -> Participant | None:
    """The row of a person, written or told anew; None for a key that nobody has told of yet.

    Within a transaction. The latest telling of the details holds, by (moment, key). Of somebody
    who was merged the one who stays is returned, and kept as long; they are held, so that no merge
    passes by what is told of them. What only `fills` changes nothing that is known: whoever checks
    in by themselves is asked for less than staff wrote down.
    """
    person, district_id = known.person, occurrence.district_id
    if person.is_told:
        values = _values(person) | {
            "told_at": told.at,
            "told_key": told.key,
            "keep_until": known.keep_until,
        }
        row = _PERSON.row(district_id=district_id, key=person.key, created_at=now, **values)
        if row is not None:
            return Participant(pk=row, district_id=district_id, key=person.key, **values)
    query = _KNOWN if person.is_told else _BRIEFLY
    found = next(iter(query.instances(district_id=district_id, key=person.key)), None)
    if found is None:
        return None
    found, *others = _held(found)
    if person.is_told and (told.at, told.key) > (found.told_at, found.told_key):
        if fills:
            values |= _known_of(found, values)
        values["keep_until"] = _until(found, known, is_minor=values["is_minor"])
        Participant.objects.filter(pk=found.pk).update(**values)
        for name, value in values.items():
            setattr(found, name, value)
    elif known.keep_until > found.keep_until and not found.is_minor:
        Participant.objects.filter(pk=found.pk).update(keep_until=known.keep_until)
    if not others:
        return found
    _keep_as_long(others, known)
    return others[-1]


def find(district_id: int, key: UUID) -> Participant | None:
    return next(iter(_KNOWN.instances(district_id=district_id, key=key)), None)


def who_stays(row: Participant) -> Participant:
    """Whom somebody was merged into in the end; themselves, where nobody did that."""
    return _line(row)[-1]


def known_as(district_id: int, key: UUID) -> Participant | None:
    """Whom a key stands for by now: the one who stays."""
    found = find(district_id, key)
    return None if found is None else who_stays(found)


def keys_of(row: Participant) -> dict[int, UUID]:
    """{pk: key}: theirs, and those of everybody who was merged into them before."""
    found, newest = {row.pk: row.key}, [row.pk]
    while newest:
        rows = Participant.objects.filter(merged_into__in=newest).exclude(pk__in=found)
        new = dict(rows.values_list("pk", "key"))
        found |= new
        newest = list(new)
    return found


def _line(row: Participant) -> list[Participant]:
    """They, whom they were merged into, and so on to the one who stays."""
    line = [row]
    while line[-1].merged_into_id is not None and len(line) <= MOST_MERGES:
        line.append(Participant.objects.get(pk=line[-1].merged_into_id))
    return line


def _held(found: Participant) -> list[Participant]:
    """Their line as it is now, held until the transaction ends, in the order of a merge."""
    while True:
        line = _line(found)
        if not connection.features.has_select_for_update:
            # SQLite: whoever writes holds the whole file.
            return line
        if len(line) == 1 and (held := _HELD.instances(pk=found.pk)) and _stays(held[0]):
            return held
        rows = Participant.objects.select_for_update(no_key=True).order_by("pk")
        rows = rows.in_bulk([row.pk for row in line])
        held = [rows[row.pk] for row in line]
        if [row.merged_into_id for row in held] == [row.merged_into_id for row in line]:
            return held
        found = held[0]


def _stays(row: Participant) -> bool:
    return row.merged_into_id is None


def _keep_as_long(others: list[Participant], known: Prepared) -> None:
    """Whoever comes under the key of somebody merged comes as the one who stays."""
    rows = Participant.objects.filter(
        pk__in=[row.pk for row in others], keep_until__lt=known.keep_until
    )
    if not (known.person.is_told and ages.is_minors(known.person.age_group)):
        # A child is never kept as long as an adult would be.
        rows = rows.filter(is_minor=False)
    rows.update(keep_until=known.keep_until)


def self_told(*, occurrence: Occurrence, person: Person) -> Person:
    """Somebody at the door who has no key: known by telephone and name, or new with these words.

    The same words again at one session are the same person; other words are somebody else, until
    a human says they are not.
    """
    person = cleaned(person)
    if not person.is_told:
        raise Refused(_("Please write a name."))
    if person.phone:
        same = Participant.objects.filter(
            district_id=occurrence.district_id, phone=person.phone, folded=folded(person.name)
        )
        found = same.filter(merged_into__isnull=True).order_by("pk").first()
        if found is not None:
            return replace(person, key=found.key)
    return replace(person, key=key_at(occurrence, person))


def correct(
    *,
    participant: Participant,
    person: Person,
    occurrence: Occurrence,
    actor: Any,
    now: datetime,
    opened: str | None = None,
) -> Participant:
    """Other words for somebody who is known, as they asked for it; with an audit line.

    They hold over what a device told of the person whose clock is ahead of ours. `occurrence` is
    the session at which this is asked for; without `actor` it was a command. Raises Refused, also
    for somebody erased meanwhile, and Outdated where they are not as they were `opened`, an imprint
    of `words_of`.
    """
    with transaction.atomic():
        found = who_stays(Participant.objects.select_for_update().get(pk=participant.pk))
        if not found.name:
            raise Refused(_("Everything about this person was erased."), http=410)
        known = prepared(occurrence=occurrence, person=replace(person, key=found.key))
        values = _values(known.person)
        check_opened(opened, stands=words_of(found), told={name: values[name] for name in WORDS})
        told = order.Telling(found.key, now, None, False)
        told = order.just_after(told, found.told_at, found.told_key)
        row = keep(occurrence=occurrence, known=known, told=told, now=now)
        # What was certified is the same; how the name is spelt was not.
        certified = Certificate.objects.standing().filter(participant__in=keys_of(row))
        certified.update(name=row.name)
        audit.record(
            verb="person.corrected", actor_id=getattr(actor, "pk", None), obj=row,
            site=occurrence.event.district.site_id, now=now,
        )  # fmt: skip
    return row


def words_of(row: Participant) -> dict[str, Any]:
    """What the form of somebody known shows."""
    return {name: getattr(row, name) for name in WORDS}


def _values(person: Person) -> dict[str, Any]:
    return {
        "name": person.name,
        "folded": folded(person.name),
        "sex": person.sex,
        "age_group": person.age_group,
        "organisation_id": person.organisation,
        "organisation_name": person.organisation_name,
        "position": person.position,
        "region_id": person.region or None,
        "phone": person.phone,
        "disability": person.disability,
        "is_minor": ages.is_minors(person.age_group),
        "consent": person.consent if ages.is_minors(person.age_group) else "",
    }


def _known_of(found: Participant, values: dict[str, Any]) -> dict[str, Any]:
    """Of these fields those that are known already, as they are known."""
    told = {"told_at", "told_key", "keep_until"}
    held = {name for name in values.keys() - told if getattr(found, name) not in {"", None}}
    if held.intersection(_ORGANISATION):
        held.update(_ORGANISATION)
    if found.is_minor:
        # No telephone numbers of children are kept.
        held.add("phone")
    return {name: getattr(found, name) for name in held}


def _until(found: Participant, known: Prepared, *, is_minor: bool) -> date:
    """The longer of both; a child is never kept as long as an adult would be."""
    told_of_a_child = ages.is_minors(known.person.age_group)
    if is_minor and told_of_a_child != found.is_minor:
        return known.keep_until if told_of_a_child else found.keep_until
    return max(known.keep_until, found.keep_until)
