"""What a device told stands in words before the office decides; whatever its body holds."""

from uuid import uuid4

import pytest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from events.told_facts import lines_of, people_in
from safeguards.models import Fact
from tests.factories.attendance import make_age_groups, make_date, mark, person
from tests.factories.places import make_district
from tests.factories.planning import client_of, text_of

ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)
NAMES = ("person", "status", "cells", "label", "came", "people", "minutes", "follow_ups", "cost")
KINDS = ("hadir", "hadir-ubah", "hitung", "hadir-lembaga", "laporan", "laporan-kirim", "lain")


@pytest.fixture
def words(db):
    make_age_groups()
    return lambda kind, **body: dict(lines_of(kind, body, {}))


def test_a_person_is_told_with_what_the_list_would_hold(words):
    who = {"key": str(uuid4()), "name": "Siti", "sex": "P", "age_group": "25-59"}
    told = words("hadir", person=who | {"position": "Ketua"}, status="izin")
    assert [told[name] for name in ("Nama", "Status", "Jabatan")] == ["Siti", "Izin", "Ketua"]


def test_a_count_and_an_organisation_are_told_with_their_numbers(words):
    cell = {"sex": "P", "age_group": "6-12", "number": 14}
    told = words("hitung", cells=[cell, cell | {"with_disability": True, "number": 2}])
    assert sorted(told.values()) == ["14", "2"]
    told = words("hadir-lembaga", label="Polres", came=False, represented_by="Kanit PPA", people=3)
    assert list(told.values()) == ["Polres", "tidak hadir", "Kanit PPA", "3"]


def test_a_report_is_told_as_it_was_written(words):
    told = words(
        "laporan",
        results="Sepakat.\nDua hal.",
        minutes="Dibuka pukul 9.",
        follow_ups=[{"what": "Rapat lagi", "owner": "Camat", "due": "2026-12-01"}],
        cost=250_000,
    )
    expected = {"Sepakat.\nDua hal.", "Dibuka pukul 9.", "Rapat lagi, Camat, 2026-12-01", "250000"}
    assert expected <= set(told.values())


@pytest.mark.django_db
@given(st.sampled_from(KINDS), st.dictionaries(st.sampled_from(NAMES), ANY))
@settings(deadline=None)
def test_whatever_was_sent_is_read_or_left_out(kind, body):
    for label, text in lines_of(kind, body, {}):
        assert str(label)
        assert isinstance(text, str)


@pytest.mark.django_db
def test_the_office_reads_it_before_it_decides(klaten):
    row = make_date(klaten)
    who = person("Siti Aminah")
    mark(row, who, now=row.start)
    office = client_of("moderator", klaten)
    bodies = {
        "hadir-ubah": {"person": {"key": str(who.key)}, "status": "izin"},
        "laporan": {"results": "Disepakati <b>dua</b> hal"},
    }
    for kind, body in bodies.items():
        Fact.objects.create(
            site=klaten.site,
            kind=kind,
            key=uuid4(),
            state=Fact.State.QUARANTINED,
            reason="Jam perangkat",
            body={"body": body | {"occurrence": str(row.key)}},
            server_time=timezone.now(),
        )
    page = text_of(office.get("/ruang/karantina/"))
    for part in ("Siti Aminah", "Disepakati &lt;b&gt;dua&lt;/b&gt; hal"):
        assert part in page


@pytest.mark.django_db
def test_a_name_of_another_office_is_not_looked_up(klaten):
    row = make_date(make_district("lebak"))
    who = person("Orang Lebak")
    mark(row, who, now=row.start)
    assert people_in({1: {"person": {"key": str(who.key)}}}, klaten) == {}
