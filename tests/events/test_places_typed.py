"""The village or kecamatan of whoever comes: typed or chosen, understood, never guessed."""

import gzip
from pathlib import Path
from uuid import uuid4

import pytest
from django.contrib.staticfiles import finders
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from districts.models import Region
from events.attendance.places import places_of
from events.forms.checkin import PersonForm
from events.models import Participant
from events.services import doors
from safeguards import generation
from safeguards.facts import Refused
from tests.factories.attendance import mark, person
from tests.factories.attending import check_in_form, held_now, walk_in
from tests.factories.places import make_district, national
from tests.factories.planning import client_of, text_of

pytestmark = pytest.mark.django_db
PAGE_BYTES = 14 * 1024


@pytest.fixture
def klaten():
    """An office with two villages of one name, and a kecamatan called like a village."""
    national()
    office = make_district("klaten")
    for code, name in (("01.2002", "Gondang"), ("05.2002", "Gondang"), ("05.2003", "Ngawen")):
        Region.objects.create(
            code=f"33.10.{code}", name=name, level="desa", parent_id=f"33.10.{code[:2]}"
        )
    Region.objects.filter(code="33.10.05").update(name="Ngawen")
    Region.objects.create(
        code="33.10.01.2009", name="Lama", level="desa", parent_id="33.10.01",
        valid_until=timezone.localdate(),
    )  # fmt: skip
    generation.forget()
    return office


@pytest.fixture
def office(klaten):
    return client_of("moderator", klaten)


@pytest.fixture
def row(klaten):
    return held_now(klaten)


def path(row, rest: str) -> str:
    return f"/ruang/kalender/{row.event_id}/{row.pk}/hadir/{rest}"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", ""),
        ("33.10.05.2002", "33.10.05.2002"),
        ("Desa 01", "33.10.01.2001"),
        ("  desa   01 ", "33.10.01.2001"),
        ("gondang, ngawen", "33.10.05.2002"),
        ("Gondang, Kec. Ngawen", "33.10.05.2002"),
        ("Desa Gondang, Kecamatan Ngawen", "33.10.05.2002"),
        ("Kec. Ngawen", "33.10.05"),
        ("kecamatan ngawen", "33.10.05"),
        ("Kelurahan Ngawen", "33.10.05.2003"),
        ("KAB. KLATEN", "33.10"),
    ],
)
def test_a_place_is_understood_as_people_write_it(klaten, typed, code):
    assert places_of(klaten).code_of(typed) == code


@pytest.mark.parametrize(
    "typed",
    ["Gondang", "Ngawen", "Bandung", "Gondang, Bandung", "36.02.01", "Lama", "Kec. Gondang"],
)
def test_what_may_be_another_place_is_no_place(klaten, typed):
    with pytest.raises(Refused):
        places_of(klaten).code_of(typed)


def test_every_line_that_is_offered_is_understood_as_its_own_place(klaten):
    places = places_of(klaten)
    codes = [places.code_of(line) for line in places.offers]
    assert codes == [code for code in places.labels if code != "33.10"]
    assert "Gondang, Kec. Ngawen" in places.offers


def test_an_import_brings_its_villages_to_the_next_page(klaten):
    assert "33.10.05.2004" not in places_of(klaten).labels
    Region.objects.create(code="33.10.05.2004", name="Baru", level="desa", parent_id="33.10.05")
    generation.forget()
    assert places_of(klaten).code_of("Baru") == "33.10.05.2004"


def test_whoever_walks_in_may_say_where_they_are_from(office, row):
    page = text_of(office.get(path(row, "panggil/")))
    assert ('list="wilayah"' in page, '<option value="Gondang, Kec. Ngawen">' in page) == (
        True,
        True,
    )
    # It costs nobody a tap who does not say it.
    assert '<details class="l-more">' in page
    assert office.post(path(row, "panggil/"), walk_in(name="Ani")).status_code == 303
    assert Participant.objects.get(name="Ani").region_id is None
    told = walk_in(name="Budi", region="Gondang, Ngawen")
    assert office.post(path(row, "panggil/"), told).status_code == 303
    assert Participant.objects.get(name="Budi").region_id == "33.10.05.2002"
    unsure = office.post(path(row, "panggil/"), walk_in(name="Cici", region="Gondang"))
    page = text_of(unsure)
    assert (unsure.status_code, 'value="Gondang"' in page) == (422, True)
    assert "Gondang, Kec. Kecamatan 01; Gondang, Kec. Ngawen" in page
    assert '<details class="l-more" open>' in page


