"""Reports that a device sends in a batch: judged one by one, set aside, let through."""

from datetime import timedelta
from itertools import permutations
from uuid import uuid4

import pytest

from events.models import SessionReport
from events.services import devices, report_decisions, syncing
from safeguards import sync
from safeguards.models import Fact
from tests.factories.people import make_member
from tests.factories.places import make_district
from tests.factories.reports import AFTER, past_date

pytestmark = pytest.mark.django_db
LATER = AFTER + timedelta(hours=2)


@pytest.fixture
def row(klaten):
    return past_date(klaten)


@pytest.fixture
def teller(klaten, row):
    device, _token = devices.register(
        member=row.event.proposed_by, district=klaten, label="Ponsel", now=AFTER
    )
    return lambda: syncing.teller_of(device)


def told(row, *, kind="laporan", after: int = 0, key=None, **words) -> sync.Told:
    body = (
        {"occurrence": str(row.key)}
        if kind != "laporan"
        else {
            "occurrence": str(row.key),
            "minutes": "Pembukaan\n- satu",
            "results": "Jadi",
            "follow_ups": [{"what": "Bentuk kelompok", "owner": "PKK", "due": "2026-04-01"}],
            "cost": 250_000,
        }
    )
    at = AFTER + timedelta(minutes=after)
    return sync.Told(kind, key or uuid4(), body | words, at, LATER)


def stored(row) -> SessionReport:
    return SessionReport.objects.get(occurrence=row)


def test_a_report_and_its_sending_arrive_in_one_batch(row, teller):
    first = told(row)
    outcomes = sync.judge([first, told(row, kind="laporan-kirim", after=1)], teller())
    assert [one.status for one in outcomes] == ["created", "created"]
    report = stored(row)
    assert (report.state, report.cost, report.author) == (
        "terkirim",
        250_000,
        row.event.proposed_by,
    )
    assert report.follow_ups.get().owner == "PKK"
    assert [one.status for one in sync.judge([first], teller())] == ["already"]
    # What was recorded is not kept twice: the fact knows its words by their digest alone.
    assert "Jadi" not in str(Fact.objects.get(key=first.key).body)


def test_any_order_and_split_leaves_the_same(row, teller):
    facts = [
        told(row, results="satu"),
        told(row, results="dua", after=2),
        told(row, kind="laporan-kirim", after=1),
    ]
    seen = set()
    for order in permutations(facts):
        SessionReport.objects.all().delete()
        Fact.objects.all().delete()
        sync.judge(order[:1], teller())
        sync.judge(order[1:], teller())
        report = stored(row)
        seen.add((report.results, report.state, report.sent_at))
    assert seen == {("dua", "terkirim", AFTER + timedelta(minutes=1))}


@pytest.mark.parametrize(
    "words",
    [
        {"results": 7},
        {"results": "x" * 4_001},
        {"minutes": "Ibu 33" + "1005" + "410190" + "0001"},
        {"cost": "banyak"},
        {"cost": -1},
        {"cost": True},
        {"follow_ups": [{"what": "", "owner": "PKK"}]},
        {"follow_ups": [{"what": "Surat", "due": "kemarin"}]},
        {"follow_ups": [{"what": "Surat"}] * 21},
        {"follow_ups": "Surat"},
        {"commitments": ["1"]},
        {"commitments": [0]},
        {"commitments": [2**63]},
        {"commitments": [10**400]},
    ],
)
def test_what_is_wrong_is_refused_and_the_rest_is_kept(klaten, row, teller, words):
    other = past_date(klaten, proposer=row.event.proposed_by)
    outcomes = sync.judge([told(row, **words), told(other)], teller())
    assert [(one.status, one.http) for one in outcomes] == [("rejected", 422), ("created", 201)]
    assert outcomes[0].reason
    assert not SessionReport.objects.filter(occurrence=row).exists()


def test_anothers_session_is_as_if_there_were_none(klaten, row, teller):
    foreign = past_date(make_district("lebak"))
    stranger = past_date(klaten)
    outcomes = sync.judge([told(foreign), told(stranger)], teller())
    assert [one.http for one in outcomes] == [404, 404]
    assert SessionReport.objects.count() == 0


def test_a_change_of_an_accepted_report_is_let_through_by_the_office(klaten, row, teller):
    sync.judge([told(row, send=True)], teller())
    office = make_member("moderator", klaten)
    report_decisions.accept(report=stored(row), actor=office, version=1, now=LATER)
    outcomes = sync.judge([told(row, results="Lebih lengkap", after=5)], teller())
    assert [one.status for one in outcomes] == ["quarantined"]
    fact = syncing.waiting(klaten).get()
    done = syncing.let_through(fact=fact, district=klaten, actor=office, now=LATER)
    report = stored(row)
    assert (done.status, report.results, report.state) == ("created", "Lebih lengkap", "terkirim")


def test_a_late_sending_leaves_an_accepted_report_as_it_was(klaten, row, teller):
    sync.judge([told(row, send=True)], teller())
    office = make_member("moderator", klaten)
    report_decisions.accept(report=stored(row), actor=office, version=1, now=LATER)
    before = SessionReport.objects.values().get(occurrence=row)
    outcomes = sync.judge([told(row, kind="laporan-kirim", after=60)], teller())
    assert [one.http for one in outcomes] == [201]
    assert SessionReport.objects.values().get(occurrence=row) == before


def test_a_sending_from_before_the_return_arrives_late_and_sends_nothing(klaten, row, teller):
    """Also that of whoever sent it back: their words hold, and the report stays open."""
    sync.judge([told(row), told(row, kind="laporan-kirim", after=1)], teller())
    office = make_member("moderator", klaten)
    hers, _token = devices.register(member=office, district=klaten, label="HP", now=AFTER)
    returned = AFTER + timedelta(minutes=60)
    report_decisions.send_back(
        report=stored(row), actor=office, version=2, reason="Lengkapi", now=returned
    )
    late = told(row, send=True, after=30, results="Lebih lengkap")
    [outcome] = sync.judge([late], syncing.teller_of(hers))
    assert (outcome.status, outcome.http) == ("created", 201)
    report = stored(row)
    assert (report.results, report.state) == ("Lebih lengkap", "dikembalikan")
    assert (report.decided_by, report.sent_by) == (office, row.event.proposed_by)
    [alone] = sync.judge([told(row, kind="laporan-kirim", after=60)], syncing.teller_of(hers))
    assert (alone.status, stored(row).state) == ("created", "dikembalikan")
    # What is sent after the return is sent, by whomever.
    [outcome] = sync.judge([told(row, kind="laporan-kirim", after=61)], syncing.teller_of(hers))
    report = stored(row)
    assert (outcome.status, report.state, report.sent_by) == ("created", "terkirim", office)
    assert report.decided_by is None
