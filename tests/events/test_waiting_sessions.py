"""A session that waits for the office's decision is held all the same: roll, door, queue, report.

The office approves what is shown to others. Whether people came does not wait for that.
"""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from districts.models import Membership, Organisation
from events.models import Attendance, CheckInDoor, Event, EventState, SessionReport
from events.services import deciding, devices, doors, planning
from events.words import kind_label
from tests.factories.attendance import dates_of, make_date, mark, person, told
from tests.factories.attending import check_in_form, walk_in
from tests.factories.people import make_member
from tests.factories.places import make_district, national
from tests.factories.planning import client_of, text_of

pytestmark = pytest.mark.django_db
REPORTS = "/ruang/laporan/"
WORDS = {"minutes": "Pembukaan", "results": "Jadi", "cost": "", "version": "0"}


@pytest.fixture
def klaten():
    national()
    return make_district("klaten")


@pytest.fixture
def kader(klaten):
    return client_of("kader", klaten)


@pytest.fixture
def group(klaten):
    return Organisation.objects.create(district=klaten, name="PKK Delanggu", kind="pkk")


@pytest.fixture(params=["usulan", "perlu_diubah", "diubah_lagi"])
def row(request, klaten, kader, group):
    """A date an hour ago: proposed, sent back, or approved once and then changed in a word."""
    start = (timezone.now() - timedelta(hours=1)).replace(microsecond=0)
    row = make_date(
        klaten, proposer=kader.user, organiser=group, title="Rahasia", starts_at=start,
        published=request.param == "diubah_lagi",
    )  # fmt: skip
    event, now = row.event, timezone.now()
    if request.param == "perlu_diubah":
        office = make_member("moderator", klaten)
        deciding.send_back(event=event, actor=office, version=event.version, note="Jam?", now=now)
    if request.param == "diubah_lagi":
        words = {"summary": "Bersama kepala puskesmas."}
        planning.edit(event=event, actor=kader.user, version=event.version, values=words, now=now)
    [row] = dates_of(event)
    expected = EventState.CHANGES if request.param == "perlu_diubah" else EventState.PROPOSED
    assert (row.event.state, row.event.approved_at) == (expected, None)
    return row


@pytest.fixture
def neighbour(klaten, group):
    """Plans for the same organisation, and proposed nothing."""
    client = client_of("kader", klaten)
    Membership.objects.filter(user=client.user).update(organisation=group)
    return client


def path(row, rest: str) -> str:
    return f"/ruang/kalender/{row.event_id}/{row.pk}/{rest}"


@pytest.mark.parametrize("who", ["kader", "neighbour"])
def test_its_people_are_written_down(request, row, who):
    client = request.getfixturevalue(who)
    assert "Panggil" in text_of(client.get(path(row, "hadir/panggil/")))
    answer = client.post(path(row, "hadir/panggil/"), walk_in())
    assert answer.status_code == 303
    came = Attendance.objects.get()
    assert (came.occurrence, came.recorded_by) == (row, client.user)


def test_people_check_in_at_its_door(klaten, kader, row):
    opened = kader.post(path(row, "hadir/pintu/"), {"do": "buka", "aturan": "ya", "ke": "layar"})
    assert opened.status_code == 303
    assert kader.get(path(row, "hadir/layar/qr.svg"))["Content-Type"] == "image/svg+xml"
    code = doors.current_code(CheckInDoor.objects.get(), timezone.now()).scanned
    phone = Client(SERVER_NAME=klaten.site.hostname)
    page = text_of(phone.get(f"/hadir/{code}/"))
    # Nobody approved its words yet.
    assert ("Rahasia" in page, str(kind_label(row.event.kind)) in page) == (False, True)
    ticket = page.partition('name="ticket" value="')[2].partition('"')[0]
    assert phone.post(f"/hadir/{code}/", check_in_form(ticket)).status_code == 201
    assert Attendance.objects.get().occurrence == row


def test_a_device_sends_its_attendance_and_its_report(klaten, kader, row):
    now = timezone.now()
    _device, token = devices.register(
        member=kader.user, district=klaten, label="Ponsel", now=now, events=[row.event]
    )
    who = {"key": str(uuid4()), "name": "Siti Aminah", "sex": "P", "age_group": "25-59"}
    here = {"occurrence": str(row.key)}
    facts = [
        told("hadir", here | {"person": who, "status": "hadir", "way": "panggil"}, at=now),
        told("laporan", here | {"results": "Jadi", "minutes": "Pembukaan"}, at=now),
    ]
    answer = Client(SERVER_NAME=klaten.site.hostname).post(
        "/api/v1/sync", json.dumps({"facts": facts}), content_type="application/json",
        HTTP_AUTHORIZATION=f"Bearer {token}",
    )  # fmt: skip
    assert [one["http"] for one in answer.json()["results"]] == [201, 201]
    assert Attendance.objects.get().occurrence == row
    assert SessionReport.objects.get().results == "Jadi"


