from django.core.paginator import Paginator
from django.db import models
from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel

from campaigns.models.base import CampaignsPage
from campaigns.models.campaign import TaggedPage
from districts.pages import page_address, readable_by_all

NEWS_PER_PAGE = 12
EARLIEST_YEAR = 1945


class _Counted(Paginator):
    """Pages of a list whose length is known already."""

    def __init__(self, items: models.QuerySet, size: int, length: int):
        super().__init__(items, size)
        self.count = length


def _number(asked: str | None, least: int, most: int) -> int | None:
    """A number of the query between two others, None if it is not there; else Http404."""
    if asked is None:
        return None
    # int() also takes spaces, signs, underscores and the digits of other scripts.
    plain = asked.isascii() and asked.isdecimal() and len(asked) <= 6
    if not plain or not least <= int(asked) <= most:
        raise Http404
    return int(asked)


class NewsIndexPage(CampaignsPage):
    """The news of a district, newest first, in pages of twelve; `?tahun=` is a year's archive."""

    locked_slug = "berita"
    lists_own_children = True
    # Stands under whatever home page the site has; that page lists it in its `subpage_types`.
    subpage_types = ["campaigns.NewsPage"]

    class Meta:
        verbose_name = _("news index page")

    def news(self) -> models.QuerySet:
        """Live pages that anybody may read, newest first."""
        return (
            readable_by_all(NewsPage.objects.child_of(self))
            .select_related("locale")
            .defer_streamfields()
            .order_by("-date", "-pk")
        )

    def years(self) -> list[tuple[int, int]]:
        """(year, how many pages of news), the latest first."""
        rows = self.news().order_by("-date__year").values_list("date__year")
        return list(rows.annotate(models.Count("pk")))

    def own_query(self, request: HttpRequest) -> str:
        asked = {
            name: request.GET[name]
            for name, usual in (("tahun", ""), ("page", "1"))
            if request.GET.get(name, usual) != usual
        }
        return f"?{urlencode(asked)}" if asked else ""

    def get_context(self, request, *args, **kwargs):
        year = _number(request.GET.get("tahun"), EARLIEST_YEAR, timezone.localdate().year + 1)
        context = super().get_context(request, *args, **kwargs)
        years = self.years()
        news, total = self.news(), sum(count for _year, count in years)
        if year is not None:
            news, total = news.filter(date__year=year), dict(years).get(year, 0)
        paginator = _Counted(news, NEWS_PER_PAGE, total)
        number = _number(request.GET.get("page"), 1, paginator.num_pages)
        context["news"] = paginator.page(number or 1)
        context["years"] = [(str(number), count) for number, count in years]
        context["year"] = str(year or "")
        context["query"] = f"tahun={year}" if year else ""
        context["feed_url"] = f"{page_address(self)}feed.atom"
        return context


class NewsPage(TaggedPage):
    """A piece of news; paid or commissioned ones carry the advertorial label."""

    open_graph_type = "article"
    date = models.DateField(_("date"), default=timezone.localdate)
    is_advertorial = models.BooleanField(
        _("advertorial"), default=False, help_text=_("Paid for or commissioned; readers see it.")
    )

    content_panels = [
        *CampaignsPage.content_panels[:1],
        FieldPanel("date"),
        FieldPanel("is_advertorial"),
        *CampaignsPage.content_panels[1:],
        FieldPanel("tags"),
    ]
    parent_page_types = ["campaigns.NewsIndexPage"]
    subpage_types = []

    class Meta:
        verbose_name = _("news page")

    @property
    def shared_title(self) -> str:
        """What was paid for says so wherever it goes."""
        if not self.is_advertorial:
            return self.title
        return gettext("Advertorial: %(title)s") % {"title": self.title}
