"""`…/hadir/impor/`: sheets are looked at, recorded row by row, and refused with a sentence."""

import io
import re
import time
import zipfile
from datetime import timedelta
from itertools import pairwise
from uuid import uuid4

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.html import escape
from django.utils.translation import override
from openpyxl.worksheet.cell_range import CellRange

from events.models import Attendance, Participant, SheetUpload
from events.services.merging import merge
from events.sheets import judging, reading
from safeguards.models import AuditEntry
from tests.factories.attendance import allow_minors, make_date, person
from tests.factories.attendance import mark as mark_at
from tests.factories.places import make_district, national
from tests.factories.planning import client_of, text_of

pytestmark = pytest.mark.django_db
HEADER = ("nama", "l/p", "kelompok umur", "lembaga", "telepon", "status", "persetujuan wali")
SITI = ("Siti Aminah", "P", "25-59", "PKK Delanggu", "081234567890", "", "")
BUDI = ("Budi Santoso", "L", "60+", "", "", "terlambat", "")


@pytest.fixture
def klaten():
    national()
    return make_district("klaten")


@pytest.fixture
def row(klaten):
    """A session of this morning, whose list is still open."""
    return make_date(klaten, starts_at=timezone.now() - timedelta(hours=3))


@pytest.fixture
def office(klaten):
    return client_of("moderator", klaten)


def book(*rows, header=HEADER, change=None) -> bytes:
    made = openpyxl.Workbook()
    sheet = made.active
    for cells in (header, *rows):
        sheet.append(cells)
    if change:
        change(sheet)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def mark(row, who, status="hadir"):
    return mark_at(row, who, status, now=timezone.now())


def path(row, rest: str = "") -> str:
    return f"/ruang/kalender/{row.event_id}/{row.pk}/hadir/impor/{rest}"


def hand_in(client, row, content: bytes, name: str = "hadir.xlsx"):
    file = SimpleUploadedFile(name, content)
    return client.post(path(row), {"key": str(uuid4()), "file": file})


def looked_at(client, row, content: bytes, name: str = "hadir.xlsx"):
    """The preview of a sheet, and its address."""
    answer = hand_in(client, row, content, name)
    assert answer.status_code == 303, text_of(answer)
    return client.get(answer["Location"]), answer["Location"]


def came(row) -> list[tuple[str, str]]:
    rows = Attendance.objects.filter(occurrence=row).order_by("participant__folded")
    return list(rows.values_list("participant__name", "status"))


def test_nothing_is_written_until_told_and_a_repeat_is_a_repeat(office, row):
    answer, address = looked_at(office, row, book(SITI, BUDI))
    assert answer.status_code == 200
    assert came(row) == []
    assert office.post(address).status_code == 303
    assert came(row) == [("Budi Santoso", "terlambat"), ("Siti Aminah", "hadir")]
    assert set(Attendance.objects.values_list("way", flat=True)) == {"impor"}
    assert office.post(address).status_code == 303
    # The same rows in another file are the same rows.
    _answer, again = looked_at(office, row, book(BUDI, SITI))
    assert office.post(again).status_code == 303
    assert came(row) == [("Budi Santoso", "terlambat"), ("Siti Aminah", "hadir")]
    assert Participant.objects.count() == 2
    assert AuditEntry.objects.filter(verb="attendance.imported").count() == 3


def test_csv_with_semicolons_is_read_as_well(office, row):
    text = "Nama;L/P;Kelompok Umur\n\u202eSiti\u202c Aminah;perempuan;34\n"
    _answer, address = looked_at(office, row, text.encode("utf-8-sig"), "hadir.csv")
    office.post(address)
    assert came(row) == [("Siti Aminah", "hadir")]
    assert Participant.objects.get().age_group == "25-59"


FAULTS = [
    (("Ani 3310014101900001", "P", "25-59", "", "", "", ""), "nama", "identity number"),
    (("Ani", "P", "25-59", "", "3310014101900001", "", ""), "telepon", "identity number"),
    (("Ani NISN 0091234567", "P", "25-59", "", "", "", ""), "nama", "identity number"),
    (("Ani", "P", "13-17", "", "", "", ""), "persetujuan wali", "consent is not recorded"),
    (("Ani", "X", "25-59", "", "", "", ""), "l/p", "L (male) or P (female)"),
    (("Ani", "P", "tua", "", "", "", ""), "kelompok umur", "one of these"),
    (("Ani", "P", "25-59", "", "abc", "", ""), "telepon", "not a telephone number"),
    (("Ani", "P", "25-59", "", "", "bolos", ""), "status", "one of these"),
    (("", "P", "25-59", "", "", "", ""), "nama", "write a name"),
]


