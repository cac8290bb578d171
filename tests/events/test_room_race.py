"""Two at the same moment: one form is one session, and of two decisions one counts."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connection

from events.models import Event, EventChange, EventState
from events.services import deciding, planning
from events.services import office as settings
from events.services.bookkeeping import NotPossible, Stale
from safeguards.lost_updates import Outdated, imprint
from tests.factories.events import NOW, event_values, make_event, make_terms
from tests.factories.people import make_member
from tests.factories.places import make_district, national

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def at_once(*acts) -> list:
    """Run the acts at the same moment, each on its own connection; return what each returned."""
    barrier = Barrier(len(acts))

    def run(act):
        try:
            barrier.wait(timeout=30)
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def office():
    national()
    make_terms()
    return make_district("klaten")


def one_form_is_one_session() -> None:
    district = office()
    kader, values = make_member("kader", district), event_values(district)
    for number in range(3):
        key = uuid4()

        def send(key=key):
            return planning.propose(
                district=district, actor=kader, key=key, values=dict(values), now=NOW
            )

        answers = at_once(*[send] * 5)
        assert sorted(is_new for _event, is_new in answers) == [False] * 4 + [True]
        assert len({event.pk for event, _is_new in answers}) == 1
        assert Event.objects.count() == number + 1


def of_two_decisions_one_counts() -> None:
    district = office()
    people = [make_member("moderator", district) for _n in range(2)]
    event = make_event(district, published=False)

    def decide(person, act, **more):
        try:
            act(event=event, actor=person, version=event.version, now=NOW, **more)
        except (Stale, NotPossible):
            return False
        return True

    answers = at_once(
        lambda: decide(people[0], deciding.approve),
        lambda: decide(people[1], deciding.send_back, note="Tambah tempat"),
    )
    assert sorted(answers) == [False, True]
    event.refresh_from_db()
    told = event.changes.filter(verb=EventChange.Verb.RETURNED).count()
    assert told == (event.state == EventState.CHANGES)


def of_two_saves_one_is_asked() -> None:
    """Also where no row stands yet that could be held."""
    district = office()
    people = [make_member("admin", district) for _n in range(2)]
    opened = imprint({"remind_days": 2})
    day = {"day": NOW.date(), "is_ordinary": False, "opened": ""}

    def save(act, person, **more):
        try:
            act(district=district, actor=person, **more)
        except Outdated:
            return False
        return True

    answers = at_once(
        *(
            lambda who=who, days=days: save(
                settings.save_settings, who, values={"remind_days": days}, opened=opened
            )
            for days, who in enumerate(people, 5)
        )
    )
    assert sorted(answers) == [False, True]
    answers = at_once(
        *(
            lambda who=who, name=name: save(settings.keep_day, who, label=name, **day)
            for name, who in zip(("Hari jadi", "Bersih desa"), people, strict=True)
        )
    )
    assert sorted(answers) == [False, True]


def test_one_form_sent_at_once_is_one_session():
    one_form_is_one_session()


def test_two_decide_at_once():
    of_two_decisions_one_counts()


def test_two_save_at_once():
    of_two_saves_one_is_asked()


@pytest.mark.postgres
def test_two_save_at_once_on_postgresql():
    of_two_saves_one_is_asked()


@pytest.mark.postgres
def test_one_form_sent_at_once_is_one_session_on_postgresql():
    one_form_is_one_session()


@pytest.mark.postgres
def test_two_decide_at_once_on_postgresql():
    of_two_decisions_one_counts()
