"""`/ruang/permintaan/daftar.xlsx|csv`: the requests of the screen, in full; long lists later."""

import csv
import io
import re
from datetime import UTC, datetime, timedelta

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from campaigns.models import SessionRequest
from districts.models import Membership, Region
from events.models import SheetExport
from events.services import exporting
from safeguards.models import AuditEntry
from safeguards.services.persons import erase_person
from tests.factories.places import make_district, make_user
from tests.factories.planning import client_of, text_of
from tests.factories.requests import NOW, bring, make_request

pytestmark = pytest.mark.django_db
LIST = "/ruang/permintaan/"
FORMS = ("xlsx", "csv")


@pytest.fixture
def lebak():
    return make_district("lebak")


@pytest.fixture
def office(lebak):
    return client_of("moderator", lebak)


@pytest.fixture
def asked(lebak):
    """Three that are open, in two kecamatan, and one that is closed."""
    place = Region.objects.get(code=f"{lebak.region_id}.01.2001")
    make_request(
        lebak, asker="=1+1", note="@SUM(A1)", region=place, wished_dates=["2026-12-01"], now=NOW
    )
    evening = datetime(2026, 11, 24, 18, 30, tzinfo=UTC)
    elsewhere = Region.objects.get(code=f"{lebak.region_id}.05")
    make_request(lebak, asker="SMP Jauh", region=elsewhere, now=evening)
    make_request(lebak, asker="SMP Dekat", region=place, now=NOW + timedelta(days=3))
    closed = make_request(lebak, asker="SMP Lalu", now=NOW - timedelta(days=3))
    return bring(closed, "ditolak", make_user("moderator", lebak))


def table(answer) -> list[dict]:
    assert (answer.status_code, answer["Cache-Control"]) == (200, "private, no-store")
    return read_xlsx(answer.content)


