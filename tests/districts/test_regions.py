from datetime import date

import pytest

from districts.models import Region
from districts.services.regions import (
    RegionsRefused,
    five_districts,
    import_regions,
    load_five_districts,
)
from districts.tables import TableRow

pytestmark = pytest.mark.django_db

SMALL = [
    ("33", "JAWA TENGAH"),
    ("33.10", "KAB. KLATEN"),
    ("33.10.01", "Prambanan"),
    ("33.10.01.2001", "Sengon"),
    ("33.10.02", "Gantiwarno"),
]


def rows(*pairs: tuple[str, str]) -> list[TableRow]:
    return [
        TableRow(number, {"kode": code, "nama": name})
        for number, (code, name) in enumerate(pairs, start=2)
    ]


def stored() -> list[tuple[str, str]]:
    return list(Region.objects.values_list("code", "name"))


def test_the_five_districts_have_the_counts_of_the_ministry():
    done = load_five_districts()
    assert (done.created, done.faults) == (1271, [])
    expected = {
        "33.10": (26, 391, 10),
        "36.02": (28, 340, 5),
        "64.09": (4, 30, 24),
        "53.04": (12, 69, 12),
        "63.03": (20, 277, 13),
    }
    for code, (kecamatan, desa, kelurahan) in expected.items():
        assert Region.objects.kecamatan_of(code).count() == kecamatan
        villages = list(Region.objects.filter(level="desa", code__startswith=f"{code}."))
        found = [village.is_kelurahan for village in villages]
        assert (found.count(False), found.count(True)) == (desa, kelurahan)


def test_a_second_import_changes_nothing():
    load_five_districts()
    done = load_five_districts()
    assert (done.changes, done.unchanged) == (0, 1271)


def test_the_level_and_parent_come_from_the_code():
    import_regions(rows(*SMALL))
    village = Region.objects.get(pk="33.10.01.2001")
    assert (village.level, village.parent_id) == ("desa", "33.10.01")
    assert Region.objects.get(pk="33").parent_id is None


def test_rows_may_come_in_any_order():
    import_regions(rows(*reversed(SMALL)))
    assert len(stored()) == 5


def test_a_changed_name_is_changed_once():
    import_regions(rows(*SMALL))
    renamed = [(code, "Prambanan Baru" if code == "33.10.01" else name) for code, name in SMALL]
    assert import_regions(rows(*renamed)).changed == 1
    assert import_regions(rows(*renamed)).changes == 0
    assert Region.objects.get(pk="33.10.01").name == "Prambanan Baru"


@pytest.mark.parametrize(
    ("code", "name", "column"),
    [
        ("", "Tanpa kode", "kode"),
        ("3310", "Tanpa titik", "kode"),
        ("33.10.1", "Terlalu pendek", "kode"),
        ("33.10.01.200", "Terlalu pendek", "kode"),
        ("٣٣", "Angka lain", "kode"),
        ("33.10.03\n", "Baris baru", "kode"),
        ("33.10.01", "Dua kali", "kode"),
        ("34.01", "Tanpa induk", "kode"),
        ("33.11.01", "Tanpa induk", "kode"),
        ("33.10.03", "", "nama"),
        ("33.10.03", "x" * 121, "nama"),
        ("33.10.03", "Kosong\x00", "nama"),
    ],
)
def test_a_fault_is_named_by_row_and_column_and_nothing_is_written(code, name, column):
    with pytest.raises(RegionsRefused) as refused:
        import_regions(rows(*SMALL, (code, name)))
    [fault] = refused.value.faults
    assert (fault.row, fault.column, bool(fault.message)) == (7, column, True)
    assert stored() == []


def test_every_fault_is_named_not_only_the_first():
    with pytest.raises(RegionsRefused) as refused:
        import_regions(rows(("x", ""), *SMALL, ("33.10", "Lagi"), ("99.99", "Tanpa induk")))
    assert [(f.row, f.column) for f in refused.value.faults] == [
        (2, "kode"),
        (2, "nama"),
        (8, "kode"),
        (9, "kode"),
    ]


def test_the_good_rows_can_be_written_without_the_faulty_and_their_children():
    faulty = [*SMALL[:2], ("33.10.01", ""), SMALL[3], SMALL[4]]
    done = import_regions(rows(*faulty), skip_faulty=True)
    assert [(f.row, f.column) for f in done.faults] == [(4, "nama"), (5, "kode")]
    assert [code for code, _name in stored()] == ["33", "33.10", "33.10.02"]


def test_a_parent_may_be_stored_already():
    import_regions(rows(*SMALL[:2]))
    assert import_regions(rows(("33.10.05", "Cawas"))).created == 1


def test_a_dry_run_tells_and_writes_nothing():
    assert import_regions(rows(*SMALL), dry_run=True).created == 5
    assert stored() == []


def test_a_vanished_region_stays_valid_unless_told():
    import_regions(rows(*SMALL))
    import_regions(rows(*SMALL[:2], SMALL[4]))
    assert Region.objects.filter(valid_until__isnull=False).count() == 0


def test_retiring_ends_a_vanished_region_and_what_lies_in_it():
    import_regions(rows(*SMALL))
    done = import_regions(rows(*SMALL[:2], SMALL[4]), retire=True, today=date(2026, 1, 2))
    assert done.retired == 2
    ended = Region.objects.filter(valid_until=date(2026, 1, 2))
    assert list(ended.values_list("code", flat=True)) == ["33.10.01", "33.10.01.2001"]
    assert [r.code for r in Region.objects.kecamatan_of("33.10")] == ["33.10.02"]


def test_retiring_leaves_alone_what_the_list_is_not_about():
    load_five_districts()
    lebak = [row for row in five_districts().rows if row.cells["kode"].startswith("36")]
    assert import_regions(lebak, retire=True).changes == 0


def test_a_region_that_comes_back_is_valid_again():
    import_regions(rows(*SMALL))
    import_regions(rows(*SMALL[:2], SMALL[4]), retire=True)
    done = import_regions(rows(*SMALL), retire=True)
    assert (done.changed, done.retired) == (2, 0)
    assert Region.objects.filter(valid_until__isnull=False).count() == 0


def test_progress_reaches_the_number_of_rows():
    told = []
    import_regions(rows(*SMALL), progress=told.append)
    import_regions(rows(*SMALL), progress=told.append)
    assert sum(told) == 10
