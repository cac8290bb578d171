"""Devices that are bound to sessions, and what somebody with a reason puts away or lets through."""

from datetime import timedelta
from itertools import product
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.formats import date_format

from districts.models import Membership, Organisation, Role
from districts.panels import tasks_of
from events.attendance.access import may_record, recordable
from events.models import Attendance, Device, Event, EventState
from events.services import attending, devices, syncing
from safeguards import sync
from safeguards.facts import Refused
from safeguards.models import AuditEntry, Fact
from safeguards.services.retention import purge_expired
from tests.factories.attendance import allow_minors, make_date, person
from tests.factories.events import make_event, make_terms
from tests.factories.joining import NIK
from tests.factories.people import make_member
from tests.factories.places import make_district, national
from tests.factories.planning import client_of, text_of

pytestmark = pytest.mark.django_db
DEVICES, ASIDE = "/ruang/perangkat/kirim/", "/ruang/karantina/"


@pytest.fixture
def klaten():
    national()
    return make_district("klaten")


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def kader(klaten):
    return client_of("kader", klaten)


@pytest.fixture
def row(klaten, kader, now):
    return make_date(klaten, proposer=kader.user, starts_at=now - timedelta(hours=3))


@pytest.fixture
def other(klaten, row, now):
    """A session of somebody else, at which this kader may write nothing."""
    return make_event(klaten, title="Rapat orang lain", starts_at=now + timedelta(days=2))


def aside(row, member, now, *, arrived=None) -> Fact:
    """Told by a clock that is days ahead, or without one and long after the office has closed."""
    who, key = person(), uuid4()
    body = {
        "occurrence": str(row.key),
        "person": {"key": str(who.key), "name": who.name, "sex": "P", "age_group": "25-59"},
        "status": "hadir",
    }
    source = attending.Source(member=member, is_queued=True, aside={"body": body, "teller": {}})
    outcome = attending.mark(
        occurrence=row, person=who, status="hadir", way="panggil", key=key, now=arrived or now,
        source=source, client_time=None if arrived else now + timedelta(days=9),
    )  # fmt: skip
    assert outcome.status == "quarantined"
    return Fact.objects.get(key=key)


def test_a_member_chooses_at_which_sessions_a_device_may_write(klaten, kader, row, other):
    page = text_of(kader.get(DEVICES))
    assert (row.event.title in page, other.title in page) == (True, False)
    made = kader.post(DEVICES, {"label": "Tablet", "sessions": [row.event_id], "do": "daftar"})
    assert made.status_code == 201
    assert list(Device.objects.get().events.all()) == [row.event]
    assert kader.post(DEVICES, {"label": "Ponsel", "do": "daftar"}).status_code == 201
    assert Device.objects.get(label="Ponsel").events.count() == 0
    form = {"label": "Curian", "sessions": [other.pk], "do": "daftar"}
    refused = kader.post(DEVICES, form)
    assert (refused.status_code, 'value="Curian"' in text_of(refused)) == (422, True)
    assert Device.objects.count() == 2
    page = text_of(client_of("moderator", klaten).get(DEVICES))
    assert other.title in page


def test_what_was_over_long_ago_is_not_offered(klaten, kader, row, now):
    make_event(klaten, proposer=kader.user, title="Tahun lalu", starts_at=now - timedelta(days=300))
    assert "Tahun lalu" not in text_of(kader.get(DEVICES))


def test_the_same_queries_for_one_device_and_for_three(klaten, kader, row, now):
    counts = []
    kader.get(DEVICES)
    for labels in (["Satu"], ["Dua", "Tiga"]):
        for label in labels:
            devices.register(
                member=kader.user, district=klaten, label=label, now=now, events=[row.event]
            )
        with CaptureQueriesContext(connection) as seen:
            kader.get(DEVICES)
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_a_device_is_not_called_after_an_identity_number(klaten, kader, row, now):
    answer = kader.post(DEVICES, {"label": f"Ponsel {NIK}", "do": "daftar"})
    assert (answer.status_code, Device.objects.count()) == (422, 0)
    with pytest.raises(Refused):
        devices.register(member=kader.user, district=klaten, label=f"HP {NIK}", now=now)
    assert Device.objects.count() == 0


def test_a_note_tells_the_device_why_and_holds_no_identity_number(klaten, kader, row, now):
    fact = aside(row, kader.user, now)
    office = client_of("moderator", klaten)
    form = {"which": fact.pk, "do": "singkirkan"}
    for note in (f"Bukan {NIK}", "x" * 201):
        refused = office.post(ASIDE, form | {"note": note})
        assert refused.status_code == 422
        assert f'value="{note}"' in text_of(refused)
        fact.refresh_from_db()
        assert fact.state == "quarantined"
    assert office.post(ASIDE, form | {"note": "Ditulis dua kali"}).status_code == 303
    fact.refresh_from_db()
    assert (fact.state, fact.reason) == ("dropped", "Ditulis dua kali")


