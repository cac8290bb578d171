"""Dates that are held now, and people on their roll, for the screens of attendance."""

from datetime import timedelta
from uuid import UUID, uuid4

from django.utils import timezone

from events.models import Occurrence, Participant
from events.services import merging
from tests.factories.attendance import dates_of, make_date, mark, person
from tests.factories.people import make_member


def held_now(district, *, hours_ago: float = 0, **changed) -> Occurrence:
    """A date that began so long ago."""
    start = timezone.now().replace(microsecond=0) - timedelta(hours=hours_ago)
    return make_date(district, starts_at=start, **changed)


def weekly(district, *, people: int = 0, **changed) -> Occurrence:
    """This week's date of a series; `people` came last week."""
    start = timezone.now().replace(second=0, microsecond=0) - timedelta(days=7)
    first = make_date(district, starts_at=start, rrule="FREQ=WEEKLY;COUNT=3", **changed)
    for number in range(people):
        mark(first, person(f"Peserta {number:02}"), now=start)
    return dates_of(first.event)[1]


def known(district, name: str = "Siti Aminah", **fields) -> UUID:
    """Somebody who came to another session two days ago."""
    other = held_now(district, hours_ago=48, title="Dulu")
    assert mark(other, person(name, **fields), now=other.start).status == "created"
    return key_of(name)


def key_of(name: str) -> UUID:
    return Participant.objects.get(name=name).key


def put_together(district, goes: UUID, stays: UUID) -> None:
    """A human found that these two are one person."""
    into, other = (Participant.objects.get(district=district, key=key) for key in (stays, goes))
    actor = make_member("moderator", district)
    merging.merge(into=into, other=other, actor=actor, now=timezone.now())


def walk_in(**changed) -> dict:
    """What a browser sends of somebody who is not on the list."""
    form = {
        "do": "tambah",
        "key": str(uuid4()),
        "person_key": str(uuid4()),
        "name": "Siti Aminah",
        "sex": "P",
        "age_group": "25-59",
        "organisation_name": "",
        "position": "",
        "phone": "",
        "disability": "",
    }
    return {name: value for name, value in (form | changed).items() if value is not None}


def check_in_form(ticket: str, **changed) -> dict:
    form = {
        "ticket": ticket,
        "name": "Budi Santoso",
        "sex": "L",
        "age_group": "25-59",
        "organisation_name": "Karang Taruna",
        "phone": "",
        "disability": "",
        "agrees": "on",
    }
    return {name: value for name, value in (form | changed).items() if value is not None}
