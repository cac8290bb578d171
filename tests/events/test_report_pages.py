"""`/ruang/kalender/<pk>/<date>/laporan/` and `/ruang/laporan/`: written, read, decided, listed."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from events.models import SessionReport
from events.services import report_decisions
from safeguards.models import Fact
from tests.factories.commitments import make_commitment
from tests.factories.events import START
from tests.factories.people import make_member
from tests.factories.places import make_district
from tests.factories.planning import client_of, text_of
from tests.factories.reports import AFTER, count_heads, past_date, save, sent_report

pytestmark = pytest.mark.django_db
LIST = "/ruang/laporan/"


@pytest.fixture
def kader(klaten):
    return client_of("kader", klaten)


@pytest.fixture
def row(klaten, kader):
    return past_date(klaten, proposer=kader.user)


@pytest.fixture
def office(klaten):
    return client_of("moderator", klaten)


def path(row, rest: str = "") -> str:
    return f"/ruang/kalender/{row.event_id}/{row.day:%Y-%m-%d}/laporan/{rest}"


def typed(**changed) -> dict:
    """What a browser sends of the form."""
    return {
        "key": str(uuid4()),
        "version": "0",
        "do": "simpan",
        "minutes": "Pembukaan\n\n- satu\n- dua",
        "results": "Jadi",
        "challenges": "",
        "solutions": "",
        "cost": "Rp 1.250.000,-",
        "cost_source": "APBD",
        "f0-what": "Bentuk kelompok",
        "f0-owner": "PKK desa",
        "f0-due": "2026-04-01",
    } | changed


def test_a_kader_writes_saves_and_sends(klaten, kader, row):
    commitment = make_commitment(klaten, number="2.3", measure="Kelas orang tua")
    page = kader.get(path(row))
    assert (page.status_code, page["Cache-Control"]) == (200, "private, no-store")
    assert "Kelas orang tua" in text_of(page)
    form = typed(commitments=str(commitment.pk))
    answer = kader.post(path(row), form)
    assert (answer.status_code, answer["Location"].partition("#")[0]) == (
        303,
        f"/ruang/kalender/{row.event_id}/{row.pk}/laporan/",
    )
    report = SessionReport.objects.get()
    assert (report.state, report.cost, report.author) == ("draf", 1_250_000, kader.user)
    assert list(report.commitments.all()) == [commitment]
    again = kader.get(path(row))
    assert 'value="1.250.000"' in text_of(again)
    assert 'value="2026-04-01"' in text_of(again)
    # A date of the series by its number is the same date.
    assert kader.get(answer["Location"]).status_code == 200
    kader.post(path(row), typed(version="1", do="kirim"))
    report.refresh_from_db()
    assert (report.state, report.sent_by) == ("terkirim", kader.user)
    read = text_of(kader.get(path(row)))
    assert "<li>satu</li>" in read
    assert "<form" not in read.partition("<h1")[2].partition("</h1>")[2].partition("</main>")[0]


def test_sent_twice_is_one_report_and_one_fact(kader, row):
    form = typed()
    assert [kader.post(path(row), form).status_code for _ in range(2)] == [303, 303]
    assert (SessionReport.objects.get().version, Fact.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("cost", "banyak"),
        ("cost", "-5"),
        ("f0-due", "kemarin"),
        ("minutes", "x" * 20_001),
        ("results", "NIK 33" + "1005" + "410190" + "0001"),
        ("commitments", "999999"),
        ("version", "dua"),
        ("key", "bukan"),
    ],
)
def test_a_fault_is_told_beside_its_field_and_nothing_is_lost(kader, row, field, value):
    answer = kader.post(path(row), typed(challenges="Hujan deras") | {field: value})
    page = text_of(answer)
    assert answer.status_code == 422
    assert "l-error" in page or 'role="alert"' in page
    assert "Hujan deras" in page
    assert 'value="Bentuk kelompok"' in page
    assert SessionReport.objects.count() == 0


def test_a_follow_up_without_words_is_asked_for(kader, row):
    answer = kader.post(path(row), typed(**{"f1-owner": "Dinas"}))
    assert (answer.status_code, SessionReport.objects.count()) == (422, 0)
    assert 'value="Dinas"' in text_of(answer)


def test_hidden_characters_are_left_out(kader, row):
    kader.post(path(row), typed(results="Ja\u202edi\u200b"))
    assert SessionReport.objects.get().results == "Jadi"


def test_a_stale_save_shows_both_versions_and_loses_nothing(kader, office, row):
    save(row, results="Dari kantor", actor=office.user)
    answer = kader.post(path(row), typed(results="Dari kader"))
    page = text_of(answer)
    assert answer.status_code == 409
    pairs = {(one.theirs, one.mine) for one in answer.context["compared"]}
    assert ("Dari kantor", "Dari kader") in pairs
    assert "Dari kader</textarea>" in page
    assert SessionReport.objects.get().results == "Dari kantor"
    again = typed(results="Dari kader", version=answer.context["form"]["version"].value())
    assert kader.post(path(row), again).status_code == 303
    assert SessionReport.objects.get().results == "Dari kader"


def test_a_form_that_was_sent_before_with_other_words_is_compared(kader, row):
    form = typed()
    kader.post(path(row), form)
    answer = kader.post(path(row), form | {"results": "Lebih baik"})
    assert answer.status_code == 422
    assert ("Jadi", "Lebih baik") in {(o.theirs, o.mine) for o in answer.context["compared"]}
    bound = answer.context["form"]
    again = form | {"results": "Lebih baik"}
    again |= {name: bound[name].value() for name in ("key", "version")}
    assert kader.post(path(row), again).status_code == 303
    assert SessionReport.objects.get().results == "Lebih baik"


def test_the_office_sends_back_and_accepts(kader, office, row):
    report = sent_report(row)
    page = text_of(office.get(path(row)))
    assert 'value="terima"' in page
    nothing = office.post(path(row, "putusan/"), {"do": "kembalikan", "version": report.version})
    assert nothing.status_code == 422
    office.post(
        path(row, "putusan/"), {"do": "kembalikan", "version": report.version, "note": "Foto?"}
    )
    assert "Foto?" in text_of(kader.get(path(row)))
    stale = office.post(path(row, "putusan/"), {"do": "terima", "version": report.version})
    assert (stale.status_code, SessionReport.objects.get().state) == (409, "dikembalikan")
    kader.post(path(row), typed(version=report.version + 1, do="kirim"))
    assert (
        office.post(
            path(row, "putusan/"), {"do": "terima", "version": report.version + 2}
        ).status_code
        == 303
    )
    assert SessionReport.objects.get().state == "diterima"
    assert kader.post(path(row), typed(version=report.version + 3)).status_code == 409
    assert office.post(path(row, "putusan/"), {"do": "lain", "version": "1"}).status_code == 400


def test_who_sees_a_report(klaten, kader, office, row):
    sent_report(row)
    assert client_of("monev", klaten).get(path(row)).status_code == 200
    assert client_of("kader", klaten).get(path(row)).status_code == 403
    assert client_of("kader", klaten).post(path(row), typed()).status_code == 403
    assert kader.post(path(row, "putusan/"), {"do": "terima", "version": "1"}).status_code == 403
    assert client_of("monev", klaten).post(path(row), typed()).status_code == 403
    assert client_of("admin", make_district("lebak")).get(path(row)).status_code == 404
    anonymous = Client(SERVER_NAME=klaten.site.hostname).get(path(row))
    assert (anonymous.status_code, "masuk" in anonymous["Location"]) == (302, True)
    assert kader.get(path(row).replace("2026", "2031")).status_code == 404
    assert kader.get(f"{LIST}?status=rahasia").status_code == 404
    assert kader.get(f"{LIST}?page=1000000000").status_code == 404


def test_before_it_begins_nobody_reports(klaten, kader):
    soon = timezone.now() + timedelta(days=3)
    row = past_date(klaten, proposer=kader.user, starts_at=soon)
    assert b"<textarea" not in kader.get(path(row)).content
    assert kader.post(path(row), typed()).status_code == 409
    assert SessionReport.objects.count() == 0


def test_the_list_is_narrowed_and_each_sees_their_own(klaten, kader, office, row):
    other = past_date(klaten, title="Sesi lain", starts_at=START + timedelta(days=40))
    sent_report(row)
    assert "Sesi lain" not in text_of(kader.get(LIST))
    assert "Sesi lain" in text_of(office.get(LIST))
    kecamatan = row.event.region.code[:8]
    for query, titles in {
        "status=terkirim": {row.event.title},
        "status=belum": {"Sesi lain"},
        "status=diterima": set(),
        "bulan=2026-03": {row.event.title},
        f"kec={kecamatan}": {row.event.title, "Sesi lain"},
        f"kec={kecamatan}&bulan=2026-04": {other.event.title},
    }.items():
        answer = office.get(f"{LIST}?{query}")
        assert {line["date"].title for line in answer.context["lines"]} == titles, query
    assert office.get(LIST).context["to_read"] == 1
    assert "l-empty" in text_of(client_of("kader", klaten).get(LIST))


def test_the_list_asks_the_same_whatever_it_holds(klaten, office):
    counted = []
    office.get(LIST)
    for number in (1, 3):
        while SessionReport.objects.count() < number:
            sent_report(past_date(klaten))
        with CaptureQueriesContext(connection) as asked:
            office.get(LIST)
        counted.append(len(asked))
    assert counted[0] == counted[1]


def test_everybody_reads_how_many_came_once_it_is_accepted(klaten, kader, row):
    def public() -> str:
        cache.clear()
        client = Client(SERVER_NAME=klaten.site.hostname)
        return text_of(client.get(f"/kalender/{row.event.slug}/{row.day:%Y-%m-%d}/"))

    count_heads(row, 37)
    report = sent_report(row)
    assert "37" not in public()
    report_decisions.accept(
        report=report,
        actor=make_member("moderator", klaten),
        version=report.version,
        now=AFTER,
    )
    assert "37" in public()
    SessionReport.objects.update(people=4)
    assert "4 orang" not in public()
    SessionReport.objects.update(people=37)
    row.event.guarded = True
    row.event.save()
    assert "37" not in public()
