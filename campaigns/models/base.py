from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.search import index

from campaigns.blocks import BodyBlock
from districts.illustrations import Illustration
from districts.pages import DistrictPage


class CampaignsPage(DistrictPage):
    """A page with a drawing and a body of blocks."""

    illustration = models.CharField(
        _("drawing"), max_length=20, choices=Illustration.choices, blank=True
    )
    body = StreamField(BodyBlock(), verbose_name=_("text"), blank=True)

    content_panels = [
        *DistrictPage.content_panels,
        FieldPanel("search_description", heading=_("Summary")),
        FieldPanel("illustration"),
        FieldPanel("body"),
    ]
    search_fields = [*DistrictPage.search_fields, index.SearchField("body")]

    class Meta:
        abstract = True
