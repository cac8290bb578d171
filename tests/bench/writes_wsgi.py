"""Three ways to write a row, as an application without anything around them.

POST /kecil/ the smallest row there is, /polos/ the row of a submission by Django alone, /jawab/ a
submission through its service. Queries: `orang` (participant), `jenis` (kind of question).
"""

from urllib.parse import parse_qs
from uuid import uuid4

import django

django.setup()

from django.utils import timezone  # noqa: E402

from modules.models import ClassRun, Participant, Submission  # noqa: E402
from modules.services.answering import submit  # noqa: E402
from safeguards.models import TickRun  # noqa: E402
from tests.factories.modules import ITEM, RIGHT  # noqa: E402

PLAIN = {"choice": 0}


def smallest(_participant: Participant, _kind: str) -> int:
    TickRun.objects.create(name=str(uuid4()))
    return 201


def bare(participant: Participant, kind: str) -> int:
    Submission.objects.create(
        run_id=participant.run_id,
        participant=participant,
        key=uuid4(),
        # Of no module, so that both sides may add as many rows as they like.
        item=uuid4(),
        answer=RIGHT[kind],
        is_right=True,
        points=1.0,
        at=timezone.now(),
    )
    return 201


def whole(participant: Participant, kind: str) -> int:
    outcome = submit(
        run=_run(participant.run_id),
        participant=participant,
        key=uuid4(),
        item=ITEM[kind],
        given=RIGHT[kind],
        now=timezone.now(),
    )
    return outcome.http


WAYS = {"/kecil/": smallest, "/polos/": bare, "/jawab/": whole}
_runs: dict[int, ClassRun] = {}
_people: dict[int, Participant] = {}


def _run(pk: int) -> ClassRun:
    if pk not in _runs:
        _runs[pk] = ClassRun.objects.select_related("district__site").get(pk=pk)
    return _runs[pk]


def _participant(pk: int) -> Participant:
    # Reading is not what is measured here.
    if not _people:
        _people.update(Participant.objects.in_bulk())
    return _people[pk]


def application(environ, start_response):
    way = WAYS.get(environ["PATH_INFO"])
    status = 200
    if way is not None:
        asked = {name: value for name, (value,) in parse_qs(environ["QUERY_STRING"]).items()}
        status = way(_participant(int(asked["orang"])), asked["jenis"])
    start_response(f"{status} X", [("Content-Type", "text/plain"), ("Content-Length", "0")])
    return [b""]
