"""`…/hadir/daftar.xlsx|csv`: just what is on the screen, safe, explained, long ones later."""

import csv
import io
from datetime import timedelta
from pathlib import Path

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from python_calamine import CalamineWorkbook

from events.models import SheetExport
from events.services import exporting
from events.sheets.layout import NAMES
from safeguards.files import private_storage
from safeguards.models import AuditEntry
from safeguards.services.persons import erase_person
from tests.factories.attendance import make_date, mark, person
from tests.factories.places import make_district, national
from tests.factories.planning import client_of, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def klaten():
    national()
    return make_district("klaten")


@pytest.fixture
def row(klaten):
    now = timezone.now()
    row = make_date(klaten, starts_at=now - timedelta(hours=3))
    mark(row, person("Siti Aminah", organisation_name="=1+1", phone="081234567890"), now=now)
    mark(row, person("Budi Santoso", sex="L", age_group="60+"), "sakit", now=now)
    return row


@pytest.fixture
def office(klaten):
    return client_of("moderator", klaten)


def path(row, rest: str) -> str:
    return f"/ruang/kalender/{row.event_id}/{row.pk}/hadir/{rest}"


def body_of(response) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def rows_in(content: bytes) -> list[dict]:
    header, *rows = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0].values
    assert header == NAMES
    return [dict(zip(header, row, strict=True)) for row in rows]


def test_the_file_is_the_screen_in_full_with_text_as_text(office, row):
    answer = office.get(path(row, "daftar.xlsx"))
    assert answer["Content-Disposition"] == (
        f'attachment; filename="daftar-hadir-{row.day:%Y-%m-%d}.xlsx"'
    )
    budi, siti = rows_in(answer.content)
    assert (siti["nama"], siti["lembaga"], siti["telepon"]) == (
        "Siti Aminah", "=1+1", "+6281234567890",
    )  # fmt: skip
    assert (budi["status"], budi["cara"], budi["tanggal"].date()) == ("sakit", "panggil", row.day)
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0]
    assert sheet["M2"].number_format == "dd/mm/yyyy"
    assert [cell.data_type for cell in sheet["D"][1:]] == ["n", "s"]
    second = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(1)
    assert [line[0] for line in second.to_python()][: len(NAMES)] == list(NAMES)


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("status=sakit", ["Budi Santoso"]),
        ("jk=P", ["Siti Aminah"]),
        ("umur=60%2B", ["Budi Santoso"]),
        ("cara=impor", []),
        ("status=hadir&jk=L", []),
    ],
)
def test_filters_are_those_of_the_screen(office, row, query, names):
    shown = text_of(office.get(path(row, f"daftar/?{query}")))
    for name in ("Siti Aminah", "Budi Santoso"):
        assert (name in shown) == (name in names)
    found = rows_in(office.get(path(row, f"daftar.xlsx?{query}")).content)
    assert [one["nama"] for one in found] == names


def test_csv_has_dates_as_they_are_written_here_and_no_formulas(office, row):
    answer = office.get(path(row, "daftar.csv"))
    text = answer.content.decode("utf-8-sig")
    _budi, siti = list(csv.DictReader(io.StringIO(text)))
    assert siti["lembaga"] == "'=1+1"
    assert siti["tanggal"] == f"{row.day:%d/%m/%Y}"


def test_each_file_with_names_leaves_a_trace(office, row):
    office.get(path(row, "daftar.xlsx?jk=P"))
    [entry] = AuditEntry.objects.filter(verb="attendance.exported")
    assert (entry.actor_id, entry.object_id, entry.details) == (
        office.user.pk, str(row.pk), {"rows": 1, "form": "xlsx"},
    )  # fmt: skip


def test_a_word_we_do_not_know_is_no_list(office, row):
    assert office.get(path(row, "daftar/?status=batal")).status_code == 404
    assert office.get(path(row, "daftar.xlsx?jk=X")).status_code == 404


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_a_long_list_is_written_in_the_background(
    office, klaten, row, monkeypatch, django_capture_on_commit_callbacks, form
):
    monkeypatch.setattr(exporting, "AT_ONCE", 1)
    answer = office.get(path(row, f"daftar.{form}"))
    assert answer.status_code == 303
    job = SheetExport.objects.get()
    waiting = office.get(answer["Location"])
    assert (waiting["Refresh"], job.state, job.total) == ("3", "menunggu", 2)
    # Asked for again it is the same one.
    assert office.get(path(row, f"daftar.{form}"))["Location"] == answer["Location"]
    assert office.get(f"{answer['Location']}berkas").status_code == 404
    assert exporting.write(key=job.key) == 2
    done = office.get(answer["Location"])
    assert "Refresh" not in done
    fetched = body_of(office.get(f"{answer['Location']}berkas"))
    if form == "xlsx":
        assert [one["nama"] for one in rows_in(fetched)] == ["Budi Santoso", "Siti Aminah"]
    else:
        assert fetched.decode("utf-8-sig").count("\n") == 3
    assert client_of("moderator", klaten).get(answer["Location"]).status_code == 403
    elsewhere = client_of("moderator", make_district("sleman"))
    assert elsewhere.get(answer["Location"]).status_code == 404
    assert AuditEntry.objects.filter(verb="attendance.exported").count() == 1


def test_no_file_stays_of_a_list_whose_person_was_erased_meanwhile(office, row, monkeypatch):
    monkeypatch.setattr(exporting, "AT_ONCE", 1)
    office.get(path(row, "daftar.csv"))
    job = SheetExport.objects.get()
    erased = []

    def erase_once(execute, sql, params, many, context):
        answer = execute(sql, params, many, context)
        if not erased and 'FROM "events_attendance"' in sql:
            erased.append(erase_person("081234567890", now=timezone.now()))
        return answer

    with connection.execute_wrapper(erase_once):
        assert exporting.write(key=job.key) == 0
    assert (len(erased), SheetExport.objects.count()) == (1, 0)
    folder = Path(private_storage().path("unduhan"))
    assert [one.name for one in folder.rglob("*") if job.key.hex in one.name] == []


def test_the_job_is_queued_once_the_request_is_through(
    office, row, monkeypatch, django_capture_on_commit_callbacks
):
    monkeypatch.setattr(exporting, "AT_ONCE", 1)
    with django_capture_on_commit_callbacks(execute=True):
        office.get(path(row, "daftar.xlsx"))
    assert (SheetExport.objects.get().state, SheetExport.objects.get().written) == ("selesai", 2)


def test_only_those_who_write_it_down_read_the_list(klaten, row):
    guru = client_of("guru", klaten)
    assert guru.get(path(row, "daftar.xlsx")).status_code == 403
    assert AuditEntry.objects.filter(verb="attendance.exported").count() == 0


def test_the_list_takes_the_same_queries_for_one_and_for_three(office, klaten):
    counts = []
    for number in (1, 3):
        now = timezone.now()
        row = make_date(klaten, starts_at=now - timedelta(hours=3), title=f"Ke-{number}")
        for n in range(number):
            mark(row, person(f"Orang {'ABC'[n]}"), now=now)
        with CaptureQueriesContext(connection) as seen:
            office.get(path(row, "daftar/"))
        counts.append(len(seen))
    assert counts[0] == counts[1]
