"""Two at the same moment: one form is one report, and of two forms one is told of the other."""

from collections import Counter
from uuid import uuid4

import pytest

from events.models import Occurrence, ReportFile, SessionReport
from safeguards.models import Fact
from tests.events.test_room_race import at_once, office
from tests.factories.people import make_member
from tests.factories.reports import AFTER, add_photo, past_date, picture, save

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def again(row) -> Occurrence:
    """As another request reads it."""
    return Occurrence.objects.select_related("event__district__site").get(pk=row.pk)


def one_form_is_one_report() -> None:
    row = past_date(office())
    key = uuid4()
    answers = at_once(*[lambda: save(again(row), version=0, key=key)] * 5)
    assert Counter(answer.status for answer in answers) == {"created": 1, "already": 4}
    assert (SessionReport.objects.get().version, Fact.objects.count()) == (1, 1)


def of_two_forms_one_is_told() -> None:
    district = office()
    row = past_date(district)
    people = [row.event.proposed_by, make_member("moderator", district)]
    answers = at_once(
        *[
            lambda one=one: save(again(row), one, version=0, results=f"dari {one.pk}")
            for one in people
        ]
    )
    assert sorted(answer.http for answer in answers) == [201, 409]
    winner = people[[answer.http for answer in answers].index(201)]
    assert SessionReport.objects.get().results == f"dari {winner.pk}"


def one_photo_is_kept_once() -> None:
    row, key, content = past_date(office()), uuid4(), picture()
    files = at_once(*[lambda: add_photo(again(row), form_key=key, content=content, now=AFTER)] * 4)
    assert len({file.pk for file in files}) == ReportFile.objects.count() == 1


CHECKS = (one_form_is_one_report, of_two_forms_one_is_told, one_photo_is_kept_once)


@pytest.mark.parametrize("check", CHECKS)
def test_on_sqlite(check):
    check()


@pytest.mark.postgres
@pytest.mark.parametrize("check", CHECKS)
def test_on_postgresql(check):
    check()
