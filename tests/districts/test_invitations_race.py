"""Two people open one link at the same moment, on the database that really lets them."""

import threading

import pytest
from django.contrib.auth import get_user_model
from django.db import connection

from districts.models import Invitation, Membership, Role
from districts.services.invitations import InvitationGone, accept, invite
from tests.factories.places import make_district, make_user, national

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]
AT_ONCE = 4


def test_of_those_who_accept_at_once_one_becomes_a_member():
    national()
    lebak = make_district("lebak")
    _invitation, token = invite(
        actor=make_user("admin", lebak), district=lebak, role=Role.KADER, name="Siti"
    )
    users = get_user_model().objects
    start, outcomes = threading.Barrier(AT_ONCE), []

    def join(number):
        try:
            start.wait(timeout=20)
            accept(
                token=token,
                person=lambda: users.create_user(f"orang{number}@contoh.id", "x", name="Orang"),
            )
            outcomes.append("in")
        except InvitationGone:
            outcomes.append("gone")
        finally:
            connection.close()

    threads = [threading.Thread(target=join, args=(number,)) for number in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert sorted(outcomes) == ["gone"] * (AT_ONCE - 1) + ["in"]
    member = Membership.objects.get(role=Role.KADER).user
    assert users.filter(email__startswith="orang").get() == member
    assert Invitation.objects.get().accepted_by == member
