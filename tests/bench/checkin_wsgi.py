"""Four ways to write a row, as an application without anything around them.

POST /kecil/ the smallest row there is, /polos/ the row of an attendance by Django alone, /hadir/ a
check-in of somebody who is known through its service, /baru/ one of somebody new. The query is the
number of a person, who is asked for once.
"""

from uuid import UUID, uuid4

import django

django.setup()

from django.utils import timezone  # noqa: E402

from events.attendance.persons import Person  # noqa: E402
from events.models import Attendance, Occurrence, Participant  # noqa: E402
from events.services.attending import mark  # noqa: E402
from safeguards.models import TickRun  # noqa: E402
from tests.load.meeting import person_key  # noqa: E402

_dates: list[Occurrence] = []
_people: dict[str, int] = {}


def smallest(_number: int) -> int:
    TickRun.objects.create(name=str(uuid4()))
    return 201


def bare(number: int) -> int:
    now = timezone.now()
    date = dates()[1]
    Attendance.objects.create(
        district_id=date.district_id,
        occurrence_id=date.pk,
        participant_id=_people[person_key(number)],
        status="hadir",
        way="mandiri",
        rank=1,
        told_at=now,
        key=uuid4(),
        server_time=now,
    )
    return 201


def known(number: int) -> int:
    return _mark(Person(UUID(person_key(number))))


def new(number: int) -> int:
    return _mark(Person(uuid4(), name=f"Tamu {number}", sex="P", age_group="25-59"))


def _mark(person: Person) -> int:
    outcome = mark(
        occurrence=dates()[0],
        person=person,
        status="hadir",
        way="mandiri",
        key=uuid4(),
        now=timezone.now(),
    )
    return outcome.http


def dates() -> list[Occurrence]:
    # Reading is not what is measured here.
    if not _dates:
        rows = Occurrence.objects.select_related("event__district__site").order_by("start")
        _people.update((str(key), pk) for key, pk in Participant.objects.values_list("key", "pk"))
        _dates.extend(rows)
    return _dates


WAYS = {"/kecil/": smallest, "/polos/": bare, "/hadir/": known, "/baru/": new}


def application(environ, start_response):
    way = WAYS.get(environ["PATH_INFO"])
    status = 200
    if way is not None:
        dates()
        status = way(int(environ["QUERY_STRING"]))
    start_response(f"{status} X", [("Content-Type", "text/plain"), ("Content-Length", "0")])
    return [b""]