@pytest.mark.parametrize(("cells", "column", "why"), FAULTS)
def test_a_faulty_row_is_told_and_the_rest_is_saved(office, row, cells, column, why):
    file = SimpleUploadedFile("hadir.xlsx", book(SITI, cells))
    # Read in English, whatever language the tests before this one left behind.
    address = office.post(f"/en{path(row)}", {"key": str(uuid4()), "file": file})["Location"]
    answer = office.get(address)
    assert answer.status_code == 422
    assert f"<strong>{column}</strong>" in text_of(answer)
    assert why in text_of(answer)
    assert "3310014101900001" not in text_of(answer)
    assert office.post(address).status_code == 303
    assert came(row) == [("Siti Aminah", "hadir")]
    body = office.get(f"{address}salah.xlsx").content
    header, faulty = openpyxl.load_workbook(io.BytesIO(body)).worksheets[0].values
    told = dict(zip(header, faulty, strict=True))
    assert told["baris"] == 3
    assert told["kesalahan"].startswith(f"{column}: ")
    assert "3310014101900001" not in str(told)


@pytest.fixture
def client_in_english(office, settings):
    settings.LANGUAGE_CODE = "en"
    office.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return office


def test_the_faulty_rows_come_back_mended(office, row):
    _answer, address = looked_at(office, row, book(SITI, ("Ani", "X", "25-59", "", "", "", "")))
    office.post(address)
    made = openpyxl.load_workbook(io.BytesIO(office.get(f"{address}salah.xlsx").content))
    made.worksheets[0]["B2"] = "P"
    out = io.BytesIO()
    made.save(out)
    _answer, again = looked_at(office, row, out.getvalue())
    office.post(again)
    assert came(row) == [("Ani", "hadir"), ("Siti Aminah", "hadir")]


def test_a_child_with_consent_is_recorded_where_the_office_allows_it(office, row, klaten):
    allow_minors(klaten)
    child = ("Ani", "P", "13-17", "SMP 1", "", "", "Map biru 3")
    _answer, address = looked_at(office, row, book(child))
    office.post(address)
    assert came(row) == [("Ani", "hadir")]


def test_somebody_known_is_proposed_and_a_human_decides(office, row):
    known = person("Siti Aminah", organisation_name="Posyandu")
    mark(row, known, "izin")
    answer, address = looked_at(office, row, book(("Siti Aminnah", "P", "25-59", "", "", "", "")))
    assert str(known.key) in text_of(answer)
    undecided = office.post(address)
    assert undecided.status_code == 422
    assert came(row) == [("Siti Aminah", "izin")]
    assert office.post(address, {"siapa-2": str(uuid4())}).status_code == 422
    assert office.post(address, {"siapa-2": str(known.key)}).status_code == 303
    assert came(row) == [("Siti Aminah", "hadir")]
    # Somebody else after all: two people.
    assert office.post(address, {"siapa-2": "baru"}).status_code == 303
    assert Participant.objects.count() == 2


def test_who_was_merged_twice_is_who_stays(office, row):
    _answer, address = looked_at(office, row, book(SITI))
    assert office.post(address).status_code == 303
    line = [Participant.objects.get()]
    for name in ("Siti A.", "Ibu Siti"):
        mark(row, other := person(name))
        line.append(Participant.objects.get(key=other.key))
    for goes, stays in pairwise(line):
        goes.refresh_from_db()
        merge(into=stays, other=goes, actor=office.user, now=timezone.now())
    # The same row in another file is the same person, and asks nobody anything.
    [again] = judging.judge(reading.read(io.BytesIO(book(SITI))), row)
    assert (again.is_known, again.there, again.proposed) == (True, True, [])


def test_two_spellings_in_one_sheet_are_asked_about(office, row):
    twice = ("Siti Aminnah", "P", "25-59", "Posyandu", "", "", "")
    answer, address = looked_at(office, row, book(SITI, twice))
    found = office.post(address)
    assert found.status_code == 422
    assert came(row) == [("Siti Aminah", "hadir")]
    key = Participant.objects.get().key
    assert str(key) in text_of(answer)
    office.post(address, {"siapa-3": str(key)})
    assert came(row) == [("Siti Aminah", "hadir")]
    assert Participant.objects.count() == 1


SUMARNI = ("Sumarni", "P", "25-59", "PKK Delanggu", "", "", "")


