from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.contrib.taggit import ClusterTaggableManager
from modelcluster.fields import ParentalKey
from taggit.models import TaggedItemBase
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page

from campaigns.library import materials_under, with_sizes
from campaigns.models.base import CampaignsPage
from districts.paper import sizes
from safeguards.compiled import CompiledQuery

MOST_MATERIALS = 6


class CampaignPageTag(TaggedItemBase):
    content_object = ParentalKey(Page, related_name="campaign_tags")


TAG_NAMES = CompiledQuery(
    lambda page: (
        CampaignPageTag.objects.filter(content_object=page)
        .order_by("tag__name")
        .values_list("tag__name")
    ),
    page=int,
)


class TaggedPage(CampaignsPage):
    """A page that carries free tags, shared over all campaign pages."""

    offers_sharing = True
    tags = ClusterTaggableManager(through=CampaignPageTag, blank=True, verbose_name=_("tags"))

    content_panels = [*CampaignsPage.content_panels, FieldPanel("tags")]

    class Meta:
        abstract = True

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        if getattr(request, "is_preview", False):
            context["tags"] = [tag.name for tag in self.tags.all()]
        else:
            context["tags"] = [name for (name,) in TAG_NAMES.rows(page=self.pk)]
        return context


class CampaignIndexPage(CampaignsPage):
    """The campaigns of a district, at `/kampanye/`."""

    locked_slug = "kampanye"
    # Stands under whatever home page the site has; that page lists it in its `subpage_types`.
    subpage_types = ["campaigns.CampaignPage"]

    class Meta:
        verbose_name = _("campaign index page")


class CampaignPage(TaggedPage):
    """One campaign: slogan, period, community partners, body, stories below it."""

    slogan = models.CharField(_("slogan"), max_length=160, blank=True)
    period_start = models.DateField(_("starts"), null=True, blank=True)
    period_end = models.DateField(_("ends"), null=True, blank=True)
    partners = models.TextField(
        _("community partners"), blank=True, help_text=_("One organisation per line.")
    )

    content_panels = [
        *CampaignsPage.content_panels[:2],
        FieldPanel("slogan"),
        FieldPanel("period_start"),
        FieldPanel("period_end"),
        *CampaignsPage.content_panels[2:],
        FieldPanel("partners"),
        FieldPanel("tags"),
    ]
    parent_page_types = ["campaigns.CampaignIndexPage"]
    subpage_types = ["campaigns.StoryPage"]

    class Meta:
        verbose_name = _("campaign page")

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        context["materials"] = self._materials(context["district"], set(context["tags"]))
        return context

    def _materials(self, district, tags: set[str]) -> list:
        """Materials of this tree that share a tag, a few, with what their papers weigh."""
        found = [one for one in materials_under(self) if one.tags & tags] if tags else []
        found = found[:MOST_MATERIALS]
        keys = [one.key for one in found if one.layout]
        return with_sizes(found, sizes(district, keys)) if district and keys else found

    @property
    def partner_lines(self) -> list[str]:
        return [line.strip() for line in self.partners.splitlines() if line.strip()]


class StoryPage(TaggedPage):
    """What people did, told so that no child can be recognised."""

    open_graph_type = "article"
    is_fictional = models.BooleanField(
        _("made-up story"),
        default=True,
        help_text=_("Readers see this label. A true story needs everyone's consent."),
    )

    content_panels = [*TaggedPage.content_panels, FieldPanel("is_fictional")]
    parent_page_types = ["campaigns.CampaignPage"]
    subpage_types = []

    class Meta:
        verbose_name = _("story page")