def read_xlsx(content: bytes) -> list[dict]:
    """Rows by column; the second sheet has a line for each column."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    header, *rows = (list(line) for line in book.worksheets[0].values)
    assert [line[0] for line in book.worksheets[1].values] == header
    assert all(line[1] for line in book.worksheets[1].values)
    assert {cell.data_type for line in book.worksheets[0] for cell in line} <= {"s", "n", "d"}
    return [dict(zip(header, row, strict=True)) for row in rows]


def lines(content: bytes) -> list[dict]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def body_of(answer) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def askers_on(page: str) -> list[str]:
    return re.findall(r"<h2><a href=[^>]*>[\d-]+, (.*?)</a></h2>", page)


def test_text_stays_text_and_days_are_of_here(office, asked):
    rows = {row["Nama"]: row for row in table(office.get(f"{LIST}daftar.xlsx"))}
    first, far = rows["=1+1"], rows["SMP Jauh"]
    assert len(first) == 17
    assert (first["Hal lain"], first["Telepon"]) == ("@SUM(A1)", "+628" + "1" * 9)
    assert (first["Hari yang diinginkan"], first["Orang"]) == ("01/12/2026", 40)
    assert far["Tanggal masuk"] == datetime(2026, 11, 25, 1, 30)
    typed = {row["Nama"]: row for row in lines(office.get(f"{LIST}daftar.csv").content)}
    assert (typed["'=1+1"]["Hal lain"], typed["SMP Jauh"]["Tanggal masuk"]) == (
        "'@SUM(A1)", "25/11/2026 01:30",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("query", "askers"),
    [
        ("", ["SMP Dekat", "SMP Jauh", "=1+1"]),
        ("status=semua", ["SMP Dekat", "SMP Jauh", "=1+1", "SMP Lalu"]),
        ("status=ditolak", ["SMP Lalu"]),
        ("status=selesai", []),
        ("kec=36.02.05", ["SMP Jauh"]),
        ("status=semua&nomor=-0002", ["SMP Jauh"]),
    ],
)
def test_a_file_is_narrowed_as_the_screen_is(office, asked, query, askers):
    page = text_of(office.get(f"{LIST}?{query}"))
    assert askers_on(page) == askers
    for form in FORMS:
        link = f"daftar.{form}" + (f"?{query}" if query else "")
        assert (f'"{LIST}{link}"' in page.replace("&amp;", "&")) == bool(askers)
    found = table(office.get(f"{LIST}daftar.xlsx?{query}"))
    assert [row["Nama"] for row in found] == askers
    typed = lines(office.get(f"{LIST}daftar.csv?{query}").content)
    assert [row["Nama"].removeprefix("'") for row in typed] == askers


def test_a_word_we_do_not_know_is_no_file(office, asked):
    for query in ("status=hantu", "kec=31.71.01"):
        for form in FORMS:
            assert office.get(f"{LIST}daftar.{form}?{query}").status_code == 404
    assert office.get(f"{LIST}daftar.pdf").status_code == 404


def test_an_office_that_nobody_asked_takes_an_empty_file(office):
    assert table(office.get(f"{LIST}daftar.xlsx")) == []
    assert lines(office.get(f"{LIST}daftar.csv").content) == []


def test_each_file_leaves_a_line_and_others_take_none(lebak, office, asked):
    for form in FORMS:
        office.get(f"{LIST}daftar.{form}?status=semua")
    told = AuditEntry.objects.filter(verb="request.exported")
    assert [(one.actor_id, one.site_id, one.details) for one in told] == [
        (office.user.pk, lebak.site_id, {"rows": 4})
    ] * 2
    guru, foreign = client_of("guru", lebak), client_of("moderator", make_district("klaten"))
    for form in FORMS:
        assert guru.get(f"{LIST}daftar.{form}").status_code == 403
        assert "SMP" not in body_of(foreign.get(f"{LIST}daftar.{form}")).decode("latin-1")
    assert table(foreign.get(f"{LIST}daftar.xlsx?status=semua")) == []


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("query", ["", "?status=semua", "?kec=36.02.05", "?nomor=-0002"])
def test_a_long_list_is_written_in_the_background(office, asked, monkeypatch, form, query):
    read = {"xlsx": read_xlsx, "csv": lines}[form]
    at_once = read(office.get(f"{LIST}daftar.{form}{query}").content)
    exported = AuditEntry.objects.filter(verb="request.exported")
    monkeypatch.setattr(exporting, "AT_ONCE", 0)
    answer = office.get(f"{LIST}daftar.{form}{query}")
    assert (answer.status_code, exported.count()) == (303, 1)
    job = SheetExport.objects.get()
    assert office.get(f"{LIST}daftar.{form}{query}")["Location"] == answer["Location"]
    waiting = office.get(answer["Location"])
    assert (waiting["Refresh"], f'href="{LIST}"' in text_of(waiting)) == ("3", True)
    assert exporting.write(key=job.key) == job.total == len(at_once)
    assert read(body_of(office.get(f"{answer['Location']}berkas"))) == at_once
    assert [one.details for one in exported] == [{"rows": job.total}] * 2


def test_as_many_rows_as_fit_are_not_waited_for(office, asked, monkeypatch):
    monkeypatch.setattr(exporting, "AT_ONCE", 3)
    assert office.get(f"{LIST}daftar.xlsx").status_code == 200
    assert office.get(f"{LIST}daftar.xlsx?status=semua").status_code == 303


def test_a_long_list_is_for_who_asked_while_they_answer_requests(
    lebak, office, asked, monkeypatch, settings
):
    monkeypatch.setattr(exporting, "AT_ONCE", 0)
    job = office.get(f"{LIST}daftar.csv")["Location"]
    exporting.write(key=SheetExport.objects.get().key)
    paths = (job, f"{job}berkas")
    other, foreign = client_of("admin", lebak), client_of("moderator", make_district("klaten"))
    for client, status in ((other, 403), (foreign, 404), (office, 200)):
        assert [client.get(path).status_code for path in paths] == [status] * 2
    settings.SECOND_FACTOR_REQUIRED = True
    assert [office.get(path).status_code for path in paths] == [302, 302]
    settings.SECOND_FACTOR_REQUIRED = False
    Membership.objects.filter(user=office.user).update(role="koordinator")
    assert [office.get(path).status_code for path in paths] == [403, 403]


def test_a_long_list_goes_with_the_erasure_of_who_asked_for_a_session(
    lebak, office, asked, monkeypatch, django_capture_on_commit_callbacks
):
    monkeypatch.setattr(exporting, "AT_ONCE", 0)
    office.get(f"{LIST}daftar.csv")
    exporting.write(key=SheetExport.objects.get().key)
    file = SheetExport.objects.get().file
    assert file.storage.exists(file.name)
    with django_capture_on_commit_callbacks(execute=True):
        erase_person("+628" + "1" * 9, site=lebak.site_id)
    assert (SessionRequest.objects.count(), SheetExport.objects.count()) == (0, 0)
    assert not file.storage.exists(file.name)


@pytest.mark.parametrize("form", FORMS)
def test_a_file_takes_the_same_queries_for_few_and_for_many(lebak, office, form):
    place = Region.objects.get(code=f"{lebak.region_id}.01.2001")
    counts = []
    for rows in (1, 3):
        while SessionRequest.objects.count() < rows:
            make_request(lebak, region=place, issue_codes=["KtA"])
        office.get(f"{LIST}daftar.{form}")
        with CaptureQueriesContext(connection) as seen:
            office.get(f"{LIST}daftar.{form}")
        counts.append(len(seen))
    assert counts[0] == counts[1]
