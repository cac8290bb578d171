import threading
import uuid
from datetime import UTC, datetime, timedelta, timezone

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, connections

from safeguards.facts import Doubtful, Item, Refused, accept, canonical_hash, judge_batch
from safeguards.models import Fact, FactSubject, TickRun
from safeguards.services.persons import erase_person, is_erased, readmit
from tests.safeguards.factories import NOW, make_site

BODY = {"laki_laki": 12, "perempuan": 14}


def tell(site, *, key=None, body=BODY, apply=lambda: {"id": 7}, **rest):
    return accept(
        kind="headcount",
        key=key or uuid.uuid4(),
        body=body,
        site=site,
        apply=apply,
        now=NOW,
        **rest,
    )


def effect(name):
    """A domain write that can be counted afterwards."""

    def apply():
        TickRun.objects.create(name=name)
        return {"name": name}

    return apply


@pytest.fixture
def site(db):
    return make_site()


def test_accept_creates_once_and_repeats_the_same_answer(site):
    key = uuid.uuid4()
    first = tell(site, key=key, apply=effect("satu"))
    again = tell(site, key=key, body=dict(reversed(BODY.items())), apply=effect("dua"))
    assert (first.status, first.http, first.response) == ("created", 201, {"name": "satu"})
    assert (again.status, again.http, again.response) == ("already", 200, {"name": "satu"})
    assert list(TickRun.objects.values_list("name", flat=True)) == ["satu"]


def test_accept_refuses_another_body_under_the_same_key(site):
    key = uuid.uuid4()
    tell(site, key=key)
    other = tell(site, key=key, body=BODY | {"perempuan": 15}, apply=effect("dua"))
    assert (other.status, other.http) == ("conflict", 422)
    assert other.reason
    assert Fact.objects.get().body == BODY
    assert not TickRun.objects.exists()


def test_accept_keeps_keys_apart_by_kind_and_site(site):
    key = uuid.uuid4()
    other = make_site("lebak.localhost")
    outcomes = [tell(site, key=key), tell(other, key=key)]
    outcomes.append(accept(kind="hadir", key=key, body=BODY, site=site, apply=dict, now=NOW))
    assert [outcome.status for outcome in outcomes] == ["created"] * 3


def test_accept_refused_leaves_nothing_and_may_be_sent_again(site):
    key = uuid.uuid4()

    def refuse():
        effect("setengah")()
        raise Refused("Sesi ini sudah ditutup.", http=410)

    refused = tell(site, key=key, apply=refuse)
    assert (refused.status, refused.http, refused.reason) == (
        "rejected",
        410,
        "Sesi ini sudah ditutup.",
    )
    assert not Fact.objects.exists()
    assert not TickRun.objects.exists()
    assert tell(site, key=key).status == "created"


def test_accept_tells_the_words_of_a_validation_error(site):
    def refuse():
        raise ValidationError(["Jumlah terlalu besar."])

    refused = tell(site, apply=refuse)
    assert (refused.status, refused.http, refused.reason) == (
        "rejected",
        422,
        "Jumlah terlalu besar.",
    )


def test_accept_quarantines_the_body_without_its_effects(site):
    key = uuid.uuid4()

    def doubt():
        effect("setengah")()
        raise Doubtful("Jamnya aneh.")

    first, again = tell(site, key=key, apply=doubt), tell(site, key=key, apply=doubt)
    assert first == again
    assert (first.status, first.http, first.reason) == ("quarantined", 202, "Jamnya aneh.")
    assert Fact.objects.get().state == Fact.State.QUARANTINED
    assert not TickRun.objects.exists()


@pytest.mark.parametrize(
    ("minutes", "skewed"), [(-5, False), (4, False), (6, True), (-6, True), (3 * 1440, True)]
)
def test_accept_flags_a_clock_that_is_five_minutes_off(site, minutes, skewed):
    tell(site, client_time=NOW - timedelta(minutes=minutes))
    fact = Fact.objects.get()
    assert (fact.skew_seconds, fact.skewed) == (minutes * 60, skewed)
    assert fact.server_time == NOW


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        (datetime(2026, 9, 1, 1, 0), datetime(2026, 9, 1, 1, 0, tzinfo=UTC)),
        (datetime.max.replace(tzinfo=timezone(timedelta(hours=-12))), None),
        (datetime.min.replace(tzinfo=timezone(timedelta(hours=12))), None),
    ],
)
def test_accept_takes_a_clock_that_makes_no_sense(site, told, kept):
    assert tell(site, client_time=told).status == "created"
    fact = Fact.objects.get()
    assert (fact.client_time, fact.skewed) == (kept, True)


def test_accept_takes_keys_of_ours_for_no_identity_number(site):
    """One in some thousands holds ten digits in a row that pass for a NISN."""
    key = "3f2c1a9e-5b7d-4e21-9c3a-b0123456789f"
    assert tell(site, body={"item": key, key: [key]}).status == "created"
    assert tell(site, body={"item": f"{key} "}).status == "rejected"


@pytest.mark.parametrize(
    "body", [{"catatan": "NIK 3310052511100001"}, {"a": [{"b": 3310052511100001}]}]
)
def test_accept_refuses_identity_numbers_anywhere(site, body):
    refused = tell(site, body=body)
    assert (refused.status, refused.http) == ("rejected", 422)
    assert "NIK" in refused.reason
    assert not Fact.objects.exists()


def test_accept_refuses_what_is_no_json(site):
    assert tell(site, body={"a": float("nan")}).status == "rejected"
    assert tell(site, body={"a": object()}).status == "rejected"


