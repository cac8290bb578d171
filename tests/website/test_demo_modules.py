"""The demo's modules and class runs, made through the services that real ones go through."""

from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import transaction
from wagtail.models import Page

from districts.hours import local_date
from districts.models import District
from districts.services.aliases import sync_aliases
from modules.models import (
    ClassRun,
    Edition,
    Group,
    ModulePage,
    Participant,
    Submission,
    SurveyAnswer,
    Tally,
)
from modules.results import results_of
from safeguards import generation
from tests.factories.modules import NOW
from tests.factories.people import make_member
from tests.factories.places import make_district, national
from website.demo.answers import pair_codes, seeded
from website.demo.days import day_of
from website.demo.events import entries
from website.demo.loader import content_fingerprint
from website.demo.modules import begins_at, load_class_runs, load_house_modules
from website.demo.texts import read_data, read_site
from website.reference import load_reference

pytestmark = pytest.mark.django_db
TABLES = (Page, Edition, Group, ClassRun, Participant, Submission, SurveyAnswer, Tally)


def rows() -> list[int]:
    return [model.objects.count() for model in TABLES]


class _Undo(Exception):
    pass


@pytest.fixture(scope="module")
def offices(django_db_setup, django_db_blocker) -> Iterator[dict[str, District]]:
    """The national tree with the modules, loaded once, and the facilitators of the demo's runs."""
    with django_db_blocker.unblock(), suppress(_Undo):
        around = transaction.atomic()
        # As Django marks its own: what must be durable may happen inside.
        around._from_testcase = True
        with around:
            yield _found_offices()
            raise _Undo
    generation.forget()


def _found_offices() -> dict[str, District]:
    national()
    load_reference()
    found = {}
    for email in {entry["facilitator"] for entry in read_data("class_runs")["groups"]}:
        role, slug = email.split("@")[0].split(".")
        found[slug] = make_district(slug)
        make_member(role, found[slug], email=email)
    load_house_modules()
    return found


def test_the_demo_lets_every_module_out_everywhere_and_nobody_has_reviewed_it(offices):
    sync_aliases(offices["lebak"])
    modules = ModulePage.objects.filter(alias_of=None)
    homes = offices["lebak"].site.root_page.get_translations(inclusive=True)
    shown = [page for home in homes for page in ModulePage.objects.descendant_of(home)]
    assert {(page.live, page.reviewer, page.reviewed_on) for page in modules} == {(True, "", None)}
    assert sorted(page.alias_of_id for page in shown) == sorted(page.pk for page in modules)
    assert Counter(page.locale.language_code for page in shown) == {"id": 10, "en": 10}
    assert {page.live for page in shown} == {True}


def test_the_demo_has_a_run_in_every_mode_with_results(offices):
    load_class_runs(now=NOW)
    runs = ClassRun.objects.order_by("district__slug", "group__label", "pk")
    assert list(runs.values_list("district__slug", "group__label", "mode", "state")) == [
        ("klaten", "7A", "satu", "tutup"),
        ("klaten", "8B", "ponsel", "tutup"),
        ("klaten", "8B", "ponsel", "rencana"),
        ("lebak", "PKK Dasawisma Melati", "kertas", "tutup"),
    ]
    hands, phones, planned, paper = runs
    assert (planned.planned_for - NOW.date()).days == 1
    results = results_of(phones)
    assert (phones.participants.count(), results.paired) == (34, True)
    assert [change.points > 0 for change in results.changes] == [True] * 6
    assert set(hands.tallies.values_list("source", flat=True)) == {"tangan"}
    assert set(paper.tallies.values_list("source", flat=True)) == {"kertas"}


@pytest.mark.parametrize("later", range(7))
def test_a_run_is_on_the_day_of_its_lesson_in_the_calendar(later):
    now, told = NOW + timedelta(days=later), read_data("events")
    klaten, found = District(timezone="Asia/Jakarta"), []
    lessons = {entry["id"]: entry["when"] for entry in entries(told["sets"])}
    for entry in read_data("class_runs")["runs"]:
        day = local_date(begins_at(entry, klaten, now), klaten.timezone)
        assert day.weekday() != 6
        when = lessons.get(entry["id"].replace("klaten-", "klaten-kelas-"))
        if when is not None:
            today = local_date(now, klaten.timezone)
            assert day == day_of(when, today=today, holidays=told["holidays"])
            found.append(entry["id"])
    assert len(found) == 3


def test_loading_the_demo_again_changes_nothing(offices):
    load_class_runs(now=NOW)
    before = rows()
    load_house_modules()
    assert load_class_runs(now=NOW + timedelta(days=2)) == 0
    assert rows() == before


def test_a_run_that_somebody_deleted_stays_deleted(offices):
    load_class_runs(now=NOW)
    ClassRun.objects.get(mode="kertas").delete()
    Group.objects.get(label="8B").delete()
    assert load_class_runs(now=NOW) == 0
    assert ClassRun.objects.count() == 3


def test_pair_codes_are_all_different_and_two_pick_none():
    codes = pair_codes(seeded("contoh"), 34)
    assert codes == pair_codes(seeded("contoh"), 34)
    assert (len(codes), codes.count(""), len(set(codes))) == (34, 2, 33)


def test_every_office_has_a_shelf_in_both_languages():
    for entry in read_data("districts")["districts"]:
        shelves = [text for text in read_site(entry["slug"]) if text.slug_path == "modul"]
        assert [text.language for text in shelves] == ["id", "en"]
        assert {text.meta["type"] for text in shelves} == {"module_index"}


def test_a_changed_module_makes_the_demo_load_again(tmp_path, monkeypatch):
    folder = tmp_path / "modul"
    folder.mkdir()
    (folder / "modul.yaml").write_text("title: Satu")
    monkeypatch.setattr("website.demo.loader.MODULES", tmp_path)
    before = content_fingerprint()
    (folder / "modul.yaml").write_text("title: Dua")
    assert content_fingerprint() != before
