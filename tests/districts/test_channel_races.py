"""Two people at the same moment: exactly one of them decides."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connection

from districts.models import ChannelChange
from districts.services import channels
from tests.factories.channels import make_channel, make_office
from tests.factories.people import make_member

ROUNDS = 5


def at_once(*acts) -> list[str]:
    """Run the acts at the same moment, each on its own connection; return what came of each."""
    barrier = Barrier(len(acts))

    def run(act) -> str:
        try:
            barrier.wait(timeout=30)
            act()
            return "done"
        except channels.AlreadyDecided:
            return "decided before"
        except channels.AlreadyWaiting:
            return "waiting"
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return sorted(pool.map(run, acts))


def two_approve() -> None:
    klaten = make_office("klaten")
    editor = make_member("editor", klaten)
    approvers = [make_member("moderator", klaten) for _n in range(4)]
    for number in range(ROUNDS):
        channel = make_channel(klaten)
        change = channels.propose_change(
            district=klaten,
            actor=editor,
            channel=channel,
            fields={"value": f"0271 555 01{number:02d}"},
        )
        outcomes = at_once(
            *(
                lambda actor=actor, pk=change.pk: channels.approve(
                    change=ChannelChange.objects.select_related("district", "channel").get(pk=pk),
                    actor=actor,
                )
                for actor in approvers[:3]
            ),
            lambda pk=change.pk: channels.reject(
                change=ChannelChange.objects.select_related("district", "channel").get(pk=pk),
                actor=approvers[3],
                note="Nomor lama benar",
            ),
        )

        assert outcomes == ["decided before"] * 3 + ["done"]
        verdicts = channel.events.exclude(verb="proposed").values_list("verb", flat=True)
        change.refresh_from_db()
        assert list(verdicts) == [change.status]


def two_propose() -> None:
    klaten = make_office("klaten")
    editor, colleague = make_member("editor", klaten), make_member("moderator", klaten)
    channel, key = make_channel(klaten), uuid4()

    def send(actor, key=None):
        return lambda: channels.propose_change(
            district=klaten, actor=actor, channel=channel, fields={"label": "Baru"}, key=key
        )

    assert at_once(send(editor, key), send(editor, key)) == ["done", "done"]
    assert ChannelChange.objects.count() == 1
    assert at_once(send(editor), send(colleague)) == ["waiting", "waiting"]


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.parametrize("race", [two_approve, two_propose])
def test_one_of_several_gets_through(race):
    race()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.parametrize("race", [two_approve, two_propose])
def test_one_of_several_gets_through_on_postgresql(race):
    race()
