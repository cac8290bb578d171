from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel

from campaigns.models import CampaignPage, NewsPage
from campaigns.models.base import CampaignsPage
from districts.models import District
from districts.pages import page_link, readable_by_all

LATEST = 3


class HomePage(CampaignsPage):
    """A host's first page: the district's own, or the national one with the list of districts."""

    offers_sharing = True
    slogan = models.CharField(_("slogan"), max_length=200, blank=True)

    content_panels = [
        *CampaignsPage.content_panels[:2],
        FieldPanel("slogan"),
        *CampaignsPage.content_panels[2:],
    ]
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = [
        "campaigns.CampaignIndexPage",
        "campaigns.NewsIndexPage",
        "campaigns.TopicIndexPage",
        "campaigns.MaterialIndexPage",
        "campaigns.CommitmentsPage",
        "campaigns.HelpPage",
        "campaigns.PlainPage",
        "modules.ModuleIndexPage",
        "events.CalendarPage",
    ]

    class Meta:
        verbose_name = _("home page")

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        district = context["district"]
        if district is not None and district.is_national:
            context["districts"] = list(
                District.objects.filter(level=District.Level.KABUPATEN)
                .select_related("site")
                .order_by("short_name")
            )
        else:
            context["news"] = list(self._below(NewsPage).order_by("-date", "-pk")[:LATEST])
        context["campaigns"] = [
            (page_link(page), page)
            for page in self._below(CampaignPage).order_by("-period_start", "path")[:LATEST]
        ]
        return context

    def _below(self, model):
        return (
            readable_by_all(model.objects.descendant_of(self))
            .select_related("locale")
            .defer_streamfields()
        )
