"""`POST /api/v1/sync`: batches of facts from a registered device, judged one by one."""

import json
import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone

from events.models import (
    Attendance,
    Device,
    Headcount,
    OrganisationAttendance,
    Participant,
    SessionReport,
)
from events.services import devices, syncing
from safeguards import sync
from safeguards.facts import Refused
from safeguards.models import AuditEntry, Fact
from tests.factories.attendance import make_date, mark, person, told
from tests.factories.people import make_member
from tests.factories.places import make_district

pytestmark = pytest.mark.django_db
SYNC = "/api/v1/sync"
NIK = "3310054508900003"


class Phone:
    """A registered device of a member, on the host of its district."""

    def __init__(self, district, role="moderator", host=None, **bound):
        self.member = make_member(role, district)
        self.device, self.token = devices.register(
            member=self.member, district=district, label="Ponsel", now=timezone.now(), **bound
        )
        # As a browser's script: a cookie would not help it.
        self.client = Client(SERVER_NAME=host or district.site.hostname, enforce_csrf_checks=True)

    def send(self, *facts, raw=None, **headers):
        text = raw if raw is not None else json.dumps({"facts": facts})
        headers = {"HTTP_AUTHORIZATION": f"Bearer {self.token}"} | headers
        return self.client.post(SYNC, text, content_type="application/json", **headers)

    def results(self, *facts):
        answer = self.send(*facts)
        assert answer.status_code == 200, answer.content
        return answer.json()["results"]


@pytest.fixture
def klaten():
    return make_district("klaten")


@pytest.fixture
def meeting(klaten):
    """A session that began an hour ago."""
    start = (timezone.now() - timedelta(hours=1)).replace(second=0, microsecond=0)
    return make_date(klaten, starts_at=start)


@pytest.fixture
def phone(klaten):
    return Phone(klaten)


def came(occurrence, key=None, status="hadir", kind="hadir", at=None, **words):
    words = words or {"name": "Siti Aminah", "sex": "P", "age_group": "25-59"}
    who = {"key": str(key or uuid4())} | words
    body = {"occurrence": str(occurrence.key), "person": who, "status": status, "way": "panggil"}
    return told(kind, body, at=at or timezone.now())


def counted(occurrence, number=12, **cell):
    cell = {"sex": "L", "age_group": "6-12", "with_disability": False, "number": number} | cell
    return told("hitung", {"occurrence": str(occurrence.key), "cells": [cell]}, at=timezone.now())


def statuses(results):
    return [(one["status"], one["http"]) for one in results]


def test_all_kinds_are_recorded_and_a_repeat_answers_the_same(phone, meeting):
    who = uuid4()
    batch = [
        came(meeting, who),
        came(meeting, who, "terlambat", "hadir-ubah"),
        counted(meeting),
        told(
            "hadir-lembaga",
            {"occurrence": str(meeting.key), "label": "Polsek", "came": True},
            at=timezone.now(),
        ),
    ]
    first, again = phone.results(*batch), phone.results(*batch)
    assert statuses(first) == [("created", 201)] * 4
    assert statuses(again) == [("already", 200)] * 4
    assert [one["key"] for one in first] == [one["key"] for one in batch]
    row = Attendance.objects.get()
    assert (row.status, row.recorded_by, row.participant.key) == ("terlambat", phone.member, who)
    assert Headcount.objects.get().number == 12
    assert OrganisationAttendance.objects.get().came is True
    phone.device.refresh_from_db()
    assert phone.device.seen_at is not None