def test_accept_refuses_what_is_about_an_erased_person(site):
    key, subjects = uuid.uuid4(), ["siti@example.org"]
    assert tell(site, key=key, subjects=subjects).status == "created"
    erase_person("siti@example.org", now=NOW)
    assert Fact.objects.get().body is None
    late = tell(site, subjects=["SITI@example.org"])
    again = tell(site, key=key)
    assert [(o.status, o.http) for o in (late, again)] == [("rejected", 410)] * 2
    readmit("siti@example.org")
    assert tell(site, subjects=subjects).status == "created"


def test_who_tells_of_themselves_is_known_again_with_what_was_recorded(site):
    subjects = ["siti@example.org"]
    erase_person("siti@example.org", now=NOW)

    def refuse():
        raise Refused("Penuh.")

    def doubt():
        raise Doubtful("Jam?")

    refused = tell(site, subjects=subjects, readmits=subjects, apply=refuse)
    aside = tell(site, subjects=subjects, readmits=subjects, apply=doubt)
    assert [o.http for o in (refused, aside)] == [422, 410]
    assert is_erased("siti@example.org")
    key = uuid.uuid4()
    assert tell(site, key=key, subjects=subjects, readmits=subjects).status == "created"
    assert not is_erased("siti@example.org")
    erase_person("siti@example.org", now=NOW)
    assert tell(site, key=key, subjects=subjects, readmits=subjects).http == 410
    assert is_erased("siti@example.org")


def test_only_who_tells_of_themselves_is_known_again(site):
    for subject in ("siti@example.org", "budi@example.org"):
        erase_person(subject, now=NOW)

    def item(*subjects):
        return Item(
            kind="k", key=uuid.uuid4(), body=BODY, site=site, apply=dict, subjects=subjects,
            readmits=("siti@example.org",),
        )  # fmt: skip

    with_another = item("siti@example.org", "budi@example.org")
    alone = item("siti@example.org")
    [refused] = judge_batch([with_another], now=NOW)
    assert (refused.http, is_erased("siti@example.org")) == (410, True)
    [taken] = judge_batch([alone], now=NOW)
    assert (taken.http, is_erased("siti@example.org")) == (201, False)
    assert is_erased("budi@example.org")


def test_subjects_are_stored_as_digests_alone(site):
    tell(site, subjects=["siti@example.org", 41])
    digests = list(FactSubject.objects.values_list("digest", flat=True))
    assert [len(digest) for digest in digests] == [64, 64]
    assert not [digest for digest in digests if "siti" in digest]


def test_canonical_hash_ignores_order_and_nothing_else():
    assert canonical_hash({"a": 1, "b": [1, 2]}) == canonical_hash({"b": [1, 2], "a": 1})
    assert canonical_hash({"b": [1, 2]}) != canonical_hash({"b": [2, 1]})
    assert canonical_hash({"a": "1"}) != canonical_hash({"a": 1})


def test_judge_batch_judges_each_item_by_itself(site):
    key = uuid.uuid4()

    def refuse():
        raise Refused("Tidak dikenal.")

    def item(key, body, apply=dict):
        return Item(kind="k", key=key, body=body, site=site, apply=apply)

    items = [
        item(key, {"n": 1}),
        item(uuid.uuid4(), {"n": 2}, refuse),
        item(key, {"n": 1}),
        item(key, {"n": 3}),
        item(uuid.uuid4(), {"n": 4}),
    ]
    told = [outcome.status for outcome in judge_batch(items, now=NOW)]
    assert told == ["created", "rejected", "already", "conflict", "created"]
    assert [outcome.status for outcome in judge_batch(reversed(items), now=NOW)][0] == "already"
    assert Fact.objects.count() == 2


def _race(count, work):
    """Run ``work(number)`` in threads that start together; return what they returned."""
    gate, results, lock = threading.Barrier(count), [], threading.Lock()

    def run(number):
        try:
            gate.wait()
            result = work(number)
        except Exception as error:  # noqa: BLE001 - a thread must not swallow its failure
            result = error
        finally:
            connections.close_all()
        with lock:
            results.append(result)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def _race_for_one_key(settings):
    settings.SAFEGUARDS_FACT_WAIT_SECONDS = 30
    site, key = make_site(), uuid.uuid4()

    def work(number):
        return tell(site, key=key, apply=effect(f"n{number}"))

    results = _race(12, work)
    assert sorted(result.http for result in results) == [200] * 11 + [201]
    assert len({result.response["name"] for result in results}) == 1
    assert Fact.objects.count() == 1
    assert TickRun.objects.count() == 1


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_race_for_one_key_creates_one_fact(settings):
    _race_for_one_key(settings)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_race_for_one_key_creates_one_fact_on_postgresql(settings):
    _race_for_one_key(settings)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_repeat_of_a_write_that_takes_too_long_is_told_to_come_back(settings):
    settings.SAFEGUARDS_FACT_WAIT_SECONDS = 1
    site, key = make_site(), uuid.uuid4()
    started, answered = threading.Event(), threading.Event()

    def slow():
        response = effect("satu")()
        started.set()
        assert answered.wait(timeout=60)
        return response

    def work(number):
        if number == 0:
            return tell(site, key=key, apply=slow)
        started.wait()
        try:
            return tell(site, key=key, apply=effect("satu"))
        finally:
            answered.set()

    results = sorted(_race(2, work), key=lambda outcome: outcome.http)
    assert [outcome.http for outcome in results] == [201, 409]
    assert results[1].retry_after == 2
    assert connection.vendor == "postgresql"
    assert tell(site, key=key).http == 200
