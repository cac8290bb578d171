from django.core.paginator import Paginator
from django.db import models
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel

from campaigns.models.base import CampaignsPage
from campaigns.models.campaign import TaggedPage
from districts.pages import readable_by_all

NEWS_PER_PAGE = 12


class NewsIndexPage(CampaignsPage):
    """The news of a district, newest first, in pages of twelve."""

    locked_slug = "berita"
    lists_own_children = True
    # Stands under whatever home page the site has; that page lists it in its `subpage_types`.
    subpage_types = ["campaigns.NewsPage"]

    class Meta:
        verbose_name = _("news index page")

    def news(self) -> models.QuerySet:
        return (
            readable_by_all(NewsPage.objects.child_of(self))
            .select_related("locale")
            .defer_streamfields()
            .order_by("-date", "-pk")
        )

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        number = request.GET.get("page", "1")
        paginator = Paginator(self.news(), NEWS_PER_PAGE)
        # `isdecimal` first: int() takes spaces, signs and underscores.
        if not number.isdecimal() or len(number) > 6 or not 1 <= int(number) <= paginator.num_pages:
            raise Http404
        context["news"] = paginator.page(int(number))
        return context


class NewsPage(TaggedPage):
    """A piece of news; paid or commissioned ones carry the advertorial label."""

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
