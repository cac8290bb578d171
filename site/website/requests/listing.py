"""`/ruang/permintaan/`: which requests the office has, narrowed by state, kecamatan or number."""

from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from campaigns.models import RequestState, SessionRequest
from campaigns.models.session_request import OPEN_STATES
from campaigns.request_view import shown
from districts.models import Region
from website.accounts.access import READS, show
from website.accounts.views.team import page_of
from website.requests.access import answerer_page
from website.requests.wanted import ALL, OPEN, Wanted


def requests_of(request: HttpRequest) -> QuerySet:
    return SessionRequest.objects.for_district(request.district)


def kecamatan_of(request: HttpRequest) -> dict[str, str]:
    code = request.district.region_id
    return dict(Region.objects.kecamatan_of(code).values_list("code", "name")) if code else {}


@answerer_page(*READS)
def index(request: HttpRequest) -> HttpResponse:
    kecamatan = kecamatan_of(request)
    wanted = Wanted.of(request.GET, kecamatan)
    counts = dict(
        requests_of(request).order_by().values_list("state").annotate(Count("pk")).order_by()
    )
    page = page_of(
        request,
        wanted.rows(requests_of(request)).select_related("region__parent", "district"),
    )
    open_ones = sum(counts.get(state, 0) for state in OPEN_STATES)
    tabs = [(OPEN, _("Still open"), open_ones), (ALL, _("All"), sum(counts.values()))]
    tabs += [(state.value, state.label, counts.get(state, 0)) for state in RequestState]
    return show(
        request,
        "ruang/requests/index.html",
        {
            "page_obj": page,
            "rows": [shown(row) for row in page.object_list],
            "tabs": [
                {
                    "query": wanted.query(status=value, nomor=""),
                    "label": label,
                    "count": count,
                    "current": value == wanted.status and not wanted.number,
                }
                for value, label, count in tabs
            ],
            "wanted": wanted,
            "query": wanted.query(),
            "kecamatan": kecamatan.items(),
            "is_empty": not counts,
        },
    )
