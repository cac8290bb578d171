"""`…/hadir/`, `hitung/` and `lembaga/`: numbers that reconcile, and organisations that came."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape
from uuid import uuid4

import pytest
from django.contrib.messages import WARNING, get_messages
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


def opened(client, row, rest: str = "hitung/") -> dict:
    """What the form is opened with, as its hidden fields say it back."""
    page = text_of(client.get(path(row, rest)))
    return {
        name: unescape(was)
        for name, was in re.findall(r'name="(lama-[^"]+)" value="([^"]*)"', page)
    }


def faults_in(page: str) -> list[str]:
    return re.findall(r'class="l-error".*?<span>(.*?)</span>', page)


def as_opened(client, row) -> dict:
    """The form of a headcount that nobody touched."""
    hidden = opened(client, row)
    return hidden | {name.removeprefix("lama-"): was for name, was in hidden.items()}


def count(client, row, form=None, **cells):
    """What is not given is left empty or, of a `form` that was opened before, as it was."""
    typed = {name.replace("_", "-"): str(value) for name, value in cells.items()}
    form = opened(client, row) if form is None else form
    return client.post(path(row), form | {"key": str(uuid4())} | typed)


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


def test_two_who_count_at_once_do_not_overwrite_each_other(klaten, kader, row):
    office = client_of("moderator", klaten)
    form = as_opened(kader, row)
    assert count(office, row, **{f"semua-{ADULTS}-P": 20}).status_code == 303
    assert count(kader, row, form, **{f"semua-{ADULTS}-L": 15}).status_code == 303
    assert cells_of(row) == {("P", "25-59", False): 20, ("L", "25-59", False): 15}
    # Of the same box both numbers are shown, and nothing is saved before somebody looked.
    stale = {f"semua-{ADULTS}-P": 18, "semua-1-L": 3}
    answer = count(kader, row, form, **stale)
    page = text_of(answer)
    assert (answer.status_code, cells_of(row)["P", "25-59", False]) == (409, 20)
    assert f'name="semua-{ADULTS}-P" value="18"' in page
    [said] = faults_in(page)
    assert "20" in said
    assert f'name="semua-{ADULTS}-L" value="15"' in page
    assert ("L", "6-12", False) not in cells_of(row)
    hidden = dict(re.findall(r'name="(lama-[^"]+)" value="([^"]*)"', page))
    again = hidden | {name.removeprefix("lama-"): was for name, was in hidden.items()}
    assert count(kader, row, again, **stale).status_code == 303
    assert cells_of(row) == {
        ("P", "25-59", False): 18,
        ("L", "25-59", False): 15,
        ("L", "6-12", False): 3,
    }


def test_a_box_that_was_emptied_here_and_counted_there_is_asked_about(klaten, kader, row):
    count(kader, row, **{f"semua-{ADULTS}-P": 5})
    form = as_opened(kader, row)
    count(client_of("moderator", klaten), row, **{f"semua-{ADULTS}-P": 8})
    assert count(kader, row, form, **{f"semua-{ADULTS}-P": ""}).status_code == 409
    assert cells_of(row) == {("P", "25-59", False): 8}
    # Who wants what is saved already is asked nothing, and a form without its past nothing saves.
    assert count(kader, row, form, **{f"semua-{ADULTS}-P": 8}).status_code == 303
    assert count(kader, row, {}, **{f"semua-{ADULTS}-P": 9}).status_code == 409
    assert cells_of(row) == {("P", "25-59", False): 8}


def test_a_number_typed_here_holds_over_a_device_whose_clock_is_ahead(kader, row):
    count(kader, row, **{f"semua-{ADULTS}-P": 5})
    Headcount.objects.update(told_at=row.start + timedelta(hours=20))
    count(kader, row, **{f"semua-{ADULTS}-P": 6})
    assert cells_of(row) == {("P", "25-59", False): 6}
    last = datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)
    Headcount.objects.update(told_at=last)
    answer = count(kader, row, **{f"semua-{ADULTS}-P": 7})
    [said] = get_messages(answer.wsgi_request)
    assert (said.level, cells_of(row)) == (WARNING, {("P", "25-59", False): 6})


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
    changed = form | opened(kader, row, "lembaga/") | {"came-0": "tidak", "label-baru": ""}
    kader.post(path(row, "lembaga/"), changed | {"key": str(uuid4())})
    assert AuditEntry.objects.filter(verb="organisation_attendance.changed").count() == 1
    stood = OrganisationAttendance.objects.filter(occurrence=row, came=True)
    assert stood.count() == 12


def test_two_who_write_down_organisations_do_not_overwrite_each_other(klaten, kader):
    row = rakor(klaten, kader, 3)
    office = client_of("moderator", klaten)
    form = orgs(row) | opened(kader, row, "lembaga/")
    saved = form | {"came-0": "ya", "role-0": "Kasi", "came-1": "ya", "role-1": "Kabid"}
    assert office.post(path(row, "lembaga/"), saved | {"key": str(uuid4())}).status_code == 303
    stale = form | {"came-1": "tidak", "came-2": "ya"}
    answer = kader.post(path(row, "lembaga/"), stale)
    page = text_of(answer)
    [said] = faults_in(page)
    assert (answer.status_code, "Kabid" in said) == (409, True)
    assert 'id="came-1-tidak" name="came-1" value="tidak" checked' in page

    def told():
        rows = OrganisationAttendance.objects.filter(occurrence=row)
        return {r.label: (r.came, r.represented_by) for r in rows}

    assert told() == {
        "Dinas 00": (True, "Kasi"),
        "Dinas 01": (True, "Kabid"),
        "Dinas 02": (True, ""),
    }
    hidden = dict(re.findall(r'name="(lama-[^"]+)" value="([^"]*)"', page))
    again = saved | hidden | {"came-1": "tidak", "came-2": "ya", "key": str(uuid4())}
    assert kader.post(path(row, "lembaga/"), again).status_code == 303
    assert (told()["Dinas 00"], told()["Dinas 01"]) == ((True, "Kasi"), (False, ""))


def test_an_organisation_added_twice_at_once_keeps_the_first(klaten, kader):
    row = rakor(klaten, kader, 1)
    form = orgs(row) | opened(kader, row, "lembaga/") | {"label-baru": "Forum Anak"}
    first = form | {"role-baru": "Ketua", "key": str(uuid4())}
    assert kader.post(path(row, "lembaga/"), first).status_code == 303
    assert kader.post(path(row, "lembaga/"), first).status_code == 303
    answer = kader.post(path(row, "lembaga/"), form | {"role-baru": "Sekretaris"})
    assert answer.status_code == 409
    assert 'value="Sekretaris"' in text_of(answer)
    assert OrganisationAttendance.objects.get().represented_by == "Ketua"


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
