"""`/ruang/kalender/`: the dates of my sessions, and of all of the district."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import InvalidPage, Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from districts.models import Region
from districts.terms import term_labels
from districts.workspace import READS, member_page, roles_of, show
from events.lines import chosen, shown
from events.models import Event, EventState
from events.sessions import hidden_from, month_of, waiting
from events.views.room.access import dates_here, may_approve, may_plan, may_settle
from events.warnings import warnings_of

ON_A_PAGE = 20
MINE, ALL = "saya", "semua"
COMING, PAST = "", "lewat"
MONTHS_LISTED = range(-2, 13)


@dataclass(frozen=True)
class Wanted:
    """What the list is narrowed to; a word that we do not know is no page."""

    whose: str
    when: str
    state: str
    kind: str
    kecamatan: str
    month: str

    @classmethod
    def of(cls, request: HttpRequest, kecamatan: dict[str, str]) -> "Wanted":
        asked = request.GET
        whose = MINE if may_plan(request) else ALL
        wanted = cls(
            asked.get("milik", whose),
            asked.get("kapan", COMING),
            asked.get("status", ""),
            asked.get("jenis", ""),
            asked.get("kec", ""),
            asked.get("bulan", ""),
        )
        known = (
            wanted.whose in {MINE, ALL}
            and wanted.when in {COMING, PAST}
            and wanted.state in {"", *EventState.values}
            and (not wanted.kind or wanted.kind in term_labels("event_type"))
            and (not wanted.kecamatan or wanted.kecamatan in kecamatan)
            and (not wanted.month or month_of(wanted.month) is not None)
        )
        if not known:
            raise Http404
        return wanted

    def rows(self, rows: QuerySet, user: Any, now: datetime) -> QuerySet:
        if self.whose == MINE:
            rows = rows.filter(event__proposed_by=user)
        if self.kind:
            rows = rows.filter(event__kind=self.kind)
        if self.kecamatan:
            rows = rows.filter(
                Q(event__region_id=self.kecamatan)
                | Q(event__region__code__startswith=f"{self.kecamatan}.")
            )
        if self.state == EventState.CANCELLED:
            rows = rows.filter(Q(event__state=self.state) | Q(is_cancelled=True))
        elif self.state:
            rows = rows.filter(event__state=self.state, is_cancelled=False)
        if self.month:
            first, after = month_of(self.month)
            return rows.filter(day__gte=first, day__lt=after).order_by("day", "start", "pk")
        if self.state in {EventState.PROPOSED, EventState.CHANGES}:
            # What waits is shown whenever it is.
            return rows.order_by("day", "start", "pk")
        if self.when == PAST:
            return rows.filter(end__lte=now).order_by("-day", "-start", "-pk")
        # The index knows days: a meeting that still runs began a while ago.
        early = (now - timedelta(days=15)).date()
        return rows.filter(day__gte=early, end__gt=now).order_by("day", "start", "pk")

    def query(self, **changed: str) -> str:
        asked = {
            "milik": self.whose,
            "kapan": self.when,
            "status": self.state,
            "jenis": self.kind,
            "kec": self.kecamatan,
            "bulan": self.month,
        } | changed
        return urlencode({name: value for name, value in asked.items() if value})

    @property
    def is_narrowed(self) -> bool:
        return bool(self.state or self.kind or self.kecamatan or self.month)


@member_page(*READS)
def index(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    kecamatan = kecamatan_of(request)
    wanted = Wanted.of(request, kecamatan)
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
            "months": chosen(_months(timezone.localdate(now)), wanted.month),
            "may_plan": may_plan(request),
            "may_approve": may_approve(request),
            "may_settle": may_settle(request),
            "has_last": may_plan(request) and own.exists(),
            "to_change": own.filter(state=EventState.CHANGES).count(),
            "to_decide": _to_decide(request),
        },
    )


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


def _tabs(request: HttpRequest, wanted: Wanted) -> list[dict[str, Any]]:
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
