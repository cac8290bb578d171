"""A meeting of offices: organisations came and nobody is named, and every total counts them."""

from uuid import uuid4

import pytest
from django.test import Client

from events.documents.attendance_list import filled_list_pdf
from events.services import attending, organisations_attending
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
    assert report.people == 1
