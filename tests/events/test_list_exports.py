"""Organisations and headcount of a date, people, reports: files are the screen, in full, safe."""

import re
from datetime import timedelta
from html import unescape
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import override

from districts.models import Membership
from events.attendance.totals import totals_of
from events.models import InvitedOrganisation, Participant, SheetExport
from events.services import exporting, headcounting, organisations_attending
from events.services.headcounting import Cell
from events.services.planning import Company
from events.sheets.of_date import headcount_of
from safeguards.models import AuditEntry
from safeguards.services.persons import erase_person
from tests.events.read_lists import lines, midnight, table
from tests.factories.attendance import (
    GROUPS,
    allow_minors,
    dates_of,
    make_date,
    mark,
    person,
    source_of,
)
from tests.factories.people import make_member
from tests.factories.places import make_district
from tests.factories.planning import client_of, text_of
from tests.factories.reports import sent_report

pytestmark = pytest.mark.django_db
PEOPLE, REPORTS = "/ruang/orang/", "/ruang/laporan/"
FORMULA = "=1+1"
FORMS = ("xlsx", "csv")


@pytest.fixture
def office(klaten):
    return client_of("moderator", klaten)


@pytest.fixture
def row(klaten):
    """A date of yesterday to which three organisations were invited."""
    start = timezone.now().replace(microsecond=0) - timedelta(days=1)
    labels = [{"label": label} for label in (FORMULA, "Dinas Sosial", "Puskesmas")]
    return make_date(klaten, starts_at=start, company=Company(invited=labels))


def note(row, label: str, *, came: bool | None, **told) -> None:
    outcome = organisations_attending.note(
        occurrence=row, told_of=organisations_attending.Came(label, came, **told), key=uuid4(),
        now=row.end, source=organisations_attending.Source(member=row.event.proposed_by),
    )  # fmt: skip
    assert outcome.status == "created"


def count(row, *cells: Cell) -> None:
    outcome = headcounting.count(
        occurrence=row, cells=cells, key=uuid4(), now=row.end, source=source_of(row.district)
    )
    assert outcome.status == "created"


def path(row, which: str) -> str:
    return f"/ruang/kalender/{row.event_id}/{row.pk}/hadir/{which}/"


def statuses(client, *paths: str) -> list[int]:
    return [client.get(one).status_code for one in paths]


# Organisations of one date


def on_screen(page: str) -> list[tuple]:
    """(label, what is chosen of whether it came, function, people) of each organisation."""
    found = []
    for box in re.findall(r'<fieldset class="att-org".*?</fieldset>', page, re.DOTALL):
        [label] = re.findall(r"<legend>(.*?)</legend>", box)
        [came] = re.findall(r'value="(\w*)" checked', box)
        [role] = re.findall(r'name="role-\d+" value="(.*?)"', box)
        [people] = re.findall(r'name="people-\d+" value="(.*?)"', box)
        found.append((unescape(label), came, unescape(role), people))
    return found


def test_organisations_of_a_date_as_they_stand_on_the_screen(office, row):
    note(row, FORMULA, came=True, represented_by="@Kasi", people=2)
    note(row, "Polsek", came=True)
    note(row, "Puskesmas", came=False)
    answered = {"answer": "diwakili", "role": "Sekretaris", "people": 3}
    InvitedOrganisation.objects.filter(label="Dinas Sosial").update(**answered)
    here = path(row, "lembaga")
    page = text_of(office.get(here))
    assert (f'"{here}daftar.xlsx"' in page, f'"{here}daftar.csv"' in page) == (True, True)
    answer = office.get(f"{here}daftar.xlsx")
    assert answer["Content-Disposition"] == (
        f'attachment; filename="lembaga-hadir-{row.day:%Y-%m-%d}.xlsx"'
    )
    found = table(answer, 6)
    assert found == [
        [FORMULA, "ya", "belum menjawab", "datang", "@Kasi", 2],
        ["Dinas Sosial", "ya", "diwakili", "belum tahu", "Sekretaris", 3],
        ["Puskesmas", "ya", "belum menjawab", "tidak hadir", None, None],
        ["Polsek", "tidak", None, "datang", None, None],
    ]
    words = {"datang": "ya", "tidak hadir": "tidak", "belum tahu": ""}
    assert on_screen(page) == [
        (line[0], words[line[3]], line[4] or "", str(line[5] or "")) for line in found
    ]
    typed = lines(office.get(f"{here}daftar.csv"))
    assert typed[0] == [f"'{FORMULA}", "ya", "belum menjawab", "datang", "'@Kasi", "2"]
    assert [line[0] for line in typed[1:]] == ["Dinas Sosial", "Puskesmas", "Polsek"]


