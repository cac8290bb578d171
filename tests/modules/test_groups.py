"""Groups are counts of people, and nobody's name."""

import pytest
from django.core.exceptions import ValidationError

from districts.models import Organisation
from modules.models import Group, GroupCount
from modules.services.groups import (
    Cell,
    archive_group,
    cells_of,
    check_cells,
    copy_group,
    delete_group,
    save_group,
)
from tests.factories.modules import CELLS, NOW, make_group, make_module, make_run
from tests.factories.people import make_member
from tests.factories.places import make_district

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "cells",
    [
        [],
        [Cell("P", "13-17", False, 0)],
        [Cell("P", "13-17", False, -1), Cell("L", "13-17", False, 5)],
        [Cell("P", "13-17", False, 10_000)],
        [Cell("P", "13-17", False, 1_500), Cell("L", "13-17", False, 501)],
        [Cell("X", "13-17", False, 3)],
        [Cell("P", "13-17", False, 3), Cell("P", "13-17", False, 3)],
        [Cell("P", "tiga belas sampai lima belas", False, 3)],
    ],
)
def test_check_cells_refuses_what_is_no_group(cells):
    with pytest.raises(ValidationError) as refused:
        check_cells(cells)
    assert all(refused.value.messages)


def test_check_cells_takes_two_thousand_and_drops_the_empty_ones():
    largest = Cell("P", "", False, 2_000)
    assert check_cells([largest, Cell("L", "", False, 0)]) == [largest]


def test_save_group_keeps_the_counts_of_each_cell():
    klaten = make_district("klaten")
    group = make_group(klaten)
    assert sorted(map(repr, cells_of(group))) == sorted(map(repr, CELLS))
    save_group(
        district=klaten,
        facilitator=group.facilitator,
        group=group,
        values={"label": "8C"},
        cells=CELLS[:1],
    )
    group.refresh_from_db()
    assert (group.label, group.kind, cells_of(group)) == ("8C", "kelas", [CELLS[0]])
    assert Group.objects.count() == 1


def test_save_group_writes_nothing_of_what_it_refuses():
    klaten = make_district("klaten")
    guru = make_member("guru", klaten)
    school = Organisation.objects.create(
        district=make_district("lebak"), kind="sekolah", name="SMP Lebak"
    )
    for values, cells in (
        ({"label": "NIK 3310052511100001"}, CELLS),
        ({"label": ""}, CELLS),
        ({"label": "8B", "kind": "rahasia"}, CELLS),
        ({"label": "8B", "organisation": school}, CELLS),
        ({"label": "8B"}, []),
    ):
        with pytest.raises(ValidationError):
            make_group(klaten, guru, cells=cells, **values)
    assert (Group.objects.count(), GroupCount.objects.count()) == (0, 0)


def test_copy_group_leaves_last_years_as_it_was():
    group = make_group(make_district("klaten"))
    copy = copy_group(group=group, period="2027/2028", label="9B")
    assert (copy.label, copy.period, copy.copied_from) == ("9B", "2027/2028", group)
    assert cells_of(copy) == cells_of(group)
    group.refresh_from_db()
    assert (group.label, group.period) == ("8B", "2026/2027")


def test_a_run_keeps_the_counts_and_the_label_of_a_group_that_goes():
    make_module()
    klaten = make_district("klaten")
    group = make_group(klaten)
    run = make_run(klaten, group=group, facilitator=group.facilitator, cells=cells_of(group))
    archive_group(group=group, now=NOW)
    group.refresh_from_db()
    assert group.archived_at == NOW
    delete_group(group=group)
    run.refresh_from_db()
    assert (run.group, run.group_label) == (None, "8B")
    assert sorted(map(repr, cells_of(run))) == sorted(map(repr, CELLS))
