"""Lists of the workspace as XLSX and CSV: what the screen shows, all rows, safe, explained."""

import csv
import io
from datetime import datetime, timedelta
from uuid import uuid4

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from districts.models import Membership
from events.models import Event, SheetExport
from events.services import attending, exporting, organisations_attending
from events.views.room import listing
from safeguards.models import AuditEntry
from safeguards.services.persons import erase_person
from tests.factories.attendance import dates_of, make_date, mark, person
from tests.factories.events import make_event
from tests.factories.joining import register
from tests.factories.people import make_member
from tests.factories.places import make_district
from tests.factories.planning import client_of, text_of

pytestmark = pytest.mark.django_db
PEOPLE = "/ruang/orang/"
CALENDAR = "/ruang/kalender/"
FORMULA = "=ANI+1"


@pytest.fixture
def office(klaten):
    return client_of("moderator", klaten)


@pytest.fixture
def event(klaten) -> Event:
    """Two dates that are over, of a planner whose name looks like a formula; two who came."""
    start = timezone.now().replace(microsecond=0) - timedelta(days=2)
    planner = make_member("kader", klaten, name=FORMULA)
    first = make_date(
        klaten, starts_at=start, rrule="FREQ=DAILY;COUNT=2", proposer=planner, title="@Rapat"
    )
    for row in dates_of(first.event):
        mark(row, SITI, now=row.end)
        note(row, "Polsek", came=True)
        note(row, "Puskesmas", came=False)
    mark(first, person(FORMULA), now=first.end)
    return first.event


SITI = person("Siti Aminah")


def note(row, label: str, *, came: bool) -> None:
    organisations_attending.note(
        occurrence=row, told_of=organisations_attending.Came(label, came), key=uuid4(),
        now=row.end, source=attending.Source(member=row.event.proposed_by),
    )  # fmt: skip


def table(answer) -> list[list]:
    """The rows of an XLSX under its header; its second sheet has a line for each column."""
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "private, no-store"
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    header, *rows = (list(row) for row in book.worksheets[0].values)
    assert [row[0] for row in book.worksheets[1].values] == header
    assert all(row[1] for row in book.worksheets[1].values)
    assert {cell.data_type for row in book.worksheets[0] for cell in row} <= {"s", "n", "d"}
    return rows


def lines(answer) -> list[list[str]]:
    text = answer.content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))[1:]


def test_the_organisations_of_a_year(office, event):
    here = f"{PEOPLE}lembaga/"
    page = text_of(office.get(here))
    assert (f"{here}daftar.xlsx" in page, f"{here}daftar.csv" in page) == (True, True)
    assert table(office.get(f"{here}daftar.xlsx")) == [["Polsek", 2, 2], ["Puskesmas", 0, 2]]
    assert lines(office.get(f"{here}daftar.csv")) == [["Polsek", "2", "2"], ["Puskesmas", "0", "2"]]


def test_who_held_them(office, event):
    here = f"{PEOPLE}fasilitator/"
    assert f"{here}daftar.xlsx" in text_of(office.get(here))
    assert table(office.get(f"{here}daftar.xlsx")) == [[FORMULA, 2, 3]]
    assert lines(office.get(f"{here}daftar.csv")) == [[f"'{FORMULA}", "2", "3"]]


def test_who_came_how_often_to_a_series(office, event):
    here = f"{PEOPLE}kegiatan/{event.pk}/"
    page = text_of(office.get(here))
    assert f"{here}daftar.xlsx?bagian=lembaga" in page
    first, last = (row.day for row in dates_of(event))
    day = lambda one: datetime(one.year, one.month, one.day)  # noqa: E731
    assert table(office.get(f"{here}daftar.xlsx")) == [
        ["Siti Aminah", 2, day(last)], [FORMULA, 1, day(first)],
    ]  # fmt: skip
    assert lines(office.get(f"{here}daftar.csv")) == [
        ["Siti Aminah", "2", f"{last:%d/%m/%Y}"], [f"'{FORMULA}", "1", f"{first:%d/%m/%Y}"],
    ]  # fmt: skip
    parts = table(office.get(f"{here}daftar.xlsx?bagian=lembaga"))
    assert parts == [["Polsek", 2, 2], ["Puskesmas", 0, 2]]
    assert office.get(f"{here}daftar.xlsx?bagian=x").status_code == 404