def test_each_fact_is_judged_by_itself(phone, meeting):
    lebak = make_district("lebak")
    theirs = make_date(lebak, starts_at=meeting.start)
    good = came(meeting)
    results = phone.results(
        came(theirs),
        {"kind": "hadir", "key": "x", "body": {}},
        "hadir",
        told("sihir", {}),
        came(meeting, name=f"Siti {NIK}", sex="P", age_group="25-59"),
        came(meeting, name="Budi", sex="L", age_group="13-17"),
        came(meeting, name="Siti", sex="P", age_group="25-59", phone=["08"]),
        counted(meeting, number=-1),
        counted(meeting, number=True),
        counted(meeting, sex="X"),
        came(meeting, at=timezone.now() + timedelta(days=2)),
        good | {"client_time": "kemarin", "key": str(uuid4())},
        good,
        good | {"body": good["body"] | {"status": "izin"}},
    )
    assert [one["status"] for one in results] == [
        *["rejected"] * 10,
        "quarantined",
        "rejected",
        "created",
        "conflict",
    ]
    assert results[0]["http"] == 404
    assert all(one["reason"] for one in results if one["status"] != "created")
    assert Attendance.objects.get().occurrence == meeting
    assert Participant.objects.count() == 1
    assert NIK not in str(list(Fact.objects.values_list("body", flat=True)))


def test_another_offices_session_is_as_if_there_were_none(phone, meeting):
    theirs = make_date(make_district("lebak"), starts_at=meeting.start)
    nobodys = told(
        "hitung",
        {"occurrence": str(uuid4()), "cells": [{"sex": "L", "number": 1}]},
        at=timezone.now(),
    )
    foreign, missing = phone.results(counted(theirs), nobodys)
    assert {k: v for k, v in foreign.items() if k != "key"} == {
        k: v for k, v in missing.items() if k != "key"
    }
    assert not Headcount.objects.exists()


def test_a_batch_that_is_too_large_is_refused_whole(phone, meeting):
    assert phone.send(*[counted(meeting)] * 501).status_code == 413
    large = phone.send(raw=json.dumps({"facts": [], "x": "a" * 1_000_001}))
    assert (large.status_code, bool(large.json()["reason"])) == (413, True)
    assert not Headcount.objects.exists()
    assert len(phone.results(*[counted(meeting)] * 500)) == 500


@pytest.mark.parametrize("raw", ["", "x", "[]", "7", '{"facts": 7}', "{}", "[" * 100_000])
def test_what_is_no_batch_is_refused_whole(phone, raw):
    answer = phone.send(raw=raw)
    assert answer.status_code == 400
    assert answer.json()["reason"]


def test_only_a_registered_device_of_this_office_is_heard(klaten, meeting, phone):
    lebak = make_district("lebak")
    elsewhere = Phone(klaten, host=lebak.site.hostname)
    assert elsewhere.send(counted(meeting)).status_code == 401
    for token in ("", "x", phone.token[:-1], "Basic x"):
        answer = phone.send(counted(meeting), HTTP_AUTHORIZATION=f"Bearer {token}")
        assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")
    assert phone.send(counted(meeting), HTTP_AUTHORIZATION="").status_code == 401
    assert phone.client.get(SYNC).status_code == 405
    # The plain token is nowhere.
    assert phone.token not in str(list(Device.objects.values()))
    devices.revoke(device=phone.device, actor=phone.member, now=timezone.now())
    assert phone.send(counted(meeting)).status_code == 401
    assert not Headcount.objects.exists()


def test_a_member_without_a_role_is_not_heard_any_more(meeting, phone):
    phone.member.memberships.update(ended_at=timezone.now())
    assert phone.send(counted(meeting)).status_code == 401


def test_a_device_bound_to_a_session_writes_nowhere_else(klaten, meeting):
    other = make_date(klaten, starts_at=meeting.start, title="Lain")
    bound = Phone(klaten, events=[meeting.event])
    assert statuses(bound.results(counted(meeting), counted(other))) == [
        ("created", 201),
        ("rejected", 404),
    ]


def test_a_cadre_writes_at_their_own_sessions_alone(klaten, meeting):
    kader = Phone(klaten, "kader")
    own = make_date(klaten, starts_at=meeting.start, proposer=kader.member, title="Lain")
    assert statuses(kader.results(counted(meeting), counted(own))) == [
        ("rejected", 404),
        ("created", 201),
    ]


