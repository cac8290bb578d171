"""`/ruang/laporan/kerangka/`: what an office's reports begin with, and the chapters of a report."""

from datetime import timedelta
from uuid import uuid4

import pytest

from districts.models import Regulation
from events.models import CHAPTERS, ReportOutline, SessionReport
from safeguards.models import AuditEntry
from tests.factories.events import make_terms
from tests.factories.forms import opened_of
from tests.factories.joining import NIK
from tests.factories.places import make_district, national
from tests.factories.planning import client_of, text_of
from tests.factories.reports import AFTER, past_date, save

pytestmark = pytest.mark.django_db
OUTLINES = "/ruang/laporan/kerangka/"
WORDS = {"background": "Masih ada kekerasan.", "purpose": "Satu alur rujukan.", "laws": ["uu"]}


@pytest.fixture
def klaten():
    national()
    make_terms()
    for code, status in (("uu", "berlaku"), ("lama", "dicabut")):
        Regulation.objects.create(
            code=code, number=f"UU {code}", title="Contoh", year=2014, status=status
        )
    return make_district("klaten")


@pytest.fixture
def admin(klaten):
    return client_of("admin", klaten)


@pytest.fixture
def row(klaten):
    return past_date(klaten)


@pytest.fixture
def planner(klaten, row):
    return client_of("kader", klaten, user=row.event.proposed_by)


def report_path(row) -> str:
    return f"/ruang/kalender/{row.event_id}/{row.pk}/laporan/"


def values_of(page) -> dict[str, str]:
    """What a browser would send of the report's form as it is shown."""
    form = page.context["form"]
    sent = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in sent.items() if value is not None}


def test_the_office_says_once_how_reports_of_a_kind_begin(klaten, admin, row, planner):
    here = f"{OUTLINES}{row.event.kind}/"
    assert here in text_of(admin.get(OUTLINES))
    assert OUTLINES in text_of(admin.get("/ruang/laporan/"))
    page = admin.get(here)
    assert page.context["form"]["laws"].field.choices == [("uu", "UU uu – Contoh")]
    assert admin.post(here, WORDS | {"opened": opened_of(page)}).status_code == 303
    assert ReportOutline.objects.get().kind == row.event.kind
    [line] = AuditEntry.objects.filter(verb="report.outline")
    assert line.details == {"kind": row.event.kind}
    form = planner.get(report_path(row)).context["form"]
    assert {name: form[name].value() for name in ("background", "purpose", "laws", "scope")} == {
        **WORDS, "scope": "",
    }  # fmt: skip
    # Nothing said of a kind is none.
    assert admin.post(here, {"opened": opened_of(admin.get(here))}).status_code == 303
    assert ReportOutline.objects.count() == 0


def test_two_who_write_the_same_outline_lose_nothing(klaten, admin):
    here = f"{OUTLINES}semua/"
    opened = opened_of(admin.get(here))
    assert admin.post(here, WORDS | {"opened": opened}).status_code == 303
    other = WORDS | {"background": "Kata lain.", "opened": opened}
    stale = admin.post(here, other)
    assert stale.status_code == 409
    assert [(one.theirs, one.mine) for one in stale.context["compared"]] == [
        ("Masih ada kekerasan.", "Kata lain.")
    ]
    assert "Kata lain.</textarea>" in text_of(stale)
    assert admin.post(here, other | {"opened": opened_of(stale)}).status_code == 303
    assert (ReportOutline.objects.get().kind, ReportOutline.objects.get().background) == (
        "", "Kata lain.",
    )  # fmt: skip


def test_outlines_are_of_the_office_alone_and_hold_no_numbers_of_people(klaten, admin):
    here = f"{OUTLINES}semua/"
    faulty = admin.post(here, WORDS | {"scope": f"Desa {NIK}"})
    assert (faulty.status_code, ReportOutline.objects.count()) == (422, 0)
    assert f"Desa {NIK}" in text_of(faulty)
    assert admin.get(f"{OUTLINES}tidak-ada/").status_code == 404
    moderator = client_of("moderator", klaten)
    assert [moderator.get(path).status_code for path in (OUTLINES, here)] == [403, 403]
    assert moderator.post(here, WORDS).status_code == 403
    admin.post(here, WORDS | {"opened": opened_of(admin.get(here))})
    other = client_of("admin", make_district("lebak"))
    assert other.get(here).context["form"]["background"].value() == ""


def test_chapters_are_kept_with_the_report_and_shown_again(klaten, row, planner):
    here = report_path(row)
    sent = values_of(planner.get(here)) | {"conclusion": "Semua sepakat.", "do": "simpan"}
    faulty = planner.post(here, sent | {"suggestions": f"Hubungi {NIK}"})
    assert (faulty.status_code, SessionReport.objects.count()) == (422, 0)
    assert '<details id="bab" open>' in text_of(faulty)
    assert planner.post(here, sent | {"laws": ["uu"]}).status_code == 303
    chapters = SessionReport.objects.get().chapters
    empty = dict.fromkeys(CHAPTERS, "")
    assert chapters == empty | {"conclusion": "Semua sepakat.", "laws": ["uu"]}
    stale = planner.post(here, sent | {"conclusion": "Belum sepakat.", "key": uuid4()})
    assert stale.status_code == 409
    pairs = [(one.theirs, one.mine) for one in stale.context["compared"]]
    assert pairs == [("Semua sepakat.", "Belum sepakat."), ("UU uu – Contoh", "–")]
    read = text_of(planner.get(f"{here}?baca"))
    assert ("Semua sepakat." in read, "UU uu – Contoh" in read) == (True, True)


def test_a_device_that_tells_no_chapters_leaves_those_that_stand(row):
    save(row, chapters={"background": "Dari layar.", "laws": []})
    save(row, results="Dari telepon.", now=AFTER + timedelta(minutes=1))
    report = SessionReport.objects.get()
    assert (report.results, report.chapters["background"]) == ("Dari telepon.", "Dari layar.")