def test_what_was_taken_back_is_not_known_again(office, row):
    note(row, "Polsek", came=True)
    note(row, "Polsek", came=None)
    note(row, "Puskesmas", came=True, people=4)
    note(row, "Puskesmas", came=None)
    here = path(row, "lembaga")
    found = table(office.get(f"{here}daftar.xlsx"), 6)
    assert [line[0] for line in found] == [FORMULA, "Dinas Sosial", "Puskesmas"]
    assert found[2][3:] == ["belum tahu", None, None]
    assert on_screen(text_of(office.get(here)))[2] == ("Puskesmas", "", "", "")


def test_a_date_without_organisations_is_a_file_without_rows(klaten, office):
    here = path(make_date(klaten, starts_at=timezone.now() - timedelta(days=1)), "lembaga")
    assert "daftar.xlsx" not in text_of(office.get(here))
    assert table(office.get(f"{here}daftar.xlsx"), 6) == []
    assert lines(office.get(f"{here}daftar.csv")) == []


# Headcount of one date


def test_a_headcount_by_its_cells_with_sums_that_reconcile(office, row):
    count(
        row, Cell("P", "25-59", False, 10), Cell("P", "25-59", True, 2),
        Cell("L", "25-59", False, 5), Cell("L", "6-12", False, 3), Cell("P", "", True, 1),
    )  # fmt: skip
    here = path(row, "hitung")
    page = text_of(office.get(here))
    assert (f'"{here}daftar.xlsx"' in page, f'"{here}daftar.csv"' in page) == (True, True)
    found = table(office.get(f"{here}daftar.xlsx"), 4)
    cells, sums = found[:-5], found[-5:]
    assert len(cells) == (len(GROUPS) + 1) * 2 * 2
    assert [line for line in cells if line[3] is not None] == [
        ["6-12 tahun", "L", "tidak", 3],
        ["25-59 tahun", "P", "tidak", 10],
        ["25-59 tahun", "P", "ya", 2],
        ["25-59 tahun", "L", "tidak", 5],
        ["umur tidak ditanyakan", "P", "ya", 1],
    ]
    assert sums == [
        ["Semua umur", "P", "Semua", 13],
        ["Semua umur", "L", "Semua", 8],
        ["Semua umur", "Semua", "tidak", 18],
        ["Semua umur", "Semua", "ya", 3],
        ["Semua umur", "Semua", "Semua", 21],
    ]
    assert_reconciles(cells, sums)
    totals = totals_of(row)
    assert (totals.number, totals.of_sex("P"), totals.of_sex("L"), totals.disabled) == (
        21,
        13,
        8,
        3,
    )
    foot = dict(re.findall(r'<b data-sum="(\w+)">(\d+)</b>', page))
    assert foot == {"P": "13", "L": "8", "disabled": "3"}
    assert "<b data-total>21</b>" in page
    typed = lines(office.get(f"{here}daftar.csv"))
    assert typed == [["" if cell is None else str(cell) for cell in line] for line in found]


def assert_reconciles(cells: list[list], sums: list[list]) -> None:
    for _ages, sex, disabled, number in sums:
        fitting = [
            line[3] or 0
            for line in cells
            if sex in ("Semua", line[1]) and disabled in ("Semua", line[2])
        ]
        assert number == sum(fitting)


