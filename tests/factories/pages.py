"""Pages with words in them, under an office's real tree."""

from itertools import count

from wagtail.models import Page

from campaigns.models import (
    CampaignIndexPage,
    CampaignPage,
    MaterialIndexPage,
    MaterialPage,
    NewsIndexPage,
    NewsPage,
    StoryPage,
    TopicIndexPage,
    TopicPage,
)
from districts.models import District
from tests.factories.replay import described, replayed

_numbers = count(1)


def paragraph(html: str) -> dict:
    return {"type": "paragraph", "value": html}


def below(district: District, model: type[Page]) -> Page:
    """The district's own page of this type, in Indonesian."""
    return model.objects.descendant_of(district.site.root_page).get()


def _add(parent: Page, model: type[Page], **fields) -> Page:
    def publish() -> int:
        number = next(_numbers)
        words = {"title": f"Judul {number}", "slug": f"halaman-{number}"} | fields
        page = model(locale=parent.locale, **words)
        parent.add_child(instance=page)
        page.save_revision().publish()
        return page.pk

    key = described(model._meta.label, parent.pk, fields)
    if key is None:
        return model.objects.get(pk=publish())
    added = model.objects.get(pk=replayed(key, publish))
    # As `add_child` does, for whoever adds another page below the same object.
    parent.refresh_from_db(fields=["numchild"])
    return added


def make_campaign(district: District, **fields) -> CampaignPage:
    return _add(below(district, CampaignIndexPage), CampaignPage, **fields)


def make_story(campaign: CampaignPage, **fields) -> StoryPage:
    return _add(campaign, StoryPage, **fields)


def make_news(district: District, **fields) -> NewsPage:
    return _add(below(district, NewsIndexPage), NewsPage, **fields)


def make_topic(district: District, **fields) -> TopicPage:
    return _add(below(district, TopicIndexPage), TopicPage, **fields)


def make_material(district: District, **fields) -> MaterialPage:
    """A poster that we set, unless told otherwise; slides are a presentation."""
    kind = "paparan" if fields.get("layout") == "slides" else "poster"
    usual = {"kind": kind, "layout": "poster", "body": [paragraph("<p>Isi lembar.</p>")]}
    return _add(below(district, MaterialIndexPage), MaterialPage, **usual | fields)
