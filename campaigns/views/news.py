from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.views.decorators.http import conditional_page, require_safe

from campaigns.models import NewsIndexPage
from districts.pages import page_address, readable_by_all
from districts.scoping import district_for_request
from safeguards.cacheable import mark_cacheable

NEWEST = 20


class _Feed(Atom1Feed):
    """Says when it changed even while it is empty, so that asking again gives the same bytes."""

    def latest_post_date(self) -> datetime:
        return max([item["updateddate"] for item in self.items], default=self.feed["since"])


@require_safe
@conditional_page
def news_feed(request: HttpRequest) -> HttpResponse:
    """The newest news that anybody may read, as Atom (RFC 4287), with full addresses.

    Ids come from the pages' translation keys: they outlive a change of host, port or slug.
    """
    district = district_for_request(request)
    if district is None:
        raise Http404
    root = getattr(district, "root_url_path", district.site.root_page.url_path)
    index = (
        readable_by_all(
            NewsIndexPage.objects.filter(url_path=f"{root}{NewsIndexPage.locked_slug}/")
        )
        .select_related("locale")
        .first()
    )
    if index is None:
        raise Http404
    home = district.site.root_url
    feed = _Feed(
        title=f"{index.title} – {district.short_name}",
        link=home + page_address(index),
        description=index.search_description or None,
        language=index.locale.language_code,
        author_name=district.office_name,
        feed_url=f"{home}{page_address(index)}feed.atom",
        feed_guid=index.translation_key.urn,
        since=index.last_published_at or index.first_published_at,
    )
    zone = ZoneInfo(district.timezone)
    for page in index.news()[:NEWEST]:
        feed.add_item(
            title=page.shared_title,
            link=home + page_address(page),
            description=escape(page.search_description) or None,
            unique_id=page.translation_key.urn,
            pubdate=datetime.combine(page.date, time(), zone),
            updateddate=page.last_published_at or page.first_published_at,
            categories=[_("Advertorial")] if page.is_advertorial else [],
        )
    response = HttpResponse(content_type=feed.content_type)
    feed.write(response, "utf-8")
    return mark_cacheable(response)