def test_nobody_counted_is_no_number_and_nobody_there_is_one(office, row):
    found = table(office.get(f"{path(row, 'hitung')}daftar.xlsx"), 4)
    assert {line[3] for line in found[:-5]} == {None}
    assert [line[3] for line in found[-5:]] == [0, 0, 0, 0, 0]
    count(row, Cell("L", "60+", False, 0))
    found = table(office.get(f"{path(row, 'hitung')}daftar.xlsx"), 4)
    assert [line for line in found[:-5] if line[3] is not None] == [["60+ tahun", "L", "tidak", 0]]


def test_a_group_that_left_the_vocabulary_keeps_its_numbers(row):
    row.headcounts.create(
        district=row.district, sex="P", age_group="=1-2", number=4, told_at=row.end, key=uuid4(),
        server_time=row.end,
    )  # fmt: skip
    with override("id"):
        found = headcount_of(row)
    assert ["=1-2", "P", "tidak", 4] in found
    assert found[-1][3] == 4


# People of the office


@pytest.fixture
def came(row):
    """A woman twice, a man whose name looks like a formula once, a child once."""
    allow_minors(row.district)
    second = make_date(row.district, starts_at=row.start - timedelta(days=6), title="Lain")
    siti = person("Siti Aminah", organisation_name="-PKK")
    mark(row, siti, now=row.end)
    mark(second, siti, now=second.end)
    mark(row, person(f"{FORMULA} Aminah", sex="L", age_group="60+"), now=row.end)
    child = person("Bayu", age_group="6-12", sex="L", consent="Map 3")
    assert mark(row, child, now=row.end).status == "created"
    return row


def names_on(page: str) -> list[str]:
    cells = re.findall(r'<th scope="row"[^>]*><a href="/ruang/orang/[^>]*>(.*?)</a>', page)
    return [unescape(name) for name in cells]


def test_people_as_the_screen_shows_them_on_all_its_pages(office, came, monkeypatch):
    page = text_of(office.get(PEOPLE))
    assert f'"{PEOPLE}daftar.xlsx"' in page
    assert f'"{PEOPLE}daftar.csv"' in page
    found = table(office.get(f"{PEOPLE}daftar.xlsx"), 6)
    day = midnight(came.day)
    assert found == [
        ["Siti Aminah", "-PKK", "P", "25-59 tahun", 2, day],
        [f"{FORMULA} Aminah", None, "L", "60+ tahun", 1, day],
        ["Bayu", None, "L", "6-12 tahun", None, None],
    ]
    assert names_on(page) == [line[0] for line in found]
    typed = lines(office.get(f"{PEOPLE}daftar.csv"))
    assert typed[0] == [
        "Siti Aminah", "'-PKK", "P", "25-59 tahun", "2", f"{came.day:%d/%m/%Y}",
    ]  # fmt: skip
    assert typed[1][0] == f"'{FORMULA} Aminah"
    for number in range(25):
        mark(came, person(f"Orang {number:02}"), now=came.end)
    assert len(names_on(text_of(office.get(PEOPLE)))) == 20
    assert len(table(office.get(f"{PEOPLE}daftar.xlsx"), 6)) == 28


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("AMINAH", ["Siti Aminah", f"{FORMULA} Aminah"]),
        (FORMULA, [f"{FORMULA} Aminah"]),
        ("tidak ada", []),
        ("", ["Siti Aminah", f"{FORMULA} Aminah", "Bayu"]),
    ],
)
def test_who_is_looked_for_by_name_is_sent_and_stands_in_no_address(office, came, name, found):
    page = text_of(office.post(PEOPLE, {"name": name}))
    assert names_on(page) == found
    assert f"daftar.xlsx?{name}" not in page
    if name and found:
        assert f'formaction="{PEOPLE}daftar.xlsx"' in page
        assert len(re.findall(r'type="hidden" name="name"', page)) == 1
    answer = office.post(f"{PEOPLE}daftar.xlsx", {"name": name})
    assert [line[0] for line in table(answer, 6)] == found
    typed = lines(office.post(f"{PEOPLE}daftar.csv", {"name": name}))
    assert [line[0].removeprefix("'") for line in typed] == found


