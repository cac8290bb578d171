"""Two sign at the same moment: one entry, and the other is told; one form sent twice is once."""

from uuid import uuid4

import pytest

from modules.models import SignOff
from modules.services.signing import Overtaken
from tests.factories.modules import make_module, sign
from tests.factories.people import make_member
from tests.factories.places import national
from tests.modules.test_races import at_once


def one_of_two_who_sign_is_told() -> None:
    module, actor = make_module(), make_member("moderator", national())

    def record():
        try:
            return sign(module, actor=actor, entry=uuid4(), after=0).number
        except Overtaken:
            return "told"

    assert sorted(map(str, at_once(*[record] * 4))) == ["1", "told", "told", "told"]
    assert SignOff.objects.count() == 1


def one_form_is_one_entry() -> None:
    module, actor, entry = make_module(), make_member("moderator", national()), uuid4()
    rows = at_once(*[lambda: sign(module, actor=actor, entry=entry, after=0).pk] * 4)
    assert len(set(rows)) == 1
    assert SignOff.objects.count() == 1


RACES = [one_of_two_who_sign_is_told, one_form_is_one_entry]


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.parametrize("race", RACES)
def test_race(race):
    race()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.parametrize("race", RACES)
def test_race_on_postgresql(race):
    race()
