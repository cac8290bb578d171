from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.cards import shelf_context
from campaigns.models.base import CampaignsPage
from districts.directory import finder_context, help_of_offices, urgent_context


class HelpPage(CampaignsPage):
    """Whom to call, at `/bantuan/`; the only query it knows is `?kec=` with a region code.

    A kecamatan that is none of this district's answers 404, with a sentence and the lines that
    always work.
    """

    locked_slug = "bantuan"
    is_discreet = True
    # Stands under whatever home page the site has; that page lists it in its `subpage_types`.
    subpage_types = ["campaigns.ChildHelpPage", "campaigns.CardsPage"]

    class Meta:
        verbose_name = _("help page")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        context.update(finder_context(request))
        context["offices"] = help_of_offices(context["district"])
        below = {child.slug: child.url for child in self.family.children}
        context["child_help_url"] = below.get(ChildHelpPage.locked_slug, "")
        context["cards_url"] = below.get(CardsPage.locked_slug, "")
        return context

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().serve(request, *args, **kwargs)
        if response.context_data["unknown_kecamatan"]:
            response.status_code = 404
        response.fresh_until = request.fresh_until
        return response


class ChildHelpPage(CampaignsPage):
    """The same, said to a child, at `/bantuan/aku/`."""

    locked_slug = "aku"
    is_discreet = True
    parent_page_types = ["campaigns.HelpPage"]
    subpage_types = []

    class Meta:
        verbose_name = _("help page for children")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        context.update(urgent_context(request))
        return context

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().serve(request, *args, **kwargs)
        response.fresh_until = request.fresh_until
        return response


class CardsPage(CampaignsPage):
    """The poster of the district's channels, and a card for every desa, at `/bantuan/kartu/`.

    `?kec=` with a kecamatan's code lists its desa.
    """

    locked_slug = "kartu"
    is_discreet = True
    parent_page_types = ["campaigns.HelpPage"]
    subpage_types = []

    class Meta:
        verbose_name = _("cards to print")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        context.update(shelf_context(request, context["district"]))
        context["offices"] = help_of_offices(context["district"])
        return context

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().serve(request, *args, **kwargs)
        if response.context_data["unknown_kecamatan"]:
            response.status_code = 404
        # What has been made meanwhile shows its size.
        response.fresh_until = timezone.now() + timedelta(minutes=1)
        return response
