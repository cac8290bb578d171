import io
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from districts.models import Organisation, Succession
from districts.services.organisations import (
    OrganisationsRefused,
    SuccessionRefused,
    import_schools,
    succeed,
)
from districts.tables import TableRow
from safeguards.models import AuditEntry
from tests.factories.places import make_district

pytestmark = pytest.mark.django_db
SINCE = date(2025, 4, 30)


@pytest.fixture
def klaten():
    return make_district("klaten")


def rows(*schools: tuple[str, ...]) -> list[TableRow]:
    return [
        TableRow(number, dict(zip(("npsn", "nama", "kecamatan", "catatan"), cells, strict=False)))
        for number, cells in enumerate(schools, start=2)
    ]


GOOD = (("20309872", "SMP Contoh", "33.10.05"), ("NP567838", "SD Contoh", "33.10.01"))


def schools(district) -> list[tuple[str, str]]:
    found = Organisation.objects.for_district(district).filter(kind="sekolah").order_by("npsn")
    return list(found.values_list("npsn", "name"))


def organisation(district, name: str, kind: str = "uptd_ppa", **fields) -> Organisation:
    return Organisation.objects.create(district=district, name=name, kind=kind, **fields)


def test_schools_are_imported_and_a_second_time_nothing_changes(klaten):
    assert import_schools(klaten, rows(*GOOD)).created == 2
    done = import_schools(klaten, rows(*GOOD))
    assert (done.changes, done.unchanged) == (0, 2)
    assert schools(klaten) == [("20309872", "SMP Contoh"), ("NP567838", "SD Contoh")]


def test_a_renamed_school_keeps_its_row(klaten):
    import_schools(klaten, rows(*GOOD))
    before = Organisation.objects.get(npsn="20309872").pk
    done = import_schools(klaten, rows(("20309872", "SMP Baru", "33.10.01")))
    school = Organisation.objects.get(npsn="20309872")
    assert (done.changed, school.pk, school.name, school.region_id) == (
        1,
        before,
        "SMP Baru",
        "33.10.01",
    )


def test_a_school_without_npsn_gets_it(klaten):
    stored = organisation(klaten, "SMP Contoh", "sekolah", region_id="33.10.05")
    assert import_schools(klaten, rows(GOOD[0])).changed == 1
    stored.refresh_from_db()
    assert stored.npsn == "20309872"


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        (("2030987", "SMP", "33.10.05"), "npsn"),
        (("20-30987", "SMP", "33.10.05"), "npsn"),
        (("٢٠٣٠٩٨٧٢", "SMP", "33.10.05"), "npsn"),
        (("20309872", "SMP Lagi", "33.10.05"), "npsn"),
        (("20309873", "SMP Contoh", "33.10.05"), "nama"),
        (("20309873", "", "33.10.05"), "nama"),
        (("20309873", "x" * 201, "33.10.05"), "nama"),
        (("20309873", "SMP\x07", "33.10.05"), "nama"),
        (("20309873", "SMP 3310051203980001", "33.10.05"), "nama"),
        (("20309873", "SMP", "36.02.01"), "kecamatan"),
        (("20309873", "SMP", "33.10"), "kecamatan"),
        (("20309873", "SMP", ""), "kecamatan"),
        (("20309873", "SMP", "33.10.05", "y" * 301), "catatan"),
    ],
)
def test_a_fault_is_named_and_nothing_is_written(klaten, cells, column):
    with pytest.raises(OrganisationsRefused) as refused:
        import_schools(klaten, rows(*GOOD, cells))
    assert [(f.row, f.column) for f in refused.value.faults] == [(4, column)]
    assert schools(klaten) == []


def test_the_good_rows_can_be_written_alone(klaten):
    done = import_schools(klaten, rows(*GOOD, ("1", "Salah", "33.10.05")), skip_faulty=True)
    assert (done.created, len(done.faults), len(schools(klaten))) == (2, 1, 2)


