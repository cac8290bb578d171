"""What an office keeps of a person is read and erased there, and leaves other offices alone."""

import json
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from events.models import Participant, Registration, ReportFile, SheetExport, SheetUpload
from safeguards.models import AuditEntry
from safeguards.services.persons import erase_person, export_person, is_erased
from tests.factories.attendance import make_date, mark, person
from tests.factories.events import make_terms
from tests.factories.joining import date_of, make_open_event, register
from tests.factories.people import make_member
from tests.factories.places import make_district, national
from tests.factories.planning import client_of
from tests.factories.reports import add_photo, past_date

pytestmark = pytest.mark.django_db
PHONE = "+6281234567890"


@pytest.fixture
def offices():
    national()
    make_terms()
    return make_district("klaten"), make_district("lebak")


@pytest.fixture
def now():
    return timezone.now()


def walk_in(district, now, **fields) -> Participant:
    row = make_date(district, starts_at=now - timedelta(hours=3))
    who = person("Siti Aminah", **fields)
    assert mark(row, who, now=now).http == 201
    return Participant.objects.get(district=district, key=who.key)


def registered(district, name: str) -> Registration:
    return register(date_of(make_open_event(district)), name=name, email="", phone=PHONE)


def sheet_of(model, district, member, now):
    row = make_date(district, starts_at=now - timedelta(hours=3))
    by = "uploaded_by" if model is SheetUpload else "asked_by"
    more = {"kind": "csv", "language_code": "id"} if model is SheetExport else {"key": row.key}
    sheet = model(district=district, occurrence=row, created_at=now, **{by: member}, **more)
    sheet.file.save("daftar.csv", ContentFile(b"Siti Aminah"))
    return sheet


def test_a_number_of_another_office_opens_and_erases_nothing_there(offices, now):
    klaten, lebak = offices
    theirs, ours = registered(klaten, "Ibu Klaten"), registered(lebak, "Ibu Lebak")
    known = walk_in(klaten, now, phone=PHONE)
    siti = walk_in(lebak, now, phone=PHONE)
    office = client_of("moderator", lebak)
    told = json.loads(office.get(f"/ruang/orang/{siti.key}/data.json").content)
    rows = told["events.Registration"]["rows"]
    assert [row["name"] for row in rows] == ["Ibu Lebak"]
    assert [row["id"] for row in told["events.Participant"]["rows"]] == [siti.pk]
    assert len(told["events: sessions a person came to"]["rows"]) == 1
    assert office.post(f"/ruang/orang/{siti.key}/hapus/").status_code == 303
    assert list(Registration.objects.values_list("pk", flat=True)) == [theirs.pk]
    assert not Registration.objects.filter(pk=ours.pk).exists()
    names = dict(Participant.objects.values_list("pk", "name"))
    assert names == {siti.pk: "", known.pk: "Siti Aminah"}
    assert (is_erased(PHONE), is_erased(siti.key), is_erased(known.key)) == (False, True, False)
    trail = AuditEntry.objects.filter(verb__in=["person.exported", "person.erased"])
    assert set(trail.values_list("site_id", flat=True)) == {lebak.site_id}


def test_without_an_office_everything_is_meant(offices, now):
    klaten, lebak = offices
    registered(klaten, "Ibu Klaten")
    walk_in(lebak, now, phone=PHONE)
    told = export_person(PHONE)
    assert {"events.Registration", "events.Participant"} <= told.keys()
    erase_person(PHONE, now=now)
    assert (Registration.objects.count(), is_erased(PHONE)) == (0, True)


@pytest.mark.parametrize("model", [SheetExport, SheetUpload])
def test_sheets_that_may_name_who_was_erased_go(
    offices, now, model, django_capture_on_commit_callbacks
):
    klaten, lebak = offices
    siti = walk_in(klaten, now)
    ours = sheet_of(model, klaten, make_member("kader", klaten), now)
    theirs = sheet_of(model, lebak, make_member("kader", lebak), now)
    with django_capture_on_commit_callbacks(execute=True):
        erase_person(siti.key, now=now, site=klaten.site_id)
    assert list(model.objects.all()) == [theirs]
    storage = ours.file.storage
    assert (storage.exists(ours.file.name), storage.exists(theirs.file.name)) == (False, True)


def test_a_photo_stays_with_the_office_when_who_handed_it_in_goes(
    offices, django_capture_on_commit_callbacks
):
    klaten, _lebak = offices
    kader = make_member("kader", klaten)
    row = past_date(klaten, proposer=kader)
    add_photo(row)
    photo = ReportFile.objects.get()
    assert photo.uploaded_by_id == kader.pk
    told = export_person(kader)["events: photos and scans a member handed in"]
    assert [one["id"] for one in told["rows"]] == [photo.pk]
    with django_capture_on_commit_callbacks(execute=True):
        erase_person(kader)
    photo.refresh_from_db()
    assert photo.uploaded_by_id is None
    assert [photo.photo.storage.exists(f.name) for f in (photo.photo, photo.preview)] == [True] * 2
