"""A small tree with a page of every type: what the browser tests walk through."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from wagtail.models import Locale

from campaigns.models import CampaignIndexPage, CampaignPage
from districts.models import District
from tests.factories.channels import OFFICE_HOURS, make_channel, make_emergency, make_placeholder
from tests.factories.events import make_event, make_terms
from tests.factories.pages import (
    make_campaign,
    make_material,
    make_news,
    make_story,
    make_topic,
)
from tests.factories.places import make_district, national
from website.gaya import BODY, CARDS

HELP = {"type": "help", "value": {"issue": ""}}
SUMMARY = "Dengarkan, percaya, lalu hubungkan dengan orang yang bisa menolong."


@dataclass(frozen=True)
class Neighbourhood:
    nation: District
    klaten: District
    # (host, path, status) of every kind of page a reader meets.
    addresses: tuple[tuple[str, str, int], ...]


def build() -> Neighbourhood:
    """The national office and Klaten, with words, channels and an English campaign."""
    nation = national()
    klaten = make_district("klaten")
    make_emergency(nation)
    make_channel(nation, label="Tulis pesan", kind="whatsapp", hours={"always": True})
    make_channel(klaten, hours=OFFICE_HOURS, note="Bawa siapa pun yang membuat Anda tenang.")
    make_placeholder(klaten)
    words = {"body": [*BODY, HELP], "search_description": SUMMARY, "illustration": "hands"}
    campaign = make_campaign(
        klaten,
        title="Stop Kekerasan terhadap Anak",
        slug="stop-kekerasan",
        slogan="Anak aman, Klaten tenteram",
        period_start=date(2025, 11, 25),
        **words,
    )
    make_story(campaign, title="Pintu yang terbuka", slug="pintu-terbuka", **words)
    make_news(klaten, title="Rapat lintas sektor", slug="rapat", date=date(2025, 11, 25), **words)
    make_news(
        klaten,
        title="Pesan berbayar",
        slug="berbayar",
        date=date(2025, 11, 26),
        is_advertorial=True,
        **words,
    )
    make_material(klaten, title="Pulang dengan tenang", slug="pulang", search_description=SUMMARY)
    make_material(
        klaten,
        title="Kartu perasaan",
        slug="kartu",
        kind="kartu",
        layout="cards",
        illustration="hands",
        content_language="jv",
        body=[*BODY[:2], CARDS],
    )
    make_topic(nation, title="Bercanda, atau merundung?", slug="perundungan", **words)
    _translate(campaign, klaten)
    make_terms()
    make_event(
        klaten,
        title="Mengasuh tanpa kekerasan",
        starts_at=datetime(2031, 3, 13, 2, 0, tzinfo=UTC),
        rrule="FREQ=MONTHLY;BYDAY=2TH;COUNT=6",
    )
    return Neighbourhood(nation, klaten, ADDRESSES)


def _translate(campaign: CampaignPage, district: District) -> None:
    english = Locale.objects.get(language_code="en")
    index = CampaignIndexPage.objects.get(
        locale=english,
        translation_key=CampaignIndexPage.objects.descendant_of(district.site.root_page)
        .get()
        .translation_key,
    )
    page = CampaignPage(
        title="Stop violence against children",
        slug=campaign.slug,
        locale=english,
        translation_key=campaign.translation_key,
        search_description="Listen, believe, and connect.",
    )
    index.add_child(instance=page)
    page.save_revision().publish()


ADDRESSES = (
    ("", "/", 200),
    ("", "/topik/", 200),
    ("", "/topik/perundungan/", 200),
    ("klaten", "/", 200),
    ("klaten", "/kampanye/", 200),
    ("klaten", "/kampanye/stop-kekerasan/", 200),
    ("klaten", "/kampanye/stop-kekerasan/pintu-terbuka/", 200),
    ("klaten", "/berita/", 200),
    ("klaten", "/berita/rapat/", 200),
    ("klaten", "/berita/berbayar/", 200),
    ("klaten", "/topik/", 200),
    ("klaten", "/materi/", 200),
    ("klaten", "/materi/?jenis=kartu&bahasa=jv", 200),
    ("klaten", "/materi/?jenis=lukisan", 404),
    ("klaten", "/materi/kartu/", 200),
    ("klaten", "/kalender/", 200),
    ("klaten", "/kalender/2031/03/", 200),
    ("klaten", "/kalender/2031/03/13/", 200),
    ("klaten", "/kalender/mengasuh-tanpa-kekerasan/", 200),
    ("klaten", "/kalender/mengasuh-tanpa-kekerasan/2031-03-13/", 200),
    ("klaten", "/en/kalender/", 200),
    ("klaten", "/privasi/", 200),
    ("klaten", "/bantuan/", 200),
    ("klaten", "/bantuan/?kec=33.10.05", 200),
    ("klaten", "/bantuan/?kec=99.99.99", 404),
    ("klaten", "/bantuan/aku/", 200),
    ("klaten", "/en/", 200),
    ("klaten", "/en/kampanye/stop-kekerasan/", 200),
    ("klaten", "/en/bantuan/", 200),
    ("klaten", "/tidak-ada/", 404),
    ("klaten", "/masuk/", 200),
)