def test_whoever_checks_in_may_say_it_too(klaten, row, office):
    door = doors.open_door(occurrence=row, actor=office.user, now=timezone.now())
    here = f"/hadir/{doors.current_code(door, timezone.now()).scanned}/"
    phone = Client(SERVER_NAME=klaten.site.hostname)
    ticket = text_of(phone.get(here)).partition('name="ticket" value="')[2].partition('"')[0]
    unknown = phone.post(here, check_in_form(ticket, region="Entah <b>"))
    assert (unknown.status_code, 'value="Entah &lt;b&gt;"' in text_of(unknown)) == (422, True)
    assert phone.post(here, check_in_form(ticket, region="Desa 05")).status_code == 201
    assert Participant.objects.get().region_id == "33.10.05.2001"


def test_a_correction_shows_the_place_and_keeps_what_it_does_not_know(office, row):
    mark(row, person("Siti Aminah", region="33.10.05.2002"), now=row.start)
    known = Participant.objects.get()
    page = f"/ruang/orang/{known.key}/ubah/"
    assert 'value="Gondang, Kec. Ngawen"' in text_of(office.get(page))
    told = {"name": "Siti Aminah", "sex": "P", "age_group": "25-59", "disability": ""}

    def send(**changed):
        opened = text_of(office.get(page)).partition('name="opened" value="')[2].partition('"')[0]
        return office.post(page, told | {"opened": opened} | changed)

    assert send(region="Kec. Ngawen").status_code == 303
    known.refresh_from_db()
    assert known.region_id == "33.10.05"
    assert send(region="").status_code == 303
    known.refresh_from_db()
    assert known.region_id is None
    # A device told of another district's village; it is not lost by correcting the name.
    far = Region.objects.create(code="33.11", name="X", level="kabupaten", parent_id="33")
    Participant.objects.update(region=far)
    assert 'value="33.11"' in text_of(office.get(page))
    assert send(name="Siti A", region="33.11").status_code == 303
    known.refresh_from_db()
    assert (known.name, known.region_id) == ("Siti A", "33.11")


def test_function_and_village_are_typed_from_the_paper(office, row):
    here = path(row, "kertas/")
    first = {"nama-1": "Siti", "jk-1": "P", "umur-1": "25-59"}
    first |= {"jabatan-1": "Kader", "desa-1": "Gondang, Ngawen"}
    second = {
        "nama-2": "Budi",
        "jk-2": "L",
        "umur-2": "60+",
        "jabatan-2": "RT",
        "desa-2": "Gondang",
    }
    answer = office.post(here, first | second | {"jabatan-3": "Bidan"})
    known = Participant.objects.get()
    assert (known.position, known.region_id) == ("Kader", "33.10.05.2002")
    page = text_of(answer)
    assert answer.status_code == 422
    # Nothing that was typed is lost, a function without a name neither.
    assert [f'value="{told}"' in page for told in ("RT", "Gondang", "Bidan")] == [True] * 3
    assert page.count('<datalist id="wilayah">') == 1


def test_a_district_of_four_hundred_villages_costs_a_phone_little(klaten, row, office):
    villages = [
        Region(code=f"33.10.05.{number}", name=f"Desa {uuid4().hex[:8]}", level="desa",
               parent_id="33.10.05")
        for number in range(2100, 2500)
    ]  # fmt: skip
    door = doors.open_door(occurrence=row, actor=office.user, now=timezone.now())
    here = f"/hadir/{doors.paper_code(door) or doors.current_code(door, timezone.now()).scanned}/"
    phone, counts = Client(SERVER_NAME=klaten.site.hostname), []
    for more in ([], villages):
        Region.objects.bulk_create(more)
        generation.forget()
        phone.get(here)
        with CaptureQueriesContext(connection) as queries:
            page = phone.get(here)
        counts.append(len(queries))
    assert (counts[0], text_of(page).count("<datalist")) == (counts[1], 0)
    sheets = [finders.find(name) for name in ("events/attendance.css", "districts/parts.css")]
    body = page.content + b"".join(Path(sheet).read_bytes() for sheet in sheets)
    assert len(gzip.compress(body, 6)) <= PAGE_BYTES


def test_an_office_of_no_district_asks_for_none(klaten):
    there, nowhere = (PersonForm(places=places_of(one)) for one in (klaten, national()))
    assert ("region" in there.fields, "region" in nowhere.fields) == (True, False)
