"""Any order, repetition and split of a stream of facts gives one final state."""

from datetime import timedelta
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from events.models import Attendance, Headcount, OrganisationAttendance, Participant, Status
from events.services import devices, syncing
from safeguards import sync
from safeguards.models import AuditEntry, Fact
from tests.factories.attendance import dates_of, make_date
from tests.factories.events import START
from tests.factories.people import make_member
from tests.factories.places import make_district

pytestmark = pytest.mark.django_db
PEOPLE = [UUID(int=2**127 + n) for n in range(3)]
# The last one is a day and more ahead of the server.
MINUTES = (-5, 0, 0, 3, 7, 2_000)
WORDS = (
    {"name": "Siti", "sex": "P", "age_group": "25-59"},
    {"name": "Siti Aminah", "sex": "P", "age_group": "60+", "phone": "081234567890"},
    # No consent is recorded: this one is never written down.
    {"name": "Budi", "sex": "L", "age_group": "13-17"},
    {},
)
moments = st.sampled_from(MINUTES).map(lambda n: START + timedelta(minutes=n))
marks = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(["hadir", "hadir-ubah"]),
        "person": st.sampled_from(PEOPLE),
        "words": st.sampled_from(WORDS),
        "status": st.sampled_from(Status.values),
        "way": st.sampled_from(["panggil", "pindai"]),
        "date": st.sampled_from([0, 0, 1]),
    }
)
counts = st.fixed_dictionaries(
    {
        "kind": st.just("hitung"),
        "cells": st.lists(
            st.tuples(st.sampled_from("LP"), st.sampled_from(["6-12", "25-59"]), st.integers(0, 9)),
            min_size=1,
            max_size=3,
            unique_by=lambda cell: cell[:2],
        ),
    }
)
organisations = st.fixed_dictionaries(
    {
        "kind": st.just("hadir-lembaga"),
        "label": st.sampled_from(["Polsek", "Puskesmas"]),
        "came": st.sampled_from([True, False, None]),
        "represented_by": st.sampled_from(["", "Kasi"]),
    }
)
streams = st.lists(st.tuples(marks | counts | organisations, moments), min_size=1, max_size=9)


@st.composite
def told_twice(draw):
    """A stream, and the same facts shuffled, some repeated, cut into batches."""
    stream = draw(streams)
    order = draw(st.permutations(range(len(stream))))
    again = draw(st.lists(st.sampled_from(range(len(stream))), max_size=4))
    order = [*order[: len(order) // 2], *again, *order[len(order) // 2 :], *again]
    cuts = draw(st.sets(st.integers(0, len(order)), max_size=4))
    return stream, order, sorted({0, *cuts, len(order)})


@pytest.fixture
def dates(db):
    klaten = make_district("klaten")
    first = make_date(klaten, rrule="FREQ=DAILY;COUNT=2")
    return dates_of(first.event)


@pytest.fixture
def device(dates):
    district = dates[0].event.district
    member = make_member("moderator", district)
    made, _token = devices.register(member=member, district=district, label="Ponsel", now=START)
    return made


def told_of(stream, dates) -> list[sync.Told]:
    found = []
    for number, (one, moment) in enumerate(stream):
        one = dict(one)
        kind = one.pop("kind")
        body = {"occurrence": str(dates[one.pop("date", 0)].key)}
        if kind.startswith("hadir") and "person" in one:
            body |= {"person": {"key": str(one["person"])} | one["words"]}
            body |= {"status": one["status"], "way": one["way"]}
        elif kind == "hitung":
            body["cells"] = [{"sex": s, "age_group": a, "number": n} for s, a, n in one["cells"]]
        else:
            body |= one
        key = UUID(int=2**126 + 7_919 * number % 1_000)
        found.append(sync.Told(kind, key, body, moment, START))
    return found


def state() -> dict[str, list]:
    attendance = Attendance.objects.order_by("occurrence", "participant__key")
    return {
        "attendance": list(
            attendance.values_list(
                *("occurrence", "participant__key", "status", "way", "rank", "told_at", "key")
            )
        ),
        "people": list(
            Participant.objects.order_by("key").values_list(
                *("key", "name", "age_group", "phone", "told_at", "told_key", "keep_until")
            )
        ),
        "heads": list(
            Headcount.objects.order_by("sex", "age_group").values_list(
                *("sex", "age_group", "number", "told_at", "key")
            )
        ),
        "organisations": list(
            OrganisationAttendance.objects.order_by("label").values_list(
                *("label", "came", "represented_by", "told_at", "key")
            )
        ),
        "facts": list(Fact.objects.order_by("kind", "key").values_list("kind", "key", "state")),
    }


def forget() -> None:
    for model in (Attendance, Participant, Headcount, OrganisationAttendance, Fact):
        model.objects.all().delete()
    AuditEntry.objects.all().expire(START + timedelta(days=9_000))


@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(told_twice())
def test_any_order_repetition_and_split_ends_in_one_state(dates, device, told):
    stream, order, cuts = told
    forget()
    facts = told_of(stream, dates)
    sync.judge(facts, syncing.teller_of(device))
    clean = state()
    forget()
    for first, last in pairwise(cuts):
        batch = [facts[number] for number in order[first:last]]
        sync.judge(batch, syncing.teller_of(device))
    assert state() == clean
