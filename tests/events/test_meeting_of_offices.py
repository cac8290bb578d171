"""A meeting of offices: organisations came and nobody is named, and every total counts them."""

import re
from uuid import uuid4

import pytest
from django.test import Client

from events.attendance.came import who_came
from events.documents.activity import activity_pdf
from events.documents.attendance_list import blank_list_pdf, filled_list_pdf
from events.documents.records import minutes_pdf, record_pdf
from events.report_reading import report_of
from events.services import attending, headcounting, organisations_attending
from tests.factories.attendance import make_age_groups, mark, person
from tests.factories.places import make_user
from tests.factories.planning import client_of
from tests.factories.planning import text_of as html_of
from tests.factories.reports import AFTER, accepted_report, past_date, sent_report
from tests.papers import text_of

pytestmark = pytest.mark.django_db
AT_ONCE = "Kantor Camat"


@pytest.fixture
def row(klaten):
    """Seven people came for two organisations, and one stayed away."""
    make_age_groups()
    row = past_date(klaten, kind="rakor", title="Rakor Gugus Tugas")
    for came in (
        organisations_attending.Came("Polres Klaten", True, represented_by="Kanit PPA", people=3),
        organisations_attending.Came(AT_ONCE, True, represented_by="Camat", people=4),
        organisations_attending.Came("Puskesmas", False),
    ):
        organisations_attending.note(
            occurrence=row,
            told_of=came,
            key=uuid4(),
            now=AFTER,
            source=attending.Source(member=row.event.proposed_by),
        )
    return row


@pytest.fixture
def office(klaten):
    return client_of("moderator", klaten)


def test_the_hub_and_the_report_say_how_many_came(row, office):
    base = f"/ruang/kalender/{row.event_id}/{row.pk}"
    assert "7 orang hadir mewakili lembaga" in html_of(office.get(f"{base}/hadir/"))
    sent_report(row)
    page = html_of(office.get(f"{base}/laporan/"))
    assert "7 orang tercatat, mewakili lembaga" in page
    assert "2 lembaga hadir" in page
    assert "Belum ada yang tercatat hadir" not in page


def test_everybody_reads_the_total_of_an_accepted_report(row, klaten):
    report = accepted_report(row, make_user("moderator", klaten))
    assert report.people == 7
    public = Client(SERVER_NAME="klaten.localhost").get(f"/kalender/{row.event.slug}/{row.day}/")
    assert "7 orang" in html_of(public)


def test_the_list_has_a_row_to_sign_for_who_stood_for_an_organisation(row):
    text = text_of(filled_list_pdf(row), layout=True)
    lines = [line for line in text.splitlines() if "Polres" in line or AT_ONCE in line]
    assert len(lines) == 2
    for part in ("Kanit PPA, Polres Klaten", f"Camat, {AT_ONCE}"):
        assert part in " ".join(text.split())
    assert "Puskesmas" not in text
    totals = {line.split()[0]: line.split()[1:3] for line in text.splitlines() if line.strip()}
    assert (totals["Jumlah"][1], totals["Lembaga"][1]) == ("7", "2")


def test_a_named_person_is_not_counted_again_for_the_organisation(row, klaten):
    mark(row, person("Siti Aminah", organisation_name=AT_ONCE), now=AFTER)
    text = " ".join(text_of(filled_list_pdf(row)).split())
    assert text.count(AT_ONCE) == 1
    report = accepted_report(row, make_user("moderator", klaten))
    assert report.people == 7


def told_by(row, office) -> dict[str, str]:
    """The text of every page and paper that says how many came."""
    base = f"/ruang/kalender/{row.event_id}/{row.pk}"
    pages = {"hub": f"{base}/hadir/", "report": f"{base}/laporan/?baca"}
    told = {name: html_of(office.get(path)) for name, path in pages.items()}
    report = report_of(row)
    papers = {
        "list": filled_list_pdf(row),
        "record": record_pdf(row, report),
        "minutes": minutes_pdf(row, report),
        "activity": activity_pdf(row, report),
    }
    told |= {name: text_of(content, layout=True) for name, content in papers.items()}
    return {name: " ".join(text.split()) for name, text in told.items()}


def test_one_who_is_named_does_not_hide_those_of_whom_organisations_told(row, office):
    mark(row, person("Siti Aminah"), now=AFTER)
    sent_report(row)
    told = told_by(row, office)
    assert "7 orang hadir" in told["hub"]
    assert "7 orang tercatat" in told["report"]
    for name in ("hub", "report"):
        assert who_came(row).difference in told[name]
    # Male, female, neither noted: together as many as came.
    numbers = re.search(r"\(L\) : (\d+).*\(P\) : (\d+).*?: (\d+) Jumlah : (\d+)", told["list"])
    assert numbers.groups() == ("0", "1", "6", "7")
    for name in ("record", "minutes"):
        assert re.search(r"7 \(tujuh\) orang[^.]*\. 1 [^.]*: 0 [^.]* 1 [^.]*\.", told[name])
    assert re.search(r" – – 6 Jumlah 0 1 7 ", told["activity"])


def test_where_more_are_named_than_told_of_nothing_differs(row, office):
    for number in range(8):
        mark(row, person(f"Peserta {'ABCDEFGH'[number]}"), now=AFTER)
    sent_report(row)
    told = told_by(row, office)
    assert who_came(row).difference == ""
    assert "Tercatat hadir 8 orang: 0 laki-laki, 8 perempuan" in told["report"]
    assert "8 (delapan) orang" in told["record"]
    assert "7 (tujuh) orang" not in told["record"]


def test_a_list_of_a_headcount_alone_has_its_numbers(klaten):
    row = past_date(klaten)
    cells = [headcounting.Cell("P", "25-59", False, 30), headcounting.Cell("L", "25-59", False, 6)]
    source = attending.Source(member=row.event.proposed_by)
    headcounting.count(occurrence=row, cells=cells, key=uuid4(), now=AFTER, source=source)
    text = " ".join(text_of(filled_list_pdf(row), layout=True).split())
    assert re.search(r"\(L\) : 6 .*\(P\) : 30 .*Jumlah : 36 ", text)
    # One to fill in by hand has none.
    assert "Jumlah : …" in " ".join(text_of(blank_list_pdf(row), layout=True).split())
