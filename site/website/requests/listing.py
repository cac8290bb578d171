"""`/ruang/permintaan/`: which requests the office has, narrowed by state, kecamatan or number."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from campaigns.models import RequestState, SessionRequest
from campaigns.models.session_request import OPEN_STATES
from campaigns.request_view import shown
from districts.models import Region
from website.accounts.access import READS, show
from website.accounts.views.team import page_of
from website.requests.access import answerer_page

OPEN, ALL = "", "semua"
LONGEST_NUMBER = 12


@dataclass(frozen=True)
class Wanted:
    """What the list is narrowed to; a word that we do not know is no page."""

    status: str
    kecamatan: str
    number: str

    @classmethod
    def of(cls, request: HttpRequest, kecamatan: dict[str, str]) -> "Wanted":
        wanted = cls(
            request.GET.get("status", OPEN),
            request.GET.get("kec", ""),
            request.GET.get("nomor", "").strip(),
        )
        if wanted.status not in {OPEN, ALL, *RequestState.values}:
            raise Http404
        if wanted.kecamatan and wanted.kecamatan not in kecamatan:
            raise Http404
        return wanted

    def rows(self, rows: QuerySet) -> QuerySet:
        if self.number:
            # A number is asked for as such: whatever its state, wherever it is.
            if len(self.number) > LONGEST_NUMBER or not self.number.isprintable():
                return rows.none()
            return rows.filter(number__contains=self.number)
        if self.status != ALL:
            rows = rows.filter(state__in=[self.status] if self.status else OPEN_STATES)
        if self.kecamatan:
            rows = rows.filter(
                Q(region_id=self.kecamatan) | Q(region__code__startswith=f"{self.kecamatan}.")
            )
        return rows

    def query(self, **changed: str) -> str:
        asked = {"status": self.status, "kec": self.kecamatan, "nomor": self.number} | changed
        return urlencode({name: value for name, value in asked.items() if value})


def requests_of(request: HttpRequest) -> QuerySet:
    return SessionRequest.objects.for_district(request.district)


def kecamatan_of(request: HttpRequest) -> dict[str, str]:
    code = request.district.region_id
    return dict(Region.objects.kecamatan_of(code).values_list("code", "name")) if code else {}


@answerer_page(*READS)
def index(request: HttpRequest) -> HttpResponse:
    kecamatan = kecamatan_of(request)
    wanted = Wanted.of(request, kecamatan)
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
