"""Our XLSX files in LibreOffice: what an office sees that opens them, and what comes back of it."""

import csv
import io
import shutil
import subprocess
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone, translation
from django.utils.formats import date_format

from events.models import Attendance, Participant
from events.sheets.layout import NAMES, READ
from tests.conftest import missing
from tests.factories.attendance import make_date, mark, person
from tests.factories.commitments import make_commitment
from tests.factories.places import make_district, national
from tests.factories.planning import client_of

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
# Comma, double quotes, UTF-8, from the first line, cells as they are shown, the first sheet.
AS_CSV = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,true,false,false,1"
PEOPLE = (
    ("Siti Aminah", {"organisation_name": "=1+1", "phone": "081234567890", "disability": True}),
    ("Kader “Melati”, RT 01", {"organisation_name": "+62 kartu", "position": "@ketua; -1"}),
    ("Ni Wayan Çâ", {"organisation_name": "00123", "position": 'kutip "ganda"'}),
    ("Juni", {"organisation_name": "1/2", "position": "1e5"}),
)


@pytest.fixture(scope="module")
def office_program(tmp_path_factory):
    """`office_program(content, form)`: the file as LibreOffice saves it in another form."""
    program = shutil.which("soffice")
    if program is None:
        missing("needs LibreOffice: apt-get install libreoffice-calc-nogui")
    folder = tmp_path_factory.mktemp("libreoffice")

    def convert(content: bytes, form: str) -> bytes:
        place = folder / uuid4().hex
        place.mkdir()
        source = place / "daftar.xlsx"
        source.write_bytes(content)
        command = [program, "--headless", f"-env:UserInstallation={(folder / 'me').as_uri()}"]
        command += ["--convert-to", form, "--outdir", str(place / "out"), str(source)]
        subprocess.run(command, check=True, capture_output=True, timeout=180)
        return next(Path(place / "out").iterdir()).read_bytes()

    return convert


@pytest.fixture
def klaten():
    national()
    return make_district("klaten")


@pytest.fixture
def office(klaten):
    return client_of("moderator", klaten)


@pytest.fixture
def row(klaten):
    now = timezone.now()
    row = make_date(klaten, starts_at=now - timedelta(hours=3), title='Rapat "besar", ke-1')
    for name, fields in PEOPLE:
        agreed = {"disability_agreed": True} if fields.get("disability") else {}
        assert mark(row, person(name, **fields, **agreed), now=now).http == 201
    return row


def shown(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def in_words(cell) -> str:
    with translation.override("id"):
        return date_format(cell, "j F Y") if isinstance(cell, datetime) else cell or ""


def path(row, rest: str) -> str:
    return f"/ruang/kalender/{row.event_id}/{row.pk}/hadir/{rest}"


def test_the_attendance_list_is_shown_as_our_own_csv(office_program, office, row):
    """The same rows; only the apostrophe that guards our CSV is missing, for text is text here."""
    ours = shown(office.get(path(row, "daftar.csv")).content)
    theirs = shown(office_program(office.get(path(row, "daftar.xlsx")).content, AS_CSV))
    assert theirs[0] == list(NAMES)
    assert len(theirs) == len(PEOPLE) + 1
    bare = [[cell[1:] if cell.startswith("'") else cell for cell in line] for line in ours]
    moment = NAMES.index("dicatat")
    for one, other in zip(theirs, bare, strict=True):
        # Our CSV has the seconds as well.
        assert other[moment].startswith(one[moment])
        one[moment] = other[moment]
    assert theirs == bare
    days = {line[NAMES.index("tanggal")] for line in theirs[1:]}
    assert days == {f"{row.day:%d/%m/%Y}"}
    assert {line[NAMES.index("lembaga")] for line in theirs[1:]} == {
        fields["organisation_name"] for _name, fields in PEOPLE
    }


def test_a_list_that_was_saved_there_is_imported_again(office_program, office, row, klaten):
    """Changed by nobody it changes nothing; at another session they are the same people."""
    saved = office_program(office.get(path(row, "daftar.xlsx")).content, "xlsx")
    other = make_date(klaten, starts_at=timezone.now() - timedelta(hours=2), title="Lain")
    for number, date in enumerate((row, other), start=1):
        sheet = SimpleUploadedFile("daftar.xlsx", saved)
        looked = office.post(path(date, "impor/"), {"key": str(uuid4()), "file": sheet})
        assert looked.status_code == 303
        assert office.get(looked["Location"]).context["bad"] == []
        assert office.post(looked["Location"]).status_code == 303
        assert Attendance.objects.count() == len(PEOPLE) * number
    assert Participant.objects.count() == len(PEOPLE)


def test_the_empty_sheet_is_filled_in_there(office_program, office, row):
    empty = office.get(path(row, "impor/kosong.xlsx")).content
    assert shown(office_program(empty, AS_CSV))[0] == list(READ)
    book = openpyxl.load_workbook(io.BytesIO(empty))
    for column, value in (("nama", "Budi"), ("l/p", "L"), ("kelompok umur", "60+")):
        book.worksheets[0].cell(2, READ.index(column) + 1).value = value
    out = io.BytesIO()
    book.save(out)
    sheet = SimpleUploadedFile("isi.xlsx", office_program(out.getvalue(), "xlsx"))
    looked = office.post(path(row, "impor/"), {"key": str(uuid4()), "file": sheet})
    assert office.post(looked["Location"]).status_code == 303
    assert row.attendance.filter(participant__name="Budi", way="impor").count() == 1


def test_commitments_are_shown_as_they_are_read_by_another_library(office_program, klaten):
    make_commitment(klaten, "1.1", measure="=HYPERLINK(A1)")
    make_commitment(klaten, "1.10", measure="Kelas, orang tua\nbaris dua")
    content = Client(SERVER_NAME="klaten.localhost").get("/komitmen.xlsx").content
    theirs = shown(office_program(content, AS_CSV))
    read = list(openpyxl.load_workbook(io.BytesIO(content)).worksheets[0].values)
    assert [len(theirs), len(theirs[0])] == [3, len(read[0])]
    for one, other in zip(theirs, read, strict=True):
        assert one == [in_words(cell) for cell in other]
    assert [line[0] for line in theirs[1:]] == ["1.1", "1.10"]