def test_the_same_words_in_two_rows_are_two_people_if_somebody_says_so(office, row):
    sheet = book(SUMARNI, BUDI, SUMARNI)
    answer, address = looked_at(office, row, sheet)
    counts = {name: answer.context[name] for name in ("good_count", "there_count")}
    assert counts == {"good_count": 2, "there_count": 0}
    [(asked, chosen)] = answer.context["asked"]
    assert (asked.number, chosen) == (4, "")
    [above] = asked.proposed
    assert above.label.endswith("2: Sumarni")
    assert office.post(address).status_code == 422
    assert len(came(row)) == 2
    assert str(Participant.objects.get(name="Sumarni").key) == str(above.key)
    assert office.post(address, {"siapa-4": "baru"}).status_code == 303
    assert came(row) == [
        ("Budi Santoso", "terlambat"), ("Sumarni", "hadir"), ("Sumarni", "hadir"),
    ]  # fmt: skip
    # The same sheet again tells of the same three, and asks nothing more.
    again, address = looked_at(office, row, sheet)
    assert (again.context["asked"], again.context["there_count"]) == ([], 3)
    assert office.post(address).status_code == 303
    assert Participant.objects.count() == 3


def test_the_same_words_in_two_rows_are_one_person_if_somebody_says_so(office, row):
    _answer, address = looked_at(office, row, book(SUMARNI, BUDI, SUMARNI))
    office.post(address)
    key = str(Participant.objects.get(name="Sumarni").key)
    for _again in range(2):
        answer = office.post(address, {"siapa-4": key}, follow=True)
        assert answer.status_code == 200
        assert len(came(row)) == 2
    said = [str(one) for one in answer.context["messages"]][-1]
    assert re.findall(r"\b\d\b", said) == ["3", "3"]


def test_a_repeat_follows_the_row_above_to_whom_it_became(office, row):
    known = person("Sumarnii", organisation_name="PKK Gondang")
    mark(row, known)
    answer, address = looked_at(office, row, book(SUMARNI, SUMARNI))
    [_first, (second, _chosen)] = answer.context["asked"]
    above = str(second.proposed[0].key)
    assert office.post(address, {"siapa-3": above}).status_code == 422
    assert office.post(address, {"siapa-2": str(known.key), "siapa-3": above}).status_code == 303
    assert [one.key for one in Participant.objects.all()] == [known.key]


def test_a_sheet_of_one_name_alone_is_judged_in_a_moment(row):
    lines = [
        reading.Line(number, dict(zip(HEADER, SUMARNI, strict=True)))
        for number in range(2, reading.MOST_ROWS + 2)
    ]
    begun = time.process_time()
    found = judging.judge(lines, row)
    assert time.process_time() - begun < 3
    assert {len(one.proposed) for one in found[5:]} == {judging.MOST_PROPOSED}
    assert len({one.person.key for one in found}) == reading.MOST_ROWS


def test_formulas_and_merged_cells_are_faults_of_their_rows(office, row):
    def change(sheet):
        sheet["A3"] = '=HYPERLINK("http://contoh.invalid")'
        sheet.merge_cells("D4:E4")

    cells = [SITI, BUDI, ("Ani", "P", "25-59", "PKK", "", "", "")]
    answer, address = looked_at(office, row, book(*cells, change=change))
    assert answer.status_code == 422
    office.post(address)
    assert came(row) == [("Siti Aminah", "hadir")]


def test_every_merged_cell_of_a_row_is_a_fault_and_only_of_the_first_tab(office, row):
    def change(sheet):
        sheet.merge_cells("D3:F3")
        # The workbook's first tab lies in the file's second part.
        other = sheet.parent.create_sheet("Catatan")
        other["A2"] = "=1+1"
        sheet.parent.move_sheet(other, 0)

    made = io.BytesIO(moved_in_front(book(SITI, BUDI, change=change)))
    [siti, budi] = reading.read(made)
    assert (siti.faults, list(budi.faults)) == ({}, ["lembaga", "telepon", "status"])


def moved_in_front(content: bytes) -> bytes:
    """The same workbook, its parts numbered as if the first tab had been made last."""
    swapped = {"xl/worksheets/sheet1.xml": "xl/worksheets/sheet2.xml"}
    swapped |= {new: old for old, new in swapped.items()}
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", 8) as new:
        for name in old.namelist():
            body = old.read(name)
            if name == "xl/_rels/workbook.xml.rels":
                body = re.sub(
                    rb"sheet([12])\.xml", lambda one: b"sheet%d.xml" % (3 - int(one[1])), body
                )
            new.writestr(swapped.get(name, name), body)
    return out.getvalue()


def test_a_sheet_full_of_formulas_is_read_in_a_moment():
    made = openpyxl.Workbook(write_only=True)
    sheet = made.create_sheet()
    sheet.append(HEADER)
    for _number in range(reading.MOST_ROWS):
        sheet.append([*SITI, *["=1+1"] * 40])
    out = io.BytesIO()
    made.save(out)
    out.seek(0)
    begun = time.process_time()
    lines = reading.read(out)
    assert time.process_time() - begun < 3
    assert {len(line.faults) for line in lines} == {40}


