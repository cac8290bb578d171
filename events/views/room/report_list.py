"""`/ruang/laporan/`: past dates and what became of their reports; the office's, or one's own."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from districts.hours import local_date
from districts.workspace import READS, member_page, roles_of, show
from events.lines import chosen, shown
from events.models import ReportState, SessionReport
from events.report_reading import MARKS, past_dates, reads_all
from events.sessions import month_of
from events.views.room.access import may_approve, may_settle
from events.views.room.listing import kecamatan_of, page_of

# A date that took place and nobody reported yet.
MISSING = "belum"
MONTHS_BACK = 13


@dataclass(frozen=True)
class Wanted:
    """What the list is narrowed to; a word that we do not know is no page."""

    state: str
    month: str
    kecamatan: str

    @classmethod
    def of(cls, request: HttpRequest, kecamatan: dict[str, str]) -> "Wanted":
        asked = request.GET
        wanted = cls(asked.get("status", ""), asked.get("bulan", ""), asked.get("kec", ""))
        known = (
            wanted.state in {"", MISSING, *ReportState.values}
            and (not wanted.kecamatan or wanted.kecamatan in kecamatan)
            and (not wanted.month or month_of(wanted.month) is not None)
        )
        if not known:
            raise Http404
        return wanted

    def rows(self, rows: QuerySet) -> QuerySet:
        if self.state == MISSING:
            rows = rows.filter(reports__isnull=True)
        elif self.state:
            rows = rows.filter(reports__state=self.state)
        if self.kecamatan:
            rows = rows.filter(
                Q(event__region_id=self.kecamatan)
                | Q(event__region__code__startswith=f"{self.kecamatan}.")
            )
        if self.month:
            first, after = month_of(self.month)
            rows = rows.filter(day__gte=first, day__lt=after)
        return rows.order_by("-start", "-pk")

    @property
    def query(self) -> str:
        asked = {"status": self.state, "bulan": self.month, "kec": self.kecamatan}
        return urlencode({name: value for name, value in asked.items() if value})

    @property
    def is_narrowed(self) -> bool:
        return bool(self.query)


@member_page(*READS)
def index(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    kecamatan = kecamatan_of(request)
    wanted = Wanted.of(request, kecamatan)
    roles = roles_of(request)
    page = page_of(
        request, wanted.rows(past_dates(request.user, roles, request.roles, request.district, now))
    )
    states = [*ReportState.choices, (MISSING, _("Not reported yet"))]
    numbers = _numbers(request, now)
    context = {
        "district": request.district,
        "reads_all": reads_all(roles),
        "wanted": wanted,
        "query": wanted.query,
        "page_obj": page,
        "lines": [_line(one) for one in shown(page.object_list)],
        "states": chosen(states, wanted.state),
        "months": chosen(_months(local_date(now, request.district.timezone)), wanted.month),
        "kecamatan": chosen(kecamatan.items(), wanted.kecamatan),
        "to_read": numbers["to_read"] if may_approve(request) else 0,
        "to_change": numbers["to_change"],
        "may_settle": may_settle(request),
    }
    return show(request, "events/room/report_list.html", context)


def _numbers(request: HttpRequest, now: datetime) -> dict[str, int]:
    """How many wait for the reader: sent by others, and their own that came back."""
    mine = Q(occurrence__event__proposed_by=request.user)
    others = ~Q(sent_by=request.user) | Q(sent_by__isnull=True)
    return SessionReport.objects.for_district(request.district).aggregate(
        to_read=Count("pk", filter=Q(state=ReportState.SENT) & others),
        to_change=Count("pk", filter=Q(state=ReportState.RETURNED) & mine),
    )


def _line(one: Any) -> dict[str, Any]:
    report = next(iter(one.row.reports.all()), None)
    return {
        "date": one,
        "state": report.get_state_display() if report else _("Not reported yet"),
        "mark": MARKS[ReportState(report.state)] if report else "",
        "sent_at": report.sent_at if report else None,
    }


def _months(today: date) -> list[tuple[str, str]]:
    found = []
    for back in range(MONTHS_BACK):
        number = today.year * 12 + today.month - 1 - back
        first = date(number // 12, number % 12 + 1, 1)
        found.append((f"{first:%Y-%m}", date_format(first, "F Y")))
    return found