def test_the_national_office_lets_through_what_it_sees(klaten, kader, row, now):
    fact = aside(row, kader.user, now)
    office = client_of("superuser", klaten)
    assert str(fact.pk) in text_of(office.get(ASIDE))
    assert office.post(ASIDE, {"which": fact.pk, "do": "catat"}).status_code == 303
    assert Attendance.objects.get().recorded_by == office.user


def test_what_is_let_through_was_told_when_it_arrived(klaten, kader, row, now):
    arrived = row.end + timedelta(days=60)
    fact = aside(row, kader.user, now, arrived=arrived)
    syncing.let_through(
        fact=fact, district=klaten, actor=make_member("moderator", klaten),
        now=arrived + timedelta(days=5),
    )  # fmt: skip
    came = Attendance.objects.get()
    assert (came.told_at, came.server_time, came.skewed) == (arrived, arrived, False)


def test_what_nobody_looked_at_is_deleted_after_90_days_and_the_device_is_told(klaten, now):
    """S-10: a child's name and an adult's number do not lie here for years."""
    allow_minors(klaten)
    member = make_member("moderator", klaten)
    device, _token = devices.register(member=member, district=klaten, label="HP", now=now)
    row = make_date(klaten, starts_at=now - timedelta(days=200))
    arrived = now - timedelta(days=89)
    people = (
        {"name": "Ani Kecil", "sex": "P", "age_group": "6-12", "consent": "Map 3"},
        {"name": "Sri", "sex": "P", "age_group": "25-59", "phone": "081234567890"},
    )
    told = [
        sync.Told(
            "hadir", uuid4(),
            {"occurrence": str(row.key), "person": who | {"key": str(uuid4())}, "status": "hadir"},
            row.start, arrived,
        )
        for who in people
    ]  # fmt: skip
    outcomes = sync.judge(told, syncing.teller_of(device))
    assert [one.status for one in outcomes] == ["quarantined"] * 2
    fresh = aside(row, member, now)
    purge_expired(arrived + timedelta(days=90))
    assert syncing.waiting(klaten).count() == 3
    assert purge_expired(arrived + timedelta(days=90, seconds=1)) == {"facts set aside": 2}
    assert list(syncing.waiting(klaten)) == [fresh]
    rows = Fact.objects.filter(key__in=[one.key for one in told])
    assert [(one.state, one.body, one.subjects.count()) for one in rows] == [
        ("dropped", None, 0), ("dropped", None, 0),
    ]  # fmt: skip
    for again in sync.judge(told, syncing.teller_of(device)):
        assert (again.status, again.http, "90" in again.reason) == ("rejected", 422, True)
    ended = AuditEntry.objects.filter(verb="quarantine.ended", site_id=klaten.site_id)
    assert sorted(ended.values_list("object_id", "actor_id")) == sorted(
        (str(one.pk), None) for one in rows
    )
    assert not Attendance.objects.exists()


def test_the_office_reads_until_when_an_entry_waits(klaten, kader, row, now, rf):
    arrived = now - timedelta(days=80)
    fact = aside(row, kader.user, now)
    Fact.objects.filter(pk=fact.pk).update(server_time=arrived)
    zone = ZoneInfo(klaten.timezone)
    day = date_format((arrived + timedelta(days=90)).astimezone(zone), "j F Y")
    office = client_of("moderator", klaten)
    assert day in text_of(office.get(ASIDE))
    assert day in text_of(office.get("/ruang/"))
    request = rf.get("/admin/", SERVER_NAME=klaten.site.hostname)
    seen = {}
    for role in ("moderator", "kader"):
        request.user = make_member(role, klaten)
        seen[role] = [one.text for one in tasks_of(request, klaten) if one.url == ASIDE]
    assert [(len(seen["moderator"]), day in seen["moderator"][0]), seen["kader"]] == [(1, True), []]


def test_one_session_is_judged_as_all_of_them_are(klaten, now):
    """`may_record` of an event and `recordable` of a table are one rule."""
    make_terms()
    ours, theirs = (
        Organisation.objects.create(district=klaten, name=name, kind="pkk")
        for name in ("PKK Delanggu", "PKK Wedi")
    )
    kader, other = make_member("kader", klaten), make_member("kader", klaten)
    for number, (state, approved, proposer, organiser) in enumerate(
        product(EventState.values, (None, now), (kader, other), (ours, theirs, None))
    ):
        event = make_event(klaten, title=f"K {number}", proposer=proposer, published=False)
        Event.objects.filter(pk=event.pk).update(
            state=state, approved_at=approved, organiser=organiser, published_at=now,
            cancelled_at=now if state == EventState.CANCELLED else None,
        )  # fmt: skip
    everything, found = list(Event.objects.order_by("pk")), {}
    for role, group in product(Role.values, (None, ours)):
        held = [Membership(user=kader, district=klaten, role=role, organisation=group)]
        rows = Event.objects.filter(recordable(kader, held)).order_by("pk")
        assert list(rows) == [one for one in everything if may_record(kader, held, one)]
        found[role, group] = len(rows)
    assert found[Role.MODERATOR, None] == len(everything)
    assert found[Role.MONEV, ours] == 0 < found[Role.KADER, None] < found[Role.KADER, ours]
    assert list(Event.objects.filter(recordable(kader, []))) == []
