"""`/ruang/kalender/`: the dates of my sessions, and of all of the district."""

from datetime import date
from typing import Any

from django.core.paginator import InvalidPage, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from districts.hours import local_date
from districts.models import Region
from districts.terms import term_labels
from districts.workspace import READS, member_page, roles_of, show
from events.lines import chosen, shown
from events.models import Event, EventState
from events.sessions import hidden_from, waiting
from events.sheets.dates import ALL, COMING, MINE, PAST, WantedDates
from events.views.room.access import dates_here, may_approve, may_plan, may_settle
from events.warnings import warnings_of

ON_A_PAGE = 20
MONTHS_LISTED = range(-2, 13)


@member_page(*READS)
def index(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    kecamatan = kecamatan_of(request)
    wanted = wanted_in(request, kecamatan)
    rows = wanted.rows(dates_here(request), request.user, now)
    page = page_of(request, rows)
    listed = list(page.object_list)
    warnings = warnings_of(
        listed,
        district=request.district,
        hidden=hidden_from(request.user, roles_of(request), request.roles),
    )
    own = Event.objects.for_district(request.district).filter(proposed_by=request.user)
    return show(
        request,
        "events/room/index.html",
        {
            "district": request.district,
            "wanted": wanted,
            "tabs": _tabs(request, wanted),
            "whens": [
                {"query": wanted.query(kapan=when, bulan=""), "label": label, "value": when}
                for when, label in ((COMING, _("Still to come")), (PAST, _("Past")))
            ],
            "page_obj": page,
            "rows": shown(listed, warnings),
            "query": wanted.query(),
            "states": chosen(EventState.choices, wanted.state),
            "kinds": chosen(term_labels("event_type").items(), wanted.kind),
            "kecamatan": chosen(kecamatan.items(), wanted.kecamatan),
            "months": chosen(_months(local_date(now, request.district.timezone)), wanted.month),
            "may_plan": may_plan(request),
            "may_approve": may_approve(request),
            "may_settle": may_settle(request),
            "has_last": may_plan(request) and own.exists(),
            "to_change": own.filter(state=EventState.CHANGES).count(),
            "to_decide": _to_decide(request),
        },
    )


def wanted_in(request: HttpRequest, kecamatan: dict[str, str]) -> WantedDates:
    whose = MINE if may_plan(request) else ALL
    return WantedDates.of(request.GET, kecamatan, whose=whose)


def kecamatan_of(request: HttpRequest) -> dict[str, str]:
    code = request.district.region_id
    return dict(Region.objects.kecamatan_of(code).values_list("code", "name")) if code else {}


def page_of(request: HttpRequest, rows: Any, on_a_page: int = ON_A_PAGE) -> Any:
    try:
        return Paginator(rows, on_a_page).page(request.GET.get("page", 1))
    except InvalidPage as error:
        raise Http404 from error


def _to_decide(request: HttpRequest) -> int:
    if not may_approve(request):
        return 0
    return waiting(request.district).exclude(proposed_by=request.user).count()


def _tabs(request: HttpRequest, wanted: WantedDates) -> list[dict[str, Any]]:
    if not may_plan(request):
        return []
    return [
        {"query": wanted.query(milik=whose), "label": label, "current": whose == wanted.whose}
        for whose, label in ((MINE, _("My sessions")), (ALL, _("All of the district")))
    ]


def _months(today: date) -> list[tuple[str, str]]:
    found = []
    for ahead in MONTHS_LISTED:
        index_ = today.year * 12 + today.month - 1 + ahead
        first = date(index_ // 12, index_ % 12 + 1, 1)
        found.append((f"{first:%Y-%m}", date_format(first, "F Y")))
    return found