def test_a_device_is_bound_to_it(klaten, kader, row):
    held = Membership.objects.filter(user=kader.user)
    found = devices.sessions_of(
        member=kader.user, memberships=held, district=klaten, now=timezone.now()
    )
    assert list(found) == [row.event]


@pytest.mark.parametrize("who", ["kader", "neighbour"])
def test_its_report_is_found_written_and_sent(request, row, who):
    client = request.getfixturevalue(who)
    assert [one["date"].row for one in client.get(REPORTS).context["lines"]] == [row]
    form = WORDS | {"key": str(uuid4()), "do": "kirim"}
    assert client.post(path(row, "laporan/"), form).status_code == 303
    report = SessionReport.objects.get()
    assert (report.state, report.author) == ("terkirim", client.user)


def test_the_office_reads_its_report_and_whoever_only_counts_does_not(klaten, kader, row):
    office, monev = client_of("moderator", klaten), client_of("monev", klaten)

    def listed(client) -> list:
        return [one["date"].row for one in client.get(REPORTS).context["lines"]]

    # A proposal whose day went by was perhaps never held.
    assert listed(office) == []
    kader.post(path(row, "laporan/"), WORDS | {"key": str(uuid4()), "do": "kirim"})
    assert (listed(office), listed(monev)) == ([row], [])
    assert office.get(path(row, "laporan/")).status_code == 200
    assert monev.get(path(row, "laporan/")).status_code == 404


def test_it_is_nobody_elses(klaten, row):
    other = client_of("kader", klaten)
    for rest in ("hadir/", "hadir/panggil/", "hadir/pintu/", "laporan/"):
        assert other.get(path(row, rest)).status_code == 404
    assert other.post(path(row, "hadir/panggil/"), walk_in()).status_code == 404
    assert other.get(REPORTS).context["lines"] == []
    assert Attendance.objects.count() == 0


def test_nothing_of_it_is_public(klaten, kader, row):
    kader.post(path(row, "hadir/panggil/"), walk_in())
    kader.post(path(row, "laporan/"), WORDS | {"key": str(uuid4()), "do": "kirim"})
    public = Client(SERVER_NAME=klaten.site.hostname)
    assert public.get(f"/kalender/{row.event.slug}/").status_code == 404
    assert public.get(f"/kalender/{row.event.slug}.ics").status_code == 404
    for feed in ("/kalender.ics", "/kalender/feed.atom"):
        answer = public.get(feed)
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert (answer.status_code, b"Rahasia" in content) == (200, False)


def test_its_certificates_wait(klaten, kader, row):
    """Everybody can verify one, and would read the name of a session that nobody approved."""
    mark(row, person(), now=timezone.now())
    certificates = f"/ruang/kalender/{row.event_id}/sertifikat/"
    Event.objects.filter(pk=row.event_id).update(starts_at=row.start - timedelta(days=1))
    row.start, row.end = row.start - timedelta(days=1), row.end - timedelta(days=1)
    row.save()
    assert certificates not in text_of(kader.get(f"/ruang/kalender/{row.event_id}/"))
    assert kader.get(certificates).status_code == 403
    event = Event.objects.get(pk=row.event_id)
    office = make_member("moderator", klaten)
    deciding.approve(event=event, actor=office, version=event.version, now=timezone.now())
    assert certificates in text_of(kader.get(f"/ruang/kalender/{row.event_id}/"))
    assert kader.get(certificates).status_code == 200


def test_what_was_cancelled_before_anybody_approved_it_never_took_place(klaten, kader):
    now = timezone.now()
    row = make_date(
        klaten, proposer=kader.user, published=False, starts_at=now + timedelta(minutes=5)
    )
    event = row.event
    deciding.cancel(event=event, actor=kader.user, version=event.version, note="", now=now)
    row.start, row.end = now - timedelta(hours=2), now - timedelta(hours=1)
    row.save()
    for rest in ("hadir/panggil/", "laporan/"):
        form = walk_in() if "hadir" in rest else WORDS | {"key": str(uuid4()), "do": "simpan"}
        assert kader.post(path(row, rest), form).status_code == 403
    assert kader.get(REPORTS).context["lines"] == []
    assert (Attendance.objects.count(), SessionReport.objects.count()) == (0, 0)


def test_a_cancelled_session_has_no_report(klaten, kader):
    now = timezone.now()
    row = make_date(klaten, proposer=kader.user, starts_at=now + timedelta(minutes=5))
    event = row.event
    deciding.cancel(event=event, actor=kader.user, version=event.version, note="", now=now)
    Event.objects.filter(pk=event.pk).update(cancelled_at=now - timedelta(hours=3))
    row.start, row.end = now - timedelta(hours=2), now - timedelta(hours=1)
    row.save()
    form = WORDS | {"key": str(uuid4()), "do": "simpan"}
    assert kader.post(path(row, "laporan/"), form).status_code == 409
    assert SessionReport.objects.count() == 0
    assert kader.get(REPORTS).context["lines"] == []
