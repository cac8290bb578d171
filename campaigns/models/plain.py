from django.utils.translation import gettext_lazy as _

from campaigns.models.base import CampaignsPage


class PlainPage(CampaignsPage):
    """A page that only says something: what we store about you, who we are."""

    # Stands under whatever home page the site has; that page lists it in its `subpage_types`.
    subpage_types = []

    class Meta:
        verbose_name = _("plain page")
