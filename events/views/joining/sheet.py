"""`/ruang/kalender/<pk>/pendaftar/<date>/daftar.xlsx`: who comes, to print or to phone."""

import io
from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from districts.workspace import READS
from events.models import Occurrence
from events.views.joining.hosting import date_of, hosted_event
from events.views.joining.listing import registrations_of
from events.views.room.access import planner_page
from safeguards import audit
from safeguards.cells import write_xlsx
from safeguards.uploads import XLSX


@planner_page(*READS, sees_people=True)
def sheet(request: HttpRequest, pk: str, date: str) -> HttpResponse:
    row = date_of(hosted_event(request, pk), date)
    body = io.BytesIO()
    widths = (14, 18, 28, 28, 8, 28, 18, 18)
    count = write_xlsx(body, _header(), _lines(row), title=_("Registrations"), widths=widths)
    audit.record(
        verb="registrations.exported",
        actor_id=request.user.pk,
        obj=row,
        site=request.district.site_id,
        rows=count,
    )
    response = HttpResponse(body.getvalue(), content_type=XLSX)
    name = f"pendaftar-{row.day:%Y-%m-%d}.xlsx"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _header() -> list[str]:
    return [
        _("State"),
        _("Who comes"),
        _("Name"),
        _("Organisation"),
        _("People"),
        _("E-mail"),
        _("Telephone"),
        _("Registered on"),
    ]


def _lines(row: Occurrence) -> Iterator[list[Any]]:
    zone = ZoneInfo(row.event.timezone)
    for one in registrations_of(row).iterator(chunk_size=500):
        yield [
            one.get_state_display(),
            one.get_kind_display(),
            one.name,
            one.organisation_name,
            one.seats,
            one.email,
            one.phone,
            one.created_at.astimezone(zone),
        ]
