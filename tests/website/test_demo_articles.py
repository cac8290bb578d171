"""What the demo tells parents: deepened topics, and an article for each module of the house."""

import pytest

from modules.loading.folder import house_folders
from modules.loading.plainness import LONGEST, sentences, words
from website.demo.texts import PageText, read_site
from website.reference import read_reference

TEXTS = {(text.language, text.slug_path): text for text in read_site("nasional")}
TOPICS = (
    "perundungan", "kejahatan-seksual", "siber", "ekstremisme", "perkawinan-anak", "tppo", "abh",
    "situasi-darurat", "kdrt", "dampak-dan-pemulihan",
)  # fmt: skip
SECTIONS = {
    "id": ["Kenali", "Lakukan", "Jangan", "Hubungi"],
    "en": ["Recognise", "Do", "Don't", "Call"],
}
PREFIX = {"id": "", "en": "/en"}
ARTICLES = [key for key in TEXTS if key[1].startswith("materi/di-rumah-")]


def too_long(text: PageText) -> list[str]:
    said = sentences(text.meta["summary"]) + sentences(text.body)
    return [one for one in said if len(words(one)) > LONGEST["dewasa"]]


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("slug", TOPICS)
def test_a_topic_says_what_to_know_to_do_to_leave_and_whom_to_call(slug, language):
    text = TEXTS[language, f"topik/{slug}"]
    headings = [line[3:] for line in text.body.splitlines() if line.startswith("## ")]
    assert [heading.partition(":")[0] for heading in headings] == SECTIONS[language]
    assert 450 <= len(text.body.split()) <= 850
    assert f"({PREFIX[language]}/bantuan/)" in text.body.partition(headings[-1])[2]
    assert too_long(text) == []
    known = {law["code"] for law in read_reference("regulations")}
    assert set(text.meta["regulations"]) <= known


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_module_has_one_article_for_parents(language):
    bodies = [TEXTS[key].body for key in ARTICLES if key[0] == language]
    for folder in house_folders():
        link = f"({PREFIX[language]}/modul/{folder.name}/)"
        assert sum(link in body for body in bodies) == 1, folder.name


@pytest.mark.parametrize("key", ARTICLES, ids="-".join)
def test_an_article_is_short_plain_and_leads_to_help(key):
    text = TEXTS[key]
    assert text.meta["audience"] == ["orang-tua"]
    assert 250 <= len(text.body.split()) <= 420
    assert f"({PREFIX[key[0]]}/bantuan/)" in text.body
    assert too_long(text) == []
