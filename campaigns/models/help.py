from django.utils.translation import gettext_lazy as _

from campaigns.models.base import CampaignsPage


class HelpPage(CampaignsPage):
    """Whom to call, at `/bantuan/`; the only query it knows is `?kec=` with a region code."""

    locked_slug = "bantuan"
    is_discreet = True
    # Stands under whatever home page the site has; that page lists it in its `subpage_types`.
    subpage_types = ["campaigns.ChildHelpPage"]

    class Meta:
        verbose_name = _("help page")

    def get_context(self, request, *args, **kwargs):
        from districts.directory import finder_context

        context = super().get_context(request, *args, **kwargs)
        context.update(finder_context(request))
        return context


class ChildHelpPage(CampaignsPage):
    """The same, said to a child, at `/bantuan/aku/`."""

    locked_slug = "aku"
    is_discreet = True
    parent_page_types = ["campaigns.HelpPage"]
    subpage_types = []

    class Meta:
        verbose_name = _("help page for children")

    def get_context(self, request, *args, **kwargs):
        from districts.directory import finder_context

        context = super().get_context(request, *args, **kwargs)
        context.update(finder_context(request))
        return context
