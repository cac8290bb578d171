from dataclasses import asdict
from datetime import timedelta

import pytest

from safeguards.models import RateWindow
from safeguards.rates import Budget, Verdict, allow, forgive, spent
from tests.safeguards.factories import NOW
from tests.safeguards.test_facts import _race

MINUTE = timedelta(minutes=1)


def ask(key="36.1.2.3", limit=3, now=NOW, scope="masuk"):
    return allow(scope=scope, key=key, limit=limit, window=MINUTE, now=now)


@pytest.mark.django_db
def test_allow_stops_at_the_limit_and_says_when_to_come_back():
    assert [ask().allowed for _ in range(4)] == [True, True, True, False]
    assert ask(now=NOW + timedelta(seconds=20)) == Verdict(allowed=False, retry_after=40)
    assert ask(now=NOW + MINUTE).allowed is True


@pytest.mark.django_db
def test_allow_counts_keys_and_scopes_apart():
    assert [ask(limit=1).allowed, ask(limit=1).allowed] == [True, False]
    assert ask(key="36.1.2.4", limit=1).allowed is True
    assert ask(scope="gabung", limit=1).allowed is True
    assert ask(key="baru", limit=0).allowed is False


@pytest.mark.django_db
def test_allow_keeps_no_key_in_clear():
    ask()
    row = RateWindow.objects.values().get()
    assert not [value for value in row.values() if "36.1.2.3" in str(value)]
    assert len(row["key_digest"]) == 64


@pytest.mark.django_db
def test_allow_denies_without_writing(django_assert_num_queries):
    ask(limit=1)
    with django_assert_num_queries(2) as asked:
        ask(limit=1)
    assert RateWindow.objects.get().count == 1
    assert not [q for q in asked.captured_queries if q["sql"].startswith("INSERT")]


@pytest.mark.django_db
def test_forgive_empties_the_count():
    ask(limit=1)
    forgive(scope="masuk", key="36.1.2.3")
    assert ask(limit=1).allowed is True


@pytest.mark.django_db
def test_spent_says_without_counting_that_a_budget_is_used_up(django_assert_num_queries):
    narrow, wide = Budget("sempit", "hp", 2, MINUTE), Budget("lebar", "", 5, 10 * MINUTE)
    assert spent(narrow, wide, now=NOW) == Verdict(allowed=True)
    assert not RateWindow.objects.exists()
    for budget, count in ((narrow, 2), (wide, 4)):
        for _n in range(count):
            allow(**asdict(budget), now=NOW)
    with django_assert_num_queries(1):
        assert spent(narrow, wide, now=NOW) == Verdict(allowed=False, retry_after=60)
    assert spent(wide, now=NOW).allowed is True
    assert spent(narrow, now=NOW + MINUTE).allowed is True
    allow(**asdict(wide), now=NOW)
    late = NOW + timedelta(seconds=30)
    assert spent(narrow, wide, now=late).retry_after == spent(wide, now=late).retry_after > 60
    assert spent(Budget("sempit", "lain", 2, MINUTE), now=NOW).allowed is True


def _race_for_places():
    results = _race(16, lambda number: ask(limit=5).allowed)
    assert sorted(results) == [False] * 11 + [True] * 5
    assert RateWindow.objects.get().count == 5
    # Where there is room for all, nobody is refused because another one came first.
    for number in range(10):
        assert _race(8, lambda _n, key=f"hp-{number}": ask(key=key, limit=9).allowed) == [True] * 8


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_race_lets_exactly_the_limit_pass():
    _race_for_places()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_race_lets_exactly_the_limit_pass_on_postgresql():
    _race_for_places()
