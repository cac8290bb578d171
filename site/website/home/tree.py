"""The pages every office starts with, in Indonesian and, for the most needed ones, in English."""

from dataclasses import dataclass

from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from wagtail.models import Locale, Page

from campaigns.models import (
    CampaignIndexPage,
    CardsPage,
    ChildHelpPage,
    CommitmentsPage,
    HelpPage,
    MaterialIndexPage,
    NewsIndexPage,
    PlainPage,
    TopicIndexPage,
)
from districts.models import District
from districts.services.founding import content_languages, root_slug
from events.models import CalendarPage
from modules.models import ModuleIndexPage
from website.home.models import HomePage


@dataclass(frozen=True)
class Seed:
    """One page to make: its place below the root, type, titles and languages."""

    path: str
    model: type[Page]
    title: str
    summary: str = ""
    in_menus: bool = False
    everywhere: bool = False
    # Begins with the national office's words, so that no reader meets an empty page.
    starts_from_national: bool = False


def seeds() -> list[Seed]:
    """In tree order, worded in the active language. Titles are neutral: histories show them."""
    return [
        Seed("kampanye", CampaignIndexPage, _("Campaigns"), in_menus=True, everywhere=True),
        Seed(
            "topik",
            TopicIndexPage,
            _("Topics"),
            in_menus=True,
            everywhere=True,
            summary=_("What to notice, what to do, what to avoid and whom to call."),
        ),
        Seed(
            "modul",
            ModuleIndexPage,
            _("Modules to teach tomorrow"),
            in_menus=True,
            everywhere=True,
            summary=_("Everything for one session: what to say, what to ask, what to print."),
        ),
        Seed(
            "materi",
            MaterialIndexPage,
            _("Materials to print and share"),
            in_menus=True,
            everywhere=True,
            summary=_("Posters, leaflets and cards with the numbers of your district on them."),
        ),
        Seed(
            "kalender",
            CalendarPage,
            _("Calendar"),
            in_menus=True,
            everywhere=True,
            summary=_("Sessions and meetings in the district: where they are and how to come."),
        ),
        Seed("berita", NewsIndexPage, _("News"), in_menus=True),
        Seed(
            "bantuan",
            HelpPage,
            _("Information and contacts"),
            in_menus=True,
            everywhere=True,
            starts_from_national=True,
        ),
        Seed(
            "bantuan/aku",
            ChildHelpPage,
            pgettext("a child speaks", "I need help"),
            everywhere=True,
            starts_from_national=True,
        ),
        Seed(
            "bantuan/kartu",
            CardsPage,
            _("Cards and a poster to print"),
            everywhere=True,
            starts_from_national=True,
        ),
        Seed(
            "komitmen",
            CommitmentsPage,
            _("What the office promised"),
            everywhere=True,
            summary=_(
                "The measures of the action plan: who owes them, until when, how far they are."
            ),
        ),
        Seed("privasi", PlainPage, _("What we store about you"), starts_from_national=True),
    ]


def build_tree(district: District, root: Page) -> Page:
    """Make the office's pages below Wagtail's root; returns the home page in the default language.

    `district` is not saved yet: its site needs this page first.
    """
    homes: dict[str, Page] = {}
    keys: dict[str, object] = {}
    for code in content_languages():
        locale = Locale.objects.get(language_code=code)
        with translation.override(code):
            home = _add(
                Page.objects.get(pk=root.pk),
                HomePage(
                    title=_("Protecting children in %(place)s") % {"place": district.short_name}
                    if not district.is_national
                    else _("Protecting children together"),
                    slug=root_slug(district.slug, code),
                    locale=locale,
                ),
                keys,
                "",
            )
            homes[code] = home
            for seed in seeds():
                if seed.everywhere or code == content_languages()[0]:
                    _add_seed(seed, home, locale, keys)
    return homes[content_languages()[0]]


def _add_seed(seed: Seed, home: Page, locale: Locale, keys: dict[str, object]) -> None:
    parent_path, _slash, slug = seed.path.rpartition("/")
    parent = Page.objects.get(url_path=home.url_path + (f"{parent_path}/" if parent_path else ""))
    page = seed.model(
        title=seed.title,
        slug=slug,
        search_description=seed.summary,
        show_in_menus=seed.in_menus,
        locale=locale,
    )
    national = _national_counterpart(seed, locale) if seed.starts_from_national else None
    if national is not None:
        for name in ("title", "seo_title", "search_description", "illustration", "body"):
            setattr(page, name, getattr(national, name))
    _add(parent, page, keys, seed.path)


def _add(parent: Page, page: Page, keys: dict[str, object], path: str) -> Page:
    """Add a live page; the same path in two languages is one translation pair."""
    if path in keys:
        page.translation_key = keys[path]
    page.first_published_at = page.last_published_at = timezone.now()
    parent.add_child(instance=page)
    keys[path] = page.translation_key
    return page


def _national_counterpart(seed: Seed, locale: Locale) -> Page | None:
    office = (
        District.objects.filter(level=District.Level.NASIONAL)
        .select_related("site__root_page")
        .first()
    )
    if office is None:
        return None
    root = Page.objects.filter(
        translation_key=office.site.root_page.translation_key, locale=locale
    ).first()
    if root is None:
        return None
    return seed.model.objects.filter(url_path=f"{root.url_path}{seed.path}/", live=True).first()
