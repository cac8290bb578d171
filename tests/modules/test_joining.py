"""The door of a run: a code, no account, one tap; and a budget for who guesses codes."""

from datetime import timedelta
from uuid import uuid4

import pytest

from modules.codes import new_code
from modules.models import ClassRun, Participant
from modules.services import joining, runs
from modules.services.joining import (
    NoSuchRun,
    TooManyGuesses,
    carrier_of,
    find_run,
    join,
    participant_of,
    token_of,
)
from safeguards.models import Fact, RateWindow
from safeguards.tokens import digest
from tests.factories.modules import NOW, make_module, make_participant, make_run
from tests.factories.people import make_member
from tests.factories.places import make_district

pytestmark = pytest.mark.django_db
SCHOOL = "203.0.113.7"


def look(run, typed=None, *, device="", address=SCHOOL, now=NOW, district=None, **more):
    return find_run(
        district=district or run.district,
        typed=typed or run.code,
        device=device,
        address=address,
        now=now,
        **more,
    )


def guess(run, count, **where):
    """Type so many wrong codes; return what came of them, in order and without repeats."""
    met = []
    for _n in range(count):
        try:
            look(run, "XXXXXX", **where)
        except (NoSuchRun, TooManyGuesses) as refusal:
            met.append(type(refusal))
    return list(dict.fromkeys(met))


def test_join_once_per_key():
    run, key = make_run(), uuid4()
    first, again = join(run=run, key=key, now=NOW), join(run=run, key=key, now=NOW)
    assert (first.http, again.http) == (201, 200)
    assert first.response == again.response
    participant = Participant.objects.get()
    assert first.response == {"participant": participant.pk, "nickname": participant.nickname}
    assert len(participant.nickname.split()) == 2
    run.refresh_from_db()
    assert run.pulse == 2


def test_join_keeps_a_digest_of_the_token_alone():
    participant = make_participant(make_run(), key=(key := uuid4()))
    token = token_of(key)
    assert len(token) == 32
    assert participant.token_digest == digest(token)
    assert token_of(uuid4()) != token
    for row in (*Participant.objects.values(), *Fact.objects.values()):
        assert token not in str(row)


def test_one_key_is_somebody_else_in_another_run():
    first, key = make_run(), uuid4()
    second = make_run(first.district)
    assert join(run=first, key=key, now=NOW).http == 201
    assert join(run=second, key=key, now=NOW).http == 422
    assert list(Participant.objects.values_list("run", flat=True)) == [first.pk]


def test_participant_of_is_whoever_carries_the_token_in_this_run():
    run, other = make_run(), make_run(make_district("klaten"))
    participant = make_participant(run)
    token = token_of(participant.key)
    assert participant_of(run=run, token=token) == participant
    for wrong in ("", "x" * 32, token[:-1], token.swapcase()):
        assert participant_of(run=run, token=wrong) is None
    assert participant_of(run=other, token=token) is None


def test_who_was_sent_out_is_known_and_not_let_in():
    run = make_run()
    participant = make_participant(run)
    actor = make_member("guru", run.district)
    other = make_run(run.district)
    assert not runs.remove_participant(run=other, participant=participant.pk, actor=actor, now=NOW)
    assert runs.remove_participant(run=run, participant=participant.pk, actor=actor, now=NOW)
    assert not runs.remove_participant(run=run, participant=participant.pk, actor=actor, now=NOW)
    token = token_of(participant.key)
    assert participant_of(run=run, token=token) is None
    assert carrier_of(run=run, token=token) == participant
    assert join(run=run, key=participant.key, now=NOW).http == 200
    assert participant_of(run=run, token=token) is None


@pytest.mark.parametrize(
    ("change", "state", "http"),
    [
        (lambda run: runs.lock_run(run=run, locked=True, now=NOW), "locked", 423),
        (lambda run: runs.close_run(run=run, now=NOW), "over", 410),
    ],
)
def test_a_door_that_is_shut_lets_in_only_who_was_in(change, state, http):
    run, key = make_run(), uuid4()
    join(run=run, key=key, now=NOW)
    run = change(run)
    assert look(run).state == state
    refused = join(run=run, key=uuid4(), now=NOW)
    assert (refused.status, refused.http) == ("rejected", http)
    assert refused.reason
    assert join(run=run, key=key, now=NOW).http == 200
    assert Participant.objects.count() == 1


def test_a_door_shuts_by_itself_and_late_ones_are_welcome_before():
    run = make_run()
    late, over = NOW + timedelta(hours=2, minutes=59), NOW + timedelta(hours=3)
    assert (look(run, now=late).state, look(run, now=over).state) == ("open", "over")
    assert join(run=run, key=uuid4(), now=late).http == 201
    assert join(run=run, key=uuid4(), now=over).http == 410


def test_a_run_that_has_not_begun_lets_nobody_in():
    run = make_run(opened=False)
    refused = join(run=run, key=uuid4(), now=NOW)
    assert (refused.http, refused.retry_after) == (409, 10)
    assert not Participant.objects.exists()


