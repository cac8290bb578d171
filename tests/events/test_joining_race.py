"""Many register at the same moment, on each database: never more than there are places."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connection

from events import reminder_mail
from events.models import Letter, Occurrence, Registration, Reminder
from events.services import inviting, registering
from safeguards import owed_mails
from tests.factories.events import NOW, make_event, make_terms
from tests.factories.joining import date_of, make_open_event, register, words
from tests.factories.people import make_member
from tests.factories.places import make_district, national

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
PLACES, PEOPLE, AT_ONCE = 50, 200, 20


def at_once(acts) -> list:
    """Run the acts, twenty at a time and the first twenty at one moment; what each returned."""
    barrier = Barrier(min(len(acts), AT_ONCE))

    def run(number_and_act):
        number, act = number_and_act
        try:
            if number < barrier.parties:
                barrier.wait(timeout=60)
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(barrier.parties) as pool:
        return list(pool.map(run, enumerate(acts)))


def office():
    national()
    make_terms()
    return make_district("klaten")


def send(date, key=None, **changed):
    """As a browser does: told to come again in a moment, it comes again."""
    key = key or uuid4()
    while True:
        answer = registering.register(
            occurrence=date, key=key, values=words(**changed), language_code="id", now=NOW
        )
        if not answer.retry_after:
            return answer


def two_hundred_for_fifty_places() -> None:
    date = date_of(make_open_event(office(), seats=PLACES))
    answers = at_once([lambda: send(date)] * PEOPLE)
    assert {answer.http for answer in answers} == {201}
    rows = Registration.objects.filter(occurrence=date)
    assert rows.filter(state="terdaftar").count() == PLACES
    assert rows.filter(state="menunggu").count() == PEOPLE - PLACES
    row = Occurrence.objects.get(pk=date.pk)
    assert (row.taken, row.seats) == (PLACES, PLACES)


def groups_that_do_not_divide_the_places() -> None:
    date = date_of(make_open_event(office(), seats=PLACES))
    at_once([lambda n=n: send(date, kind="lembaga", seats=n % 5 + 2) for n in range(40)])
    rows = Registration.objects.filter(occurrence=date).order_by("pk")
    has_place = [row.seats for row in rows if row.state == "terdaftar"]
    taken = Occurrence.objects.get(pk=date.pk).taken
    assert taken == sum(has_place)
    # The first who waits is the first who did not fit; nobody after them has a place.
    states = [row.state for row in rows]
    first = states.index("menunggu")
    assert set(states[first:]) == {"menunggu"}
    assert PLACES - rows[first].seats < taken <= PLACES


def one_form_sent_many_times() -> None:
    date, key = date_of(make_open_event(office())), uuid4()
    answers = at_once([lambda: send(date, key)] * 8)
    assert sorted(answer.http for answer in answers) == [200] * 7 + [201]
    assert len({answer.token for answer in answers}) == 1
    assert Occurrence.objects.get(pk=date.pk).taken == 1


def all_cancel_while_others_come() -> None:
    date = date_of(make_open_event(office(), seats=5))
    first = [register(date) for _n in range(10)]

    def cancel(mine):
        return lambda: registering.cancel(registration=mine, now=NOW)

    at_once([act for mine in first for act in (cancel(mine), lambda: send(date))])
    rows = Registration.objects.filter(occurrence=date)
    assert rows.filter(state="batal").count() == 10
    assert rows.filter(state="terdaftar").count() == 5
    assert Occurrence.objects.get(pk=date.pk).taken == 5


def one_reminder_is_taken_by_one_clock() -> None:
    date = date_of(make_open_event(office()))
    register(date)
    reminder = Reminder.objects.get(what="terdaftar")
    taken = at_once([lambda: owed_mails.take(reminder_mail.POST, reminder.pk, NOW)] * 6)
    assert [one.pk for one in taken if one is not None] == [reminder.pk]


def letters_have_numbers_of_their_own() -> None:
    district = office()
    event = make_event(district)
    date, actor = date_of(event), make_member("admin", district)

    def write():
        return inviting.write_letter(
            occurrence=date,
            actor=actor,
            day=NOW.date(),
            classification="",
            unit="",
            agenda="",
            number=None,
            now=NOW,
        )

    letters = at_once([write] * 8)
    assert sorted(letter.number for letter in letters) == list(range(1, 9))
    assert Letter.objects.count() == 8


RACES = [
    two_hundred_for_fifty_places,
    groups_that_do_not_divide_the_places,
    one_form_sent_many_times,
    all_cancel_while_others_come,
    one_reminder_is_taken_by_one_clock,
    letters_have_numbers_of_their_own,
]


# On PostgreSQL two hundred are tried each time.
@pytest.mark.parametrize("race", [pytest.param(RACES[0], marks=pytest.mark.slow), *RACES[1:]])
def test_at_the_same_moment(race):
    race()


@pytest.mark.postgres
@pytest.mark.parametrize("race", RACES)
def test_at_the_same_moment_on_postgresql(race):
    race()
