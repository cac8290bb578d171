"""`/komitmen/` and `/komitmen.xlsx` as the server answers them."""

import io
import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from districts.hours import local_date
from districts.models import Commitment, CommitmentStep
from districts.services import commitments as services
from safeguards import generation
from tests.factories.commitments import make_commitment, make_owner
from tests.factories.people import make_member
from tests.factories.places import make_district, national

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_2026")]
MOST_QUERIES = 6
PATH = "/komitmen/"


@pytest.fixture
def lebak():
    national()
    return make_district("lebak")


def visit(path: str = PATH, host: str = "lebak"):
    return Client().get(path, headers={"host": f"{host}.localhost" if host else "localhost"})


def body_of(path: str = PATH, host: str = "lebak") -> str:
    generation.forget()
    answer = visit(path, host)
    assert answer.status_code == 200
    return answer.content.decode()


def today(district) -> date:
    from django.utils import timezone

    return local_date(timezone.now(), district.timezone)


def test_an_empty_plan_says_so_and_offers_no_spreadsheet(lebak):
    make_commitment(lebak, measure="Belum boleh dilihat", is_published=False)
    body = body_of()
    assert "l-empty" in body
    assert "komitmen.xlsx" not in body
    assert "Belum boleh dilihat" not in body


def test_each_commitment_says_who_owes_it_until_when_and_how_far_it_is(lebak):
    owner = make_owner(lebak, "Puspaga Contoh")
    late = today(lebak) - timedelta(days=12)
    commitment = make_commitment(
        lebak, measure="Kelas pengasuhan", owner=owner, due=late, indicator="10 kelas"
    )
    CommitmentStep.objects.create(
        district=lebak,
        commitment=commitment,
        status="berjalan",
        day=date(2026, 2, 2),
        note="Tiga kelas.",
        due_before=date(2026, 1, 31),
        due_after=late,
    )
    body = body_of()
    for words in (
        "Kelas pengasuhan",
        "Puspaga Contoh",
        "10 kelas",
        "Tiga kelas.",
        "lewat tenggat 12 hari",
        "Berjalan",
        "5 Januari 2026",
        "Tenggat dipindah dari 31 Januari 2026",
    ):
        assert words in body, words
    assert 'href="/komitmen.xlsx"' in body
    assert re.search(r"XLSX · \d", body)


@pytest.mark.parametrize("status", ["selesai", "dihentikan"])
def test_what_has_ended_is_never_late(lebak, status):
    make_commitment(lebak, due=date(2020, 1, 1), status=status)
    assert "l-late" not in body_of()
    assert "l-late" not in body_of("/komitmen/?status=lewat-tenggat")


def test_due_today_is_not_late_and_tomorrow_it_is(lebak):
    make_commitment(lebak, due=today(lebak))
    assert "l-late" not in body_of()
    Commitment.objects.update(due=today(lebak) - timedelta(days=1))
    assert "lewat tenggat 1 hari" in body_of()


def test_the_plan_is_narrowed_by_status(lebak):
    make_commitment(lebak, "1", measure="Masih jalan")
    make_commitment(lebak, "2", measure="Sudah beres", status="selesai")
    make_commitment(lebak, "3", measure="Terlambat", due=date(2025, 1, 1))
    for query, expected in (
        ("", {"Masih jalan", "Sudah beres", "Terlambat"}),
        ("?status=", {"Masih jalan", "Sudah beres", "Terlambat"}),
        ("?status=selesai", {"Sudah beres"}),
        ("?status=lewat-tenggat", {"Terlambat"}),
        ("?status=tertunda", set()),
    ):
        body = body_of(PATH + query)
        assert {
            words for words in ("Masih jalan", "Sudah beres", "Terlambat") if words in body
        } == (expected)


@pytest.mark.parametrize(
    "query", ["status=x", "status=%00", "status=selesai%27", "status=" + "9" * 300]
)
def test_a_status_nobody_knows_is_not_found(lebak, query):
    make_commitment(lebak)
    assert visit(f"{PATH}?{query}").status_code == 404


def test_two_follows_one_and_ten_comes_after_nine(lebak):
    for number in ("2.10", "2.9", "1.1", "10.1"):
        make_commitment(lebak, number, measure=f"«{number}»")
    assert re.findall("«([0-9.]+)»", body_of()) == ["1.1", "2.9", "2.10", "10.1"]


def test_words_stay_words(lebak):
    make_commitment(lebak, "<b>", measure="<script>alert(1)</script>", description="a <i>b</i>")
    body = body_of()
    assert "<script>alert" not in body
    assert "<i>b" not in body


