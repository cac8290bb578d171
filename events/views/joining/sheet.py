"""`/ruang/kalender/<pk>/pendaftar/<date>/daftar.xlsx|csv`: who comes, to print or to phone."""

from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from districts.workspace import READS
from events.models import Occurrence
from events.sheets.tables import Column, Table
from events.views.joining.hosting import date_of, hosted_event
from events.views.joining.listing import registrations_of
from events.views.room.access import planner_page
from events.views.room.sheets import taken


@planner_page(*READS, sees_people=True)
def sheet(request: HttpRequest, pk: str, date: str, form: str) -> HttpResponse:
    row = date_of(hosted_event(request, pk), date)
    return taken(
        request, Table(_("Registrations"), _columns(), _lines(row)), form,
        name=f"pendaftar-{row.day:%Y-%m-%d}", obj=row, verb="registrations.exported",
    )  # fmt: skip


def _columns() -> list[Column]:
    return [
        Column(_("State"), 14, _("Whether they have a place, wait for one, or cancelled.")),
        Column(_("Who comes"), 18, _("One adult, or people of an organisation.")),
        Column(_("Name"), 28, _("Who registered.")),
        Column(_("Organisation"), 28, _("For which organisation they come, if any.")),
        Column(_("People"), 8, _("How many places they take.")),
        Column(_("E-mail"), 28, _("Where they are reminded, and told if the date is moved.")),
        Column(_("Telephone"), 18, _("The same, by telephone or WhatsApp.")),
        Column(_("Registered on"), 18, _("When they registered, in the time of the session.")),
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
