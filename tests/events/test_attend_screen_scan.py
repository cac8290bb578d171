"""`…/hadir/pindai/`: what a scanned registration leads to; the reader of codes that we carry."""

import hashlib
import re
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.contrib.staticfiles import finders
from django.utils import timezone

from events.attendance.persons import registered_key
from events.models import Participant, Registration
from events.services import doors, merging, participants, registering
from events.services.private_links import LINK
from tests.factories.attending import held_now, known, put_together, walk_in
from tests.factories.joining import register
from tests.factories.places import make_district, national
from tests.factories.planning import client_of, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def klaten():
    national()
    return make_district("klaten")


@pytest.fixture
def kader(klaten):
    return client_of("kader", klaten)


@pytest.fixture
def row(kader, klaten):
    return held_now(klaten, proposer=kader.user, takes_registrations=True, seats=1)


def path(row, rest: str = "pindai/") -> str:
    return f"/ruang/kalender/{row.event_id}/{row.pk}/hadir/{rest}"


def registered(row, **fields) -> Registration:
    return register(row, now=row.start - timedelta(hours=1), **fields)


def scan(client, row, registration: Registration):
    link = f"http://klaten.localhost/kalender/pendaftaran/{LINK.token_of(registration.key)}/"
    return client.post(path(row), {"key": str(uuid4()), "kode": link})


def form_at(client, address: str) -> dict:
    """What the form of a walk-in holds already."""
    page = text_of(client.get(address.partition("#")[0]))
    fields = r'<input[^>]*name="(name|person_key|pindai)"[^>]*value="([^"]*)"'
    return dict(re.findall(fields, page))


def test_a_registration_that_is_scanned_twice_is_one_person(kader, row):
    mine = registered(row)
    there = scan(kader, row, mine)["Location"]
    form = form_at(kader, there)
    assert form == {
        "name": "Ibu Contoh",
        "person_key": str(registered_key(mine)),
        "pindai": "ya",
    }
    answer = kader.post(path(row, "panggil/"), walk_in(**form))
    assert (answer.status_code, answer["Location"]) == (303, path(row))
    assert list(row.attendance.values_list("status", "way")) == [("hadir", "pindai")]
    again = scan(kader, row, mine)
    assert (again["Location"], row.attendance.count()) == (path(row), 1)


def test_whoever_was_put_together_with_somebody_is_there_already(klaten, kader, row):
    mine = registered(row)
    form = form_at(kader, scan(kader, row, mine)["Location"])
    kader.post(path(row, "panggil/"), walk_in(**form))
    stays = Participant.objects.get(key=known(klaten, "Ibu Contoh Lama"))
    goes = participants.find(klaten.pk, registered_key(mine))
    office = client_of("moderator", klaten).user
    merging.merge(into=stays, other=goes, actor=office, now=timezone.now())
    assert scan(kader, row, mine)["Location"] == path(row)


def test_a_code_leads_through_all_merges_to_the_one_who_stays(klaten, kader, row):
    mine = registered(row)
    form = form_at(kader, scan(kader, row, mine)["Location"])
    kader.post(path(row, "panggil/"), walk_in(**form))
    goes, office = registered_key(mine), client_of("moderator", klaten).user
    last = goes
    for name in ("Ibu Kedua", "Ibu Ketiga"):
        stays = known(klaten, name)
        into, other = (participants.find(klaten.pk, key) for key in (stays, last))
        merging.merge(into=into, other=other, actor=office, now=timezone.now())
        last = stays
    assert scan(kader, row, mine)["Location"] == path(row)
    # Their own code, and a roll that was opened before: both know what holds of them.
    kader.post(path(row), {"key": str(uuid4()), "kode": str(goes)})
    undo = {"key": str(uuid4()), "tandai": f"{goes}:batal"}
    assert kader.post(path(row, "panggil/"), undo).status_code == 303
    assert list(row.attendance.values_list("status", "participant__key")) == [("batal", last)]
    kader.post(path(row), {"key": str(uuid4()), "kode": str(goes)})
    assert list(row.attendance.values_list("status", "way")) == [("hadir", "pindai")]


def test_a_code_from_before_a_merge_greets_who_stays(klaten, kader, row):
    goes, stays = known(klaten, "Siti Amina"), known(klaten, "Siti Aminah")
    put_together(klaten, goes, stays)
    answer = kader.post(path(row), {"key": str(uuid4()), "kode": str(goes)}, follow=True)
    [said] = [str(message) for message in answer.context["messages"]]
    assert "Siti Aminah" in said
    assert row.attendance.get().participant.key == stays


def test_after_a_slip_was_taken_back_a_human_says_who_it_is(kader, row):
    mine = registered(row)
    form = form_at(kader, scan(kader, row, mine)["Location"])
    kader.post(path(row, "panggil/"), walk_in(**form))
    undo = {"key": str(uuid4()), "tandai": f"{registered_key(mine)}:batal"}
    assert kader.post(path(row, "panggil/"), undo).status_code == 303
    fresh = form_at(kader, scan(kader, row, mine)["Location"])
    assert UUID(fresh["person_key"]) != registered_key(mine)
    asked = text_of(kader.post(path(row, "panggil/"), walk_in(**fresh)))
    assert str(registered_key(mine)) in asked
    told = {
        "do": "dikenal",
        "key": str(uuid4()),
        "orang": str(registered_key(mine)),
        "pindai": "ya",
    }
    assert kader.post(path(row, "panggil/"), told)["Location"] == path(row)
    assert list(row.attendance.values_list("status", "way")) == [("hadir", "pindai")]


def test_what_is_cancelled_waits_or_hangs_on_the_wall_is_said(kader, row):
    first, waits = registered(row), registered(row, name="Ibu Kedua", email="b@contoh.invalid")
    assert waits.state == Registration.State.WAITING
    answer = scan(kader, row, waits)
    assert (answer.status_code, "Ibu Kedua" in text_of(answer)) == (409, True)
    registering.cancel(registration=first, now=row.start - timedelta(minutes=30))
    assert scan(kader, row, first).status_code == 410
    door = doors.open_door(occurrence=row, actor=kader.user, now=timezone.now())
    code = doors.current_code(door, timezone.now()).scanned
    for text in (f"http://klaten.localhost/hadir/{code}/", "https://contoh.invalid/hadir/"):
        answer = kader.post(path(row), {"key": str(uuid4()), "kode": text})
        assert (answer.status_code, 'role="alert"' in text_of(answer)) == (422, True)
    assert row.attendance.count() == 0


def test_a_registration_for_another_session_is_none_here(klaten, kader, row):
    """The sentence says what it is; the answer is that of a code that is not known here."""
    other = held_now(klaten, proposer=kader.user, takes_registrations=True)
    theirs = registered(other)
    answer = scan(kader, row, theirs)
    assert (answer.status_code, "kegiatan lain" in text_of(answer)) == (404, True)
    assert scan(kader, other, theirs).status_code == 303
    assert row.attendance.count() == 0


@pytest.mark.parametrize("number", ["abc", "9" * 30, ""])
def test_a_number_that_is_none_opens_no_form(kader, row, number):
    assert kader.get(path(row, f"panggil/?daftar={number}")).status_code == 404


def test_the_reader_we_carry_is_the_one_we_name():
    file = Path(finders.find("events/qr/decode.js"))
    told = (file.parent / "README.md").read_text()
    assert hashlib.sha256(file.read_bytes()).hexdigest() in told
    assert (file.parent / "LICENSE").read_text().startswith("The MIT License")