def test_another_district_and_drafts_are_nowhere(lebak):
    klaten = make_district("klaten")
    make_commitment(klaten, measure="Rahasia Klaten")
    make_commitment(lebak, "1", measure="Terbit")
    make_commitment(lebak, "2", measure="Rahasia konsep", is_published=False)
    for path in (PATH, "/komitmen.xlsx"):
        answer = visit(path)
        text = answer.content.decode(errors="replace")
        if path.endswith("xlsx"):
            text = str(list(load_workbook(io.BytesIO(answer.content)).active.values))
        assert "Terbit" in text
        assert "Rahasia" not in text


def test_the_nation_shows_figures_of_districts_with_published_plans(lebak):
    assert "l-empty" in body_of(host="")
    klaten = make_district("klaten")
    make_commitment(lebak, "1")
    make_commitment(lebak, "2", status="selesai")
    make_commitment(lebak, "3", due=date(2025, 1, 1))
    make_commitment(lebak, "4", is_published=False)
    make_commitment(klaten, "1", is_published=False)
    body = body_of(host="")
    assert 'href="http://lebak.localhost/komitmen/"' in body
    assert re.search(r"3 komitmen: berjalan 2, selesai 1, lewat tenggat 1\.", body)
    assert "http://klaten.localhost/komitmen/" not in body


def test_as_many_queries_for_one_commitment_as_for_three(lebak):
    asked, sheets = [], []
    for number in (1, 2, 3):
        make_commitment(lebak, str(number), owner=make_owner(lebak, f"Dinas {number}"))
        generation.forget()
        # The office, its channels and the vocabularies are remembered by any other page.
        visit("/topik/")
        for path, counted in ((PATH, asked), ("/komitmen.xlsx", sheets)):
            generation._remembered.pop(("commitments", lebak.pk), None)
            with CaptureQueriesContext(connection) as captured:
                assert visit(path).status_code == 200
            counted.append(len(captured))
    assert asked[0] == asked[1] == asked[2] <= MOST_QUERIES
    assert sheets[0] == sheets[1] == sheets[2] <= MOST_QUERIES


def test_the_spreadsheet_is_read_back_by_others(lebak):
    make_commitment(
        lebak,
        "1.1",
        measure="=HYPERLINK(1)",
        description="+62 kartu",
        due=date(2027, 6, 30),
        indicator="@mulai",
    )
    make_commitment(lebak, "1.2", due=date(2025, 1, 1), status="selesai")
    answer = visit("/komitmen.xlsx")
    assert answer["Content-Disposition"] == 'attachment; filename="komitmen-lebak.xlsx"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "s-maxage" in answer["Cache-Control"]
    assert not answer.cookies
    sheet = load_workbook(io.BytesIO(answer.content)).active
    rows = list(sheet.values)
    assert rows[0][:6] == ("Nomor", "Komitmen", "Penanggung jawab", "Tenggat", "Status", "Sejak")
    assert rows[1][:2] == ("1.1", "=HYPERLINK(1)")
    assert sheet["B2"].data_type == "s"
    assert (rows[1][7], rows[1][9]) == ("@mulai", "+62 kartu")
    assert rows[1][3].date() == date(2027, 6, 30)
    assert sheet["D2"].number_format == "[$-421]d mmmm yyyy"
    again = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0)
    assert again.to_python()[2][4] == "Selesai"


def test_a_spreadsheet_of_nothing_has_its_header_only(lebak):
    sheet = load_workbook(io.BytesIO(visit("/komitmen.xlsx").content)).active
    assert sheet.max_row == 1


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_the_spreadsheet_is_only_read(lebak, method):
    answer = getattr(Client(), method)("/komitmen.xlsx", headers={"host": "lebak.localhost"})
    assert answer.status_code == 405


def test_the_answer_ends_at_the_offices_midnight(rf, lebak):
    from django.utils import timezone

    from campaigns.models import CommitmentsPage

    make_commitment(lebak)
    page = CommitmentsPage.objects.descendant_of(lebak.site.root_page).get()
    request = rf.get(PATH)
    request.district = lebak
    page.get_context(request)
    ends = timezone.localtime(request.fresh_until, timezone.get_fixed_timezone(7 * 60))
    assert (ends.hour, ends.minute) == (0, 0)
    assert ends.date() == today(lebak) + timedelta(days=1)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_step_a_change_and_hiding_show_at_once():
    national()
    lebak = make_district("lebak")
    editor = make_member("editor", lebak)
    commitment = make_commitment(lebak, measure="Kartu desa")
    client = Client()

    def seen() -> str:
        return client.get(PATH, headers={"host": "lebak.localhost"}).content.decode()

    assert "Berjalan" in seen()
    services.take_step(
        commitment=commitment,
        actor=editor,
        status="selesai",
        day=date(2026, 2, 2),
        note="Semua terpasang.",
        version=1,
    )
    assert "Semua terpasang." in seen()
    services.show_commitment(commitment=commitment, actor=editor, shown=False)
    assert "Kartu desa" not in seen()
