"""A report told once: saving, sending, the office's decision, and facts in any order."""

from datetime import timedelta
from itertools import permutations
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from events.minutes import to_html
from events.models import Event, FollowUp, Occurrence, SessionReport
from events.services import planning, report_decisions, reporting
from events.services.bookkeeping import NotPossible
from safeguards.models import AuditEntry, Fact
from safeguards.services.persons import erase_person, export_person
from tests.factories.commitments import make_commitment
from tests.factories.events import NOW
from tests.factories.people import make_member
from tests.factories.places import make_district
from tests.factories.reports import AFTER, WORDS, past_date, save, sent_report

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def row(klaten):
    return past_date(klaten)


@pytest.fixture
def office(klaten):
    return make_member("moderator", klaten)


def stored(row) -> SessionReport:
    return SessionReport.objects.get(occurrence=row)


def test_a_report_is_kept_with_all_it_says(klaten, row):
    commitment = make_commitment(klaten, number="2.3")
    other = make_commitment(make_district("lebak"), number="9.9")
    outcome = save(row, commitments=[commitment.pk, other.pk])
    assert (outcome.http, outcome.response["state"]) == (201, "draf")
    report = stored(row)
    assert (report.results, report.cost, report.version) == (WORDS["results"], 1_250_000, 1)
    assert report.minutes_html == to_html(WORDS["minutes"])
    assert list(report.commitments.all()) == [commitment]
    assert [one.what for one in report.follow_ups.all()] == ["Bentuk kelompok"]
    assert AuditEntry.objects.filter(verb="report.saved").count() == 1


def test_sent_twice_it_is_one_fact_and_other_words_are_refused(row):
    key = uuid4()
    assert save(row, key=key).http == 201
    assert save(row, key=key).status == "already"
    assert save(row, key=key, results="Lain").http == 422
    assert (stored(row).version, Fact.objects.filter(kind="laporan").count()) == (1, 1)


def test_a_stale_form_changes_nothing(row):
    save(row)
    outcome = save(row, version=0, results="Dari ponsel lain")
    assert (outcome.http, stored(row).results) == (409, WORDS["results"])
    assert save(row, version=1, results="Sesudah dibaca").http == 201
    assert stored(row).results == "Sesudah dibaca"


def test_a_sent_report_waits_and_is_accepted_by_another(row, office):
    sent_report(row)
    assert save(row, version=1).http == 409
    report = stored(row)
    with pytest.raises(PermissionDenied):
        report_decisions.accept(
            report=report, actor=row.event.proposed_by, version=1, now=AFTER + MINUTE
        )
    report_decisions.accept(report=report, actor=office, version=1, now=AFTER + MINUTE)
    # The same form once more.
    report_decisions.accept(report=report, actor=office, version=1, now=AFTER + MINUTE)
    report = stored(row)
    assert (report.state, report.version, report.decided_by) == ("diterima", 2, office)


def test_nobody_accepts_what_they_sent(klaten, office):
    row = past_date(klaten, proposer=office)
    report = sent_report(row)
    with pytest.raises(PermissionDenied):
        report_decisions.accept(report=report, actor=office, version=1, now=AFTER)
    with pytest.raises(IntegrityError), transaction.atomic():
        SessionReport.objects.filter(pk=report.pk).update(decided_by=office)
    another = make_member("admin", klaten)
    report_decisions.accept(report=report, actor=another, version=1, now=AFTER)
    assert stored(row).state == "diterima"


def test_sent_back_it_can_be_changed_and_sent_again(row, office):
    report = sent_report(row)
    report_decisions.send_back(
        report=report, actor=office, version=1, reason="Tambah foto", now=AFTER + MINUTE
    )
    assert (stored(row).state, stored(row).return_note) == ("dikembalikan", "Tambah foto")
    outcome = save(row, version=2, send=True, now=AFTER + 2 * MINUTE)
    assert outcome.response["state"] == "terkirim"
    with pytest.raises(reporting.StaleReport):
        report_decisions.accept(report=report, actor=office, version=2, now=AFTER + 3 * MINUTE)
    report_decisions.accept(report=report, actor=office, version=3, now=AFTER + 3 * MINUTE)
    # The office may still change its mind; a draft it can't decide about.
    report_decisions.send_back(
        report=report, actor=office, version=4, reason="Keliru", now=AFTER + 4 * MINUTE
    )
    assert stored(row).accepted_at is None
    with pytest.raises(NotPossible):
        report_decisions.accept(report=report, actor=office, version=5, now=AFTER)


def test_an_old_sending_does_not_send_what_came_back(row, office):
    report = sent_report(row)
    report_decisions.send_back(
        report=report, actor=office, version=1, reason="Tambah", now=AFTER + 2 * MINUTE
    )
    late = reporting.send_report(
        occurrence=row,
        actor=row.event.proposed_by,
        key=uuid4(),
        client_time=AFTER + MINUTE,
        now=AFTER + 3 * MINUTE,
    )
    assert (late.http, stored(row).state) == (201, "dikembalikan")