def test_who_was_emptied_or_put_together_is_in_no_file(klaten, office, came):
    Participant.objects.filter(name="Bayu").update(name="")
    siti = Participant.objects.get(name="Siti Aminah")
    Participant.objects.filter(name=f"{FORMULA} Aminah").update(merged_into=siti)
    found = table(office.get(f"{PEOPLE}daftar.xlsx"), 6)
    assert [line[0] for line in found] == ["Siti Aminah"]


def test_an_office_without_people_takes_an_empty_file(office):
    assert "daftar.xlsx" not in text_of(office.get(PEOPLE))
    assert table(office.get(f"{PEOPLE}daftar.xlsx"), 6) == []
    assert lines(office.get(f"{PEOPLE}daftar.csv")) == []


# Of all of them


def files_of(row) -> dict[str, str]:
    """Each screen by the name of its list; the files stand below it."""
    return {
        f"lembaga-hadir-{row.day:%Y-%m-%d}": path(row, "lembaga"),
        f"hitung-hadir-{row.day:%Y-%m-%d}": path(row, "hitung"),
        "orang": PEOPLE,
        "laporan": REPORTS,
    }


def test_each_file_leaves_a_line_that_names_nobody(office, came):
    for name, screen in files_of(came).items():
        before = AuditEntry.objects.count()
        answers = [office.get(f"{screen}daftar.{form}") for form in FORMS]
        assert AuditEntry.objects.count() == before + 2
        told = AuditEntry.objects.order_by("pk")[before:]
        rows = len(lines(answers[1]))
        for entry, form in zip(told, FORMS, strict=True):
            assert (entry.verb, entry.actor_id) == ("list.exported", office.user.pk)
            assert entry.site_id == came.district.site_id
            assert entry.details == {"list": name, "rows": rows, "form": form}
        about = str(came.pk) if "hadir" in name else ""
        assert {entry.object_id for entry in told} == {about}
        assert office.get(f"{screen}daftar.pdf").status_code == 404
    office.post(f"{PEOPLE}daftar.csv", {"name": "Siti"})
    last = AuditEntry.objects.latest("pk")
    assert last.details == {"list": "orang", "rows": 1, "form": "csv"}
    assert "Siti" not in str(list(AuditEntry.objects.values()))


@pytest.mark.parametrize("role", ["guru", "kader", "mitra", "koordinator", "editor", "monev"])
def test_a_role_gets_of_a_file_what_it_gets_of_the_screen(klaten, came, role):
    client = client_of(role, klaten)
    expected = {
        f"lembaga-hadir-{came.day:%Y-%m-%d}": 403,
        f"hitung-hadir-{came.day:%Y-%m-%d}": 403,
        "orang": 403,
        "laporan": 200,
    }
    files = files_of(came)
    for name, screen in files.items():
        found = statuses(client, screen, *(f"{screen}daftar.{form}" for form in FORMS))
        assert found == [found[0]] * 3
        if role in {"guru", "mitra"}:
            assert found[0] == expected[name]
    told = AuditEntry.objects.filter(verb="list.exported", actor_id=client.user.pk)
    if role in {"guru", "mitra"}:
        assert {entry.details["list"] for entry in told} == {"laporan"}


def test_another_district_finds_nothing(came):
    foreign = client_of("moderator", make_district("lebak"))
    of_date = [path(came, "lembaga"), path(came, "hitung")]
    for screen in of_date:
        assert statuses(foreign, screen, f"{screen}daftar.xlsx", f"{screen}daftar.csv") == [404] * 3
    assert table(foreign.get(f"{PEOPLE}daftar.xlsx"), 6) == []
    assert lines(foreign.post(f"{PEOPLE}daftar.csv", {"name": "Siti"})) == []
    assert table(foreign.get(f"{REPORTS}daftar.xlsx"), 8) == []


