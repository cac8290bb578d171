"""People, what was set aside, devices: who sees them, and what a person has a right to."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from districts.sharing.share import qr_squares
from events.models import Attendance, Device, Participant
from events.services import attending, devices, syncing
from events.views.room import people
from safeguards.models import AuditEntry, Fact
from tests.factories.attendance import allow_minors, dates_of, make_date, mark, person
from tests.factories.forms import opened_of
from tests.factories.places import make_district, national
from tests.factories.planning import client_of, text_of

pytestmark = pytest.mark.django_db
PEOPLE = "/ruang/orang/"


@pytest.fixture
def klaten():
    national()
    return make_district("klaten")


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def row(klaten, now):
    return make_date(klaten, starts_at=now - timedelta(days=2), rrule="FREQ=DAILY;COUNT=2")


@pytest.fixture
def office(klaten):
    return client_of("moderator", klaten)


def come(row, who, now, status="hadir"):
    assert mark(row, who, status, now=now).http in {200, 201}
    return Participant.objects.get(district=row.district_id, key=who.key)


def test_everybody_by_how_often_they_came_and_a_name_is_looked_for(office, row, now):
    siti, budi = person("Siti Aminah"), person("Budi Santoso", sex="L")
    for date in dates_of(row.event):
        come(date, siti, now)
    come(row, budi, now)
    text = text_of(office.get(PEOPLE))
    assert text.index("Siti Aminah") < text.index("Budi Santoso")
    found = office.post(PEOPLE, {"name": "SITI"})
    assert ("Siti Aminah" in text_of(found), "Budi" in text_of(found)) == (True, False)
    assert AuditEntry.objects.filter(verb="people.read").count() == 2


def test_all_who_are_found_stand_on_one_page(office, row, now, monkeypatch):
    for number in range(23):
        come(row, person(f"Siti {number:02d}"), now)
    page = text_of(office.post("/ruang/orang/", {"name": "siti"}))
    assert page.count('scope="row"') == 23
    assert "Lebih dari" not in page
    monkeypatch.setattr(people, "FOUND", 5)
    page = text_of(office.post("/ruang/orang/", {"name": "siti"}))
    assert (page.count('scope="row"'), "Lebih dari 5 orang" in page) == (5, True)


def test_of_children_nobody_is_told_how_often(office, row, now, klaten):
    allow_minors(klaten)
    child = come(row, person("Ani", age_group="13-17", consent="Map 3"), now)
    assert ">1<" not in text_of(office.get(PEOPLE))
    page = text_of(office.get(f"{PEOPLE}{child.key}/"))
    assert row.event.title not in page
    assert "plan-code" not in page
    assert "Ani" not in text_of(office.get(f"{PEOPLE}kegiatan/{row.event.pk}/"))


def test_the_code_that_staff_scans_can_be_printed(office, row, now):
    known = come(row, person("Siti Aminah"), now)
    page = text_of(office.get(f"{PEOPLE}{known.key}/"))
    assert qr_squares(str(known.key)).path in page


@pytest.mark.parametrize("role", ["guru", "kader", "koordinator", "mitra", "monev", "editor"])
def test_only_who_decides_sees_people(klaten, row, now, role):
    siti = come(row, person("Siti Aminah"), now)
    client = client_of(role, klaten)
    for rest in (
        "",
        f"{siti.key}/",
        f"{siti.key}/data.json",
        "lembaga/",
        "fasilitator/",
        "kembar/",
    ):
        answer = client.get(f"{PEOPLE}{rest}")
        assert answer.status_code == 403
        assert "Siti" not in text_of(answer)


def test_another_offices_people_are_as_if_there_were_none(row, now):
    siti = come(row, person("Siti Aminah"), now)
    elsewhere = client_of("moderator", make_district("sleman"))
    assert elsewhere.get(f"{PEOPLE}{siti.key}/").status_code == 404
    assert elsewhere.post(f"{PEOPLE}{siti.key}/hapus/").status_code == 404
    assert Participant.objects.get(pk=siti.pk).name == "Siti Aminah"


def test_two_are_put_together_after_a_question(office, row, now):
    first, second = dates_of(row.event)
    siti = come(first, person("Siti Aminah"), now)
    other = come(second, person("Siti Aminnah"), now)
    assert str(other.key) in text_of(office.get(f"{PEOPLE}{siti.key}/"))
    assert "Siti Aminnah" in text_of(office.get(f"{PEOPLE}kembar/"))
    address = f"{PEOPLE}{siti.key}/gabung/{other.key}/"
    assert office.get(address).status_code == 200
    assert Participant.objects.known().count() == 2
    assert office.post(address)["Location"] == f"{PEOPLE}{siti.key}/"
    assert siti.attendance.count() == 2
    # Sent twice it is done once.
    assert office.post(address).status_code == 303
    assert office.post(f"{PEOPLE}{siti.key}/gabung/{siti.key}/").status_code == 409


def test_a_correction_keeps_what_was_typed_and_is_written(office, row, now):
    siti = come(row, person("Siti Amina"), now)
    address = f"{PEOPLE}{siti.key}/ubah/"
    form = {"name": "Siti Aminah", "sex": "P", "age_group": "25-59", "phone": "abc"}
    form["opened"] = opened_of(office.get(address))
    faulty = office.post(address, form)
    assert faulty.status_code == 422
    assert 'value="Siti Aminah"' in text_of(faulty)
    assert office.post(address, form | {"phone": "081234567890"}).status_code == 303
    siti.refresh_from_db()
    assert (siti.name, siti.folded, siti.phone) == ("Siti Aminah", "siti aminah", "+6281234567890")
    nik = office.post(address, form | {"name": "Siti 3310014507900001", "phone": ""})
    assert nik.status_code == 422
    assert AuditEntry.objects.filter(verb="person.corrected").count() == 1


def test_what_somebody_else_corrected_is_shown_and_not_overwritten(klaten, office, row, now):
    siti = come(row, person("Siti Amina"), now)
    address = f"{PEOPLE}{siti.key}/ubah/"
    mine = {"name": "Siti Aminah", "sex": "P", "age_group": "25-59"}
    mine["opened"] = opened_of(office.get(address))
    other = client_of("admin", klaten)
    theirs = mine | {"name": "Siti Aminahwati", "phone": "081234567890"}
    assert other.post(address, theirs).status_code == 303
    # Sent twice it is kept once.
    assert other.post(address, theirs).status_code == 303
    stale = office.post(address, mine)
    siti.refresh_from_db()
    assert (stale.status_code, siti.name) == (409, "Siti Aminahwati")
    both = [(one.theirs, one.mine) for one in stale.context["compared"]]
    assert both == [("Siti Aminahwati", "Siti Aminah"), ("+6281234567890", "–")]
    assert "Siti Aminahwati</td>" in text_of(stale)
    assert 'value="Siti Aminah"' in text_of(stale)
    assert office.post(address, mine | {"opened": opened_of(stale)}).status_code == 303
    siti.refresh_from_db()
    assert (siti.name, siti.phone) == ("Siti Aminah", "")


def test_somebody_takes_all_along_and_is_erased_after_a_question(office, row, now):
    siti = come(row, person("Siti Aminah", phone="081234567890"), now)
    told = office.get(f"{PEOPLE}{siti.key}/data.json")
    assert "attachment" in told["Content-Disposition"]
    assert "Siti" not in told["Content-Disposition"]
    assert json.loads(told.content)["events.Participant"]["rows"][0]["name"] == "Siti Aminah"
    address = f"{PEOPLE}{siti.key}/hapus/"
    assert office.get(address).status_code == 200
    assert Participant.objects.get().name == "Siti Aminah"
    assert office.post(address)["Location"] == PEOPLE
    gone = Participant.objects.get()
    assert (gone.name, gone.phone, gone.sex, Attendance.objects.count()) == ("", "", "P", 1)
    assert office.get(f"{PEOPLE}{siti.key}/").status_code == 404


def test_figures_by_organisation_series_and_facilitator(office, row, now):
    come(row, person("Siti Aminah"), now)
    assert "Siti Aminah" in text_of(office.get(f"{PEOPLE}kegiatan/{row.event.pk}/"))
    assert str(row.event.proposed_by) in text_of(office.get(f"{PEOPLE}fasilitator/"))
    assert office.get(f"{PEOPLE}lembaga/").status_code == 200


@pytest.mark.parametrize("rest", ["", "kembar/"])
def test_the_same_queries_for_one_and_for_three(office, row, now, rest):
    # What is remembered of the office is read the first time.
    office.get(f"{PEOPLE}{rest}")
    counts = []
    for names in (["Siti Aminah"], ["Rahmat Hidayat", "Yusuf Mansur"]):
        for name in names:
            come(row, person(name), now)
        with CaptureQueriesContext(connection) as seen:
            office.get(f"{PEOPLE}{rest}")
        counts.append(len(seen))
    assert counts[0] == counts[1]


def set_aside(row, member, now) -> Fact:
    who = person("Siti Aminah")
    body = {
        "occurrence": str(row.key),
        "person": {"key": str(who.key), "name": who.name, "sex": "P", "age_group": "25-59"},
        "status": "hadir",
    }
    key = uuid4()
    source = attending.Source(member=member, is_queued=True, aside={"body": body, "teller": {}})
    outcome = attending.mark(
        occurrence=row, person=who, status="hadir", way="panggil", key=key, now=now,
        source=source, client_time=now + timedelta(days=9),
    )  # fmt: skip
    assert outcome.status == "quarantined"
    return Fact.objects.get(key=key)


def test_what_was_set_aside_is_recorded_or_put_away(office, klaten, row, now):
    kader = client_of("kader", klaten)
    first, second = set_aside(row, kader.user, now), set_aside(row, kader.user, now)
    text = text_of(office.get("/ruang/karantina/"))
    assert "Siti Aminah" in text
    assert kader.get("/ruang/karantina/").status_code == 403
    answer = office.post("/ruang/karantina/", {"which": first.pk, "do": "catat"})
    assert answer.status_code == 303
    assert Attendance.objects.get().status == "hadir"
    answer = office.post("/ruang/karantina/", {"which": second.pk, "do": "singkirkan"})
    assert answer.status_code == 303
    second.refresh_from_db()
    assert (second.state, syncing.waiting(klaten).count()) == ("dropped", 0)
    assert office.post("/ruang/karantina/", {"which": second.pk, "do": "catat"}).status_code == 404


def test_a_devices_token_is_shown_once_and_revoked_at_once(klaten, now):
    kader = client_of("kader", klaten)
    path = "/ruang/perangkat/kirim/"
    made = kader.post(path, {"label": "Ponsel lapangan", "do": "daftar"})
    assert (made.status_code, made["Cache-Control"]) == (201, "private, no-store")
    token = made.context["token"]
    assert token in text_of(made)
    assert devices.find(district=klaten, token=token, now=now) is not None
    assert token not in text_of(kader.get(path))
    other = client_of("kader", klaten)
    device = Device.objects.get()
    revoking = f"{path}{device.pk}/lepas/?dari=kirim"
    assert revoking in text_of(kader.get(path))
    assert (revoking in text_of(other.get(path)), other.post(revoking).status_code) == (False, 404)
    assert kader.post(path, {"label": "", "do": "daftar"}).status_code == 422
    # It is asked first, and both answers lead back.
    assert f'href="{path}"' in text_of(kader.get(revoking))
    assert devices.find(district=klaten, token=token, now=now) == device
    done = kader.post(revoking)
    assert (done.status_code, done["Location"]) == (302, path)
    assert devices.find(district=klaten, token=token, now=now) is None
