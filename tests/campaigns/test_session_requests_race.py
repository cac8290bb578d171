"""Requests and answers at the same moment, on each database."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connection

from campaigns.models import SessionRequest
from campaigns.services import session_requests as services
from tests.factories.places import make_district, make_user, national
from tests.factories.requests import NOW, WORDS, last_step, make_request

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
AT_ONCE = 4


def at_once(*acts):
    """Run the acts at the same moment, each on its own connection; what each returned."""
    barrier = Barrier(len(acts))

    def run(act):
        try:
            barrier.wait(timeout=30)
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def send(district, key):
    return services.submit(
        district=district, key=key, values=dict(WORDS), language_code="id", now=NOW
    )


def the_same_form() -> None:
    national()
    lebak = make_district("lebak")
    key = uuid4()
    receipts = at_once(*[lambda: send(lebak, key)] * AT_ONCE)
    assert sorted(receipt.http for receipt in receipts) == [200] * (AT_ONCE - 1) + [201]
    assert len({(receipt.number, receipt.token) for receipt in receipts}) == 1
    assert SessionRequest.objects.count() == 1


def different_forms() -> None:
    national()
    lebak = make_district("lebak")
    receipts = at_once(*[lambda: send(lebak, uuid4())] * AT_ONCE)
    assert sorted(receipt.number for receipt in receipts) == [
        f"2026-{number:04}" for number in range(1, AT_ONCE + 1)
    ]
    assert {receipt.http for receipt in receipts} == {201}


def two_answers() -> None:
    national()
    lebak = make_district("lebak")
    people = [make_user("moderator", lebak) for _n in range(AT_ONCE)]
    request = make_request(lebak)
    seen = last_step(request)

    def decline(actor):
        try:
            services.decline(
                request=SessionRequest.objects.select_related("district").get(pk=request.pk),
                actor=actor,
                message="Tidak",
                seen_step=seen,
                now=NOW,
            )
        except services.Changed as error:
            return f"after {error.latest.author_id}"
        return actor.pk

    outcomes = at_once(*[lambda actor=actor: decline(actor) for actor in people])
    winners = [outcome for outcome in outcomes if isinstance(outcome, int)]
    assert len(winners) == 1
    assert outcomes.count(f"after {winners[0]}") == AT_ONCE - 1
    assert request.steps.count() == 2


RACES = [the_same_form, different_forms, two_answers]


@pytest.mark.parametrize("race", RACES)
def test_at_the_same_moment(race):
    race()


@pytest.mark.postgres
@pytest.mark.parametrize("race", RACES)
def test_at_the_same_moment_on_postgresql(race):
    race()