def test_ten_devices_are_enough_and_others_end_only_their_own(klaten, phone):
    now = timezone.now()
    for _n in range(9):
        devices.register(member=phone.member, district=klaten, label="Lagi", now=now)
    with pytest.raises(Refused):
        devices.register(member=phone.member, district=klaten, label="Lagi", now=now)
    with pytest.raises(PermissionDenied):
        devices.revoke(device=phone.device, actor=make_member("kader", klaten), now=now)
    with pytest.raises(PermissionDenied):
        devices.register(member=phone.member, district=make_district("lebak"), label="X", now=now)
    with pytest.raises(Refused):
        devices.register(member=phone.member, district=klaten, label=" ", now=now)


def test_a_mark_waits_for_the_person_it_is_about(phone, meeting):
    who = uuid4()
    known = came(meeting, who)
    early = came(meeting, who, "izin", "hadir-ubah")
    early["body"]["person"] = {"key": str(who)}
    [waits] = phone.results(early)
    assert waits["status"] == "quarantined"
    assert syncing.waiting(meeting.event.district).count() == 1
    assert statuses(phone.results(known)) == [("created", 201)]
    assert Attendance.objects.get().status == "izin"
    assert not syncing.waiting(meeting.event.district).exists()
    # Once it is recorded, what was kept of it is gone.
    assert "name" not in str(list(Fact.objects.values_list("body", flat=True)))
    assert statuses(phone.results(early)) == [("already", 200)]


def test_what_waited_is_done_by_the_repeat_of_a_batch_that_was_cut(phone, meeting, monkeypatch):
    who = uuid4()
    known, early = came(meeting, who), came(meeting, who, "izin", "hadir-ubah")
    early["body"]["person"] = {"key": str(who)}
    phone.results(early)
    with monkeypatch.context() as cut:
        # The power goes between the commit and what follows it.
        cut.setattr("safeguards.sync._wake", lambda *args: None)
        phone.results(known)
    assert Attendance.objects.get().status == "hadir"
    assert statuses(phone.results(known)) == [("already", 200)]
    assert Attendance.objects.get().status == "izin"


def test_staff_let_through_what_was_set_aside_or_put_it_away(klaten, phone, meeting):
    ahead = timezone.now() + timedelta(days=2)
    first, second = came(meeting, at=ahead), came(meeting, at=ahead)
    phone.results(first, second)
    one, two = syncing.waiting(klaten)
    told = {"district": klaten, "actor": phone.member, "now": timezone.now()}
    with pytest.raises(PermissionDenied):
        syncing.let_through(fact=one, **told | {"actor": make_member("kader", klaten)})
    lebak = make_district("lebak")
    with pytest.raises(PermissionDenied):
        syncing.let_through(
            fact=one, **told | {"district": lebak, "actor": make_member("admin", lebak)}
        )
    outcome = syncing.let_through(fact=one, **told)
    assert (outcome.status, Attendance.objects.count()) == ("created", 1)
    assert syncing.let_through(fact=one, **told).status == "already"
    assert syncing.put_away(fact=two, note="Jam ponsel salah.", **told) is True
    assert syncing.put_away(fact=two, note="", **told) is False
    again = phone.results(first, second)
    assert statuses(again) == [("already", 200), ("rejected", 422)]
    assert again[1]["reason"] == "Jam ponsel salah."
    assert Attendance.objects.count() == 1
    verbs = AuditEntry.objects.filter(verb__startswith="quarantine").values_list("verb", flat=True)
    assert sorted(verbs) == ["quarantine.let_through", "quarantine.put_away"]


def test_a_session_that_is_closed_is_for_staff_to_judge(klaten, phone):
    start = (timezone.now() - timedelta(days=40)).replace(second=0, microsecond=0)
    past = make_date(klaten, starts_at=start, now=start - timedelta(days=9))
    late = counted(past)
    late["client_time"] = start.isoformat()
    assert phone.results(late)[0]["status"] == "quarantined"
    assert not Headcount.objects.exists()
    [fact] = syncing.waiting(klaten)
    outcome = syncing.let_through(
        fact=fact, district=klaten, actor=phone.member, now=timezone.now()
    )
    assert (outcome.status, Headcount.objects.get().number) == ("created", 12)