def test_nobody_takes_a_file_without_signing_in(client, came):
    for screen in files_of(came).values():
        answer = client.get(f"{screen}daftar.xlsx", headers={"host": "klaten.localhost"})
        assert (answer.status_code, "/masuk/" in answer["Location"]) == (302, True)


def test_lists_with_people_stand_behind_the_second_factor(office, came, settings):
    settings.SECOND_FACTOR_REQUIRED = True
    for name, screen in files_of(came).items():
        assert statuses(office, f"{screen}daftar.xlsx") == [200 if name == "laporan" else 302]


def test_a_file_takes_the_same_queries_for_few_and_for_many(klaten, office, came):
    count(came, Cell("P", "25-59", False, 1))
    note(came, "Polsek", came=True)
    sent_report(dates_of(came.event)[0], now=timezone.now())
    asked = [f"{one}daftar.{form}" for one in files_of(came).values() for form in FORMS]

    def counts() -> list[int]:
        found = []
        for one in asked:
            office.get(one)
            with CaptureQueriesContext(connection) as queries:
                assert office.get(one).status_code == 200
            found.append(len(queries))
        return found

    before, rows = counts(), [len(lines(office.get(one))) for one in asked[1::2]]
    for number in range(3):
        planner = make_member("kader", klaten)
        start = timezone.now() - timedelta(days=2)
        row = make_date(klaten, starts_at=start, proposer=planner, title=f"Sesi {number}")
        sent_report(row, now=timezone.now())
        mark(came, person(f"Orang {number}", organisation_name="PKK"), now=came.end)
        note(came, f"Kantor {number}", came=True)
        count(came, Cell("L", GROUPS[number], True, 2))
    after = [len(lines(office.get(one))) for one in asked[1::2]]
    assert [many - few for few, many in zip(rows, after, strict=True)] == [3, 0, 3, 3]
    assert counts() == before


@pytest.mark.parametrize("form", FORMS)
def test_a_long_list_is_written_in_the_background_as_it_would_be_at_once(
    office, came, monkeypatch, form
):
    note(came, "Polsek", came=True)
    asked = {f"{screen}daftar.{form}": screen for screen in files_of(came).values()}
    read = lines if form == "csv" else table
    at_once = {one: read(office.get(one)) for one in asked}
    monkeypatch.setattr(exporting, "AT_ONCE", 0)
    for one, screen in asked.items():
        answer = office.get(one)
        assert (answer.status_code, office.get(one)["Location"]) == (303, answer["Location"])
        job = SheetExport.objects.latest("pk")
        waiting = office.get(answer["Location"])
        assert (waiting["Refresh"], f'href="{screen}"' in text_of(waiting)) == ("3", True)
        assert exporting.write(key=job.key) == job.total
        assert read(office.get(f"{answer['Location']}berkas")) == at_once[one]
    assert SheetExport.objects.count() == 4


def test_a_long_list_of_people_keeps_to_the_name_and_to_who_may_read_it(
    klaten, office, came, monkeypatch
):
    monkeypatch.setattr(exporting, "AT_ONCE", 0)
    asked = office.post(f"{PEOPLE}daftar.csv", {"name": "Siti"})
    job = SheetExport.objects.get()
    assert (asked.status_code, job.total, "Siti" in asked["Location"]) == (303, 1, False)
    assert exporting.write(key=job.key) == 1
    file = f"{asked['Location']}berkas"
    assert [line[0] for line in lines(office.get(file))] == ["Siti Aminah"]
    assert statuses(client_of("moderator", klaten), asked["Location"], file) == [403, 403]
    assert statuses(client_of("moderator", make_district("lebak")), file) == [404]
    Membership.objects.filter(user=office.user).update(role="guru")
    assert statuses(office, asked["Location"], file) == [403, 403]
    erase_person(Participant.objects.get(name="Siti Aminah").key, site=klaten.site_id)
    assert SheetExport.objects.count() == 0
