from typing import Any

from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.commitments import plan_sheet
from campaigns.models.base import CampaignsPage
from districts.commitment_view import next_midnight, plan_of, plans_elsewhere, status_names


class CommitmentsPage(CampaignsPage):
    """What the office promised in its action plan (RAD), at `/komitmen/`.

    `?status=` narrows the table to one status or to `lewat-tenggat`; anything else is 404. The same
    table is a spreadsheet at `/komitmen.xlsx`.
    """

    locked_slug = "komitmen"
    # Stands under whatever home page the site has; that page lists it in its `subpage_types`.
    subpage_types = []

    class Meta:
        verbose_name = _("commitments page")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        asked = request.GET.get("status", "")
        names = dict(status_names())
        if asked and asked not in names:
            raise Http404
        district = context["district"]
        if district is None:
            return context
        now = timezone.now()
        plan = plan_of(district, now)
        context["plan"] = plan
        context["rows"] = plan.of(asked)
        context["asked"] = asked
        context["asked_label"] = names.get(asked, "")
        context["offices"] = plans_elsewhere(district, now)
        if plan.rows:
            context["sheet_bytes"] = len(plan_sheet(district, now))
            # Tomorrow something may be late that is not late today.
            known = getattr(request, "fresh_until", None)
            tomorrow = next_midnight(district, now)
            request.fresh_until = min(known, tomorrow) if known else tomorrow
        return context
