"""Puts the demo's texts into a district's page tree; what an editor has touched stays as it is."""

from typing import Any

from wagtail.models import Locale, Page

from campaigns.models import (
    CampaignIndexPage,
    CampaignPage,
    CardsPage,
    ChildHelpPage,
    CommitmentsPage,
    HelpPage,
    MaterialIndexPage,
    MaterialPage,
    NewsIndexPage,
    NewsPage,
    PlainPage,
    StoryPage,
    TopicIndexPage,
    TopicPage,
)
from districts.models import District
from events.models import CalendarPage
from modules.models import ModuleIndexPage
from website.demo.blocks import to_stream
from website.demo.texts import PageText, read_site
from website.home.models import HomePage

TYPES: dict[str, type[Page]] = {
    "home": HomePage,
    "campaign_index": CampaignIndexPage,
    "campaign": CampaignPage,
    "story": StoryPage,
    "news_index": NewsIndexPage,
    "news": NewsPage,
    "topic_index": TopicIndexPage,
    "topic": TopicPage,
    "help": HelpPage,
    "child_help": ChildHelpPage,
    "page": PlainPage,
    "material_index": MaterialIndexPage,
    "material": MaterialPage,
    "cards": CardsPage,
    "commitments": CommitmentsPage,
    "module_index": ModuleIndexPage,
    "calendar": CalendarPage,
}
IN_MENU = {
    "campaign_index",
    "topic_index",
    "news_index",
    "help",
    "material_index",
    "module_index",
    "calendar",
}


class TreeLoader:
    """Loads one district's texts. Bodies come in a second pass, when every link has its page."""

    def __init__(self, district: District, organisations: dict[str, str]):
        self.district = district
        self.organisations = organisations
        self.locales = {locale.language_code: locale for locale in Locale.objects.all()}
        root = district.site.root_page.specific
        self.pages: dict[tuple[str, str], Page] = {}
        for page in root.get_translations(inclusive=True).specific():
            code = page.locale.language_code
            self.pages[code, ""] = page
            for below in page.get_descendants().specific():
                path = below.url_path.removeprefix(page.url_path).strip("/")
                self.pages[code, path] = below

    def plant(self) -> list[PageText]:
        """Create the pages that are missing, still empty; return all texts."""
        texts = read_site(self.district.slug)
        for text in texts:
            self._ensure(text)
        return texts

    def load(self) -> int:
        """Create or fill every page; return how many were written."""
        return sum(self._fill(text) for text in self.plant())

    def _ensure(self, text: PageText) -> None:
        key = (text.language, text.slug_path)
        if key in self.pages:
            return
        parent_path, _sep, slug = text.slug_path.rpartition("/")
        parent = self.pages[text.language, parent_path]
        page = TYPES[text.meta["type"]](
            title=text.meta["title"],
            slug=slug,
            locale=self.locales[text.language],
            show_in_menus=text.meta["type"] in IN_MENU,
            live=False,
        )
        original = self.pages.get(("id", text.slug_path))
        if text.language != "id" and original is not None:
            page.translation_key = original.translation_key
        parent.add_child(instance=page)
        self.pages[key] = page

    def _fill(self, text: PageText) -> bool:
        page = self.pages[text.language, text.slug_path]
        if page.alias_of_id or page.latest_revision_id:
            return False
        meta = text.meta
        page.title = meta["title"]
        page.seo_title = meta.get("seo_title") or ""
        page.search_description = meta.get("summary") or ""
        page.illustration = meta.get("image") or ""
        if hasattr(page, "body"):
            page.body = to_stream(text.body, lambda address: self._page_id(address))
        for field, value in self._extras(meta).items():
            if hasattr(page, field):
                setattr(page, field, value)
        if meta.get("tags") and hasattr(page, "tags"):
            page.tags.set(meta["tags"])
        page.save_revision(log_action=False).publish(log_action=None)
        return True

    def _extras(self, meta: dict[str, Any]) -> dict[str, Any]:
        extras = {
            "slogan": meta.get("slogan") or "",
            "period_start": meta.get("period_start"),
            "period_end": meta.get("period_end"),
            "partners": "\n".join(
                self.organisations.get(code, code) for code in meta.get("partners") or []
            ),
            "ampk_codes": meta.get("ampk") or [],
            "issue_codes": meta.get("issues") or [],
            "regulation_codes": meta.get("regulations") or [],
            "is_advertorial": bool(meta.get("advertorial")),
            "kind": meta.get("kind") or "",
            "layout": meta.get("layout") or "",
            "paper_size": meta.get("paper") or "a4",
            "audience_codes": meta.get("audience") or [],
            "content_language": meta.get("content_language") or "",
            "licence": meta.get("licence") or "CC BY-SA 4.0",
        }
        if meta.get("date"):
            extras["date"] = meta["date"]
        return extras

    def _page_id(self, address: str) -> int | None:
        path = address.split("#")[0].strip("/")
        language = "id"
        if path == "en" or path.startswith("en/"):
            language, path = "en", path[3:]
        page = self.pages.get((language, path))
        return page.pk if page else None