def test_my_sessions_with_all_their_pages(klaten, event, monkeypatch):
    monkeypatch.setattr(listing, "ON_A_PAGE", 1)
    mine = client_of("kader", klaten, user=event.proposed_by)
    page = text_of(mine.get(f"{CALENDAR}?kapan=lewat"))
    assert f"{CALENDAR}daftar.xlsx?milik=saya&amp;kapan=lewat" in page
    found = table(mine.get(f"{CALENDAR}daftar.xlsx?kapan=lewat"))
    days = [row.day for row in reversed(dates_of(event))]
    assert [(row[1], row[2].date(), len(row)) for row in found] == [
        ("@Rapat", day, 7) for day in days
    ]
    assert [row[1:3] for row in lines(mine.get(f"{CALENDAR}daftar.csv?kapan=lewat"))] == [
        ["'@Rapat", f"{day:%d/%m/%Y}"] for day in days
    ]
    assert table(mine.get(f"{CALENDAR}daftar.xlsx")) == []
    assert mine.get(f"{CALENDAR}daftar.xlsx?kapan=x").status_code == 404


def test_of_all_the_district_a_file_has_the_names_that_the_screen_has(
    klaten, office, event, settings
):
    past = f"{CALENDAR}daftar.xlsx?milik=semua&kapan=lewat"
    other = make_member("kader", klaten, name="Ibu Lain")
    start = timezone.now() - timedelta(days=1)
    make_event(klaten, proposer=other, starts_at=start, title="Lain")
    planners = {row[1]: row[-1] for row in table(office.get(past))}
    assert planners == {"@Rapat": FORMULA, "Lain": "Ibu Lain"}
    settings.SECOND_FACTOR_REQUIRED = True
    hers = client_of("kader", klaten, user=other)
    planners = {row[1]: row[-1] for row in table(hers.get(past))}
    assert planners == {"@Rapat": None, "Lain": "Ibu Lain"}


def test_registrations_with_the_days_of_here(klaten, office):
    soon = timezone.now() + timedelta(days=3)
    event = make_event(klaten, starts_at=soon, takes_registrations=True, seats=9)
    row = dates_of(event)[0]
    now = datetime.fromisoformat("2026-01-05T18:30:00+00:00")
    register(row, now=now, name="@Ibu")
    here = f"{CALENDAR}{event.pk}/pendaftar/{row.pk}/daftar."
    assert f"{here}csv" in text_of(office.get(here.removesuffix("daftar.")))
    [told] = table(office.get(f"{here}xlsx"))
    assert (told[2], told[7]) == ("@Ibu", datetime(2026, 1, 6, 1, 30))
    [typed] = lines(office.get(f"{here}csv"))
    assert (typed[2], typed[7]) == ("'@Ibu", "06/01/2026 01:30")


def test_who_takes_a_list_leaves_a_line_and_others_take_none(klaten, office, event):
    lists = {
        f"{PEOPLE}lembaga/": ("lembaga", 2),
        f"{PEOPLE}fasilitator/": ("fasilitator", 1),
        f"{PEOPLE}kegiatan/{event.pk}/": ("seri", 2),
        CALENDAR: ("kegiatan", 0),
    }
    for path, (name, rows) in lists.items():
        office.get(f"{path}daftar.csv")
        line = AuditEntry.objects.latest("pk")
        assert (line.verb, line.actor_id) == ("list.exported", office.user.pk)
        assert line.details == {"list": name, "rows": rows, "form": "csv"}
        assert office.get(f"{path}daftar.pdf").status_code == 404
    guru, foreign = client_of("guru", klaten), client_of("moderator", make_district("lebak"))
    for path in list(lists)[:3]:
        assert guru.get(f"{path}daftar.xlsx").status_code == 403
    assert foreign.get(f"{PEOPLE}kegiatan/{event.pk}/daftar.xlsx").status_code == 404
    assert table(foreign.get(f"{PEOPLE}lembaga/daftar.xlsx")) == []
    assert table(foreign.get(f"{CALENDAR}daftar.xlsx?milik=semua&kapan=lewat")) == []


def test_a_list_takes_the_same_queries_for_few_and_for_many(klaten, office, event):
    paths = [f"{PEOPLE}lembaga/", f"{PEOPLE}fasilitator/", f"{PEOPLE}kegiatan/{event.pk}/"]
    asked = [f"{path}daftar.xlsx" for path in paths]
    asked.append(f"{CALENDAR}daftar.xlsx?milik=semua&kapan=lewat")

    def counts() -> list[int]:
        found = []
        for path in asked:
            office.get(path)
            with CaptureQueriesContext(connection) as queries:
                office.get(path)
            found.append(len(queries))
        return found

    before = counts()
    for number in range(3):
        start = timezone.now() - timedelta(days=1)
        planner = make_member("kader", klaten)
        row = make_date(klaten, starts_at=start, proposer=planner, title=f"Sesi {number}")
        note(row, f"Kantor {number}", came=True)
        mark(dates_of(event)[0], person(f"Orang {number}"), now=row.end)
    assert counts() == before


