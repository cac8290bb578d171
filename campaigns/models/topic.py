from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel

from campaigns.models.base import CampaignsPage
from districts.term_fields import RegulationCodesField, TermCodesField


class TopicIndexPage(CampaignsPage):
    """All topics. A district shows the national ones as aliases."""

    locked_slug = "topik"
    shares_children = True
    # Stands under whatever home page the site has; that page lists it in its `subpage_types`.
    subpage_types = ["campaigns.TopicPage"]

    class Meta:
        verbose_name = _("topic index page")


class TopicPage(CampaignsPage):
    """One AMPK category or issue area: what it is, what to do, what not, whom to call.

    The codes are terms of the vocabularies `ampk` and `issue_area`.
    """

    offers_sharing = True
    ampk_codes = TermCodesField(_("AMPK categories"), vocabulary="ampk")
    issue_codes = TermCodesField(_("issue areas"), vocabulary="issue_area")
    regulation_codes = RegulationCodesField(_("regulations"))

    content_panels = [
        *CampaignsPage.content_panels,
        FieldPanel("ampk_codes"),
        FieldPanel("issue_codes"),
        FieldPanel("regulation_codes"),
    ]
    parent_page_types = ["campaigns.TopicIndexPage"]
    subpage_types = []

    class Meta:
        verbose_name = _("topic page")
