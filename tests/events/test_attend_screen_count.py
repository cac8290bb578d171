"""`…/hadir/`, `hitung/` and `lembaga/`: numbers that reconcile, and organisations that came."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from events.models import Headcount, OrganisationAttendance
from events.services.planning import Company
from safeguards.models import AuditEntry, Fact
from tests.factories.attendance import mark, person
from tests.factories.attending import held_now
from tests.factories.places import make_district, national
from tests.factories.planning import client_of, text_of

pytestmark = pytest.mark.django_db
# Lines of the grid follow the vocabulary: 25-59 is the fifth group, "not asked" the seventh.
ADULTS, UNASKED = 4, 6


@pytest.fixture
def klaten():
    national()
    return make_district("klaten")


@pytest.fixture
def kader(klaten):
    return client_of("kader", klaten)


@pytest.fixture
def row(klaten, kader):
    return held_now(klaten, proposer=kader.user)


def path(row, rest: str = "hitung/") -> str:
    return f"/ruang/kalender/{row.event_id}/{row.pk}/hadir/{rest}"


def count(client, row, **cells):
    form = {name.replace("_", "-"): str(value) for name, value in cells.items()}
    return client.post(path(row), {"key": str(uuid4())} | form)


def cells_of(row) -> dict:
    rows = Headcount.objects.filter(occurrence=row)
    return {(r.sex, r.age_group, r.with_disability): r.number for r in rows}


def test_a_headcount_is_typed_changed_and_adds_up(kader, row):
    answer = count(
        kader, row, **{f"semua-{ADULTS}-P": 12, f"semua-{ADULTS}-L": 5, "semua-1-L": 3},
        **{f"disabilitas-{ADULTS}-P": 2},
    )  # fmt: skip
    assert (answer.status_code, answer["Location"]) == (303, path(row))
    assert cells_of(row) == {
        ("P", "25-59", False): 10,
        ("P", "25-59", True): 2,
        ("L", "25-59", False): 5,
        ("L", "6-12", False): 3,
    }
    page = text_of(kader.get(path(row)))
    assert "<b data-total>20</b>" in page
    assert '<b data-sum="disabled">2</b>' in page
    # An emptied number means nobody; what is as before is not told again.
    count(kader, row, **{f"semua-{ADULTS}-P": 12, f"disabilitas-{ADULTS}-P": 2})
    assert cells_of(row)["L", "25-59", False] == 0
    assert cells_of(row)["P", "25-59", False] == 10
    assert AuditEntry.objects.get(verb="headcount.changed").details == {
        "L_25-59_0": [5, 0],
        "L_6-12_0": [3, 0],
    }
    facts = Fact.objects.count()
    count(kader, row, **{f"semua-{ADULTS}-P": 12, f"disabilitas-{ADULTS}-P": 2})
    assert Fact.objects.count() == facts


@pytest.mark.parametrize(
    "cells",
    [
        {"semua-4-P": "-1"},
        {"semua-4-P": "1,5"},
        {"semua-4-P": "٣"},
        {"semua-4-P": "10000"},
        {"semua-4-P": "3310014507900001"},
        {"semua-4-P": "dua"},
        {"semua-4-P": "2", "disabilitas-4-P": "3"},
    ],
)
def test_numbers_that_are_none_are_kept_in_the_form(kader, row, cells):
    answer = count(kader, row, **{"semua-1-L": "7"}, **cells)
    assert answer.status_code == 422
    assert 'value="7"' in text_of(answer)
    assert 'aria-invalid="true"' in text_of(answer)
    assert cells_of(row) == {}


def test_without_a_script_a_button_counts_one_more(kader, row):
    form = {"key": str(uuid4()), "semua-4-P": "3", "ubah": "semua-4-P:1"}
    page = kader.post(path(row), form)
    assert (page.status_code, cells_of(row)) == (200, {})
    assert 'name="semua-4-P" value="4"' in text_of(page)
    assert 'name="semua-4-P" value="3"' in text_of(kader.post(path(row), form | {"ubah": "x:1"}))
    lowest = kader.post(path(row), form | {"semua-4-P": "0", "ubah": "semua-4-P:-1"})
    assert 'name="semua-4-P" value="0"' in text_of(lowest)


def test_a_group_whose_age_nobody_asked_counts_too(kader, row):
    count(kader, row, **{f"semua-{UNASKED}-L": 30})
    assert cells_of(row) == {("L", "", False): 30}
    assert ">30<" in text_of(kader.get(path(row, "")))


def test_where_names_and_numbers_differ_the_overview_says_where(kader, row):
    for number in range(3):
        mark(row, person(f"Ibu {number}"), now=row.start)
    count(kader, row, **{f"semua-{ADULTS}-P": 2})
    for page in (path(row, ""), path(row)):
        told = text_of(kader.get(page))
        assert "25-59 tahun" in told
        assert "plan-notice" in told
    count(kader, row, **{f"semua-{ADULTS}-P": 5})
    assert "plan-notice" not in text_of(kader.get(path(row, "")))


def test_a_session_that_is_closed_or_cancelled_takes_no_number(klaten, kader):
    old = held_now(klaten, hours_ago=24 * 40, proposer=kader.user)
    answer = count(kader, old, **{"semua-4-P": 3})
    assert (answer.status_code, cells_of(old)) == (409, {})
    assert "data-save" not in text_of(kader.get(path(old)))


def rakor(klaten, kader, number: int = 14, title: str = "Rakor"):
    labels = [{"label": f"Dinas {n:02}"} for n in range(number)]
    return held_now(
        klaten, proposer=kader.user, kind="rakor", title=title, company=Company(invited=labels)
    )


def orgs(row, **changed) -> dict:
    """As the form is sent: every organisation with its number."""
    form = {"key": str(uuid4())}
    for number, label in enumerate(f"Dinas {n:02}" for n in range(row.event.invited.count())):
        form |= {f"label-{number}": label, f"came-{number}": "", f"role-{number}": ""}
    return form | {name.replace("_", "-"): value for name, value in changed.items()}


def test_a_rakor_with_fourteen_organisations_is_one_form(klaten, kader):
    row = rakor(klaten, kader)
    assert text_of(kader.get(path(row, "lembaga/"))).count("data-org") == 14
    form = orgs(row) | {f"came-{n}": "ya" for n in range(12)} | {"came-12": "tidak"}
    form |= {"role-3": "Kasi Perlindungan Anak", "people-3": "2", "role-12": "tak dipakai"}
    form |= {"label-baru": "Forum Anak", "role-baru": "Ketua"}
    answer = kader.post(path(row, "lembaga/"), form)
    assert (answer.status_code, answer["Location"]) == (303, path(row, "lembaga/"))
    told = {r.label: r for r in OrganisationAttendance.objects.filter(occurrence=row)}
    assert (len(told), sum(r.came is True for r in told.values())) == (14, 13)
    assert (told["Dinas 03"].represented_by, told["Dinas 03"].people) == (
        "Kasi Perlindungan Anak",
        2,
    )
    assert (told["Dinas 12"].came, told["Dinas 12"].represented_by) == (False, "")
    assert told["Forum Anak"].came is True
    # The same form again tells nothing new; another answer leaves a line.
    facts = Fact.objects.count()
    kader.post(path(row, "lembaga/"), form | {"label-baru": ""})
    assert Fact.objects.count() == facts
    kader.post(path(row, "lembaga/"), orgs(row, came_0="tidak") | {"key": str(uuid4())})
    assert AuditEntry.objects.filter(verb="organisation_attendance.changed").count() == 13


def test_what_is_wrong_in_one_organisation_keeps_no_other_from_being_saved(klaten, kader):
    row = rakor(klaten, kader, 3)
    form = orgs(row, came_0="ya", came_1="ya", came_2="ya")
    form |= {"role-1": "NIK 3310014507900001", "people-2": "900"}
    answer = kader.post(path(row, "lembaga/"), form)
    assert answer.status_code == 422
    assert text_of(answer).count("l-error") == 2
    assert [r.label for r in OrganisationAttendance.objects.filter(occurrence=row)] == ["Dinas 00"]


def test_labels_that_were_not_invited_are_not_made_by_hand(klaten, kader):
    row = rakor(klaten, kader, 1)
    form = orgs(row) | {"label-0": "Karangan", "came-0": "ya"}
    kader.post(path(row, "lembaga/"), form)
    assert not OrganisationAttendance.objects.exists()


@pytest.mark.parametrize("rest", ["", "hitung/", "lembaga/"])
def test_pages_ask_as_often_for_many_as_for_one(klaten, kader, rest):
    counts = []
    for number in (1, 3):
        row = rakor(klaten, kader, number, title=f"Rakor {number}")
        for one in range(number):
            mark(row, person(f"Orang {number} {one}"), now=row.start)
        came = {f"came-{n}": "ya" for n in range(number)}
        assert kader.post(path(row, "lembaga/"), orgs(row) | came).status_code == 303
        count(kader, row, **{f"semua-{n}-P": 2 for n in range(number)})
        kader.get(path(row, rest))
        with CaptureQueriesContext(connection) as queries:
            assert kader.get(path(row, rest)).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_member_who_only_reads_sees_numbers_and_no_form(klaten, row):
    mark(row, person("Siti Aminah"), now=row.start)
    monev = client_of("monev", klaten)
    hub = text_of(monev.get(path(row, "")))
    assert ("Siti Aminah" in hub, "hitung/" in hub) == (False, False)
    for rest in ("hitung/", "lembaga/", "pintu/", "layar/", "pindai/"):
        assert monev.get(path(row, rest)).status_code == 403
    assert client_of("moderator", make_district("lebak")).get(path(row, "")).status_code == 404