def test_the_six_hundred_and_first_finds_no_place():
    run, first = make_run(), uuid4()
    join(run=run, key=first, now=NOW)
    Participant.objects.bulk_create(
        Participant(run=run, key=uuid4(), nickname=f"Orang {n}", joined_at=NOW)
        for n in range(runs.MOST_PARTICIPANTS - 2)
    )
    assert join(run=run, key=uuid4(), now=NOW).http == 201
    refused = join(run=run, key=uuid4(), now=NOW)
    assert (refused.status, refused.http) == ("rejected", 409)
    assert join(run=run, key=first, now=NOW).http == 200
    assert run.participants.count() == 600
    assert len(set(run.participants.values_list("nickname", flat=True))) == 600


def test_joining_costs_the_same_at_3_and_at_500(django_assert_max_num_queries):
    run = make_run()
    for there in (3, 497):
        Participant.objects.bulk_create(
            Participant(run=run, key=uuid4(), nickname=f"Orang {there} {n}", joined_at=NOW)
            for n in range(there)
        )
        with django_assert_max_num_queries(14):
            join(run=run, key=uuid4(), now=NOW)


@pytest.mark.parametrize("write", [str.lower, lambda code: f" {code[:3]} {code[3:]} "])
def test_find_run_reads_a_code_as_it_is_typed(write):
    run = make_run()
    assert look(run, write(run.code)).run == run


def test_find_run_knows_no_code_of_another_office():
    run = make_run()
    klaten = make_district("klaten")
    for typed in (run.code, new_code(), "", "1 2 3", "x" * 1_000_000):
        with pytest.raises(NoSuchRun):
            look(run, typed or " ", district=klaten)


def test_a_code_says_nothing_a_day_after_the_end():
    run = runs.close_run(run=make_run(), now=NOW)
    assert look(run, now=NOW + timedelta(hours=24)).state == "over"
    with pytest.raises(NoSuchRun):
        look(run, now=NOW + timedelta(hours=24, seconds=1))
    forgotten = make_run(run.district)
    with pytest.raises(NoSuchRun):
        look(forgotten, now=NOW + timedelta(hours=28))


def test_right_codes_cost_nothing(django_assert_num_queries):
    run = make_run()
    with django_assert_num_queries(2):
        look(run, device="hp")
    with django_assert_num_queries(1):
        look(run, device="hp", has_joined=True)
    assert not RateWindow.objects.exists()


def test_twelve_wrong_codes_of_a_device():
    run = make_run()
    assert guess(run, 12, device="hp") == [NoSuchRun]
    assert guess(run, 1, device="hp") == [TooManyGuesses]
    with pytest.raises(TooManyGuesses) as paused:
        look(run, device="hp", now=NOW + timedelta(seconds=30))
    assert 0 < paused.value.retry_after <= 600
    # Who is in already, and the others in the room, notice nothing.
    assert look(run, device="hp", has_joined=True).run == run
    assert look(run, device="lain").run == run
    later = NOW + timedelta(seconds=30 + paused.value.retry_after)
    assert look(run, device="hp", now=later).run == run


def test_six_hundred_wrong_codes_of_an_address(monkeypatch):
    run = make_run()
    assert guess(run, 590) == [NoSuchRun]
    # A cookie that is thrown away each time helps nobody.
    assert [guess(run, 1, device=f"hp {n}") for n in range(10)] == [[NoSuchRun]] * 10
    assert guess(run, 1) == guess(run, 1, device="baru") == [TooManyGuesses]
    with pytest.raises(TooManyGuesses):
        look(run, device="baru")
    assert look(run, address="203.0.113.8").run == run
    assert look(run, has_joined=True).run == run


def test_three_thousand_wrong_codes_at_an_office(monkeypatch):
    run = make_run()
    monkeypatch.setattr(joining, "WRONG_BY_ADDRESS", 6)
    monkeypatch.setattr(joining, "WRONG_BY_OFFICE", 30)
    for number in range(5):
        assert guess(run, 6, address=f"203.0.113.{number}") == [NoSuchRun]
    assert guess(run, 1, address="203.0.113.99") == [TooManyGuesses]
    # Nobody can close all doors of an office from outside: a right code still opens its own.
    assert look(run, address="203.0.113.99").run == run
    klaten = make_district("klaten")
    with pytest.raises(NoSuchRun):
        look(run, "XXXXXX", address="203.0.113.99", district=klaten)


def test_the_budgets_are_what_the_house_promises():
    assert (joining.WRONG_BY_DEVICE, joining.WRONG_BY_ADDRESS) == (12, 600)
    assert (3_000, timedelta(minutes=10)) == (joining.WRONG_BY_OFFICE, joining.GUESSING_WINDOW)


def test_a_school_of_500_behind_one_address_gets_in():
    """Every tenth mistypes first; nobody is counted for who they share the address with."""
    run = make_run()
    for number in range(500):
        device = f"hp {number}"
        if number % 10 == 0:
            assert guess(run, 1, device=device) == [NoSuchRun]
        door = look(run, device=device)
        assert door.state == "open"
        assert join(run=door.run, key=uuid4(), now=NOW).http == 201
    assert run.participants.count() == 500


def test_nobody_of_another_district_is_touched():
    make_module()
    run, theirs = make_run(make_district("klaten")), make_run()
    make_participant(theirs)
    before = list(ClassRun.objects.filter(pk=theirs.pk).values())
    make_participant(run)
    assert list(ClassRun.objects.filter(pk=theirs.pk).values()) == before