def test_a_crowd_of_merged_ranges_is_refused_before_it_costs_anything():
    def change(sheet):
        sheet.cell(2_000, 1, "akhir")
        for column in range(1, 31):
            sheet.merged_cells.ranges.add(
                CellRange(min_col=column, max_col=column, min_row=2, max_row=2_000)
            )

    made = io.BytesIO(book(SITI, change=change))
    with override("en"), pytest.raises(reading.SheetRejected, match="merged") as refused:
        reading.read(made)
    assert refused.value.status == 422


def test_our_own_list_comes_back_as_the_same_people(office, row):
    mark(row, person("Siti Aminah", phone="081234567890", disability=True, disability_agreed=True))
    mark(row, person("Budi Santoso", sex="L"), "sakit")
    ours = office.get(f"/ruang/kalender/{row.event_id}/{row.pk}/hadir/daftar.xlsx").content
    answer, address = looked_at(office, row, ours)
    assert answer.status_code == 200
    office.post(address)
    assert came(row) == [("Budi Santoso", "sakit"), ("Siti Aminah", "hadir")]
    assert Participant.objects.count() == 2


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"\0" * 150_000_000)
    return out.getvalue()


def with_macro() -> bytes:
    out = io.BytesIO(book(SITI))
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"x")
    return out.getvalue()


def long_csv() -> bytes:
    return b"nama,l/p,kelompok umur\n" + b"Siti,P,25-59\n" * 100_000


WHOLE = [
    ("bomb", bomb, "hadir.xlsx", 413, ""),
    ("100,000 rows", long_csv, "hadir.csv", 413, "too many rows"),
    ("password", lambda: reading.OLE + b"\0" * 600, "a.xlsx", 422, "password"),
    ("macro", with_macro, "hadir.xlsx", 422, "macro"),
    ("headers", lambda: book(SITI, header=("a", "b")), "hadir.xlsx", 422, "nama, l/p"),
    ("nik", lambda: book(header=(*HEADER, "NIK")), "hadir.xlsx", 422, "nik"),
    ("empty", lambda: book(), "hadir.xlsx", 422, "names nobody"),
    ("picture", lambda: b"\xff\xd8\xff\xe0" + b"\0" * 99, "hadir.xlsx", 422, "not allowed"),
    ("broken", lambda: book(SITI)[:900], "hadir.xlsx", 422, "not allowed"),
]  # fmt: skip


@pytest.mark.parametrize(("what", "content", "name", "status", "why"), WHOLE)
def test_a_file_that_can_not_be_used_is_refused_in_words(
    client_in_english, row, what, content, name, status, why
):
    answer = hand_in(client_in_english, row, content(), name)
    assert answer.status_code == status
    assert escape(why) in text_of(answer)
    assert 'role="alert"' in text_of(answer)
    assert SheetUpload.objects.count() == 0


def test_rows_of_a_workbook_are_counted_before_it_is_opened(client_in_english, row, monkeypatch):
    monkeypatch.setattr(reading, "MOST_ROWS", 3)
    monkeypatch.setattr(reading, "SPARE_ROWS", 2)
    answer = hand_in(client_in_english, row, book(*[SITI] * 9))
    assert answer.status_code == 413
    assert "too many rows" in text_of(answer)


def test_somebody_elses_sheet_and_another_offices_stay_closed(office, row, klaten):
    _answer, address = looked_at(office, row, book(SITI))
    other = client_of("moderator", klaten)
    assert other.get(address).status_code == 403
    kader = client_of("kader", klaten)
    assert kader.get(path(row)).status_code in {403, 404}
    elsewhere = client_of("moderator", make_district("sleman"))
    assert elsewhere.get(address).status_code == 404
    assert came(row) == []


def test_reading_takes_the_same_queries_for_one_row_and_for_thirty(office, row):
    names = ("Agus", "Bagus", "Citra", "Dewi", "Eko", "Fitri", "Gita", "Hadi", "Intan", "Joko")
    many = [(f"{n} {'abc'[k]}ono", "P", "25-59", "", "", "", "") for n in names for k in range(3)]
    _answer, one = looked_at(office, row, book(SITI))
    _answer, thirty = looked_at(office, row, book(*many))
    counts = []
    for address in (one, thirty):
        with CaptureQueriesContext(connection) as seen:
            office.get(address)
        counts.append(len(seen))
    assert counts[0] == counts[1]
