"""`/ruang/permintaan/daftar.xlsx`: the list as a spreadsheet."""

import io
from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from campaigns.request_view import labels, place_name
from safeguards import audit
from safeguards.cells import write_xlsx
from safeguards.uploads import XLSX
from website.accounts.access import READS
from website.requests.access import answerer_page
from website.requests.listing import Wanted, kecamatan_of, requests_of


@answerer_page(*READS)
def sheet(request: HttpRequest) -> HttpResponse:
    """The list as it is narrowed, with contacts, for the office's own planning."""
    wanted = Wanted.of(request, kecamatan_of(request))
    rows = wanted.rows(requests_of(request)).select_related("region__parent", "district")
    body = io.BytesIO()
    count = write_xlsx(body, _header(), _lines(rows), title=_("Requests"))
    audit.record(
        verb="request.exported",
        actor_id=request.user.pk,
        obj=None,
        site=request.district.site_id,
        rows=count,
    )
    response = HttpResponse(body.getvalue(), content_type=XLSX)
    response["Content-Disposition"] = 'attachment; filename="permintaan-sosialisasi.xlsx"'
    return response


def _header() -> list[str]:
    return [
        _("Number of the request"),
        _("State"),
        _("Came on"),
        _("Who asks"),
        _("Name"),
        _("Role"),
        _("Answer by"),
        _("Telephone"),
        _("E-mail"),
        _("Kecamatan and village"),
        _("Place"),
        _("For whom"),
        _("People"),
        _("About what"),
        _("Wished days"),
        _("Agreed"),
        _("What else"),
    ]


def _lines(rows: QuerySet) -> Iterator[list[Any]]:
    for row in rows.iterator(chunk_size=500):
        zone = ZoneInfo(row.district.timezone)
        yield [
            row.number,
            row.get_state_display(),
            row.created_at.astimezone(zone),
            row.get_asker_kind_display(),
            row.asker,
            row.asker_role,
            row.get_contact_kind_display(),
            row.contact_phone,
            row.contact_email,
            place_name(row.region),
            row.place,
            ", ".join(labels("audience", row.audience_codes)),
            row.people,
            ", ".join(labels("issue_area", row.issue_codes)),
            ", ".join(row.wished_dates),
            row.agreed_at and row.agreed_at.astimezone(zone),
            row.note,
        ]
