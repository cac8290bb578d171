from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import PageViewRestriction

from campaigns.models import CampaignPage, NewsPage
from safeguards import generation
from tests.factories.pages import make_campaign, make_news, make_story, make_topic, paragraph
from tests.factories.places import make_district
from website import serve

MOST_QUERIES = 6


def test_a_page_is_found_by_its_address(visit, klaten):
    page = make_campaign(klaten, title="Sekolah tanpa takut", slug="tanpa-takut")

    assert page.title in visit("klaten", "/kampanye/tanpa-takut/").content.decode()


def test_another_district_answers_as_if_the_page_did_not_exist(visit, klaten, lebak):
    make_campaign(klaten, slug="tanpa-takut")

    there = visit("lebak", "/kampanye/tanpa-takut/")
    nowhere = visit("lebak", "/kampanye/tidak-ada/")
    assert (there.status_code, there.content) == (404, nowhere.content)


def test_a_draft_is_not_found(visit, klaten):
    page = make_campaign(klaten, slug="tanpa-takut")
    page.unpublish()

    assert visit("klaten", "/kampanye/tanpa-takut/").status_code == 404


def test_a_page_past_its_last_day_is_gone_before_the_clock_has_unpublished_it(
    visit, klaten, django_capture_on_commit_callbacks
):
    page, minutes = make_news(klaten, title="Berita lama", slug="lama"), timedelta(minutes=5)
    assert visit("klaten", "/berita/lama/").status_code == 200
    assert "Berita lama" in visit("klaten", "/berita/").content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        NewsPage.objects.filter(pk=page.pk).update(expire_at=timezone.now() - minutes)
        generation.bump("its last day")

    assert visit("klaten", "/berita/lama/").status_code == 404
    assert "Berita lama" not in visit("klaten", "/berita/").content.decode()


def test_a_page_is_kept_until_its_last_moment(visit, klaten, monkeypatch):
    page, last = make_news(klaten, slug="lama"), timezone.now() + timedelta(minutes=5)
    NewsPage.objects.filter(pk=page.pk).update(expire_at=last)
    kept = []
    monkeypatch.setattr(
        serve, "mark_cacheable", lambda response, **how: kept.append(how["fresh_until"]) or response
    )

    assert visit("klaten", "/berita/lama/").status_code == 200
    assert kept == [last]


def test_a_restricted_page_asks_to_sign_in_and_is_kept_nowhere(visit, klaten):
    page = make_campaign(klaten, slug="rahasia", title="Judul rahasia")
    PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)

    response = visit("klaten", "/kampanye/rahasia/")

    assert response.status_code == 302
    assert "no-store" in response["Cache-Control"]
    assert "Judul rahasia" not in visit("klaten", "/kampanye/").content.decode()


def test_a_restriction_holds_for_what_stands_below(visit, klaten):
    campaign = make_campaign(klaten, slug="rahasia")
    make_story(campaign, slug="cerita", title="Cerita rahasia")
    PageViewRestriction.objects.create(page=campaign, restriction_type=PageViewRestriction.LOGIN)

    assert visit("klaten", "/kampanye/rahasia/cerita/").status_code == 302


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_a_page_is_only_read(klaten, method):
    response = getattr(Client(enforce_csrf_checks=False), method)(
        "/kampanye/", headers={"host": "klaten.localhost"}
    )

    assert response.status_code == 405


@pytest.mark.parametrize(
    "path",
    [
        "/kampanye/?page=1000000000",
        "/berita/?page=1000000000",
        "/berita/?page=0",
        "/berita/?page=-1",
        "/berita/?page=%C2%B2",
        "/" + "a/" * 600,
    ],
)
def test_an_address_that_leads_nowhere_is_not_found(visit, klaten, path):
    make_news(klaten)

    expected = 200 if path.startswith("/kampanye") else 404
    assert visit("klaten", path).status_code == expected


def campaign_with(district, parts: int) -> CampaignPage:
    """A campaign with so many stories, links and tags."""
    topics = [make_topic(district) for _number in range(parts)]
    links = " ".join(f'<a linktype="page" id="{topic.pk}">baca</a>' for topic in topics)
    campaign = make_campaign(
        district,
        body=[paragraph(f"<p>{links}</p>")] * parts + [{"type": "help", "value": {"issue": ""}}],
    )
    campaign.tags.add(*[f"tanda-{number}" for number in range(parts)])
    campaign.save()
    for _number in range(parts):
        make_story(campaign)
        make_news(district)
    return campaign


@pytest.mark.django_db
def test_the_number_of_queries_does_not_depend_on_the_content():
    districts = {1: make_district("klaten"), 3: make_district("lebak")}
    counted = {}
    for parts, district in districts.items():
        campaign = campaign_with(district, parts)
        for path in ("/", "/kampanye/", f"/kampanye/{campaign.slug}/", "/berita/", "/topik/"):
            for _time in ("first", "second"):
                # A new client has a page cache of its own, with nothing in it.
                with CaptureQueriesContext(connection) as captured:
                    response = Client().get(path, headers={"host": f"{district.slug}.localhost"})
            assert response.status_code == 200
            name = path if campaign.slug not in path else "campaign"
            counted.setdefault(name, []).append(len(captured))

    assert {name: numbers[0] for name, numbers in counted.items()} == {
        name: numbers[1] for name, numbers in counted.items()
    }
    assert max(max(numbers) for numbers in counted.values()) <= MOST_QUERIES
