"""The requests of an office as a table to take along, offered beside the lists of the calendar.

There it is written in the background once it is long: nobody knows how many requests will come.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from campaigns.models import SessionRequest
from campaigns.request_view import labels, place_name
from events.sheets.offered import List, Offer, register_list
from events.sheets.tables import CHUNK, Column, Table
from website.accounts.access import may_answer_requests
from website.requests.wanted import Wanted

REQUESTS = "permintaan"


def _rows(offer: Offer) -> QuerySet:
    rows = SessionRequest.objects.for_district(offer.district)
    found = Wanted.of(offer.asked, {offer.asked["kec"]}).rows(rows)
    return found.select_related("region__parent", "district")


def _table(_offer: Offer, rows: QuerySet) -> Table:
    return Table(_("Requests"), _columns(), _lines(rows))


def _columns() -> list[Column]:
    return [
        Column(_("Number of the request"), 12, _("As who asked knows it.")),
        Column(_("State"), 20, _("How far it is.")),
        Column(_("Came on"), 18, _("When it came, in the office's time.")),
        Column(_("Who asks"), 24, _("Which kind of school, office or group.")),
        Column(_("Name"), 32, _("Of the school, office or group.")),
        Column(_("Role"), 20, _("Of who wrote, if they said so.")),
        Column(_("Answer by"), 12, _("How they want to be answered.")),
        Column(_("Telephone"), 18, _("To answer there. Keep it in the office.")),
        Column(_("E-mail"), 28, _("To answer there. Keep it in the office.")),
        Column(_("Kecamatan and village"), 30, _("Where the session is wished for.")),
        Column(_("Place"), 28, _("The room or house, if they said so.")),
        Column(_("For whom"), 28, _("Who is to listen.")),
        Column(_("People"), 8, _("About how many will come.")),
        Column(_("About what"), 32, _("Topics that they chose.")),
        Column(_("Wished days"), 24, _("Days that would suit them.")),
        Column(_("Agreed"), 18, _("For when it is agreed, in the office's time.")),
        Column(_("What else"), 48, _("What they wrote beside that.")),
    ]


def _lines(rows: QuerySet) -> Iterator[list[Any]]:
    for row in rows.iterator(chunk_size=CHUNK):
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
            ", ".join(f"{date.fromisoformat(day):%d/%m/%Y}" for day in row.wished_dates),
            row.agreed_at and row.agreed_at.astimezone(zone),
            row.note,
        ]


register_list(
    REQUESTS,
    List(
        _rows,
        _table,
        screen="requests",
        verb="request.exported",
        told=("rows",),
        judged=False,
        opens=may_answer_requests,
    ),
)
