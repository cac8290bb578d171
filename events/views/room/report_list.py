"""`/ruang/laporan/`: past dates and what became of their reports; the office's, or one's own."""

from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import date_format

from districts.hours import local_date
from districts.workspace import READS, member_page, roles_of, show
from events.lines import chosen, shown
from events.models import ReportState, SessionReport
from events.report_reading import MARKS, past_dates, reads_all
from events.sheets.reports import MISSING, WantedReports, report_in, state_of
from events.views.room.access import may_approve, may_settle
from events.views.room.listing import kecamatan_of, page_of

MONTHS_BACK = 13


@member_page(*READS)
def index(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    kecamatan = kecamatan_of(request)
    wanted = WantedReports.of(request.GET, kecamatan)
    roles = roles_of(request)
    page = page_of(
        request, wanted.rows(past_dates(request.user, roles, request.roles, request.district, now))
    )
    states = [*ReportState.choices, (MISSING, state_of(None))]
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
    report = report_in(one.row)
    return {
        "date": one,
        "state": state_of(report),
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
