"""SQLite and PostgreSQL give the same results in the same order."""

import pytest
from django.utils import timezone
from wagtail.models import PageViewRestriction

from tests.factories.channels import make_channel
from tests.factories.pages import make_campaign, make_news, make_story, make_topic, paragraph
from tests.factories.places import make_district
from website.hosts import district_by_host
from website.search import indexing
from website.search.finding import Search
from website.search.sources import Reader

CORPUS = (
    ("topic", "Bercanda, atau merundung?", "Perundungan melukai. Laporkan kepada guru."),
    ("topic", "Kekerasan di rumah", "Anak yang dipukul boleh melapor. Kekerasan bukan didikan."),
    ("topic", "Perkawinan anak", "Menikah terlalu muda mengakhiri sekolah."),
    ("news", "Rapat pencegahan kekerasan", "Dinas mencegah kekerasan bersama sekolah."),
    ("news", "Laporan tahunan", "Laporan, pelaporan, dan cara melaporkan."),
    ("news", "Élan vital di Ápril", "Kata asing: naïve, café, Straße."),
    ("news", "Pekan olahraga", "Layangan dan kelereng di lapangan."),
    ("campaign", "Sekolah tanpa takut", "Tidak ada perundungan di sekolah kami."),
    ("story", "Ketua kelas yang mendengar", "Ia mendengarkan teman yang dirundung."),
)
# What is asked → (what was searched instead, titles in their order).
EXPECTED = {
    "perundngan": (
        "perundungan",
        ["Bercanda, atau merundung?", "Sekolah tanpa takut", "Ketua kelas yang mendengar"],
    ),
    "merundung": (
        "",
        ["Bercanda, atau merundung?", "Sekolah tanpa takut", "Ketua kelas yang mendengar"],
    ),
    "melaporkan": (
        "",
        ["Saluran laporan", "Bercanda, atau merundung?", "Kekerasan di rumah", "Laporan tahunan"],
    ),
    "kekerasan sekolah": ("", ["Rapat pencegahan kekerasan"]),
    "KERAS": ("", ["Kekerasan di rumah", "Rapat pencegahan kekerasan"]),
    "cafe strasse": ("", ["Élan vital di Ápril"]),
    "elan": ("", ["Élan vital di Ápril"]),
    "layngan keleremg": ("layangan kelereng", ["Pekan olahraga"]),
    "nikah": ("", ["Perkawinan anak"]),
    "saluan": ("saluran", ["Saluran laporan"]),
    "zzyzx": ("", []),
    "rahasia": ("", []),
    "rahsia": ("", []),
}


def results() -> dict[str, tuple[str, list[str]]]:
    """Every question of `EXPECTED`, asked on a host with the corpus."""
    district = make_district("klaten")
    makers = {"topic": make_topic, "news": make_news, "campaign": make_campaign}
    campaign = None
    for number, (kind, title, text) in enumerate(CORPUS):
        fields = {"title": title, "slug": f"h{number}", "body": [paragraph(f"<p>{text}</p>")]}
        page = (
            make_story(campaign, **fields) if kind == "story" else makers[kind](district, **fields)
        )
        campaign = page if kind == "campaign" else campaign
    hidden = make_news(district, title="Rahasia", slug="rahasia")
    PageViewRestriction.objects.create(page=hidden, restriction_type="login")
    make_channel(district, label="Saluran laporan")
    indexing.bring_up_to_date()
    root = district.site.root_page.path
    reader = Reader(district_by_host("klaten.localhost", "id"), root, "id", timezone.now())
    found = {}
    for query in EXPECTED:
        answer = Search(reader, query).answer()
        titles = [
            "".join(part.text for part in hit.title) if hasattr(hit, "title") else hit.label
            for group in answer.groups
            for hit in group.hits
        ]
        found[query] = (answer.corrected, titles)
    return found


@pytest.mark.django_db
def test_the_results_are_these():
    assert results() == EXPECTED


@pytest.mark.postgres
@pytest.mark.django_db
def test_the_results_are_these_on_postgresql():
    assert results() == EXPECTED