def body_of(response) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def long_lists(event) -> dict[str, str]:
    """Where each list is, and the screen to go back to."""
    row = dates_of(event)[0]
    series = f"{PEOPLE}kegiatan/{event.pk}/"
    guests = f"{CALENDAR}{event.pk}/pendaftar/{row.pk}/"
    return {
        f"{PEOPLE}lembaga/daftar.csv": f"{PEOPLE}lembaga/",
        f"{PEOPLE}fasilitator/daftar.csv": f"{PEOPLE}fasilitator/",
        f"{series}daftar.csv": series,
        f"{series}daftar.csv?bagian=lembaga": series,
        f"{CALENDAR}daftar.csv?milik=semua&kapan=lewat": CALENDAR,
        f"{guests}daftar.csv": guests,
    }


def test_long_lists_are_written_in_the_background_as_they_would_be_at_once(
    klaten, office, event, monkeypatch
):
    Event.objects.filter(pk=event.pk).update(takes_registrations=True)
    first = dates_of(Event.objects.get(pk=event.pk))[0]
    register(first, now=first.start - timedelta(days=1))
    at_once = {path: lines(office.get(path)) for path in long_lists(event)}
    monkeypatch.setattr(exporting, "AT_ONCE", 0)
    for path, screen in long_lists(event).items():
        asked = office.get(path)
        assert (asked.status_code, office.get(path)["Location"]) == (303, asked["Location"])
        job = SheetExport.objects.latest("pk")
        waiting = office.get(asked["Location"])
        assert (waiting["Refresh"], job.total) == ("3", len(at_once[path]))
        assert f'href="{screen}"' in text_of(waiting)
        assert exporting.write(key=job.key) == len(at_once[path])
        before = AuditEntry.objects.count()
        file = office.get(f"{asked['Location']}berkas")
        text = body_of(file).decode("utf-8-sig")
        assert list(csv.reader(io.StringIO(text)))[1:] == at_once[path]
        assert AuditEntry.objects.count() == before + 1
    assert SheetExport.objects.count() == len(at_once) == 6


def test_a_long_list_is_for_who_asked_for_it_alone(klaten, office, event, monkeypatch):
    monkeypatch.setattr(exporting, "AT_ONCE", 0)
    asked = office.get(f"{PEOPLE}lembaga/daftar.csv")
    assert exporting.write(key=SheetExport.objects.get().key) == 2
    other, foreign = client_of("moderator", klaten), client_of("moderator", make_district("lebak"))
    for path in (asked["Location"], f"{asked['Location']}berkas"):
        answers = [one.get(path).status_code for one in (office, other, foreign)]
        assert answers == [200, 403, 404]


def test_a_long_list_of_dates_has_the_names_that_its_reader_could_see(
    klaten, event, monkeypatch, settings
):
    monkeypatch.setattr(exporting, "AT_ONCE", 0)
    settings.SECOND_FACTOR_REQUIRED = True
    other = client_of("kader", klaten, user=make_member("kader", klaten, name="Ibu Lain"))
    asked = other.get(f"{CALENDAR}daftar.xlsx?milik=semua&kapan=lewat")
    job = SheetExport.objects.get()
    exporting.write(key=job.key)
    [first, second] = table_in(body_of(other.get(f"{asked['Location']}berkas")))
    assert (first[1], first[-1], second[-1]) == ("@Rapat", None, None)


def table_in(content: bytes) -> list[list]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    return [list(row) for row in book.worksheets[0].values][1:]


def test_who_may_no_longer_judge_fetches_no_list_of_people(klaten, office, event, monkeypatch):
    monkeypatch.setattr(exporting, "AT_ONCE", 0)
    asked = office.get(f"{PEOPLE}lembaga/daftar.csv")
    Membership.objects.filter(user=office.user).update(role="guru")
    assert office.get(asked["Location"]).status_code == 403


def test_a_list_that_could_name_somebody_goes_with_their_erasure(
    klaten, office, event, monkeypatch
):
    monkeypatch.setattr(exporting, "AT_ONCE", 0)
    office.get(f"{PEOPLE}fasilitator/daftar.csv")
    foreign = SheetExport.objects.get()
    foreign.pk, foreign.key, foreign.district = None, uuid4(), make_district("lebak")
    foreign.save()
    erase_person("tamu@contoh.invalid", site=klaten.site_id)
    assert list(SheetExport.objects.values_list("district__slug", flat=True)) == ["lebak"]
