"""What search engines and messengers are told about a host: robots.txt and sitemap.xml."""

from collections import defaultdict
from io import StringIO

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.xmlutils import SimplerXMLGenerator
from django.views.decorators.http import require_safe
from wagtail.models import Page

from districts.addresses import language_prefix
from districts.models import District
from districts.pages import address_of, readable_by_all
from districts.sharing.find import roots_of
from events.calendar import findable_events
from modules.shelf import resting_below
from safeguards.cacheable import mark_cacheable

CLOSED = ("/admin/", "/s/")
CLOSED_IN_EVERY_LANGUAGE = ("/ruang/", "/cari/", "/gabung/")
# They fetch one link that somebody shared, short ones too; they are no search engines.
MESSENGERS = ("facebookexternalhit", "TelegramBot", "Twitterbot", "WhatsApp")
# A sitemap holds no more (sitemaps.org).
MOST_PAGES = 50_000
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
XHTML = "http://www.w3.org/1999/xhtml"


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    prefixes = sorted({language_prefix(code) for code, _name in settings.LANGUAGES})
    rooms = [prefix + path for path in CLOSED_IN_EVERY_LANGUAGE for prefix in prefixes]
    lines = [
        *(f"User-agent: {name}" for name in MESSENGERS),
        "Disallow: /admin/",
        "",
        "User-agent: *",
        *(f"Disallow: {path}" for path in (*CLOSED, *rooms)),
        "",
        f"Sitemap: {request.district.site.root_url}/sitemap.xml",
        "",
    ]
    response = HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
    return mark_cacheable(response)


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """The live pages of this host that anybody may read, in every language, and its sessions."""
    response = HttpResponse(content_type="application/xml; charset=utf-8")
    response.write(sitemap_of(request.district))
    return mark_cacheable(response)


def sitemap_of(district: District) -> str:
    home = district.site.root_url
    languages: dict[object, list[tuple[str, str]]] = defaultdict(list)
    now = timezone.now()
    resting = tuple(path for root in roots_of(district) for path in resting_below(root, now))
    rows = [row for row in _pages(district)[:MOST_PAGES] if not row[0].startswith(resting)]
    for url_path, language, key, _changed in rows:
        languages[key].append((language, home + address_of(url_path, language)))
    out = StringIO()
    xml = SimplerXMLGenerator(out, "utf-8", short_empty_elements=True)
    xml.startDocument()
    xml.startElement("urlset", {"xmlns": SITEMAP, "xmlns:xhtml": XHTML})
    for url_path, language, key, changed in rows:
        xml.startElement("url", {})
        xml.addQuickElement("loc", home + address_of(url_path, language))
        if changed:
            xml.addQuickElement("lastmod", changed.date().isoformat())
        if len(languages[key]) > 1:
            for code, url in languages[key]:
                link = {"rel": "alternate", "hreflang": code, "href": url}
                xml.addQuickElement("xhtml:link", attrs=link)
        xml.endElement("url")
    for slug, changed in findable_events(district, now)[: MOST_PAGES - len(rows)]:
        xml.startElement("url", {})
        xml.addQuickElement("loc", f"{home}/kalender/{slug}/")
        xml.addQuickElement("lastmod", changed.date().isoformat())
        xml.endElement("url")
    xml.endElement("urlset")
    xml.endDocument()
    return out.getvalue()


def _pages(district: District):
    """(url_path, language, translation key, last change) of every page, in tree order."""
    below = Page.objects.none()
    for root in roots_of(district):
        below |= Page.objects.filter(path__startswith=root)
    return (
        readable_by_all(below)
        .order_by("path")
        .values_list("url_path", "locale__language_code", "translation_key", "last_published_at")
    )