def test_a_batch_costs_as_many_queries_a_fact(phone, meeting, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    known = person()
    mark(meeting, known, now=timezone.now())
    phone.results(counted(meeting))

    def cost(number):
        with CaptureQueriesContext(
            connection,
        ) as caught:
            phone.results(
                *[came(meeting, name=f"Ani {n}", sex="P", age_group="60+") for n in range(number)]
            )
        return len(caught)

    one, three, five = cost(1), cost(3), cost(5)
    assert five - three == three - one


@pytest.fixture
def document(klaten):
    answer = Client(SERVER_NAME=klaten.site.hostname).get("/api/v1/openapi.json")
    assert answer.status_code == 200
    return answer.json()


def test_the_document_says_how_to_call_it(document):
    assert document["openapi"].startswith("3.")
    told = document["paths"]["/api/v1/sync"]["post"]
    assert set(told["responses"]) == {"200", "400", "401", "413"}


def test_every_kind_that_is_taken_is_documented(document):
    schemas = document["components"]["schemas"]
    fact = schemas["Fact"]["properties"]
    assert sorted(fact["kind"]["enum"]) == sync.kinds()
    bodies = [one["$ref"].rsplit("/", 1)[1] for one in fact["body"]["oneOf"]]
    first = [re.match(r"`([a-z-]+)`", schemas[name]["description"])[1] for name in bodies]
    # Marks and their corrections share a body, which begins with the first of them.
    assert sorted([*first, "hadir-ubah"]) == sync.kinds()
    assert "`hadir-ubah`" in schemas["Mark"]["description"]
    for name in bodies:
        assert set(schemas[name]["required"]) - schemas[name]["properties"].keys() == set()


def test_a_report_of_all_that_is_documented_is_kept(phone, meeting, document):
    fields = document["components"]["schemas"]["Report"]["properties"]
    task = fields["follow_ups"]["items"]["properties"]
    filled = {
        "occurrence": str(meeting.key),
        "send": True,
        "cost": fields["cost"]["maximum"],
        "follow_ups": [
            {"what": "a" * task["what"]["maxLength"], "owner": "b" * task["owner"]["maxLength"],
             "due": "2026-12-01"}
        ] * fields["follow_ups"]["maxItems"],
        "commitments": [],
    }  # fmt: skip
    words = {name: "c" * fields[name]["maxLength"] for name in fields.keys() - filled.keys()}
    [kept] = phone.results(told("laporan", filled | words, at=timezone.now()))
    assert (kept["status"], kept["response"]["state"]) == ("created", "terkirim")
    report = SessionReport.objects.get()
    assert {name: getattr(report, name) for name in words} == words
    assert (report.cost, report.follow_ups.count()) == (filled["cost"], 20)
    longer = [
        *({name: text + "c"} for name, text in words.items()),
        {"cost": filled["cost"] + 1},
        {"follow_ups": filled["follow_ups"] * 2},
        {"follow_ups": [{"what": filled["follow_ups"][0]["what"] + "a"}]},
        {"follow_ups": [{"what": "a", "owner": filled["follow_ups"][0]["owner"] + "b"}]},
    ]
    refused = phone.results(*[told("laporan", filled | words | one) for one in longer])
    assert [(one["status"], one["http"]) for one in refused] == [("rejected", 422)] * len(longer)


def test_what_a_revoked_device_holds_is_sent_once_it_is_registered_again(klaten, meeting, phone):
    """Nothing recorded is lost: the keys are the device's, and outlive its token."""
    sent, waits = came(meeting), came(meeting, name="Ani", sex="P", age_group="25-59")
    assert [one["status"] for one in phone.results(sent)] == ["created"]
    assert devices.revoke_all(member=phone.member, actor=None, now=timezone.now()) == 1
    refused = phone.send(sent, waits)
    assert (refused.status_code, Attendance.objects.count()) == (401, 1)
    _device, phone.token = devices.register(
        member=phone.member, district=klaten, label="Ponsel", now=timezone.now()
    )
    assert [one["status"] for one in phone.results(sent, waits)] == ["already", "created"]
    assert Attendance.objects.count() == 2
    # Revoked again it is revoked once: there is nothing left to end.
    assert devices.revoke_all(member=phone.member, actor=None, now=timezone.now()) == 1
    assert devices.revoke_all(member=phone.member, actor=None, now=timezone.now()) == 0
