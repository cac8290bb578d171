"""Names in a report: for those who record them, behind the second factor, and not for monev."""

import pytest

from events.models import ReportFile
from tests.factories.planning import client_of
from tests.factories.reports import add_photo, past_date

pytestmark = pytest.mark.django_db


@pytest.fixture
def row(klaten):
    return past_date(klaten)


def path(row, rest: str = "") -> str:
    return f"/ruang/kalender/{row.event_id}/{row.pk}/laporan/{rest}"


def test_monev_reads_figures_and_no_list_of_names(klaten, row):
    monev, moderator = client_of("monev", klaten), client_of("moderator", klaten)
    asked = [path(row, f"{name}.pdf") for name in ("daftar-hadir", "berita-acara")]
    assert [monev.get(one).status_code for one in asked] == [403, 200]
    assert [moderator.get(one).status_code for one in asked] == [200, 200]
    assert "daftar-hadir.pdf" not in monev.get(path(row, "dokumen/")).content.decode()


def test_a_scanned_list_is_for_those_who_record(klaten, row):
    file = add_photo(row)
    ReportFile.objects.filter(pk=file.pk).update(kind=ReportFile.Kind.SCAN)
    readers = (client_of("moderator", klaten), client_of("monev", klaten))
    where = path(row, f"berkas/{file.key}")
    assert [one.get(where).status_code for one in readers] == [200, 404]


def test_a_photo_waits_for_the_second_factor(klaten, row, settings):
    file, moderator = add_photo(row), client_of("moderator", klaten)
    assert moderator.get(path(row, f"berkas/{file.key}")).status_code == 200
    settings.SECOND_FACTOR_REQUIRED = True
    assert moderator.get(path(row, f"berkas/{file.key}")).status_code == 404
