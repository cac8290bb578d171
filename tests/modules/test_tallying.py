"""Hands and paper: told once, corrected by telling again, in any order and any split."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from modules.models import Tally
from modules.services.tallying import current_tallies, people_of, question_of, tally
from safeguards.models import Fact
from tests.factories.modules import ITEM, NOW, SURVEY_ITEM, block_id, make_module, make_run

pytestmark = pytest.mark.django_db
COUNTED = {
    "single": {"0": 20, "1": 8, "2": 4},
    "true_false": {"0": 12, "1": 20},
    "multiple": {"0": 32, "1": 32, "2": 32},
    "likert": {"1": 1, "2": 2, "3": 3, "4": 4, "5": 5},
}


@pytest.fixture
def run(db):
    return make_run(mode="satu")


def count(run, kind="single", *, counts=None, key=None, sequence=1, phase="kuis", **more):
    return tally(
        **{
            "run": run,
            "key": key or uuid4(),
            "phase": phase,
            "item": (ITEM | SURVEY_ITEM)[kind],
            "source": "tangan",
            "counts": COUNTED[kind] if counts is None else counts,
            "sequence": sequence,
            "now": NOW,
        }
        | more
    )


@pytest.mark.parametrize("kind", COUNTED)
def test_tally_once_per_key(run, kind):
    key = uuid4()
    first, again = (count(run, kind, key=key) for _n in range(2))
    assert (first.http, again.http) == (201, 200)
    assert first.response == again.response
    row = Tally.objects.get()
    assert (row.counts, row.source, row.at) == (COUNTED[kind], "tangan", NOW)
    assert first.response == {
        "item": str(ITEM[kind]),
        "phase": "kuis",
        "total": 32 if kind == "multiple" else sum(COUNTED[kind].values()),
    }
    run.refresh_from_db()
    assert run.pulse == 2


def test_tally_keeps_the_first_of_two_under_one_key(run):
    key = uuid4()
    count(run, key=key)
    for changed in ({"counts": {"0": 1}}, {"sequence": 2}, {"source": "kertas"}):
        other = count(run, key=key, **changed)
        assert (other.status, other.http) == ("conflict", 422)
    assert Tally.objects.get().counts == COUNTED["single"]


def test_tally_fills_in_the_answers_that_nobody_gave(run):
    count(run, counts={"1": 3})
    assert Tally.objects.get().counts == {"0": 0, "1": 3, "2": 0}


@pytest.mark.parametrize(
    "counts",
    [
        {"0": -1},
        {"0": 1.5},
        {"0": "3"},
        {"0": True},
        {"0": None},
        {"3": 1},
        {0: 1},
        {"benar": 1},
        {"0": 10_000},
        {"0": 20, "1": 13},
    ],
)
def test_tally_refuses_counts_that_do_not_add_up(run, counts):
    refused = count(run, counts=counts)
    assert (refused.status, refused.http) == ("rejected", 422)
    assert refused.reason
    assert not Tally.objects.exists()


def test_tally_of_several_answers_counts_hands_not_people(run):
    assert people_of(run) == 32
    assert count(run, "multiple", counts={"0": 32, "1": 32}).response["total"] == 32
    assert count(run, "multiple", counts={"0": 33}).http == 422


@pytest.mark.parametrize("sequence", [-1, 2**31, 2**63])
def test_tally_refuses_a_sequence_that_no_column_holds(run, sequence):
    assert count(run, sequence=sequence).http == 422
    assert count(run, sequence=2**31 - 1).http == 201


def test_tally_counts_only_what_the_run_asks(run):
    other = make_run(run.district, module=make_module(lessons=2), lessons=[1])
    for refused in (
        count(run, item=uuid4()),
        count(run, item=ITEM["order"]),
        count(run, item=ITEM["short_text"]),
        count(run, item=SURVEY_ITEM["tahu"]),
        count(run, phase="lain", item=ITEM["single"]),
        count(run, source="kira-kira"),
        count(other),
        count(other, phase="sebelum", kind="tahu", counts={"0": 1}),
    ):
        assert (refused.status, refused.http) == ("rejected", 422)
    assert not Tally.objects.exists()
    assert count(other, item=block_id("lanjutan 1"), counts={"0": 2}).http == 201
    assert count(other, phase="sesudah", kind="tahu", counts={"0": 2}).http == 201


def test_question_of_knows_the_survey_by_its_phase(run):
    assert question_of(run, "sebelum", SURVEY_ITEM["sikap"]).kind == "likert"
    assert question_of(run, "kuis", SURVEY_ITEM["sikap"]) is None
    assert question_of(run, "sebelum", ITEM["single"]) is None


def test_a_clock_three_days_off_counts_all_the_same(run):
    assert count(run, client_time=NOW - timedelta(days=3)).http == 201
    assert list(Fact.objects.filter(kind="modules.tally").values_list("skewed")) == [(True,)]


def test_current_tallies_asks_once(run, django_assert_num_queries):
    for number, kind in enumerate(COUNTED):
        count(run, kind, sequence=number)
    with django_assert_num_queries(1):
        assert len(current_tallies(run)) == 4


def test_current_tallies_shows_the_newest_of_a_question(run):
    count(run, counts={"0": 5}, sequence=2)
    count(run, counts={"0": 9}, sequence=1)
    count(run, "likert", counts={"5": 1})
    found = current_tallies(run)
    assert found["kuis", ITEM["single"]].counts["0"] == 5
    assert found["kuis", ITEM["likert"]].counts["5"] == 1


TOLD = st.lists(
    st.tuples(
        st.sampled_from(sorted(COUNTED)),
        st.integers(0, 3),
        st.integers(0, 9),
        st.sampled_from(["tangan", "kertas"]),
        st.uuids(version=4),
    ),
    min_size=1,
    max_size=6,
    unique_by=lambda one: one[-1],
)


@given(told=TOLD, data=st.data())
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_order_any_split_any_repetition_gives_the_same(run, told, data):
    """What a queue does: sends parts, sends them again, and in the order the network likes."""
    straight = _state_after(run, told)
    shuffled = data.draw(st.permutations(told))
    parts = data.draw(st.lists(st.integers(0, len(told) - 1), max_size=4))
    assert _state_after(run, [*(shuffled[n] for n in parts), *shuffled]) == straight


def _state_after(run, told) -> dict[tuple[str, UUID], tuple]:
    Tally.objects.filter(run=run).delete()
    Fact.objects.filter(kind="modules.tally").delete()
    outcomes = [
        count(run, kind, counts={"1": number}, key=key, sequence=sequence, source=source)
        for kind, sequence, number, source, key in told
    ]
    assert {outcome.status for outcome in outcomes} <= {"created", "already"}
    return {
        place: (row.counts, row.sequence, row.source, row.key)
        for place, row in current_tallies(run).items()
    }
