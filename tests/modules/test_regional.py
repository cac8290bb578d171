"""Titles in languages of the regions: drafts that say so, beside Indonesian, and never more."""

import re
from pathlib import Path

import pytest
import yaml
from django.conf import settings
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from django.utils.translation import get_language_info, gettext

from districts.content_languages import REGIONAL
from districts.services.aliases import sync_aliases
from modules.loading.faults import Faulty
from modules.loading.folder import CONTENT, house_folders
from modules.loading.translated import read_with_translations
from modules.regional import Title, titles_of, words_in
from safeguards import generation
from tests.factories.modules import make_module
from tests.factories.places import make_district, make_user, national

SLUG = "berani-menolong"


def read(path: str, host: str) -> str:
    generation.forget()
    answer = Client().get(path, headers={"host": f"{host}.localhost"})
    assert answer.status_code == 200, path
    return answer.content.decode()


@pytest.fixture
def klaten(db):
    national()
    office = make_district("klaten")
    office.languages = ["id", "jv"]
    office.save()
    make_module(slug=SLUG, title="Berani Menolong")
    sync_aliases(office)
    return office


def test_django_knows_the_languages_by_their_own_names():
    assert {code: get_language_info(code)["name_local"] for code in REGIONAL} == {
        "jv": "Basa Jawa",
        "su": "Basa Sunda",
        "bjn": "Bahasa Banjar",
        "tet": "Tetun",
    }


@pytest.mark.parametrize("code", REGIONAL)
def test_the_interface_stays_indonesian_under_a_language_of_the_regions(code):
    with translation.override(code):
        assert gettext("Not yet reviewed by a specialist") == "Belum ditinjau ahli"


def test_each_language_has_a_word_of_its_own_for_a_lesson():
    assert {code: words_in(code).lesson for code in REGIONAL} == {
        "jv": "wulangan",
        "su": "palajaran",
        "bjn": "palajaran",
        "tet": "lisaun",
    }


def test_a_word_that_is_missing_is_not_said_in_the_languages_name():
    banjar, tetun = words_in("bjn"), words_in("tet")
    assert (banjar.title, banjar.minutes) == ("", "manit")
    assert (tetun.modules, tetun.told) == ("", ["lisaun", "minutu", "Titulu"])


def test_no_indonesian_word_stands_under_another_languages_name(klaten):
    klaten.languages = ["id", "jv", "tet"]
    klaten.save()

    shelf = read("/modul/", "klaten")
    client = Client()
    client.force_login(make_user("editor", national()))
    table = client.get("/admin/modul/bahasa/", headers={"host": "localhost"}).content.decode()

    assert re.findall(r'<span lang="tet">([^<]*)</span>', shelf) == ["Brani atu Tulun"]
    assert re.findall(r'<span lang="tet">([^<]*)</span>', table) == ["lisaun, minutu, Titulu"]


def test_each_title_on_the_shelf_says_that_it_is_a_draft(klaten):
    [told] = re.findall(r'<span lang="jv">Wani Nulungi</span>(.*?)</p>', read("/modul/", "klaten"))
    assert told == " (draf, belum ditinjau penutur)"


@pytest.mark.parametrize(
    ("is_reviewed", "told"), [(True, ""), (False, " (draft, not yet read by a speaker)")]
)
def test_a_title_is_a_draft_until_a_speaker_put_a_name_to_it(is_reviewed, told):
    title = Title("jv", "Wani Nulungi", is_reviewed)
    with translation.override("en"):
        card = render_to_string(
            "modules/partials/module_card.html", {"regional": [title], "item": {"minutes": 5}}
        )
    assert f'<span lang="jv">Wani Nulungi</span>{told}</p>' in card


def test_no_address_begins_with_a_language_of_the_regions(klaten):
    assert {code for code, _name in settings.LANGUAGES} & REGIONAL.keys() == set()
    assert Client().get("/jv/modul/", headers={"host": "klaten.localhost"}).status_code == 404


def test_all_titles_of_the_house_are_drafts_until_a_speaker_is_named():
    titles = [title for folder in house_folders() for title in titles_of(folder.name, REGIONAL)]

    assert {title.language for title in titles} == set(REGIONAL)
    assert [title for title in titles if title.is_reviewed] == []
    assert [code for code in REGIONAL if words_in(code).is_reviewed] == []


def test_nothing_but_titles_stands_in_these_languages():
    for folder in house_folders():
        told = yaml.safe_load((folder / "titles.yaml").read_text())
        assert {name for one in told.values() for name in one} == {"title", "reviewer"}
        assert {path.name for path in folder.iterdir() if path.is_dir()} <= {"en"}


def test_a_district_shows_the_titles_of_its_own_languages(klaten):
    with translation.override("en"):
        shelf, page = read("/modul/", "klaten"), read(f"/modul/{SLUG}/", "klaten")

    assert '<p class="l-meta"><span lang="jv">Wani Nulungi</span>' in shelf
    assert '<span lang="jv">Modul sinau</span>' in shelf
    assert '<span lang="jv">Wani Nulungi</span> · Basa Jawa' in page
    assert 'lang="su"' not in shelf + page


def test_other_offices_and_other_languages_show_none(klaten):
    assert 'lang="jv"' not in read("/en/modul/", "klaten")
    answer = Client().get(f"/modul/{SLUG}/", headers={"host": "localhost"})
    assert "Wani Nulungi" not in answer.content.decode()


def test_the_table_of_languages_says_which_titles_are_drafts(klaten):
    make_module(slug="tanpa-judul", title="Tanpa judul")
    client = Client()
    client.force_login(make_user("editor", national()))

    answer = client.get("/admin/modul/bahasa/", headers={"host": "localhost"})

    assert answer.context["languages"] == [
        "Bahasa Indonesia", "English", "Basa Jawa", "Basa Sunda", "Bahasa Banjar", "Tetun",
    ]  # fmt: skip
    rows = {
        told.slug: [title.title if title else None for title in regional]
        for told, _versions, regional in answer.context["rows"]
    }
    assert rows == {
        SLUG: ["Wani Nulungi", "Wani Nulungan", "Wani Manulungi", "Brani atu Tulun"],
        "tanpa-judul": [None, None, None, None],
    }
    assert 'lang="jv"' in answer.content.decode()


def test_titles_cost_no_query(klaten):
    counted = []
    for languages in (["id"], ["id", "jv", "su", "bjn"]):
        klaten.languages = languages
        klaten.save()
        read("/modul/", "klaten")
        generation.forget()
        with CaptureQueriesContext(connection) as captured:
            Client().get("/modul/", headers={"host": "klaten.localhost"})
        counted.append(len(captured))
    assert counted[0] == counted[1]


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("jv: {title: Wani}\nxx: {title: Wani}\n", 2, "“xx” is not known here"),
        ("jv: {title: ''}\n", 1, "Nothing stands here yet"),
        ("jv:\n  title: Wani\n  text: Isi\n", 3, "“text” is not known here"),
    ],
)
def test_a_faulty_title_is_told_with_its_line(tmp_path, text, line, said):
    folder = Path(tmp_path / SLUG)
    folder.mkdir()
    for path in (CONTENT / SLUG).glob("*.yaml"):
        (folder / path.name).write_text(path.read_text())
    (folder / "titles.yaml").write_text(text)

    with translation.override("en"):
        with pytest.raises(Faulty) as caught:
            read_with_translations(folder)
        [fault] = map(str, caught.value.faults)

    assert fault.startswith(f"{SLUG}/titles.yaml, line {line}: ")
    assert said in fault
