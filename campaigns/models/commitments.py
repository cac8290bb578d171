from django.utils.translation import gettext_lazy as _

from campaigns.models.base import CampaignsPage


class CommitmentsPage(CampaignsPage):
    """What the office promised in its action plan (RAD), at `/komitmen/`."""

    locked_slug = "komitmen"
    # Stands under whatever home page the site has; that page lists it in its `subpage_types`.
    subpage_types = []

    class Meta:
        verbose_name = _("commitments page")
