"""Two people bring one commitment forward at the same moment: one does, the other is told."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connection

from districts.models import Commitment
from districts.services import commitments as services
from tests.factories.channels import make_office
from tests.factories.commitments import make_commitment
from tests.factories.people import make_member

ROUNDS = 5


def at_once(*acts) -> list[str]:
    barrier = Barrier(len(acts))

    def run(act) -> str:
        try:
            barrier.wait(timeout=30)
            act()
            return "done"
        except services.StaleCommitment:
            return "stale"
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return sorted(pool.map(run, acts))


def two_steps() -> None:
    lebak = make_office("lebak")
    people = [make_member(role, lebak) for role in ("editor", "moderator", "admin")]
    for number in range(ROUNDS):
        commitment = make_commitment(lebak, str(number))

        def take(actor, status, key=None, pk=commitment.pk):
            return lambda: services.take_step(
                commitment=Commitment.objects.select_related("district").get(pk=pk),
                actor=actor,
                status=status,
                day=date(2026, 2, 1),
                version=1,
                key=key,
            )

        outcomes = at_once(
            take(people[0], "selesai"), take(people[1], "tertunda"), take(people[2], "dihentikan")
        )

        assert outcomes == ["done", "stale", "stale"]
        commitment.refresh_from_db()
        newest, first = commitment.steps.all()
        assert (commitment.status, commitment.version) == (newest.status, 2)
        assert first.status == "berjalan"


def one_form_twice() -> None:
    lebak = make_office("lebak")
    editor = make_member("editor", lebak)
    for number in range(ROUNDS):
        commitment, key = make_commitment(lebak, str(number)), uuid4()

        def send(pk=commitment.pk, key=key):
            services.take_step(
                commitment=Commitment.objects.select_related("district").get(pk=pk),
                actor=editor,
                status="selesai",
                day=date(2026, 2, 1),
                version=1,
                key=key,
            )

        assert at_once(send, send) == ["done", "done"]
        assert commitment.steps.count() == 2


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.parametrize("race", [two_steps, one_form_twice])
def test_one_of_several_gets_through(race):
    race()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.parametrize("race", [two_steps, one_form_twice])
def test_one_of_several_gets_through_on_postgresql(race):
    race()