def test_a_late_change_of_an_accepted_report_waits_for_somebody(row, office):
    report = sent_report(row)
    report_decisions.accept(report=report, actor=office, version=1, now=AFTER + MINUTE)
    told = AFTER + 2 * MINUTE
    outcome = save(row, results="Terlambat", client_time=told, now=told)
    assert (outcome.http, stored(row).results) == (202, WORDS["results"])
    assert Fact.objects.get(state="quarantined").body["body"]["results"] == "Terlambat"


def test_who_may_not_and_when_nobody_may(klaten, row):
    stranger = make_member("kader", klaten)
    assert save(row, stranger).http == 403
    assert save(row, now=row.start - MINUTE).http == 409
    Occurrence.objects.filter(pk=row.pk).update(is_cancelled=True)
    row.refresh_from_db()
    assert save(row).http == 409
    assert SessionReport.objects.count() == 0


def test_identity_numbers_are_refused_in_every_text(row):
    nik = "33" + "1005" + "410190" + "0001"
    for name in ("minutes", "results", "challenges", "solutions", "cost_source"):
        assert save(row, **{name: f"Ibu {nik}"}).http == 422
    assert save(row, follow_ups=[{"what": "Hubungi", "owner": nik, "due": None}]).http == 422
    assert SessionReport.objects.count() == 0
    # A long sum is nobody's number.
    assert save(row, cost=8_912_345_678).http == 201


def test_facts_in_any_order_leave_one_report(row):
    told = [
        {"client_time": AFTER, "results": "satu", "key": uuid4()},
        {"client_time": AFTER + MINUTE, "results": "dua", "key": uuid4(), "send": True},
        {"client_time": AFTER + 2 * MINUTE, "results": "tiga", "key": uuid4()},
    ]
    seen = set()
    for order in permutations(told):
        SessionReport.objects.all().delete()
        Fact.objects.all().delete()
        for fact in order:
            save(row, now=AFTER + 9 * MINUTE, **fact)
        report = stored(row)
        seen.add((report.results, report.state, report.sent_at, FollowUp.objects.count()))
    assert seen == {("tiga", "terkirim", AFTER + MINUTE, 1)}


@settings(
    max_examples=10,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_any_order_and_repetition_is_the_same(row, data):
    minutes = data.draw(st.lists(st.integers(0, 3), min_size=2, max_size=4))
    told = [
        (AFTER + number * MINUTE, uuid4(), data.draw(st.sampled_from(("kata", "kirim", "saja"))))
        for number in minutes
    ]

    def play(order):
        FollowUp.objects.all().delete()
        SessionReport.objects.all().delete()
        Fact.objects.all().delete()
        for moment, key, kind in order:
            deal = {"client_time": moment, "now": AFTER + 9 * MINUTE, "key": key}
            if kind == "saja":
                reporting.send_report(occurrence=row, actor=row.event.proposed_by, **deal)
            else:
                save(row, results=str(key), send=kind == "kirim", **deal)
        report = stored(row)
        return report.results, report.state, report.sent_at, report.told_key

    other = data.draw(st.permutations(told)) + data.draw(st.lists(st.sampled_from(told)))
    assert play(told) == play(other)


def test_minutes_hold_nothing_that_runs():
    html = to_html(
        "## Judul\n<img src=x onerror=alert(1)> & **tebal**\n\n1. satu\n2) dua\n\n"
        "[x](javascript:alert(1)) <script>alert(1)</script>"
    )
    assert html.startswith("<h3>Judul</h3><p>&lt;img")
    assert "<ol><li>satu</li><li>dua</li></ol>" in html
    assert "<script" not in html
    assert "<strong>tebal</strong>" in html
    assert to_html("") == ""


def test_who_reported_is_told_and_forgotten(row):
    sent_report(row)
    person = row.event.proposed_by
    assert "events.SessionReport" in export_person(person)
    erase_person(person)
    report = stored(row)
    assert (report.author_id, report.sent_by_id, report.results) == (None, None, WORDS["results"])
    assert save(row, person, now=AFTER + MINUTE).http == 410


def test_a_date_with_a_report_is_never_deleted(klaten):
    row = past_date(klaten, rrule="FREQ=WEEKLY;COUNT=3;BYDAY=TH", number=2)
    save(row, now=row.end)
    event = Event.objects.get(pk=row.event_id)
    planning.edit(
        event=event,
        actor=event.proposed_by,
        version=event.version,
        values={"rrule": "FREQ=WEEKLY;COUNT=2;BYDAY=TH"},
        now=NOW,
    )
    assert (Occurrence.objects.count(), SessionReport.objects.count()) == (3, 1)
    assert Occurrence.objects.get(pk=row.pk).is_cancelled
