"""The action plan to take away."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from campaigns.commitments import plan_sheet
from districts.commitment_view import next_midnight
from districts.scoping import district_for_request
from safeguards.cacheable import mark_cacheable
from safeguards.uploads import XLSX


@require_safe
def commitments_sheet(request: HttpRequest) -> HttpResponse:
    """`/komitmen.xlsx`: what `/komitmen/` shows, one commitment a row."""
    district = district_for_request(request)
    if district is None:
        raise Http404
    now = timezone.now()
    response = HttpResponse(plan_sheet(district, now), content_type=XLSX)
    name = f"komitmen-{district.slug}.xlsx"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return mark_cacheable(response, fresh_until=next_midnight(district, now))
