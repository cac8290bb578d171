"""`/ruang/laporan/daftar.xlsx|csv`: reports as they are listed, with the same filters and names."""

import re
from datetime import timedelta
from html import unescape

import pytest

from districts.models import Region
from events.models import SheetExport
from events.services import exporting
from tests.events.read_lists import lines, midnight, table
from tests.factories.attendance import make_age_groups
from tests.factories.events import START
from tests.factories.people import make_member
from tests.factories.planning import client_of, text_of
from tests.factories.reports import AFTER, past_date, save, sent_report

pytestmark = pytest.mark.django_db
REPORTS = "/ruang/laporan/"
FORMULA = "=1+1"


@pytest.fixture
def office(klaten):
    return client_of("moderator", klaten)


@pytest.fixture
def planner(klaten):
    return make_member("kader", klaten, name="@Ibu Rini")


@pytest.fixture
def reported(klaten, planner):
    """Four dates that are over: sent, being written, in another kecamatan and month, not told."""
    make_age_groups()
    sent = past_date(klaten, proposer=planner, title=FORMULA)
    sent_report(sent)
    save(past_date(klaten, proposer=planner, title="Ditulis"))
    elsewhere = Region.objects.get(code=f"{klaten.region_id}.05")
    other = make_member("kader", klaten, name="Pak Joko")
    later = START + timedelta(days=30)
    past_date(klaten, proposer=other, title="Jauh", region=elsewhere, starts_at=later)
    past_date(klaten, proposer=other, title="Belum")
    return sent


def titles_on(page: str) -> list[str]:
    return [unescape(title) for title in re.findall(r"<h2><a href=[^>]*>(.*?)</a></h2>", page)]


def test_reports_with_days_of_here(klaten, office, reported):
    page = text_of(office.get(REPORTS))
    assert f'"{REPORTS}daftar.xlsx"' in page
    assert f'"{REPORTS}daftar.csv"' in page
    found = {line[0]: line for line in table(office.get(f"{REPORTS}daftar.xlsx"), 8)}
    assert titles_on(page) == list(found)
    day = midnight(reported.day)
    assert found[FORMULA] == [
        FORMULA, day, day, "09.00–10.30 WIB", "Terkirim", midnight(AFTER),
        "Balai Desa, Kecamatan 01", "@Ibu Rini",
    ]  # fmt: skip
    assert found["Belum"][4:6] == ["Belum dilaporkan", None]
    assert (found["Ditulis"][5], found["Jauh"][7]) == (None, "Pak Joko")
    typed = {line[0]: line for line in lines(office.get(f"{REPORTS}daftar.csv"))}
    assert typed[f"'{FORMULA}"][1::4] == ["12/03/2026", "12/03/2026"]
    assert typed[f"'{FORMULA}"][7] == "'@Ibu Rini"


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("status=terkirim", {FORMULA}),
        ("status=draf", {"Ditulis"}),
        ("status=belum", {"Jauh", "Belum"}),
        ("bulan=2026-04", {"Jauh"}),
        ("kec=33.10.05", {"Jauh"}),
        ("kec=33.10.01&status=belum", {"Belum"}),
        ("status=diterima", set()),
        ("", {FORMULA, "Ditulis", "Jauh", "Belum"}),
    ],
)
def test_reports_are_narrowed_as_on_the_screen(office, reported, query, titles):
    page = text_of(office.get(f"{REPORTS}?{query}"))
    assert set(titles_on(page)) == titles
    assert [line[0] for line in table(office.get(f"{REPORTS}daftar.xlsx?{query}"), 8)] == (
        titles_on(page)
    )
    assert len(lines(office.get(f"{REPORTS}daftar.csv?{query}"))) == len(titles)
    if query and titles:
        assert unescape(page).count(f"daftar.xlsx?{query}") == int("&" not in query)


@pytest.mark.parametrize("query", ["status=x", "bulan=2026-13", "kec=36.02.01"])
def test_a_word_we_do_not_know_is_no_file(office, reported, query):
    asked = (f"{REPORTS}?{query}", f"{REPORTS}daftar.xlsx?{query}", f"{REPORTS}daftar.csv?{query}")
    assert [office.get(one).status_code for one in asked] == [404, 404, 404]


def test_who_reads_their_own_reports_takes_those_alone(klaten, planner, reported, settings):
    mine = client_of("kader", klaten, user=planner)
    page = text_of(mine.get(REPORTS))
    found = table(mine.get(f"{REPORTS}daftar.xlsx"), 7)
    assert [line[0] for line in found] == titles_on(page)
    assert {line[0] for line in found} == {FORMULA, "Ditulis"}
    monev = client_of("monev", klaten)
    assert {line[7] for line in table(monev.get(f"{REPORTS}daftar.xlsx"), 8)} == {
        "@Ibu Rini", "Pak Joko",
    }  # fmt: skip
    settings.SECOND_FACTOR_REQUIRED = True
    assert {line[7] for line in table(monev.get(f"{REPORTS}daftar.xlsx"), 8)} == {None}
    assert "Pak Joko" not in text_of(monev.get(REPORTS))


def test_nothing_to_report_is_an_empty_file(office):
    assert "daftar.xlsx" not in text_of(office.get(REPORTS))
    assert table(office.get(f"{REPORTS}daftar.xlsx"), 8) == []
    assert lines(office.get(f"{REPORTS}daftar.csv")) == []


def test_a_long_list_keeps_to_its_filters_and_to_the_names_its_reader_could_see(
    klaten, reported, monkeypatch, settings
):
    monkeypatch.setattr(exporting, "AT_ONCE", 0)
    names = []
    for second_factor in (False, True):
        settings.SECOND_FACTOR_REQUIRED = second_factor
        monev = client_of("monev", klaten)
        asked = monev.get(f"{REPORTS}daftar.xlsx?bulan=2026-04")
        job = SheetExport.objects.latest("pk")
        assert (asked.status_code, job.total, exporting.write(key=job.key)) == (303, 1, 1)
        [line] = table(monev.get(f"{asked['Location']}berkas"), 8)
        names.append((line[0], line[7]))
    assert names == [("Jauh", "Pak Joko"), ("Jauh", None)]