def test_a_school_of_another_district_is_not_taken_over(klaten):
    lebak = make_district("lebak")
    import_schools(lebak, rows(("20309872", "SMP Lebak", "36.02.01")))
    with pytest.raises(OrganisationsRefused):
        import_schools(klaten, rows(*GOOD))
    assert schools(lebak) == [("20309872", "SMP Lebak")]
    assert schools(klaten) == []


def test_another_npsn_for_a_stored_school_is_a_fault(klaten):
    import_schools(klaten, rows(*GOOD))
    with pytest.raises(OrganisationsRefused):
        import_schools(klaten, rows(("20309999", "SMP Contoh", "33.10.05")))
    assert Organisation.objects.filter(npsn="20309999").count() == 0


def test_the_command_reads_a_file(klaten, tmp_path):
    path = tmp_path / "sekolah.csv"
    path.write_text("npsn,nama,kecamatan\n20309872,SMP Contoh,33.10.05\n1,Salah,33.10.05\n")
    with pytest.raises(CommandError):
        call_command("import_organisations", str(path), district="klaten", stderr=io.StringIO())
    assert schools(klaten) == []
    out = io.StringIO()
    call_command(
        "import_organisations",
        str(path),
        "--skip-faulty",
        district="klaten",
        stdout=out,
        stderr=io.StringIO(),
    )
    assert schools(klaten) == [("20309872", "SMP Contoh")]
    assert "sekolah.csv.salah.csv" in out.getvalue()
    assert "Salah" in (tmp_path / "sekolah.csv.salah.csv").read_text()


def test_the_command_names_an_unknown_office(tmp_path):
    with pytest.raises(CommandError, match="tidakada"):
        call_command("import_organisations", str(tmp_path / "x.csv"), district="tidakada")


def test_a_uptd_ppa_takes_over_from_a_p2tp2a(klaten):
    old = organisation(klaten, "P2TP2A Contoh", "p2tp2a", active_from=date(2010, 1, 1))
    new = organisation(klaten, "UPTD PPA Contoh")
    for _again in range(2):
        succeed(predecessor=old, successor=new, since=SINCE)
    old.refresh_from_db()
    new.refresh_from_db()
    assert (old.active_until, new.active_from) == (SINCE, SINCE)
    assert [s.successor for s in old.successions.all()] == [new]
    assert AuditEntry.objects.filter(verb="organisation.succeeded").count() == 1
    active = Organisation.objects.for_district(klaten).exclude(kind="dinas")
    assert list(active.active_on(date(2025, 4, 29))) == [old]
    assert list(active.active_on(SINCE)) == [new]


def test_a_succession_is_refused_between_districts_in_a_circle_and_out_of_time(klaten):
    first, second = organisation(klaten, "Satu"), organisation(klaten, "Dua")
    elsewhere = organisation(make_district("lebak"), "Lain")
    succeed(predecessor=first, successor=second, since=SINCE)
    for predecessor, successor, since in (
        (first, elsewhere, SINCE),
        (first, first, SINCE),
        (second, first, SINCE),
        (second, organisation(klaten, "Tiga"), date(2020, 1, 1)),
    ):
        with pytest.raises(SuccessionRefused) as refused:
            succeed(predecessor=predecessor, successor=successor, since=since)
        assert refused.value.message
    assert Succession.objects.count() == 1


def test_the_database_refuses_an_end_before_the_beginning(klaten):
    with pytest.raises(IntegrityError), transaction.atomic():
        organisation(klaten, "Salah", active_from=SINCE, active_until=date(2024, 1, 1))


def test_the_database_refuses_a_second_organisation_of_the_same_name_and_place(klaten):
    organisation(klaten, "Sama")
    with pytest.raises(IntegrityError), transaction.atomic():
        organisation(klaten, "Sama")


def test_the_database_refuses_an_npsn_twice(klaten):
    organisation(klaten, "SD A", "sekolah", npsn="20309872")
    with pytest.raises(IntegrityError), transaction.atomic():
        organisation(make_district("lebak"), "SD B", "sekolah", npsn="20309872")
