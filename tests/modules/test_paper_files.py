"""Where papers of a module are found, for whom, and when they are made again."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from districts.models import Channel, Paper
from districts.services.aliases import sync_aliases
from modules.models import LessonPage, ModulePage
from tests.factories.channels import make_channel, make_emergency, make_placeholder
from tests.factories.module_papers import (
    PAPERS,
    PRACTICE,
    fetch,
    pages,
    pdf,
    whole_module,
    words,
)
from tests.factories.modules import make_lesson, make_module, sign, step
from tests.factories.places import make_district, national

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def klaten():
    make_emergency(national())
    office = make_district("klaten")
    make_channel(office, label="UPTD Klaten", display="(0272) 3210")
    return office


@pytest.fixture
def module(klaten):
    source = whole_module()
    sync_aliases(klaten)
    return source


@pytest.mark.parametrize("name", PAPERS)
def test_a_paper_is_shown_and_named_after_its_module(module, name):
    answer = fetch(name)

    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == f'inline; filename="modul-uji-{name}.pdf"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    alias = ModulePage.objects.get(alias_of=module)
    assert Paper.objects.get().key == f"modul/{alias.pk}/{name}"


def test_each_district_gets_its_own_numbers_and_addresses(module, klaten):
    lebak = make_district("lebak")
    make_channel(lebak, label="UPTD Lebak", display="(0252) 6540")
    make_placeholder(klaten, label="Menunggu")
    sync_aliases(lebak)

    found = {host: words(pdf("panduan", host=host)) for host in ("klaten", "lebak", "")}

    assert "(0272) 3210" in found["klaten"]
    assert "(0252) 6540" not in found["klaten"]
    assert "Menunggu" not in found["klaten"]
    assert "(0252) 6540" in found["lebak"]
    assert "(0272) 3210" not in found["lebak"]
    assert not re.search(r"02[57]2", found[""])
    assert all("110" in text for text in found.values())
    assert Paper.objects.count() == 3


def test_a_changed_number_or_version_is_on_the_next_paper(module, klaten):
    first = fetch("panduan")
    kept = fetch("panduan", **{"if-none-match": first["ETag"]})
    channel = Channel.objects.get(district=klaten)
    channel.display = "(0272) 9876"
    channel.save()
    changed = fetch("panduan", **{"if-none-match": first["ETag"]})
    module.version = "2.4"
    module.save_revision().publish()

    assert (kept.status_code, changed.status_code) == (304, 200)
    assert "(0272) 9876" in words(b"".join(changed.streaming_content))
    assert "2.4" in words(pdf("panduan"))
    assert Paper.objects.count() == 1


def test_a_module_without_cards_or_sheets_has_no_paper_for_them(klaten):
    make_lesson(make_module(klaten, slug="modul-uji", lessons=0, survey=[]), step("bicara"))

    found = {name: fetch(name).status_code for name in PAPERS}

    assert found == {"panduan": 200, "lembar-kerja": 404, "lembar-jawaban": 404, "kartu": 404}


def test_drafts_foreign_and_unknown_modules_are_not_found(klaten):
    make_district("lebak")
    for slug in ("konsep", "punya-klaten"):
        make_lesson(make_module(klaten, slug=slug, lessons=0), step(slug, *PRACTICE))
    ModulePage.objects.filter(slug="konsep").update(live=False)
    missing = [
        *(("konsep", "klaten"), ("punya-klaten", "lebak"), ("punya-klaten", "")),
        *(("tidak-ada", "klaten"), ("punya-klaten", "lain")),
    ]

    found = {fetch(name, slug, host).status_code for name in PAPERS for slug, host in missing}

    assert found == {404}
    assert Paper.objects.count() == 0
    assert fetch("kartu", "punya-klaten").status_code == 200


def test_a_module_whose_lessons_are_drafts_has_no_papers(module):
    LessonPage.objects.child_of(module).update(live=False)

    assert [fetch(name).status_code for name in PAPERS] == [404] * 4


@pytest.mark.parametrize("past", [1, 30])
def test_papers_are_given_for_thirty_days_past_the_last_day(klaten, past):
    module = whole_module(review_due=timezone.localdate() - timedelta(days=past))
    sync_aliases(klaten)

    assert not module.is_offered(timezone.localdate())
    assert "Langkah kerja" in words(pdf("panduan"))


def test_papers_are_gone_later_and_at_once_when_withdrawn(klaten):
    whole_module(review_due=timezone.localdate() - timedelta(days=31))
    withdrawn = whole_module(slug="ditarik")
    sync_aliases(klaten)
    fetch("panduan", "ditarik")
    # The alias does not know yet: its source is asked.
    ModulePage.objects.filter(pk=withdrawn.pk).update(withdrawn_at=timezone.now())

    for slug in ("modul-uji", "ditarik"):
        for name in PAPERS:
            answer = fetch(name, slug)
            assert (answer.status_code, answer["Cache-Control"]) == (410, "no-store")
            assert b"Langkah kerja" not in answer.content


def test_papers_are_read_only(module):
    for name in PAPERS:
        posted = Client().post(f"/modul/modul-uji/{name}.pdf", headers={"host": "klaten.localhost"})
        assert posted.status_code == 405


@pytest.mark.parametrize("name", PAPERS)
def test_queries_do_not_grow_with_the_lessons(module, klaten, name, django_assert_max_num_queries):
    pdf(name)
    with django_assert_max_num_queries(12) as before:
        fetch(name)
    for number in (3, 4):
        make_lesson(module, step(f"lagi {number}"), slug=f"lagi-{number}")
    pdf(name)
    with django_assert_max_num_queries(12) as after:
        fetch(name)

    assert len(after) == len(before)


def test_an_unreviewed_module_says_so_on_every_page(klaten):
    whole_module()
    sign(whole_module(slug="ditinjau"), by=("Ahli Uji", "UPTD", ""))
    sync_aliases(klaten)

    unreviewed, reviewed = pages(pdf("panduan")), words(pdf("panduan", "ditinjau"))

    assert all(re.search("Belum ditinjau ahli|Not yet reviewed", page) for page in unreviewed)
    assert "Ahli Uji, UPTD" in reviewed
    assert not re.search("Belum ditinjau ahli|Not yet reviewed", reviewed)
